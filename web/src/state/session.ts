/** The conversation with the server: sends what the person does, keeps the state, reconnects and catches up. */
import { sharedPlies } from '../../../engine/record/game-record.ts';
import { decodeServerFrame, encodeFrame } from '../../../server/protocol/codec.ts';
import type {
  ClientMessage,
  ErrorMessage,
  GameMessage,
  ServerMessage,
} from '../../../server/protocol/messages.ts';
import { initialState, type GameState } from './game-state.ts';
import { forgetGame, loadGame, saveGame, type GameStorages, type SavedGame } from './saved.ts';
import { Store } from './store.ts';
import { describeChange } from './words.ts';

export type Socket = { send(bytes: Uint8Array<ArrayBuffer>): void; close(): void };
export type SocketEvents = { open(): void; frame(bytes: Uint8Array): void; closed(): void };

/** Everything of the outside world, so that tests can stand in for it. */
export type SessionWorld = {
  connect(events: SocketEvents): Socket;
  storages: GameStorages;
  /** Calls back once after `delayMs`. */
  later(delayMs: number, callback: () => void): void;
  /** A fresh name for an intended move, 1 to 40 characters. */
  makeNonce(): string;
  /** In [0, 1): spreads the reconnects of many pages. */
  random(): number;
};

const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 10_000;
/** A server that has said nothing by then, though it answers everything but analyses at once, is not reached by this socket any more. */
const LONGEST_ANSWER_MS = 15_000;
/** Longer than the key repeat of a keyboard: positions only passed through are not analysed. */
const LOOKING_MS = 150;

export class GameSession {
  readonly store: Store<GameState> = new Store(initialState);
  private readonly world: SessionWorld;
  private socket: Socket | null = null;
  private failures = 0;
  private closed = false;
  /** Set from a message on until the server says anything. */
  private awaited: symbol | null = null;
  /** The ply whose analysis was asked for last, null for that of every present position; undefined before. */
  private askedPly: number | null | undefined;
  /** The game this page is about, possibly before the server has sent it. */
  private saved: SavedGame | null;

  /** @param watch a game id to look at instead of the stored game. */
  constructor(world: SessionWorld, watch?: string) {
    this.world = world;
    const saved = loadGame(world.storages, watch);
    this.saved = watch === undefined ? saved : (saved ?? { id: watch, secret: null });
  }

  get hasSavedGame(): boolean {
    return this.saved !== null;
  }

  start(): void {
    if (this.closed || this.socket !== null) return;
    const socket = this.world.connect({
      open: () => {
        this.failures = 0;
        this.store.update({ connection: 'open' });
        if (this.saved !== null) this.sendHello(this.saved);
      },
      frame: (bytes) => {
        if (this.socket !== socket) return;
        this.awaited = null;
        this.receive(bytes);
      },
      closed: () => {
        if (this.socket === socket) this.lost();
      },
    });
    this.socket = socket;
  }

  stop(): void {
    this.closed = true;
    this.socket?.close();
    this.socket = null;
  }

