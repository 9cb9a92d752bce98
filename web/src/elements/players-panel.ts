/** Who plays, whose turn it is, captures and komi; and one line saying what the game waits for. */
import { css, html, LitElement, nothing, type CSSResult, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { playerName } from '../../../engine/record/game-info.ts';
import { ENGINE_NAME, type GameMessage } from '../../../server/protocol/messages.ts';
import { capturesAt } from '../state/board-view.ts';
import type { GameState } from '../state/game-state.ts';
import { RULES } from '../state/new-game.ts';
import { COLOR_NAMES, describeResult, describeScore } from '../state/words.ts';
import { sharedStyles } from '../styles/shared.ts';

/** Whom a finished record names; of a game in progress who plays it now. */
function nameOf(game: GameMessage, color: 1 | 2): string {
  const named = game.phase === 'finished' ? playerName(game.recordInfo ?? {}, color) : null;
  if (named !== null) return named;
  if (game.humanColor !== color) return ENGINE_NAME;
  return game.secret === null ? 'Player' : 'You';
}

@customElement('tengen-players-panel')
export class PlayersPanel extends LitElement {
  static override styles: CSSResult[] = [
    sharedStyles,
    css`
      :host {
        display: block;
      }
      .players {
        display: grid;
        gap: 0.5rem;
        grid-template-columns: 1fr 1fr;
      }
      .player {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 0 0.6rem;
        align-items: center;
        padding: 0.55rem 0.7rem;
        border: 1px solid var(--line);
        border-radius: 10px;
        background: var(--panel);
        min-width: 0;
      }
      .player.turn {
        border-color: var(--accent);
        box-shadow: inset 0 0 0 1px var(--accent);
      }
      .stone {
        width: 1.6rem;
        height: 1.6rem;
        border-radius: 50%;
        grid-row: 1 / 3;
        border: 1px solid color-mix(in srgb, var(--muted) 60%, transparent);
      }
      .black {
        background: radial-gradient(circle at 36% 30%, #6a6a70, #36363a 30%, #1a1a1c 70%, #0a0a0b);
      }
      .white {
        background: radial-gradient(circle at 38% 32%, #fff, #f5f3ee 55%, #ddd8cd 85%, #bdb6a8);
      }
      .name {
        font-weight: 600;
        white-space: nowrap;
        overflow: hidden;
        text-overflow: ellipsis;
      }
      .detail {
        font-size: 0.82rem;
        color: var(--muted);
        text-wrap: balance;
      }
      .status {
        margin-top: 0.5rem;
        min-height: 1.5em;
        font-weight: 500;
      }
    `,
  ];

  @property({ attribute: false }) state!: GameState;
  /** The label of the engine's level. */
  @property() levelName = '';

  override render(): TemplateResult {
    const { game, viewPly } = this.state;
    const captures = game === null ? { black: 0, white: 0 } : capturesAt(game, viewPly ?? game.moves.length);
    return html`<div class="players">
        ${this.renderPlayer(1, captures.black)} ${this.renderPlayer(2, captures.white)}
      </div>
      <p class="status">${this.status()}</p>
      ${this.renderTerms()}`;
  }

  /** @param captures stones captured at the move looked at. */
  private renderPlayer(color: 1 | 2, captures: number): TemplateResult {
    const { game } = this.state;
    const name = game === null ? COLOR_NAMES[color] : nameOf(game, color);
    const isTurn = game?.phase === 'playing' && game.toPlay === color;
    return html`<div class=${isTurn ? 'player turn' : 'player'}>
      <span class="stone ${color === 1 ? 'black' : 'white'}"></span>
      <span class="name">${name}</span>
      <span class="detail"
        ><span class="visually-hidden">${COLOR_NAMES[color]}, </span>${captures} captured</span
      >
    </div>`;
  }

  private renderTerms(): TemplateResult | typeof nothing {
    const { game } = this.state;
    if (game === null) return nothing;
    const rules = RULES.find(({ name }) => name === game.rules)?.label ?? game.rules;
    // The engine had no part in a game of others.
    const isRecord = game.recordInfo !== null && game.phase === 'finished';
    const handicap = game.handicap > 0 ? `, ${game.handicap} handicap stones` : '';
    return html`<p class="detail">
      ${game.width}×${game.height}, ${rules}${handicap}, komi
      ${game.komi}.${isRecord ? nothing : ` ${this.levelName}.`}
    </p>`;
  }

  private status(): string {
    const { game, viewPly, connection, pending } = this.state;
    if (connection === 'lost') return 'Connection lost. Trying again…';
    if (game === null) return connection === 'open' ? 'Start a new game.' : 'Connecting…';
    if (viewPly !== null) return `Looking at move ${viewPly} of ${game.moves.length}.`;
    if (game.phase === 'finished')
      return game.result === null ? 'The record gives no result.' : `${describeResult(game.result)}.`;
    if (game.phase === 'scoring' && game.thinking) return `${ENGINE_NAME} is looking for dead stones…`;
    if (game.phase === 'scoring')
      return `${game.scoreBlack === null ? 'Counting' : describeScore(game.scoreBlack)}. Choose stones to mark them dead or alive.`;
    if (game.thinking) return `${ENGINE_NAME} is thinking…`;
    if (pending !== null) return 'Sending your move…';
    const passed = game.lastMove === game.width * game.height ? `${this.opponentName()} passed. ` : '';
    if (game.secret === null) return `${COLOR_NAMES[game.toPlay]} to play. You are watching.`;
    return game.toPlay === game.humanColor
      ? `${passed}Your turn, ${COLOR_NAMES[game.toPlay]}.`
      : 'Waiting for the engine.';
  }

  private opponentName(): string {
    const { game } = this.state;
    return game !== null && game.toPlay === game.humanColor ? ENGINE_NAME : 'You';
  }
}
