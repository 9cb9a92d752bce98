/** All games in play as small boards; a click looks at one. */
import {
  css,
  html,
  LitElement,
  nothing,
  svg,
  type CSSResult,
  type SVGTemplateResult,
  type TemplateResult,
} from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { LiveGame } from '../../../../selfplay/run/run-files.ts';
import { formatShare } from '../../state/training/format.ts';
import { boardAfter } from '../../state/training/replay.ts';
import { sharedStyles } from '../../styles/shared.ts';
import { emit } from '../events.ts';

/** Boards shown before someone asks for all. */
const FIRST_GAMES = 24;

@customElement('tengen-games-wall')
export class GamesWall extends LitElement {
  static override styles: CSSResult[] = [
    sharedStyles,
    css`
      :host {
        display: grid;
        gap: 0.5rem;
        justify-items: start;
      }
      .wall {
        width: 100%;
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(4.8rem, 1fr));
        gap: 0.5rem;
      }
      .wall button {
        padding: 0.25rem;
        display: grid;
        gap: 0.15rem;
        font-size: 0.75rem;
        line-height: 1.2;
        font-variant-numeric: tabular-nums;
        color: var(--muted);
        min-height: 0;
      }
      .wall button[aria-pressed='true'] {
        border-color: var(--accent);
        box-shadow: 0 0 0 1px var(--accent);
      }
      svg {
        display: block;
        width: 100%;
      }
      .board {
        border-radius: 4px;
      }
      .wood {
        fill: var(--wood);
      }
      .lines {
        stroke: var(--grid-ink);
        stroke-width: 0.04;
        opacity: 0.7;
      }
      .stones {
        stroke-linecap: round;
        stroke-width: 0.94;
        fill: none;
      }
      .black {
        stroke: #1a1a1c;
      }
      .white-edge {
        stroke: #6b5a3a;
      }
      .white {
        stroke: #f7f5f0;
        stroke-width: 0.86;
      }
      .last {
        fill: none;
        stroke: #d23c2e;
        stroke-width: 0.12;
      }
      .rate {
        height: 5px;
        border-radius: 3px;
        border: 1px solid var(--muted);
      }
      .rate .back {
        fill: #f7f5f0;
      }
      .rate .front {
        fill: #1a1a1c;
      }
    `,
  ];

  @property({ attribute: false }) games: readonly LiveGame[] = [];
  /** Index of the game looked at, or null. */
  @property({ attribute: false }) chosen: number | null = null;
  @state() private showsAll = false;

  override render(): TemplateResult {
    const { games } = this;
    const shown = this.showsAll ? games : games.slice(0, FIRST_GAMES);
    return html`<div class="wall">${shown.map((game) => this.renderGame(game))}</div>
      ${
        shown.length < games.length
          ? html`<button @click=${() => (this.showsAll = true)}>Show all ${games.length}</button>`
          : nothing
      }`;
  }

  private renderGame(game: LiveGame): TemplateResult | typeof nothing {
    const art = boardArt(game);
    if (art === null) return nothing;
    const { index, width, height, moves, winrateBlack } = game;
    return html`<button
      aria-pressed=${this.chosen === index}
      aria-label="Game ${index}, ${width} by ${height}, move ${moves.length}, Black's win rate ${formatShare(winrateBlack)}"
      @click=${() => emit(this, 'live-game-chosen', index)}
    >
      ${art}
      <svg class="rate" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
        <rect class="back" width="100" height="4" />
        <rect class="front" width=${100 * winrateBlack} height="4" />
      </svg>
      <span>${moves.length} · ${formatShare(winrateBlack)}</span>
    </button>`;
  }
}

/** Zero-length strokes with round ends are stones: two paths for a board, however many lie on it. */
function boardArt(game: LiveGame): TemplateResult | null {
  const board = boardAfter(game, game.moves.length);
  if (board === null) return null;
  const { width, height, stones } = board;
  const paths = ['', '', ''];
  for (const [p, color] of stones.entries()) paths[color] += `M${p % width} ${Math.floor(p / width)}h0`;
  let lines = '';
  for (let x = 0; x < width; x++) lines += `M${x} 0V${height - 1}`;
  for (let y = 0; y < height; y++) lines += `M0 ${y}H${width - 1}`;
  const last = game.moves.at(-1) ?? board.area;
  const mark: SVGTemplateResult | typeof nothing =
    last === board.area
      ? nothing
      : svg`<circle class="last" cx=${last % width} cy=${Math.floor(last / width)} r="0.24" />`;
  return html`<svg class="board" viewBox="-0.8 -0.8 ${width + 0.6} ${height + 0.6}" aria-hidden="true">
    ${svg`<rect class="wood" x="-0.8" y="-0.8" width=${width + 0.6} height=${height + 0.6} />
      <path class="lines" d=${lines} /><path class="stones black" d=${paths[1]} />
      <path class="stones white-edge" d=${paths[2]} /><path class="stones white" d=${paths[2]} />${mark}`}
  </svg>`;
}
