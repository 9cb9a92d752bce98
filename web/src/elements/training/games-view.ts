/** The games of a run: one on the board, the wall of those in play, and the finished ones. */
import { css, html, LitElement, nothing, type CSSResult, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { LiveGame } from '../../../../selfplay/run/run-files.ts';
import type { GenerationLine } from '../../../../selfplay/run/run-lines.ts';
import type { GamesShelf } from '../../state/training/games-shelf.ts';
import { sharedStyles } from '../../styles/shared.ts';
import './game-list.ts';
import './game-replay.ts';
import type { GameReplay, Shown } from './game-replay.ts';
import './games-wall.ts';

@customElement('tengen-games-view')
export class GamesView extends LitElement {
  static override styles: CSSResult[] = [
    sharedStyles,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 1.25rem;
      }
      .lists {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 1.25rem;
        align-content: start;
      }
      section {
        display: grid;
        gap: 0.5rem;
      }
      @media (min-width: 56rem) {
        :host {
          grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
        }
        tengen-game-replay {
          position: sticky;
          top: 0.75rem;
          align-self: start;
        }
      }
    `,
  ];

  @property({ attribute: false }) shelf!: GamesShelf;
  /** In which the games in play are counted. */
  @property({ attribute: false }) generation = 0;
  @property({ attribute: false }) inPlay: readonly LiveGame[] = [];
  /** Finished ones, another array with each that comes or goes: then there are other games. */
  @property({ attribute: false }) generations: readonly GenerationLine[] = [];
  /** The game in play that is watched, as it was last seen. */
  @state() private watched: { readonly generation: number; readonly game: LiveGame } | null = null;
  @query('tengen-game-replay') private readonly replay!: GameReplay | null;
  private unsubscribe: () => void = () => undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.unsubscribe();
    removeEventListener('keydown', this.onKeyDown);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('keydown', this.onKeyDown);
    if (this.hasUpdated) this.follow();
  }

  override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has('shelf')) {
      this.watched = null;
      this.follow();
    }
    if (changed.has('shelf') || changed.has('generations')) void this.shelf.refresh();
    const { generation } = this;
    const seen = this.inPlay.find(({ index }) => index === this.watchedIndex);
    if (seen !== undefined) this.watched = { generation, game: seen };
    const { isKnown, shards } = this.shelf.store.value;
    const youngest = this.inPlay.at(-1);
    // In the first generation there is nothing else to look at; the youngest game goes on for longest.
    if (isKnown && shards.length === 0 && youngest !== undefined)
      this.watched ??= { generation, game: youngest };
  }

  /** Of the games of this generation the watched one, or null. */
  private get watchedIndex(): number | null {
    return this.watched?.generation === this.generation ? this.watched.game.index : null;
  }

  private follow(): void {
    this.unsubscribe();
    this.unsubscribe = this.shelf.store.subscribe(() => this.requestUpdate());
  }

  private get shown(): Shown | null {
    if (this.watched !== null)
      return {
        kind: 'live',
        ...this.watched,
        isOver: !this.inPlay.some(({ index }) => index === this.watchedIndex),
      };
    const { game } = this.shelf.store.value;
    return game === null ? null : { kind: 'finished', game };
  }

  override render(): TemplateResult {
    const shelf = this.shelf.store.value;
    const { shown } = this;
    return html`
      ${shown === null ? nothing : html`<tengen-game-replay .shown=${shown}></tengen-game-replay>`}
      <div class="lists">
        ${shelf.problem === '' ? nothing : html`<p role="alert">${shelf.problem}</p>`}
        ${
          this.inPlay.length === 0
            ? nothing
            : html`<section>
                <h2>In play</h2>
                <tengen-games-wall
                  .games=${this.inPlay}
                  .chosen=${this.watchedIndex}
                  @live-game-chosen=${({ detail }: CustomEvent<number>) => this.watch(detail)}
                ></tengen-games-wall>
              </section>`
        }
        <section>
          <h2>Finished</h2>
          <tengen-game-list
            .shelf=${this.watched === null ? shelf : { ...shelf, place: null }}
            @games-page-chosen=${({ detail }: CustomEvent<{ shard: string; from: number }>) =>
              void this.shelf.open(detail.shard, detail.from)}
            @finished-game-chosen=${({ detail }: CustomEvent<number>) => this.look(detail)}
          ></tengen-game-list>
        </section>
      </div>
    `;
  }

  private watch(index: number): void {
    const game = this.inPlay.find((each) => each.index === index);
    this.watched = game === undefined ? null : { generation: this.generation, game };
    this.showBoard();
  }

  private look(place: number): void {
    this.watched = null;
    void this.shelf.look(place);
    this.showBoard();
  }

  /** On a phone the board is above the lists, out of sight. */
  private showBoard(): void {
    const top = this.replay?.getBoundingClientRect().top ?? 0;
    if (top < 0 || top > innerHeight / 2) this.replay?.scrollIntoView();
  }

  /** Left and right step through the game wherever they mean nothing else. */
  private readonly onKeyDown = (event: KeyboardEvent): void => {
    const by = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0;
    const isOthers = event.composedPath().some((target) => {
      return target instanceof Element && target.matches(`select, input:not([type='checkbox'])`);
    });
    if (by === 0 || isOthers || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey)
      return;
    event.preventDefault();
    this.replay?.step(by);
  };
}
