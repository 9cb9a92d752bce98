/** A search for tests: plays the first legal point (or what it is told), and says that everyone owns his own stones. */
import { positionOf } from '#selfplay/search-game.ts';
import type { GameSearch, SearchResult } from '#server/search/game-search.ts';

export type FakeSearch = GameSearch & {
  /** Moves to play before any of its own choice. */
  readonly script: (number | 'resign' | 'fail')[];
  /** While set, searches wait for `release`. */
  hold(): void;
  release(): void;
  aborted: number;
  /** How many searches were begun. */
  searched: number;
};

export function fakeSearch(): FakeSearch {
  const script: FakeSearch['script'] = [];
  let gate: Promise<void> = Promise.resolve();
  let open: () => void = () => undefined;
  const fake: FakeSearch = {
    hasNet: true,
    script,
    aborted: 0,
    searched: 0,
    hold() {
      gate = new Promise((resolve) => (open = resolve));
    },
    release: () => open(),
    async search({ game, signal }): Promise<SearchResult> {
      fake.searched++;
      signal.addEventListener('abort', () => fake.aborted++, { once: true });
      await gate;
      const position = positionOf(game);
      const planned = script.shift();
      if (planned === 'fail') throw new Error('planned failure');
      const move = planned ?? position.legalMoves()[0];
      const area = game.width * game.height;
      return {
        move,
        winrateBlack: 0.625,
        scoreBlack: 3.5,
        policy: new Float32Array(area + 1).fill(1 / (area + 1)),
        visits: new Int32Array(area + 1),
        pv: move === 'resign' ? [] : [move],
        ownershipBlack: new Float32Array(area),
      };
    },
    async ownershipBlack({ game }) {
      await gate;
      return Float32Array.from(positionOf(game).board.stones, (stone) => [0, 1, -1][stone]);
    },
    close: () => Promise.resolve(),
  };
  return fake;
}
