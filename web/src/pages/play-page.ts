/** The page where a game is played: joins the session, the preferences and the elements. */
import { html, LitElement, nothing, type CSSResult, type TemplateResult } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import type { LevelInfo } from '../../../server/protocol/messages.ts';
import { fetchLevels } from '../browser/api.ts';
import { downloadText } from '../browser/download.ts';
import { openSocket } from '../browser/socket.ts';
import { playStoneSound } from '../browser/sound.ts';
import { sharedStorage, tabStorage } from '../browser/storage.ts';
import '../elements/board.ts';
import type { TengenBoard } from '../elements/board.ts';
import '../elements/controls.ts';
import '../elements/display-panel.ts';
import '../elements/confirm-dialog.ts';
import type { ConfirmDialog } from '../elements/confirm-dialog.ts';
import type { PageEvents } from '../elements/events.ts';
import '../elements/new-game-dialog.ts';
import type { NewGameDialog } from '../elements/new-game-dialog.ts';
import '../elements/page-header.ts';
import '../elements/players-panel.ts';
import '../elements/winrate-curve.ts';
import { isUnfinished, winrateCurve } from '../state/game-state.ts';
import { makeBoardView } from '../state/board-view.ts';
import { firstLevel } from '../state/new-game.ts';
import { loadPreferences, savePreferences, type Preferences } from '../state/saved.ts';
import { GameSession } from '../state/session.ts';
import { sgfFileName, sgfText } from '../state/sgf-file.ts';
import { describeCaptures, describeLastMove, describeLink, describeResult } from '../state/words.ts';
import { sharedStyles } from '../styles/shared.ts';
import { playPageStyles } from './play-page-styles.ts';
import { RecordFiles } from './record-files.ts';

/** As long as a person waits without thinking that nothing happens. */
const LEVELS_RETRY_MS = 3000;

type PageEvent<K extends keyof PageEvents> = CustomEvent<PageEvents[K]>;

@customElement('tengen-play-page')
export class PlayPage extends LitElement {
  static override styles: CSSResult[] = [sharedStyles, playPageStyles];

  @state() private preferences: Preferences = loadPreferences(sharedStorage);
  @state() private levels: readonly LevelInfo[] = [];
  @state() private candidate: number | null = null;
  @query('tengen-board') private readonly board!: TengenBoard;
  @query('tengen-new-game-dialog') private readonly newGameDialog!: NewGameDialog;
  @query('tengen-confirm-dialog') private readonly confirmDialog!: ConfirmDialog;
  private readonly session = new GameSession(
    {
      connect: openSocket,
      storages: { tab: tabStorage, shared: sharedStorage },
      later: (delayMs, callback) => void setTimeout(callback, delayMs),
      makeNonce: () => Array.from(crypto.getRandomValues(new Uint32Array(4)), (n) => n.toString(36)).join(''),
      random: Math.random,
    },
    new URLSearchParams(location.hash.slice(1)).get('watch') ?? undefined,
  );
  private readonly files = new RecordFiles(this, this.session, {
    level: async () => {
      const { game } = this.session.store.value;
      if (game !== null) return game.level;
      await this.levelsKnown;
      return firstLevel(this.levels, this.preferences.level);
    },
    leaveGame: () => this.leaveGame(),
  });
  private unsubscribe: () => void = () => undefined;
  private levelsKnown: Promise<void> = Promise.resolve();

  override connectedCallback(): void {
    super.connectedCallback();
    let moves = this.session.store.value.game?.moves.length ?? 0;
    this.unsubscribe = this.session.store.subscribe(({ game }) => {
      const count = game?.moves.length ?? 0;
      if (this.preferences.sound && count === moves + 1) playStoneSound(0.5);
      moves = count;
      this.requestUpdate();
    });
    this.session.start();
    this.levelsKnown = this.loadLevels();
    addEventListener('online', this.onOnline);
    addEventListener('keydown', this.onKeyDown);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.unsubscribe();
    this.session.stop();
    removeEventListener('online', this.onOnline);
    removeEventListener('keydown', this.onKeyDown);
  }

