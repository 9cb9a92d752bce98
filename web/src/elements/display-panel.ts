/** What the board shows besides stones, each with a line that explains it, and files in and out. */
import { css, html, LitElement, type CSSResult, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Preferences } from '../state/saved.ts';
import { sharedStyles } from '../styles/shared.ts';
import { emit } from './events.ts';

type Switch = keyof {
  [K in keyof Preferences as Preferences[K] extends boolean ? K : never]: true;
};

const SWITCHES: readonly { name: Switch; label: string; hint: string }[] = [
  {
    name: 'showPolicy',
    label: 'Policy (likely moves)',
    hint: 'Blue dots: where the net would play, in percent; larger is likelier.',
  },
  {
    name: 'showOwnership',
    label: 'Ownership',
    hint: 'Squares: whose a point will be; larger is surer. On a stone: it will be captured.',
  },
  { name: 'showMoveNumbers', label: 'Move numbers', hint: 'The order of play on the stones.' },
  { name: 'showCoordinates', label: 'Coordinates', hint: 'Letters and numbers at the edge.' },
  { name: 'confirmTouch', label: 'Confirm taps', hint: 'On a touch screen, tap twice to play.' },
  { name: 'sound', label: 'Sound', hint: 'A click for every stone.' },
];

/** Overlays are explained in the open while they are shown: a touch screen has no tooltips. */
const OVERLAYS = SWITCHES.filter(({ name }) => name === 'showPolicy' || name === 'showOwnership');

@customElement('tengen-display-panel')
export class DisplayPanel extends LitElement {
  static override styles: CSSResult[] = [
    sharedStyles,
    css`
      :host {
        display: grid;
        gap: 0.75rem;
      }
      .switches {
        display: grid;
        grid-template-columns: max-content 1fr;
        gap: 0.1rem 1.25rem;
        margin-top: 0.25rem;
      }
      label.switch {
        display: flex;
        align-items: center;
        gap: 0.5rem;
        min-height: 1.9rem;
        cursor: pointer;
        font-size: 0.92rem;
      }
      input[type='checkbox'] {
        width: 1.1rem;
        height: 1.1rem;
        accent-color: var(--accent);
        margin: 0;
        flex: none;
      }
      .hint {
        font-size: 0.82rem;
        color: var(--muted);
      }
      .files {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: 0.5rem;
      }
      .files > :last-child {
        grid-column: 1 / 3;
      }
      .button:focus-within {
        outline: 2px solid var(--accent);
        outline-offset: 2px;
      }
    `,
  ];

  @property({ attribute: false }) preferences!: Preferences;
  @property({ type: Boolean }) hasGame = false;
  /** Whether the analysis on the board came without a policy. */
  @property({ type: Boolean }) lacksPolicy = false;

  override render(): TemplateResult {
    return html`<section aria-label="Display">
        <h2>Show</h2>
        <div class="switches">${SWITCHES.map((item) => this.renderSwitch(item))}</div>
        ${OVERLAYS.filter(({ name }) => this.preferences[name]).map(
          (overlay) => html`<p class="hint">${this.explain(overlay)}</p>`,
        )}
      </section>
      <div class="files">
        <button ?disabled=${!this.hasGame} @click=${() => emit(this, 'action-requested', 'download')}>
          Save SGF
        </button>
        <label class="button"
          >Open SGF<input class="visually-hidden" type="file" accept=".sgf,.sgfs,.gz" @change=${this.onFile}
        /></label>
        <button ?disabled=${!this.hasGame} @click=${() => emit(this, 'action-requested', 'copy-link')}>
          Copy watch link
        </button>
      </div>`;
  }

  private explain({ name, hint }: (typeof SWITCHES)[number]): string {
    if (name === 'showPolicy' && this.lacksPolicy) return 'This server has no net, and so no policy to show.';
    return hint;
  }

  private renderSwitch({ name, label, hint }: (typeof SWITCHES)[number]): TemplateResult {
    return html`<label class="switch" title=${hint}>
      <input
        type="checkbox"
        name=${name}
        aria-description=${hint}
        .checked=${this.preferences[name]}
        @change=${(event: Event) =>
          emit(this, 'preferences-changed', { [name]: (event.target as HTMLInputElement).checked })}
      />
      ${label}
    </label>`;
  }

  private readonly onFile = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    const file = input.files?.[0];
    if (file !== undefined) emit(this, 'file-chosen', file);
    input.value = '';
  };
}