  private lost(): void {
    this.socket = null;
    this.awaited = null;
    this.store.update({ connection: 'lost' });
    const delayMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.failures++);
    this.world.later(delayMs * (0.75 + 0.5 * this.world.random()), () => this.start());
  }

  /**
   * Sends a message that may be dropped when there is no connection; moves go through `play`.
   * @param notice what to show with it.
   */
  send(message: ClientMessage, notice: string | null = null): void {
    if (this.store.value.connection !== 'open') {
      this.store.update({ notice: 'There is no connection to the server; trying again.' });
      return;
    }
    // Everything else is about the present position.
    if (message.type !== 'play-on') this.view(null);
    this.store.update({ notice });
    this.transmit(message);
  }

  /** Sends what the server answers at once, and gives the socket up where it does not. */
  private transmit(message: ClientMessage): void {
    const { socket } = this;
    if (socket === null) return;
    socket.send(encodeFrame(message));
    if (this.awaited !== null) return;
    const awaited = Symbol('awaited');
    this.awaited = awaited;
    this.world.later(LONGEST_ANSWER_MS, () => {
      if (this.socket !== socket || this.awaited !== awaited) return;
      this.lost();
      socket.close();
    });
  }

  /** Plays a point, or passes with `width * height`. */
  play(move: number): void {
    const { game, pending } = this.store.value;
    if (game === null || pending !== null) return;
    this.store.update({
      pending: { move, ply: game.moves.length, nonce: this.world.makeNonce() },
      notice: null,
    });
    this.sendPending();
  }

  private sendPending(): void {
    const { game, pending } = this.store.value;
    if (game === null || pending === null) return;
    const { move, ply, nonce } = pending;
    const isPass = move === game.width * game.height;
    this.transmit(isPass ? { type: 'pass', ply, nonce } : { type: 'play', move, ply, nonce });
  }

  /** Opens a game that the server made for an uploaded record. @param notice what to show with it. */
  open(saved: SavedGame, notice: string | null): void {
    this.saved = saved;
    this.store.update({ pending: null, viewPly: null, notice });
    if (this.store.value.connection === 'open') this.sendHello(saved);
  }

  /** Asks for the game anew, which makes the server try a failed search again. */
  askAgain(): void {
    if (this.saved === null || this.store.value.connection !== 'open') return;
    this.store.update({ notice: null });
    this.sendHello(this.saved);
  }

  /** Looks at an earlier position; null or the last ply goes back to the present. */
  view(ply: number | null): void {
    const last = this.store.value.game?.moves.length ?? 0;
    const viewPly = ply === null || ply >= last ? null : Math.max(0, ply);
    if (viewPly === this.store.value.viewPly) return;
    this.store.update({ viewPly });
    if (viewPly === null) this.askAnalysis();
    else this.world.later(LOOKING_MS, () => this.askAnalysis());
  }

  /** Steps from the position looked at. */
  step(by: number): void {
    const { game, viewPly } = this.store.value;
    if (game !== null) this.view((viewPly ?? game.moves.length) + by);
  }

  /** Has what is looked at analysed, unless that is known or asked for already. */
  private askAnalysis(): void {
    const { connection, game, viewPly, analyses } = this.store.value;
    if (connection !== 'open' || game === null || viewPly === this.askedPly) return;
    if (viewPly !== null && analyses.has(viewPly)) return;
    this.askedPly = viewPly;
    this.socket?.send(
      encodeFrame({ type: 'analysis', on: true, ...(viewPly === null ? {} : { ply: viewPly }) }),
    );
  }

  announce(announcement: string): void {
    this.store.update({ announcement });
  }

  dismissNotice(): void {
    this.store.update({ notice: null });
  }

  private sendHello(saved: SavedGame): void {
    const { id: gameId, secret } = saved;
    this.awaitsGame = true;
    this.transmit({ type: 'hello', gameId, ...(secret === null ? {} : { secret }) });
  }

  /** Whether the next `game` answers a `hello`: then the server has forgotten what this page asked for. */
  private awaitsGame = true;

  private receive(bytes: Uint8Array): void {
    const decoded = decodeServerFrame(bytes);
    if (!decoded.ok) {
      this.store.update({ notice: `The server sent something this page cannot read (${decoded.error})` });
      return;
    }
    const message: ServerMessage = decoded.message;
    if (message.type === 'game') this.receiveGame(message);
    else if (message.type === 'error') this.receiveError(message);
    else if (message.gameId !== this.store.value.game?.id) return;
    else if (message.type === 'analysis')
      this.store.update({ analyses: new Map(this.store.value.analyses).set(message.ply, message) });
    else this.store.update({ game: { ...this.store.value.game, thinking: message.on } });
  }

  private receiveGame(game: GameMessage): void {
    const { game: before, pending, analyses } = this.store.value;
    const isSame = before?.id === game.id;
    // An answer to a `hello` may come without the secret; the page still has it.
    const secret = game.secret ?? (this.saved?.id === game.id ? this.saved.secret : null);
    this.saved = { id: game.id, secret };
    if (secret !== null) saveGame(this.world.storages, this.saved);
    const isWaiting =
      isSame && pending !== null && pending.nonce !== game.ackNonce && pending.ply === game.moves.length;
    const shared = isSame ? sharedPlies(before.moves, game.moves) : -1;
    const { viewPly } = this.store.value;
    this.store.update({
      game: { ...game, secret },
      analyses: new Map([...analyses].filter(([ply]) => ply <= shared)),
      pending: isWaiting ? pending : null,
      viewPly: isSame && viewPly !== null && viewPly < game.moves.length ? viewPly : null,
      announcement: describeChange(isSame ? before : null, game),
    });
    if (this.awaitsGame && isWaiting) this.sendPending();
    if (this.awaitsGame || !isSame) this.askedPly = undefined;
    this.awaitsGame = false;
    this.askAnalysis();
  }

  private receiveError(error: ErrorMessage): void {
    const { pending } = this.store.value;
    const { saved } = this;
    // The server could not open the game when it was asked to, which does not say that it has none.
    if (error.code === 'not-open' && saved !== null) {
      this.store.update({ notice: 'The game had to be opened again: look whether your last action counts.' });
      return this.sendHello(saved);
    }
    const isAboutPending = pending !== null && (error.nonce === undefined || error.nonce === pending.nonce);
    this.store.update({
      notice: error.message,
      announcement: error.message,
      pending: isAboutPending ? null : pending,
    });
    if (error.code !== 'no-game' && error.code !== 'damaged-game') return;
    const isStillShown = error.code === 'damaged-game' || saved === null;
    this.saved = null;
    if (saved !== null) forgetGame(this.world.storages, saved.id);
    // What the page shows of a game that the server has lost is all there is: it stays, to be saved as a file.
    if (!isStillShown) this.store.update({ game: null, analyses: new Map(), viewPly: null });
  }
}