  override firstUpdated(): void {
    if (!this.session.hasSavedGame) void this.newGameDialog.show();
  }

  /** Asks until they are known: without them no game can be started. */
  private async loadLevels(): Promise<void> {
    const { store } = this.session;
    let problem: string | null = null;
    while (this.levels.length === 0) {
      try {
        this.levels = await fetchLevels();
      } catch (error) {
        const told = error instanceof Error ? error.message : String(error);
        if (told !== problem) store.update({ notice: told });
        problem = told;
        await new Promise((resolve) => setTimeout(resolve, LEVELS_RETRY_MS));
      }
    }
    if (store.value.notice === problem) this.session.dismissNotice();
  }

  override render(): TemplateResult {
    const state = this.session.store.value;
    const { game } = state;
    const ply = state.viewPly ?? game?.moves.length ?? 0;
    return html`
      <tengen-page-header path="/">
        <button @click=${() => void this.newGameDialog.show()}>New game</button>
      </tengen-page-header>
      <main
        @point-chosen=${this.onPoint}
        @move-chosen=${(event: PageEvent<'move-chosen'>) => this.session.play(event.detail)}
        @candidate-changed=${(event: PageEvent<'candidate-changed'>) => (this.candidate = event.detail)}
        @candidate-answered=${this.onCandidateAnswered}
        @say-requested=${this.onSay}
        @action-requested=${this.onAction}
        @file-chosen=${({ detail }: PageEvent<'file-chosen'>) => void this.files.open(detail.name, detail)}
        @ply-chosen=${(event: PageEvent<'ply-chosen'>) => this.session.view(event.detail)}
        @preferences-changed=${this.onPreferences}
        @game-requested=${(event: PageEvent<'game-requested'>) => void this.startGame(event.detail)}
      >
        <tengen-players-panel .state=${state} .levelName=${this.levelName()}></tengen-players-panel>
        <div class="board-column">
          <tengen-board
            .view=${makeBoardView(state, this.preferences)}
            .coordinates=${this.preferences.showCoordinates}
            .confirmTouch=${this.preferences.confirmTouch}
          ></tengen-board>
        </div>
        <div class="side">
          ${this.renderNotice()}
          <tengen-controls .state=${state} .candidate=${this.candidate}></tengen-controls>
          <tengen-winrate-curve
            .winrateBlack=${winrateCurve(state)}
            .ply=${ply}
            .outcome=${typeof game?.result === 'string' ? describeResult(game.result) : ''}
          ></tengen-winrate-curve>
          <tengen-display-panel
            .preferences=${this.preferences}
            .hasGame=${game !== null}
            .lacksPolicy=${state.analyses.get(ply)?.policy === null}
          ></tengen-display-panel>
        </div>
        <tengen-new-game-dialog
          .preferences=${this.preferences}
          .levels=${this.levels}
        ></tengen-new-game-dialog>
        <tengen-confirm-dialog></tengen-confirm-dialog>
      </main>
      <div class="visually-hidden" role="status" aria-live="polite">${state.announcement}</div>
    `;
  }

  private renderNotice(): TemplateResult | typeof nothing {
    const { notice } = this.session.store.value;
    if (notice === null) return nothing;
    return html`<div class="notice">
      <span>${notice}</span>
      <button class="quiet" aria-label="Dismiss" @click=${() => this.session.dismissNotice()}>✕</button>
    </div>`;
  }

  /** The label of the present game's level. */
  private levelName(): string {
    const id = this.session.store.value.game?.level ?? '';
    return this.levels.find((level) => level.id === id)?.label ?? id;
  }

