/** Chooses the next game: board, colour, level, rules, komi and handicap. */
import {
  css,
  html,
  LitElement,
  nothing,
  type CSSResult,
  type PropertyValues,
  type TemplateResult,
} from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { maxHandicap } from '../../../engine/go/handicap.ts';
import { MAX_KOMI_POINTS, type RulesName } from '../../../engine/go/rules.ts';
import { MAX_SIZE, MIN_SIZE, type LevelInfo } from '../../../server/protocol/messages.ts';
import { firstLevel, isNearTrainedSize, offeredKomi, RULES } from '../state/new-game.ts';
import type { Preferences } from '../state/saved.ts';
import { sharedStyles } from '../styles/shared.ts';
import { choiceStyles } from './choice-styles.ts';
import { dialogStyles } from './dialog-styles.ts';
import { emit } from './events.ts';

@customElement('tengen-new-game-dialog')
export class NewGameDialog extends LitElement {
  static override styles: CSSResult[] = [
    sharedStyles,
    dialogStyles,
    choiceStyles,
    css`
      .fields {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        gap: 0.6rem 1rem;
        align-items: center;
      }
      fieldset {
        display: contents;
      }
      .choices {
        align-items: center;
      }
      .choices label {
        padding-inline: 0.55rem;
      }
      .hint {
        grid-column: 2;
        font-size: 0.82rem;
        color: var(--muted);
      }
      input[type='number'] {
        width: 5rem;
      }
      .other {
        white-space: nowrap;
      }
      input.size {
        width: 3.75rem;
      }
    `,
  ];

  @property({ attribute: false }) preferences!: Preferences;
  @property({ attribute: false }) levels: readonly LevelInfo[] = [];
  @state() private size = 9;
  @state() private color: 1 | 2 = 1;
  @state() private rules: RulesName = 'chinese';
  @state() private komi = 7;
  @state() private handicap = 0;
  @state() private level = '';

  async show(): Promise<void> {
    await this.updateComplete;
    const { size, color, rules, level } = this.preferences;
    this.size = size;
    this.color = color;
    this.rules = rules;
    this.level = firstLevel(this.levels, level);
    this.handicap = 0;
    this.komi = offeredKomi(rules, size, 0);
    this.renderRoot.querySelector('dialog')?.showModal();
  }

  override willUpdate(changed: PropertyValues): void {
    if (changed.has('levels')) this.level = firstLevel(this.levels, this.level || this.preferences.level);
  }

  override render(): TemplateResult {
    const level = this.levels.find(({ id }) => id === this.level);
    return html`<dialog aria-labelledby="title">
      <form method="dialog" @submit=${this.onSubmit}>
        <h2 id="title">New game</h2>
        <div class="fields">
          <span id="size-label">Board</span>
          <div class="choices" role="radiogroup" aria-labelledby="size-label">
            ${[9, 13, 19].map((size) => this.renderChoice('board', size, `${size}×${size}`, this.size === size))}
            <span class="other"
              ><span aria-hidden="true">or</span>
              <input
                class="size"
                type="number"
                aria-label="Other board size, ${MIN_SIZE} to ${MAX_SIZE}"
                title="Another size, ${MIN_SIZE} to ${MAX_SIZE}"
                min=${MIN_SIZE}
                max=${MAX_SIZE}
                required
                .value=${live(String(this.size))}
                @input=${this.onSizeTyped}
                @change=${() => this.requestUpdate()}
            /></span>
          </div>
          ${
            isNearTrainedSize(this.size)
              ? nothing
              : html`<p class="hint">
                  The shipped net learned from 9×9 games and plays well only near that size.
                </p>`
          }
          <span id="color-label">You play</span>
          <div class="choices" role="radiogroup" aria-labelledby="color-label">
            ${this.renderChoice('color', 1, 'Black', this.color === 1)}
            ${this.renderChoice('color', 2, 'White', this.color === 2)}
          </div>
          <label for="level">Level</label>
          <select
            id="level"
            @change=${(event: Event) => (this.level = (event.target as HTMLSelectElement).value)}
          >
            ${this.levels.map(
              ({ id, label }) => html`<option value=${id} ?selected=${id === this.level}>${label}</option>`,
            )}
          </select>
          ${level === undefined ? nothing : html`<p class="hint">${level.description}</p>`}
          <label for="rules">Rules</label>
          <select id="rules" @change=${this.onRules}>
            ${RULES.map(
              ({ name, label }) =>
                html`<option value=${name} ?selected=${name === this.rules}>${label}</option>`,
            )}
          </select>
          <label for="handicap">Handicap</label>
          <select id="handicap" @change=${this.onHandicap}>
            ${Array.from({ length: maxHandicap(this.size, this.size) + 1 }, (_, n) => n)
              .filter((n) => n !== 1)
              .map(
                (n) =>
                  html`<option value=${n} ?selected=${n === this.handicap}>
                    ${n === 0 ? 'None' : `${n} stones`}
                  </option>`,
              )}
          </select>
          <label for="komi">Komi</label>
          <input
            id="komi"
            type="number"
            step="0.5"
            min=${-MAX_KOMI_POINTS}
            max=${MAX_KOMI_POINTS}
            required
            .value=${String(this.komi)}
            @change=${(event: Event) => (this.komi = Number((event.target as HTMLInputElement).value))}
          />
        </div>
        <div class="buttons">
          <button type="button" @click=${() => this.renderRoot.querySelector('dialog')?.close()}>
            Cancel
          </button>
          <button class="primary" ?disabled=${this.level === ''}>Start</button>
        </div>
      </form>
    </dialog>`;
  }

  private renderChoice(
    name: 'board' | 'color',
    value: number,
    label: string,
    checked: boolean,
  ): TemplateResult {
    return html`<label
      ><input
        class="visually-hidden"
        type="radio"
        name=${name}
        value=${value}
        .checked=${checked}
        @change=${() => {
          if (name === 'board') this.choose({ size: value });
          else this.color = value === 1 ? 1 : 2;
        }}
      />${label}</label
    >`;
  }

  /** Every change of these terms offers their komi anew; another one can be typed after it. */
  private choose(terms: { size?: number; rules?: RulesName; handicap?: number }): void {
    const { size = this.size, rules = this.rules, handicap = this.handicap } = terms;
    this.size = size;
    this.rules = rules;
    this.handicap = Math.min(handicap, maxHandicap(size, size));
    this.komi = offeredKomi(rules, size, this.handicap);
  }

  /** At every digit, as far as it is a size already; what is none gives way to the last one that was. */
  private readonly onSizeTyped = (event: Event): void => {
    const size = Number((event.target as HTMLInputElement).value);
    if (Number.isInteger(size) && size >= MIN_SIZE && size <= MAX_SIZE) this.choose({ size });
  };

  private readonly onRules = (event: Event): void => {
    this.choose({ rules: (event.target as HTMLSelectElement).value as RulesName });
  };

  private readonly onHandicap = (event: Event): void => {
    this.choose({ handicap: Number((event.target as HTMLSelectElement).value) });
  };

  private readonly onSubmit = (): void => {
    const { size, color, rules, level, komi, handicap } = this;
    emit(this, 'preferences-changed', { size, color, rules, level });
    emit(this, 'game-requested', { width: size, height: size, rules, komi, handicap, color, level });
  };
}
