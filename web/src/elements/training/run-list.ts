/** All runs of the server, the ones that changed last first. */
import { css, html, LitElement, nothing, type CSSResult, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { RunList, RunSummary } from '../../../../server/protocol/training.ts';
import { countOf, formatAge, formatElo } from '../../state/training/format.ts';
import { makeRoute } from '../../state/training/route.ts';
import { briefWords, isAtWork, STATE_WORDS } from '../../state/training/run-words.ts';
import { sharedStyles } from '../../styles/shared.ts';

@customElement('tengen-run-list')
export class RunListElement extends LitElement {
  static override styles: CSSResult[] = [
    sharedStyles,
    css`
      ul {
        list-style: none;
        margin: 0;
        padding: 0;
        display: grid;
        gap: 0.6rem;
        align-items: start;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 20rem), 1fr));
      }
      a {
        display: grid;
        gap: 0.25rem;
        align-content: start;
        color: inherit;
        text-decoration: none;
        background: var(--panel);
        border: 1px solid var(--line);
        border-radius: 10px;
        padding: 0.75rem 0.9rem;
        box-shadow: var(--shadow);
      }
      a:hover {
        border-color: var(--muted);
      }
      .name {
        font-weight: 650;
        font-size: 1.05rem;
        overflow-wrap: anywhere;
      }
      .top {
        display: flex;
        justify-content: space-between;
        gap: 0.75rem;
        align-items: baseline;
      }
      .elo {
        font-variant-numeric: tabular-nums;
        white-space: nowrap;
      }
      .muted {
        color: var(--muted);
        font-size: 0.9rem;
      }
      .alarm {
        color: var(--danger);
        font-size: 0.9rem;
      }
      code {
        background: var(--accent-soft);
        border-radius: 5px;
        padding: 0.1rem 0.35rem;
      }
    `,
  ];

  /** Null until the server has answered. */
  @property({ attribute: false }) list: RunList | null = null;

  override render(): TemplateResult {
    if (this.list === null) return html`<p class="muted">Loading…</p>`;
    const { runs, more } = this.list;
    if (runs.length === 0)
      return html`<p>
        There are no training runs here yet. <code>tengen train zero</code> starts one, and it appears here by
        itself.
      </p>`;
    return html`<ul>
        ${runs.map((run) => this.renderRun(run))}
      </ul>
      ${more ? html`<p class="muted">Older runs are not listed.</p>` : nothing}`;
  }

  private renderRun(run: RunSummary): TemplateResult {
    const { name, live, best, metrics, alarms, changedAt } = run;
    const route = makeRoute({ run: name, compare: null, view: 'curves', over: 'step' });
    const doing = live === null ? (metrics === null ? '' : countOf(metrics.step, 'step')) : briefWords(live);
    const state = live === null ? '' : STATE_WORDS[live.state];
    const age =
      live !== null && isAtWork(live) && alarms.length === 0
        ? ''
        : formatAge(Math.max(0, Date.now() - changedAt));
    return html`<li>
      <a href=${route}>
        <span class="top">
          <span class="name">${name}</span>
          ${best === null ? nothing : html`<span class="elo">${formatElo(best.elo)} Elo</span>`}
        </span>
        <span>${[state, doing].filter((words) => words !== '').join(' · ')}</span>
        ${alarms.map((alarm) => html`<span class="alarm"><span aria-hidden="true">⚠</span> ${alarm}</span>`)}
        ${age === '' ? nothing : html`<span class="muted">Last change ${age}</span>`}
      </a>
    </li>`;
  }
}
