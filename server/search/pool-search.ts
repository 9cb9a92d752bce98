/** Searches by the threads of a `SearchPool`. */
import { makeRng } from '#engine/go/random.ts';
import { randomMove } from '#selfplay/open-player.ts';
import { positionOf } from '#selfplay/search-game.ts';
import type { SearchPool } from '#selfplay/search-pool.ts';
import type { GameSearch, SearchRequest, SearchResult } from './game-search.ts';

/** A legal move at random costs no thread. */
function searchNothing({ game, seed }: SearchRequest): SearchResult {
  const move = randomMove(positionOf(game), makeRng(seed));
  return {
    move,
    winrateBlack: null,
    scoreBlack: null,
    policy: null,
    visits: new Uint8Array(game.width * game.height + 1),
    pv: [move],
    ownershipBlack: null,
  };
}

/** @param net path of a net file that `pool.prepare` accepted, or null for a server without one. */
export function poolSearch(pool: SearchPool, net: string | null): GameSearch {
  return {
    hasNet: net !== null,
    search: async (request) => {
      const { game, engine, seed, signal } = request;
      if (engine.kind === 'random') return searchNothing(request);
      const usesNet = engine.kind === 'net';
      const analysis = await pool.analyse(game, {
        net: usesNet ? net : null,
        visits: engine.visits,
        seed,
        signal,
      });
      return { ...analysis, policy: usesNet ? analysis.policy : null };
    },
    ownershipBlack: ({ game, seed, signal }) => pool.ownershipBlack({ game, net, seed }, signal),
    close: () => pool.close(),
  };
}
