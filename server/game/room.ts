/** One game being played: who is connected, what is saved, and the searches it is waiting for. */
import { deadStones } from '#engine/search/dead-stones.ts';
import type { ClientMessage, ServerMessage } from '#server/protocol/messages.ts';
import { availableLevels } from '../levels.ts';
import type { GameSearch } from '../search/game-search.ts';
import { searchRefusal } from '../search/refusal.ts';
import type { GameStore } from '../store/game-store.ts';
import { saveRefusal } from '../store/refusal.ts';
import { Analyst } from './analyst.ts';
import type { Client } from './client.ts';
import {
  acceptScore,
  acknowledge,
  asPlayedByEngine,
  isAccepted,
  markDead,
  playMove,
  resign,
  resumePlay,
  searchGame,
  undo,
  withDead,
  withWinrate,
} from './game.ts';
import type { Game, Refusal, Step } from './game.ts';
import { gameMessage } from './game-view.ts';
import type { StoredGame } from './stored-game.ts';

export type RoomServices = {
  readonly store: GameStore;
  readonly search: GameSearch;
  /** A fresh seed for every search. */
  readonly nextSeed: () => number;
  readonly logError: (error: unknown, what: string) => void;
};

/** What a client in a game may send, beyond starting and resuming games. */
type GameCommand = Exclude<ClientMessage, { type: 'hello' | 'new-game' | 'load-sgf' | 'play-on' }>;

export class Room {
  private game: Game;
  private readonly services: RoomServices;
  /** Who is here, and whether they may play. */
  private readonly members = new Map<Client, boolean>();
  /** The engine's own work on the present position: its move, or the dead stones it proposes. */
  private work: AbortController | null = null;
  private readonly analyst: Analyst;

  constructor(game: Game, services: RoomServices) {
    this.game = game;
    this.services = services;
    const { search, nextSeed, logError } = services;
    const onWinrate = (ply: number, winrateBlack: number): void => this.keepWinrate(ply, winrateBlack);
    this.analyst = new Analyst(game.state, { search, nextSeed, logError, onWinrate });
  }

  get state(): StoredGame {
    return this.game.state;
  }

  get isEmpty(): boolean {
    return this.members.size === 0;
  }

  /** Shows the game to a client, and takes up what the engine left undone. */
  join(client: Client, canPlay: boolean): void {
    this.members.set(client, canPlay);
    this.startWork();
    this.show(client);
    this.tellAnalyst();
  }

  leave(client: Client): void {
    this.members.delete(client);
    this.analyst.unwatch(client);
    if (this.isEmpty) this.stopWork();
  }

  handle(client: Client, message: GameCommand): void {
    const canPlay = this.members.get(client);
    if (canPlay === undefined) throw new Error('internal: a message from outside the room');
    if (message.type === 'analysis') {
      if (message.on) this.analyst.watch(client, message.ply ?? null);
      else this.analyst.unwatch(client);
    } else if (!canPlay)
      client.send({ type: 'error', code: 'not-allowed', message: 'You are watching this game.' });
    else if (message.type === 'play') this.play(client, message.move, message.ply, message.nonce);
    else if (message.type === 'pass')
      this.play(client, this.game.position.passMove, message.ply, message.nonce);
    else this.settle(client, this.step(message));
  }

  /** Stops all searches; the game itself is saved already. */
  close(): void {
    this.stopWork();
    this.analyst.close();
  }

  private step(message: Exclude<GameCommand, { type: 'play' | 'pass' | 'analysis' }>): Step {
    switch (message.type) {
      case 'resign':
        return resign(this.game, this.game.state.humanColor);
      case 'undo':
        return undo(this.game);
      case 'mark-dead':
        return markDead(this.game, message.point, message.dead);
      case 'accept-score':
        return acceptScore(this.game, message.scoreBlack);
      case 'resume-play':
        return resumePlay(this.game);
    }
  }

  private play(client: Client, move: number, ply: number, nonce: string): void {
    const { state, position } = this.game;
    // Sent twice because the answer was lost: it was played, so the answer is the game, even where it was taken back since.
    if (isAccepted(state, ply, nonce)) return this.show(client, nonce);
    if (ply !== state.moves.length) {
      const message = 'The position has changed meanwhile: that move was not played.';
      return this.settle(client, { ok: false, code: 'stale', message }, nonce);
    }
    if (state.phase === 'playing' && position.toPlay !== state.humanColor)
      return client.send({ type: 'error', code: 'not-your-turn', message: 'It is not your turn.', nonce });
    const step = playMove(this.game, move);
    this.settle(client, step.ok ? { ok: true, game: acknowledge(step.game, ply, nonce) } : step, nonce);
  }

