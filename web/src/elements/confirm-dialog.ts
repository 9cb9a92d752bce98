/** Asks before something is done that cannot be taken back. */
import { html, LitElement, type CSSResult, type TemplateResult } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { sharedStyles } from '../styles/shared.ts';
import { dialogStyles } from './dialog-styles.ts';

export type Question = {
  readonly title: string;
  readonly text: string;
  /** What the two buttons say. */
  readonly yes: string;
  readonly no: string;
};

@customElement('tengen-confirm-dialog')
export class ConfirmDialog extends LitElement {
  static override styles: CSSResult[] = [sharedStyles, dialogStyles];

  @state() private question: Question = { title: '', text: '', yes: '', no: '' };
  @query('dialog') private readonly dialog!: HTMLDialogElement;
  private answer: (yes: boolean) => void = () => undefined;

  /** Resolves to whether the person agreed; closing the dialog is a no. */
  async ask(question: Question): Promise<boolean> {
    this.answer(false);
    const answered = new Promise<boolean>((resolve) => (this.answer = resolve));
    this.question = question;
    await this.updateComplete;
    this.dialog.returnValue = '';
    if (!this.dialog.open) this.dialog.showModal();
    return answered;
  }

  override render(): TemplateResult {
    const { title, text, yes, no } = this.question;
    return html`<dialog
      aria-labelledby="title"
      aria-describedby="text"
      @close=${() => this.answer(this.dialog.returnValue === 'yes')}
    >
      <form method="dialog">
        <h2 id="title">${title}</h2>
        <p id="text">${text}</p>
        <div class="buttons">
          <button value="no" autofocus>${no}</button>
          <button class="primary" value="yes">${yes}</button>
        </div>
      </form>
    </dialog>`;
  }
}
