/** What a run does now: state, progress, figures, and what is wrong with it. */
import { css, html, LitElement, nothing, type CSSResult, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { LiveState } from '../../../../selfplay/run/run-lines.ts';
import type { FeedState } from '../../state/training/run-feed.ts';
import {
  alarmsOfRun,
  figuresOf,
  generationWords,
  isAtWork,
  STATE_WORDS,
  supervisedWords,
  timeWords,
} from '../../state/training/run-words.ts';
import { sharedStyles } from '../../styles/shared.ts';
import { noticeStyles } from './notice-styles.ts';

@customElement('tengen-run-status')
export class RunStatus extends LitElement {
  static override styles: CSSResult[] = [
    sharedStyles,
    noticeStyles,
    css`
      :host {
        display: grid;
        gap: 0.75rem;
      }
      .line {
        display: flex;
        flex-wrap: wrap;
        gap: 0.2rem 1rem;
        align-items: baseline;
      }
      .state {
        font-weight: 600;
      }
      .state::before {
        content: '';
        display: inline-block;
        width: 0.6rem;
        height: 0.6rem;
        border-radius: 50%;
        border: 2px solid var(--accent);
        margin-right: 0.45rem;
      }
      .state.at-work::before {
        background: var(--accent);
      }
      .muted {
        color: var(--muted);
      }
      .bars {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(14rem, 1fr));
        gap: 0.5rem 1.5rem;
      }
      .bar {
        display: grid;
        grid-template-columns: 1fr auto;
        font-size: 0.85rem;
      }
      .bar .numbers {
        font-variant-numeric: tabular-nums;
        color: var(--muted);
      }
      progress {
        grid-column: 1 / 3;
        width: 100%;
        height: 0.5rem;
        accent-color: var(--accent);
      }
      dl {
        display: flex;
        flex-wrap: wrap;
        gap: 0.5rem;
        margin: 0;
      }
      .figure {
        flex: 1 1 8.2rem;
        max-width: 14rem;
        background: var(--panel);
        border: 1px solid var(--line);
        border-radius: 10px;
        padding: 0.5rem 0.75rem;
        display: flex;
        flex-direction: column-reverse;
      }
      dt {
        font-size: 0.8rem;
        color: var(--muted);
      }
      dd {
        margin: 0;
        font-size: 1.25rem;
        font-weight: 600;
        font-variant-numeric: tabular-nums;
        white-space: nowrap;
      }
    `,
  ];

  @property({ attribute: false }) feed!: FeedState;
  /** Of the run, undefined until it has come. */
  @property({ attribute: false }) config: unknown;
  /** Whether its config could not be had. */
  @property({ type: Boolean }) isConfigMissing = false;

  override render(): TemplateResult {
    const { data, phase, problem } = this.feed;
    const { live } = data;
    const alarms = alarmsOfRun(data);
    return html`
      ${this.renderNotices('alert', [...alarms, ...(phase === 'lost' ? [`${problem} Trying again…`] : [])])}
      ${this.renderNotices('status', data.notes)}
      <div class="line">
        ${
          live === null
            ? this.renderWithoutLive()
            : html`<span class=${isAtWork(live) && alarms.length === 0 ? 'state at-work' : 'state'}
                  >${STATE_WORDS[live.state]}</span
                >
                <span>${generationWords(live)}</span><span class="muted">${timeWords(live)}</span>`
        }
      </div>
      ${live !== null && isAtWork(live) ? this.renderBars(live) : nothing}
      <dl>
        ${figuresOf(data).map(
          ({ name, value, hint }) =>
            html`<div class="figure" title=${hint}>
              <dt>${name}</dt>
              <dd>${value}</dd>
            </div>`,
        )}
      </dl>
    `;
  }

  private renderWithoutLive(): TemplateResult | typeof nothing {
    const { data, phase } = this.feed;
    const isKnown = data.now > 0;
    // Why there is nothing is told above.
    if (!isKnown && phase === 'lost') return nothing;
    const isWaiting = !isKnown || (this.config === undefined && !this.isConfigMissing);
    if (isWaiting) return html`<span class="muted">Loading…</span>`;
    return html`<span
      >${supervisedWords(this.config, data) ?? 'This run tells nothing of what it does now.'}</span
    >`;
  }

  private renderNotices(
    role: 'alert' | 'status',
    sentences: readonly string[],
  ): TemplateResult | typeof nothing {
    if (sentences.length === 0) return nothing;
    return html`<div role=${role} class=${role === 'alert' ? 'notice alarm' : 'notice'}>
      ${sentences.map((sentence) => html`<p>${role === 'alert' ? html`<span aria-hidden="true">⚠</span>` : nothing} ${sentence}</p>`)}
    </div>`;
  }

  private renderBars(live: LiveState): TemplateResult {
    const bar = (name: string, done = 0, total = 0): TemplateResult | typeof nothing =>
      total <= 0
        ? nothing
        : html`<label class="bar"
            ><span>${name}</span
            ><span class="numbers">${done.toLocaleString('en')} of ${total.toLocaleString('en')}</span>
            <progress max=${total} .value=${Math.min(done, total)}></progress
          ></label>`;
    return html`<div class="bars">
      ${bar('Games of this generation', live.gamesDone, live.gamesTotal)}
      ${bar('Steps of training', live.stepsDone, live.stepsTotal)}
    </div>`;
  }
}