  private readonly onPoint = (event: PageEvent<'point-chosen'>): void => {
    const { game } = this.session.store.value;
    const point = event.detail;
    if (game?.phase === 'scoring')
      this.session.send({ type: 'mark-dead', point, dead: !game.dead.includes(point) });
    else this.session.play(point);
  };

  private readonly onSay = (event: PageEvent<'say-requested'>): void => {
    const { game, viewPly } = this.session.store.value;
    if (game === null) return;
    const describe = event.detail === 'captures' ? describeCaptures : describeLastMove;
    this.session.announce(describe(game, viewPly ?? game.moves.length));
  };

  private readonly onCandidateAnswered = (event: PageEvent<'candidate-answered'>): void => {
    if (event.detail) this.board.confirmCandidate();
    else this.board.cancelCandidate();
  };

  /** Left and right step through the game wherever they mean nothing else. */
  private readonly onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0;
    const isOthers = event.composedPath().some((target) => {
      return target instanceof Element && target.matches(`dialog, select, input:not([type='checkbox'])`);
    });
    if (step === 0 || isOthers || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey)
      return;
    event.preventDefault();
    this.session.step(step);
  };

  private readonly onAction = (event: PageEvent<'action-requested'>): void => {
    const { game } = this.session.store.value;
    const action = event.detail;
    if (game === null) return;
    if (action === 'download') {
      const date = new Date().toLocaleDateString('sv-SE'); // Swedish dates are YYYY-MM-DD
      downloadText(
        sgfFileName(game, date),
        sgfText(game, `Tengen, ${this.levelName()}`, date),
        'application/x-go-sgf',
      );
    } else if (action === 'copy-link') void this.copyLink(game.id);
    else if (action === 'ask-again') this.session.askAgain();
    else if (action === 'resign') void this.resign();
    else if (action === 'accept-score') {
      if (game.scoreBlack !== null) this.session.send({ type: action, scoreBlack: game.scoreBlack });
    } else if (action === 'play-on') void this.playOn(this.session.store.value.viewPly ?? game.moves.length);
    else this.session.send({ type: action });
  };

  private async resign(): Promise<void> {
    const question = {
      title: 'Resign this game?',
      text: 'Your opponent wins at once. This cannot be taken back.',
      yes: 'Resign',
      no: 'Play on',
    };
    if (await this.confirmDialog.ask(question)) this.session.send({ type: 'resign' });
  }

  /** Makes room for another game. @returns whether the person agrees, who is asked where a game would be lost. */
  private async leaveGame(): Promise<boolean> {
    const question = {
      title: 'Leave the unfinished game?',
      text: 'This page does not come back to it. To keep it, go back and save it as SGF first.',
      yes: 'Leave it',
      no: 'Go back',
    };
    if (isUnfinished(this.session.store.value) && !(await this.confirmDialog.ask(question))) return false;
    // A reload comes back to the new game, no longer to that of a watch link.
    if (location.hash !== '') history.replaceState(null, '', location.pathname + location.search);
    return true;
  }

  private async copyLink(id: string): Promise<void> {
    const url = new URL(location.href);
    url.hash = `watch=${id}`;
    try {
      await navigator.clipboard.writeText(url.href);
      this.session.store.update({ notice: `Copied. ${describeLink(url)}` });
    } catch {
      this.session.store.update({ notice: `${describeLink(url)} It is ${url.href}` });
    }
  }

  private async startGame(terms: PageEvents['game-requested']): Promise<void> {
    if (await this.leaveGame()) this.session.send({ type: 'new-game', ...terms });
  }

  private async playOn(ply: number): Promise<void> {
    if (await this.leaveGame()) this.session.send({ type: 'play-on', ply });
  }

  private readonly onPreferences = (event: PageEvent<'preferences-changed'>): void => {
    this.preferences = { ...this.preferences, ...event.detail };
    savePreferences(sharedStorage, this.preferences);
  };

  /** Does not wait for the next retry when the network is back. */
  private readonly onOnline = (): void => this.session.start();
}
