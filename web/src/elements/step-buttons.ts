/** Four buttons that step through a game. */
import { css, html, LitElement, nothing, type CSSResult, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { sharedStyles } from '../styles/shared.ts';
import { emit } from './events.ts';

@customElement('tengen-step-buttons')
export class StepButtons extends LitElement {
  static override styles: CSSResult[] = [
    sharedStyles,
    css`
      :host {
        display: flex;
        gap: 0.5rem;
      }
      button {
        flex: 1 1 0;
        padding-inline: 0.2rem;
      }
      svg {
        width: 1.1rem;
        height: 1.1rem;
        display: block;
        margin: auto;
        fill: currentColor;
        stroke: currentColor;
        stroke-width: 2;
        stroke-linejoin: round;
      }
    `,
  ];

  /** The ply looked at, and the last there is. */
  @property({ type: Number }) ply = 0;
  @property({ type: Number }) last = 0;
  @property() lastLabel = 'Last move';

  override connectedCallback(): void {
    super.connectedCallback();
    this.role = 'group';
    this.ariaLabel = 'Step through the game';
  }

  override render(): TemplateResult {
    const { ply, last } = this;
    return html`${this.renderStep('First move', 'M5 5v14M19 5L8 12l11 7z', 0, ply === 0)}
    ${this.renderStep('Previous move', 'M16 5L6 12l10 7z', ply - 1, ply === 0, 'ArrowLeft')}
    ${this.renderStep('Next move', 'M8 5l10 7-10 7z', ply + 1, ply === last, 'ArrowRight')}
    ${this.renderStep(this.lastLabel, 'M19 5v14M5 5l11 7-11 7z', last, ply === last)}`;
  }

  private renderStep(label: string, path: string, to: number, disabled: boolean, key = ''): TemplateResult {
    return html`<button
      aria-label=${label}
      aria-keyshortcuts=${key === '' ? nothing : key}
      title=${key === '' ? label : `${label} (${key === 'ArrowLeft' ? '←' : '→'})`}
      ?disabled=${disabled}
      @click=${() => emit(this, 'ply-chosen', to)}
    >
      <svg viewBox="0 0 24 24" aria-hidden="true"><path d=${path} /></svg>
    </button>`;
  }
}
