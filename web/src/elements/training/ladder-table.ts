/** Everyone who has been rated in a run, strongest first, with 95% intervals; and the matches behind it. */
import { css, html, LitElement, nothing, svg, type CSSResult, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { RatedMatch } from '../../../../selfplay/run/run-files.ts';
import { countOf, formatElo, formatShare } from '../../state/training/format.ts';
import type { RatedPlayer } from '../../state/training/ladder.ts';
import { sharedStyles } from '../../styles/shared.ts';
import { tableStyles } from './table-styles.ts';

const FIRST_PLAYERS = 20;
const LAST_MATCHES = 20;

@customElement('tengen-ladder-table')
export class LadderTable extends LitElement {
  static override styles: CSSResult[] = [
    sharedStyles,
    tableStyles,
    css`
      :host {
        display: grid;
        gap: 1.25rem;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr));
        align-items: start;
      }
      section {
        display: grid;
        gap: 0.5rem;
        min-width: 0;
        justify-items: start;
      }
      .anchor td:first-child,
      .anchor th {
        font-style: italic;
      }
      .hint {
        color: var(--muted);
        font-size: 0.82rem;
      }
      .interval {
        width: 40%;
        min-width: 4rem;
      }
      svg {
        display: block;
        width: 100%;
        height: 0.9rem;
      }
      .bar {
        stroke: var(--accent);
        stroke-width: 3;
      }
      .anchor .bar {
        stroke: var(--muted);
      }
      .dot {
        fill: var(--panel);
        stroke: var(--accent);
        stroke-width: 2.5;
      }
      .anchor .dot {
        stroke: var(--muted);
      }
    `,
  ];

  /** Strongest first. */
  @property({ attribute: false }) players: readonly RatedPlayer[] = [];
  @property() best: string | null = null;
  /** Whether there are ratings, but none that can be read. */
  @property({ type: Boolean }) isUnreadable = false;
  /** In the order in which they were played. */
  @property({ attribute: false }) played: readonly RatedMatch[] = [];
  @state() private showsAll = false;

  override render(): TemplateResult {
    return html`${this.players.length === 0 ? this.renderNoLadder() : this.renderLadder()}
    ${this.renderMatches()}`;
  }

  private renderNoLadder(): TemplateResult {
    if (this.isUnreadable)
      return html`<p class="muted">There is no ladder to show: the ratings of this run cannot be read.</p>`;
    if (this.played.length > 0) return html`<p class="muted">These matches have made no ladder yet.</p>`;
    return html`<p class="muted">
      No net of this run has been judged yet: that happens every few generations.
    </p>`;
  }

  private renderLadder(): TemplateResult {
    const shown = this.showsAll ? this.players : this.players.slice(0, FIRST_PLAYERS);
    // Anchors are what everyone looks for.
    const players = this.players.filter((player) => shown.includes(player) || player.generation === null);
    const [low, high] = [Math.min(...players.map((p) => p.low)), Math.max(...players.map((p) => p.high))];
    return html`<section>
      <h2 id="ladder">Ladder</h2>
      <p class="hint">
        Elo over random play; ± is half the 95% interval of that distance. The bars, to compare players by,
        are 95% intervals against the ladder's mean.
      </p>
      <table aria-labelledby="ladder">
        <thead>
          <tr>
            <th scope="col">Player</th>
            <th scope="col" class="number">Elo</th>
            <th scope="col" class="number">±</th>
            <th scope="col" class="interval"><span class="visually-hidden">Interval</span></th>
            <th scope="col" class="number">Games</th>
          </tr>
        </thead>
        <tbody>
          ${players.map((player) => this.renderPlayer(player, low, Math.max(high, low + 1)))}
        </tbody>
      </table>
      ${
        players.length < this.players.length
          ? html`<button @click=${() => (this.showsAll = true)}>Show all ${this.players.length}</button>`
          : nothing
      }
    </section>`;
  }

  private renderPlayer(player: RatedPlayer, low: number, high: number): TemplateResult {
    const { name, generation, elo, anchorMargin, games } = player;
    const at = (value: number): string => `${3 + (94 * (value - low)) / (high - low)}%`;
    const isBest = name === this.best;
    return html`<tr class=${generation === null ? 'anchor' : ''}>
      <th scope="row">
        ${name}${isBest ? html` <span aria-hidden="true">★</span><span class="visually-hidden">(strongest)</span>` : nothing}
      </th>
      <td class="number">${formatElo(elo)}</td>
      <td class="number muted">${anchorMargin === undefined ? '–' : formatElo(anchorMargin)}</td>
      <td class="interval" aria-hidden="true">
        <svg>
          ${svg`<line class="bar" x1=${at(player.low)} x2=${at(player.high)} y1="50%" y2="50%" />
            <circle class="dot" cx=${at(elo)} cy="50%" r="4" />`}
        </svg>
      </td>
      <td class="number">${games.toLocaleString('en')}</td>
    </tr>`;
  }

  private renderMatches(): TemplateResult | typeof nothing {
    const latest = this.played.slice(-LAST_MATCHES).toReversed();
    if (latest.length === 0) return nothing;
    return html`<section>
      <h2 id="matches">Latest matches</h2>
      <table aria-labelledby="matches">
        <thead>
          <tr>
            <th scope="col">Players</th>
            <th scope="col" class="number">Won</th>
            <th scope="col" class="number">Lost</th>
            <th scope="col" class="number">Score</th>
          </tr>
        </thead>
        <tbody>
          ${latest.map(({ first, second, wins, losses, draws }) => {
            const games = wins + losses + draws;
            return html`<tr title=${countOf(games, 'game')}>
              <th scope="row">${first} <span class="muted">against</span> ${second}</th>
              <td class="number">${wins}</td>
              <td class="number">${losses}</td>
              <td class="number">${games === 0 ? '–' : formatShare((wins + draws / 2) / games)}</td>
            </tr>`;
          })}
        </tbody>
      </table>
    </section>`;
  }
}
