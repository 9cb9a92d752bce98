/** What can be done now: pass, undo, resign; while scoring accept or resume; afterwards play on; typed moves; steps through the game. */
import { css, html, LitElement, nothing, type CSSResult, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { formatMove, parseMove } from '../../../engine/record/coordinates.ts';
import type { GameMessage } from '../../../server/protocol/messages.ts';
import { isPersonsTurn, type GameState } from '../state/game-state.ts';
import { sharedStyles } from '../styles/shared.ts';
import { emit } from './events.ts';
import './step-buttons.ts';

@customElement('tengen-controls')
export class Controls extends LitElement {
  static override styles: CSSResult[] = [
    sharedStyles,
    css`
      :host {
        display: grid;
        gap: 0.6rem;
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        gap: 0.5rem;
      }
      .row > button {
        flex: 1 1 auto;
      }
      form {
        display: flex;
        gap: 0.5rem;
        align-items: center;
      }
      label {
        font-size: 0.85rem;
        color: var(--muted);
        white-space: nowrap;
      }
      input {
        flex: 1;
        width: 4rem;
      }
      .problem {
        color: var(--danger);
        font-size: 0.85rem;
      }
    `,
  ];

  @property({ attribute: false }) state!: GameState;
  /** The point that waits for a second tap, or null. */
  @property({ attribute: false }) candidate: number | null = null;
  @state() private problem = '';

  override willUpdate(changed: Map<string, unknown>): void {
    const before = changed.get('state') as GameState | undefined;
    if (before?.game?.moves.length !== this.state.game?.moves.length && changed.has('state'))
      this.problem = '';
  }

  override render(): TemplateResult {
    const { game } = this.state;
    const isMine = game !== null && game.secret !== null;
    if (isMine && game.phase === 'scoring')
      return html`<div class="row">
          <button
            class="primary"
            ?disabled=${game.thinking}
            @click=${() => emit(this, 'action-requested', 'accept-score')}
          >
            Accept score
          </button>
          <button @click=${() => emit(this, 'action-requested', 'resume-play')}>Resume play</button>
        </div>
        ${this.renderSteps()}`;
    if (game?.phase === 'finished')
      return html`<div class="row">
          <button
            title="A new game that begins at the position on the board, with you to move"
            @click=${() => emit(this, 'action-requested', 'play-on')}
          >
            Play on from here
          </button>
        </div>
        ${this.renderSteps()}`;
    const isTurn = isPersonsTurn(this.state);
    if (!isMine || game.phase !== 'playing') return html`${this.renderSteps()}`;
    return html`<div class="row">
        ${this.candidate === null ? this.renderTurn(game, isTurn) : this.renderCandidate(game, this.candidate)}
      </div>
      ${this.renderTyping(isTurn)} ${this.renderAskAgain()} ${this.renderSteps()}`;
  }

  private renderTurn(game: GameMessage, isTurn: boolean): TemplateResult {
    const canUndo = game.moves.some(({ color }) => color === game.humanColor);
    return html`<button
        ?disabled=${!isTurn}
        @click=${() => emit(this, 'move-chosen', game.width * game.height)}
      >
        Pass
      </button>
      <button ?disabled=${!canUndo} @click=${() => emit(this, 'action-requested', 'undo')}>Undo</button>
      <button class="danger" @click=${() => emit(this, 'action-requested', 'resign')}>Resign</button>`;
  }

  /** In the place of the other buttons, so that nothing on the page moves under the finger. */
  private renderCandidate(game: GameMessage, candidate: number): TemplateResult {
    return html`<button class="primary" @click=${() => emit(this, 'candidate-answered', true)}>
        Play ${formatMove(candidate, game.width, game.height)}
      </button>
      <button @click=${() => emit(this, 'candidate-answered', false)}>Cancel</button>`;
  }

  /** After a refusal such as "the engine could not move", with the engine to move. */
  private renderAskAgain(): TemplateResult | typeof nothing {
    const { game, notice } = this.state;
    if (game === null || notice === null || game.thinking || game.toPlay === game.humanColor) return nothing;
    return html`<button @click=${() => emit(this, 'action-requested', 'ask-again')}>
      Ask the engine again
    </button>`;
  }

  private renderTyping(isTurn: boolean): TemplateResult {
    return html`<form @submit=${this.onTyped}>
        <label for="typed">Type a move</label>
        <input id="typed" type="text" name="move" placeholder="D4 or pass" autocomplete="off" maxlength="4" />
        <button ?disabled=${!isTurn}>Play</button>
      </form>
      ${this.problem === '' ? nothing : html`<p class="problem" role="alert">${this.problem}</p>`}`;
  }

  private renderSteps(): TemplateResult | typeof nothing {
    const { game, viewPly } = this.state;
    if (game === null || game.moves.length === 0) return nothing;
    const last = game.moves.length;
    return html`<tengen-step-buttons
      .ply=${viewPly ?? last}
      .last=${last}
      lastLabel="Back to the game"
    ></tengen-step-buttons>`;
  }

  private readonly onTyped = (event: SubmitEvent): void => {
    event.preventDefault();
    const { game } = this.state;
    const form = event.target as HTMLFormElement;
    const input = form.elements.namedItem('move') as HTMLInputElement;
    if (game === null) return;
    const move = parseMove(input.value.trim(), game.width, game.height);
    if (move === null) {
      this.problem = `"${input.value.trim()}" is not a point of this board. Type a letter and a number such as D4, or pass.`;
      return;
    }
    this.problem = '';
    form.reset();
    emit(this, 'move-chosen', move);
  };
}
