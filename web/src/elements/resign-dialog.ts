/** Asks before a game is given up. */
import { html, LitElement, type CSSResult, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { sharedStyles } from '../styles/shared.ts';
import { dialogStyles } from './dialog-styles.ts';
import { emit } from './events.ts';

@customElement('tengen-resign-dialog')
export class ResignDialog extends LitElement {
  static override styles: CSSResult[] = [sharedStyles, dialogStyles];

  show(): void {
    this.renderRoot.querySelector('dialog')?.showModal();
  }

  override render(): TemplateResult {
    return html`<dialog aria-labelledby="title">
      <form method="dialog" @submit=${this.onSubmit}>
        <h2 id="title">Resign this game?</h2>
        <p>Your opponent wins at once. This cannot be taken back.</p>
        <div class="buttons">
          <button value="no" autofocus>Play on</button>
          <button class="primary" value="yes">Resign</button>
        </div>
      </form>
    </dialog>`;
  }

  private readonly onSubmit = (event: SubmitEvent): void => {
    const button = event.submitter;
    if (button instanceof HTMLButtonElement && button.value === 'yes')
      emit(this, 'action-requested', 'resign');
  };
}