  /** Saves and shows an accepted step, or tells the client why not. */
  private settle(client: Client, step: Step, nonce?: string): void {
    const lost = nonce === undefined ? 'Nothing was changed.' : 'Your last move was not accepted.';
    const refusal = step.ok ? this.commit(step.game, lost) : step;
    if (refusal === null) return;
    const { code, message, reason } = refusal;
    client.send({
      type: 'error',
      code,
      message,
      ...(reason === undefined ? {} : { reason }),
      ...(nonce === undefined ? {} : { nonce }),
    });
    if (code === 'stale') this.show(client);
  }

  /** Nobody sees a game that is not saved. @param lost a sentence for those whom a failure concerns. */
  private commit(next: Game, lost: string): Refusal | null {
    try {
      this.services.store.save(next.state);
    } catch (error) {
      return saveRefusal(error, lost, this.services.logError);
    }
    const moved =
      next.state.moves.length !== this.game.state.moves.length || next.state.phase !== this.game.state.phase;
    this.game = next;
    this.stopWork();
    if (moved) this.startWork();
    this.showAll();
    this.tellAnalyst();
    return null;
  }

  /** @param ackNonce of a move that was accepted before; without it the last one's. */
  private show(client: Client, ackNonce?: string): void {
    const { secret } = this.game.state;
    const canPlay = this.members.get(client) === true;
    const seen = gameMessage(this.game, canPlay ? secret : null, this.work !== null);
    client.send(ackNonce === undefined ? seen : { ...seen, ackNonce });
  }

  private showAll(): void {
    const seen = gameMessage(this.game, null, this.work !== null);
    const { secret } = this.game.state;
    for (const [client, canPlay] of this.members) client.send(canPlay ? { ...seen, secret } : seen);
  }

  private broadcast(message: ServerMessage): void {
    for (const client of this.members.keys()) client.send(message);
  }

  private stopWork(): void {
    this.work?.abort(new Error('The position has changed.'));
    this.work = null;
  }

  /** Chooses the engine's move, or proposes dead stones, where the game waits for that. */
  private startWork(): void {
    const { state, position } = this.game;
    if (this.work !== null || this.isEmpty) return;
    const mustMove = state.phase === 'playing' && position.toPlay !== state.humanColor;
    const mustPropose = state.phase === 'scoring' && !state.deadProposed;
    if (!mustMove && !mustPropose) return;
    const work = new AbortController();
    this.work = work;
    const ply = state.moves.length;
    this.broadcast({ type: 'thinking', gameId: state.id, ply, on: true });
    void this.finishWork(work, mustMove ? this.chooseMove(work.signal) : this.proposeScore(work.signal));
  }

  private async finishWork(work: AbortController, next: Promise<Step>): Promise<void> {
    let refusal: Refusal | null;
    try {
      const step = await next;
      if (this.work !== work) return;
      this.work = null;
      refusal = step.ok ? this.commit(step.game, 'The engine’s answer was not kept.') : step;
    } catch (error) {
      if (this.work !== work) return;
      this.work = null;
      refusal = searchRefusal(error, this.services.logError);
    }
    if (refusal === null) return;
    const { id: gameId, moves } = this.game.state;
    this.broadcast({ type: 'thinking', gameId, ply: moves.length, on: false });
    this.broadcast({ type: 'error', code: refusal.code, message: refusal.message });
    this.tellAnalyst();
  }

  private async chooseMove(signal: AbortSignal): Promise<Step> {
    const { state } = this.game;
    const levels = availableLevels(this.services.search.hasNet);
    // A game begun with a net may be resumed on a server without one: then the strongest level there is plays on.
    const { engine } = levels.find(({ id }) => id === state.level) ?? levels[levels.length - 1];
    const { search, nextSeed } = this.services;
    const found = await search.search({ game: searchGame(state), engine, seed: nextSeed(), signal });
    const game = asPlayedByEngine(this.game);
    if (found.move === 'resign') return resign(game, game.position.toPlay);
    const step = playMove(game, found.move);
    if (step.ok || step.code !== 'illegal-move') return step;
    throw new Error(`internal: the engine chose ${found.move}, which is ${step.reason}`);
  }

  private async proposeScore(signal: AbortSignal): Promise<Step> {
    const { state, position } = this.game;
    const { search, nextSeed } = this.services;
    const owners = await search.ownershipBlack({ game: searchGame(state), seed: nextSeed(), signal });
    return { ok: true, game: withDead(this.game, deadStones(position, owners)) };
  }

  /** The engine's own work goes before any analysis. */
  private tellAnalyst(): void {
    this.analyst.follow(this.game.state, this.work !== null);
  }

  /** Kept for the curve; one that cannot be saved is found again when somebody looks there. */
  private keepWinrate(ply: number, winrateBlack: number): void {
    this.game = withWinrate(this.game, ply, winrateBlack);
    try {
      this.services.store.save(this.game.state);
    } catch (error) {
      this.services.logError(error, 'saving a win rate');
    }
  }
}
