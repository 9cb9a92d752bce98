/** A game of self-play on the board, stepped through, with what the search thought of it. */
import { css, html, LitElement, nothing, type CSSResult, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { LiveGame } from '../../../../selfplay/run/run-files.ts';
import type { TrainingGame } from '../../../../server/protocol/training.ts';
import { formatNumber, formatShare } from '../../state/training/format.ts';
import { describePly, replayView, resultOf, winratesOf, type Searched } from '../../state/training/replay.ts';
import { describeResult } from '../../state/words.ts';
import { sharedStyles } from '../../styles/shared.ts';
import '../board.ts';
import { emit } from '../events.ts';
import '../step-buttons.ts';
import '../winrate-curve.ts';

/** A finished game to be replayed, or one in play to be watched. */
export type Shown =
  | { readonly kind: 'finished'; readonly game: TrainingGame }
  /** @property isOver Whether it is no longer among those in play: its end is not known here. */
  | {
      readonly kind: 'live';
      readonly generation: number;
      readonly game: LiveGame;
      readonly isOver: boolean;
    };

@customElement('tengen-game-replay')
export class GameReplay extends LitElement {
  static override styles: CSSResult[] = [
    sharedStyles,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 0.6rem;
        align-content: start;
      }
      tengen-board {
        /* Its buttons and its curve stay in sight. */
        width: min(100%, max(18rem, 100dvh - 21rem));
        aspect-ratio: 1;
        justify-self: center;
      }
      .muted {
        color: var(--muted);
      }
      .figures {
        font-variant-numeric: tabular-nums;
        min-height: 1.5em;
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        justify-content: space-between;
        align-items: center;
        gap: 0.5rem 1rem;
      }
      label {
        display: flex;
        align-items: center;
        gap: 0.5rem;
        font-size: 0.92rem;
      }
      input {
        width: 1.1rem;
        height: 1.1rem;
        accent-color: var(--accent);
        margin: 0;
      }
      .hint {
        font-size: 0.82rem;
        color: var(--muted);
      }
    `,
  ];

  @property({ attribute: false }) shown!: Shown;
  /** Position looked at; null the last. */
  @state() private viewPly: number | null = null;
  @state() private showsPolicy = false;

  override willUpdate(changed: Map<string, unknown>): void {
    const before = changed.get('shown') as Shown | undefined;
    if (before === undefined || this.key(before) === this.key(this.shown)) return;
    this.viewPly = null;
  }

  private key(shown: Shown): string {
    return `${shown.kind} ${this.generationOf(shown)} ${shown.game.index}`;
  }

  private generationOf(shown: Shown): number {
    return shown.kind === 'live' ? shown.generation : shown.game.generation;
  }

  private get ply(): number {
    return Math.min(this.viewPly ?? Infinity, this.shown.game.moves.length);
  }

  /** Goes so many moves on, or back. */
  step(by: number): void {
    this.show(Math.max(0, this.ply + by));
  }

  private show(ply: number): void {
    this.viewPly = ply >= this.shown.game.moves.length ? null : ply;
  }

  override render(): TemplateResult {
    const { shown, ply } = this;
    const { game } = shown;
    const searched = this.searchedAt(ply);
    const view = replayView(game, ply, this.showsPolicy ? searched : null);
    if (view === null) return html`<p role="alert">This game has moves that cannot have been played.</p>`;
    return html`
      <h2>${this.heading()}</h2>
      <tengen-board
        .view=${view}
        @say-requested=${() => emit(this, 'announced', describePly(game, ply))}
      ></tengen-board>
      <tengen-step-buttons
        .ply=${ply}
        .last=${game.moves.length}
        lastLabel=${shown.kind === 'live' ? 'Latest move' : 'Last move'}
        @ply-chosen=${({ detail }: CustomEvent<number>) => this.show(detail)}
      ></tengen-step-buttons>
      <div>
        <p>${describePly(game, ply)}</p>
        <p class="figures muted">${this.figures(searched)}</p>
      </div>
      ${shown.kind === 'finished' ? this.renderFinished(shown.game) : nothing}
    `;
  }

  private heading(): string {
    const { shown } = this;
    const name = `Generation ${this.generationOf(shown)}, game ${shown.game.index}`;
    if (shown.kind === 'live') return `${name}, ${shown.isOver ? 'just finished' : 'in play'}`;
    return `${name}: ${describeResult(resultOf(shown.game))}, komi ${shown.game.komi}`;
  }

  private searchedAt(ply: number): Searched | null {
    if (this.shown.kind !== 'finished') return null;
    return this.shown.game.searched.find((position) => position.ply === ply) ?? null;
  }

  /** What the search thought before the next move. */
  private figures(searched: Searched | null): string {
    const { shown, ply } = this;
    if (shown.kind === 'live')
      return ply === shown.game.moves.length
        ? `Black's win rate ${formatShare(shown.game.winrateBlack)}`
        : '';
    if (searched === null) return ply === shown.game.moves.length ? '' : 'A quick move: not learned from';
    const { winrateBlack, scoreBlack, surprise } = searched;
    const score =
      scoreBlack === null
        ? ''
        : `, ${scoreBlack >= 0 ? 'Black' : 'White'} ahead by ${formatNumber(Math.abs(scoreBlack))}`;
    return `Black's win rate ${formatShare(winrateBlack)}${score}; surprise ${formatNumber(surprise)}`;
  }

  private renderFinished(game: TrainingGame): TemplateResult {
    return html`<tengen-winrate-curve
        .winrateBlack=${winratesOf(game)}
        .ply=${this.ply}
        .outcome=${describeResult(resultOf(game))}
        @ply-chosen=${({ detail }: CustomEvent<number>) => this.show(detail)}
      ></tengen-winrate-curve>
      <div class="row">
        <label
          ><input
            type="checkbox"
            .checked=${this.showsPolicy}
            @change=${(event: Event) => (this.showsPolicy = (event.target as HTMLInputElement).checked)}
          />Policy to learn</label
        >
        <button @click=${() => emit(this, 'game-save-requested', game)}>Save SGF</button>
      </div>
      ${
        this.showsPolicy
          ? html`<p class="hint">
              Blue dots: what the net learns to play here, in percent; larger is likelier. Only searched
              positions have one.
            </p>`
          : nothing
      }`;
  }
}
