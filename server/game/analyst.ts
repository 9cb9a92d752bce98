/** Analyses the positions that somebody looks at, one search at a time, and remembers the last ones. */
import { sharedPlies } from '#engine/record/game-record.ts';
import type { AnalysisMessage, ErrorMessage } from '#server/protocol/messages.ts';
import { analysisEngine } from '../levels.ts';
import type { GameSearch, SearchResult } from '../search/game-search.ts';
import { searchRefusal } from '../search/refusal.ts';
import type { Client } from './client.ts';
import { searchGame } from './game.ts';
import type { StoredGame } from './stored-game.ts';

/** Analyses kept for one game: one of a 19x19 board is about 10 KB. */
const MAX_KEPT = 32;

export type AnalystServices = {
  readonly search: GameSearch;
  readonly nextSeed: () => number;
  readonly logError: (error: unknown, what: string) => void;
  /** Told of every new win rate. */
  readonly onWinrate: (ply: number, winrateBlack: number) => void;
};

type Answer = AnalysisMessage | ErrorMessage;

/** What one client looks at. */
type Viewer = {
  /** Null follows the game. */
  readonly ply: number | null;
  /** The ply whose answer was sent last. */
  answered: number | null;
};

export class Analyst {
  private state: StoredGame;
  private readonly services: AnalystServices;
  private readonly viewers = new Map<Client, Viewer>();
  /** By ply, the least recently used first. */
  private readonly kept = new Map<number, AnalysisMessage>();
  private running: { readonly ply: number; readonly stop: AbortController } | null = null;
  private paused = false;

  constructor(state: StoredGame, services: AnalystServices) {
    this.state = state;
    this.services = services;
  }

  /** Answers a client about `ply`, or where that is null about every present position, until it asks for something else. */
  watch(client: Client, ply: number | null): void {
    if (ply !== null && ply > this.state.moves.length) {
      const message = `The game has no move ${ply} to analyse.`;
      return client.send({ type: 'error', code: 'stale', message });
    }
    this.viewers.set(client, { ply, answered: null });
    this.goOn();
  }

  unwatch(client: Client): void {
    if (this.viewers.delete(client)) this.goOn();
  }

  /** The game after a change. @param paused while the engine needs the search for its own moves. */
  follow(state: StoredGame, paused: boolean): void {
    const shared = sharedPlies(this.state.moves, state.moves);
    this.state = state;
    this.paused = paused;
    for (const ply of this.kept.keys()) if (ply > shared) this.kept.delete(ply);
    for (const [client, { ply, answered }] of this.viewers)
      this.viewers.set(client, {
        ply: ply !== null && ply > state.moves.length ? null : ply,
        answered: answered !== null && answered > shared ? null : answered,
      });
    if (this.running !== null && this.running.ply > shared) this.stop();
    this.goOn();
  }

  close(): void {
    this.viewers.clear();
    this.stop();
  }

  /** Hands out what is known, and has searched what is not. */
  private goOn(): void {
    const wanted = new Set<number>();
    for (const [client, viewer] of this.viewers) {
      const ply = viewer.ply ?? this.state.moves.length;
      if (viewer.answered === ply) continue;
      const known = this.recall(ply);
      if (known === null) wanted.add(ply);
      else this.answer(client, viewer, ply, known);
    }
    if (this.running !== null && (this.paused || !wanted.has(this.running.ply))) this.stop();
    const [next] = wanted;
    if (this.running === null && next !== undefined && !this.paused) this.start(next);
  }

  private start(ply: number): void {
    const running = { ply, stop: new AbortController() };
    this.running = running;
    void this.search(ply, running.stop.signal).then((answer) => {
      if (this.running !== running) return;
      this.running = null;
      if (answer.type === 'analysis') {
        this.keep(answer);
        if (answer.winrateBlack !== null) this.services.onWinrate(ply, answer.winrateBlack);
      }
      for (const [client, viewer] of this.viewers)
        if ((viewer.ply ?? this.state.moves.length) === ply && viewer.answered !== ply)
          this.answer(client, viewer, ply, answer);
      this.goOn();
    });
  }

  private stop(): void {
    this.running?.stop.abort(new Error('Nobody asks for this analysis any more.'));
    this.running = null;
  }

  private async search(ply: number, signal: AbortSignal): Promise<Answer> {
    const { search, nextSeed, logError } = this.services;
    const { id } = this.state;
    const game = searchGame({ ...this.state, moves: this.state.moves.slice(0, ply) });
    const engine = analysisEngine(search.hasNet);
    try {
      const found = await search.search({ game, engine, seed: nextSeed(), signal });
      const ownershipBlack =
        found.ownershipBlack ?? (await search.ownershipBlack({ game, seed: nextSeed(), signal }));
      return analysisMessage(id, ply, { ...found, ownershipBlack });
    } catch (error) {
      const message = 'This position could not be analysed: ask again in a moment.';
      // A search stopped on purpose has not failed; nobody reads this answer.
      if (signal.aborted) return { type: 'error', code: 'search-failed', message };
      return { type: 'error', code: searchRefusal(error, logError).code, message };
    }
  }

  private answer(client: Client, viewer: Viewer, ply: number, answer: Answer): void {
    viewer.answered = ply;
    client.send(answer);
  }

  private keep(found: AnalysisMessage): void {
    this.kept.set(found.ply, found);
    const [oldest] = this.kept.keys();
    if (this.kept.size > MAX_KEPT) this.kept.delete(oldest);
  }

  private recall(ply: number): AnalysisMessage | null {
    const found = this.kept.get(ply);
    if (found === undefined) return null;
    this.kept.delete(ply);
    this.kept.set(ply, found);
    return found;
  }
}

function analysisMessage(gameId: string, ply: number, found: SearchResult): AnalysisMessage {
  const { policy, ownershipBlack } = found;
  return {
    type: 'analysis',
    gameId,
    ply,
    policy: policy === null ? null : Array.from(policy),
    winrateBlack: found.winrateBlack,
    scoreBlack: found.scoreBlack,
    ownershipBlack: ownershipBlack === null ? null : Array.from(ownershipBlack),
    visits: Array.from(found.visits),
    pv: [...found.pv],
  };
}
