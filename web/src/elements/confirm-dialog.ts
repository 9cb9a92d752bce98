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
    this.question = question;
    await this.updateComplete;
    this.answer(false);
    if (!this.dialog.open) this.dialog.showModal();
    return new Promise<boolean>((resolve) => (this.answer = resolve));
  }

  private readonly onSubmit = (event: SubmitEvent): void => {
    this.answer((event.submitter as HTMLButtonElement).value === 'yes');
  };

  /** A browser tells of a closing later, when the next question may be open. */
  private readonly onClose = (): void => {
    if (!this.dialog.open) this.answer(false);
  };

  override render(): TemplateResult {
    const { title, text, yes, no } = this.question;
    return html`<dialog aria-labelledby="title" aria-describedby="text" @close=${this.onClose}>
      <form method="dialog" @submit=${this.onSubmit}>
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
