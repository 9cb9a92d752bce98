/** The finished games of a run by generation, in pages; a click looks at one. */
import { css, html, LitElement, nothing, type CSSResult, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { GameSummary } from '../../../../server/protocol/training.ts';
import { PAGE_GAMES, type ShelfState } from '../../state/training/games-shelf.ts';
import { countOf } from '../../state/training/format.ts';
import { resultOf } from '../../state/training/replay.ts';
import { sharedStyles } from '../../styles/shared.ts';
import { emit } from '../events.ts';
import { tableStyles } from './table-styles.ts';

const END_WORDS: Readonly<Record<GameSummary['end'], string>> = {
  passes: 'two passes',
  settled: 'settled',
  resignation: 'resignation',
  'move-limit': 'move limit',
};

@customElement('tengen-game-list')
export class GameListElement extends LitElement {
  static override styles: CSSResult[] = [
    sharedStyles,
    tableStyles,
    css`
      :host {
        display: grid;
        gap: 0.6rem;
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        gap: 0.5rem;
        align-items: center;
      }
      .row > span {
        flex: 1;
      }
      tbody tr {
        cursor: pointer;
      }
      tbody tr:hover {
        background: var(--accent-soft);
      }
      tr[aria-current='true'] {
        background: var(--accent-soft);
        box-shadow: inset 3px 0 var(--accent);
      }
      td button {
        border: none;
        background: none;
        padding: 0.1rem 0;
        min-height: 1.6rem;
        text-align: left;
        text-decoration: underline;
        text-decoration-color: var(--muted);
        text-underline-offset: 0.2em;
      }
    `,
  ];

  @property({ attribute: false }) shelf!: ShelfState;

  override render(): TemplateResult {
    const { isKnown, shards, shard, from, list } = this.shelf;
    if (!isKnown) return html`<p class="muted">Loading…</p>`;
    if (shards.length === 0)
      return html`<p class="muted">Games can be looked at when the first generation is finished.</p>`;
    const total = list?.total ?? 0;
    return html`<div class="row">
        <label for="generation">Generation</label>
        <select
          id="generation"
          @change=${(event: Event) => emit(this, 'games-page-chosen', { shard: (event.target as HTMLSelectElement).value, from: 0 })}
        >
          ${shards
            .toReversed()
            .map(
              ({ name, generation }) =>
                html`<option value=${name} .selected=${name === shard}>${generation}</option>`,
            )}
        </select>
        <span class="muted">${list === null ? 'Loading…' : countOf(total, 'game')}</span>
        ${total > PAGE_GAMES ? this.renderPager(from, total) : nothing}
      </div>
      ${(list?.note ?? null) === null ? nothing : html`<p role="status">${list?.note}</p>`}
      ${list === null || total === 0 ? nothing : this.renderTable(list.games, from)}`;
  }

  private renderPager(from: number, total: number): TemplateResult {
    const page = (label: string, to: number, disabled: boolean): TemplateResult =>
      html`<button
        ?disabled=${disabled}
        @click=${() => emit(this, 'games-page-chosen', { shard: this.shelf.shard ?? '', from: to })}
      >
        ${label}
      </button>`;
    return html`${page('Previous', from - PAGE_GAMES, from === 0)}
    ${page('Next', from + PAGE_GAMES, from + PAGE_GAMES >= total)}`;
  }

  private renderTable(games: readonly GameSummary[], from: number): TemplateResult {
    return html`<table aria-label="Finished games">
      <thead>
        <tr>
          <th scope="col">Game</th>
          <th scope="col">Board</th>
          <th scope="col">Result</th>
          <th scope="col">End</th>
          <th scope="col" class="number">Moves</th>
        </tr>
      </thead>
      <tbody>
        ${games.map((game, i) => this.renderGame(game, from + i))}
      </tbody>
    </table>`;
  }

  private renderGame(game: GameSummary, place: number): TemplateResult {
    const { index, width, height, end, moves, playedOn } = game;
    return html`<tr
      aria-current=${place === this.shelf.place ? 'true' : nothing}
      @click=${() => emit(this, 'finished-game-chosen', place)}
    >
      <td><button aria-label="Look at game ${index}">${index}</button></td>
      <td>${width}×${height}</td>
      <td>${resultOf(game)}</td>
      <td>${END_WORDS[end]}${playedOn ? html` <span class="muted">(played on)</span>` : nothing}</td>
      <td class="number">${moves}</td>
    </tr>`;
  }
}
