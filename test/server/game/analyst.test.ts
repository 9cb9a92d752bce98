/** Who is answered about which ply, and what is searched for it. */
import { expect, test } from 'vitest';
import { Analyst } from '#server/game/analyst.ts';
import { startFromSgf } from '#server/game/new-game.ts';
import { newCredentials } from '#server/game/stored-game.ts';
import type { StoredGame } from '#server/game/stored-game.ts';
import type { ServerMessage } from '#server/protocol/messages.ts';
import { fakeSearch } from '../fake-search.ts';

function stateOf(moves: string): StoredGame {
  const step = startFromSgf(`(;GM[1]SZ[5]RE[B+R]${moves})`, 'net', newCredentials());
  if (!step.ok) throw new Error(step.message);
  return step.game.state;
}

const MOVES = ';B[aa];W[ba];B[ca];W[da];B[ea];W[ab]';
/** Lets everything that waits only for settled promises happen. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function setUp() {
  const state = stateOf(MOVES);
  const search = fakeSearch();
  const logged: unknown[] = [];
  const winrates: number[] = [];
  const analyst = new Analyst(state, {
    search,
    nextSeed: () => 1,
    logError: (error) => logged.push(error),
    onWinrate: (ply) => winrates.push(ply),
  });
  const join = () => {
    const got: ServerMessage[] = [];
    const plies = () => got.map((message) => (message.type === 'analysis' ? message.ply : message.type));
    return { send: (message: ServerMessage) => void got.push(message), plies };
  };
  return { state, search, analyst, logged, winrates, join };
}

test('a ply is searched once, however many look at it', async () => {
  const { search, analyst, winrates, join } = setUp();
  const [one, two] = [join(), join()];
  analyst.watch(one, 2);
  analyst.watch(two, 2);
  await settle();
  analyst.watch(one, 4);
  await settle();
  analyst.watch(one, 2);
  expect(one.plies()).toEqual([2, 4, 2]);
  expect(two.plies()).toEqual([2]);
  expect(search.searched).toBe(2);
  expect(winrates).toEqual([2, 4]);
});

test('a search is stopped when nobody looks at its ply any more, and not while somebody does', async () => {
  const { search, analyst, join } = setUp();
  const [one, two] = [join(), join()];
  search.hold();
  analyst.watch(one, 1);
  analyst.watch(two, 1);
  analyst.watch(one, 3);
  expect(search.aborted).toBe(0);
  analyst.unwatch(two);
  expect(search.aborted).toBe(1);
  search.release();
  await settle();
  expect(one.plies()).toEqual([3]);
  expect(two.plies()).toEqual([]);
});

test('nothing is searched while the engine is at work, and what waited is searched then', async () => {
  const { state, search, analyst, join } = setUp();
  const one = join();
  search.hold();
  analyst.watch(one, 1);
  analyst.follow(state, true);
  expect(search.aborted).toBe(1);
  search.release();
  await settle();
  expect(one.plies()).toEqual([]);
  analyst.follow(state, false);
  await settle();
  expect(one.plies()).toEqual([1]);
});

test('who follows the game is answered at every new position, and who looked at a move taken back follows it', async () => {
  const { state, search, analyst, join } = setUp();
  const [follower, looker] = [join(), join()];
  analyst.watch(follower, null);
  analyst.watch(looker, 5);
  await settle();
  const back = { ...state, moves: state.moves.slice(0, 4) };
  analyst.follow(back, false);
  await settle();
  expect(follower.plies()).toEqual([6, 4]);
  expect(looker.plies()).toEqual([5, 4]);
  const before = search.searched;
  // Another fifth move: what was found of the first one is forgotten.
  analyst.follow({ ...back, moves: [...back.moves, { color: 1, move: 24 }] }, false);
  await settle();
  expect(looker.plies()).toEqual([5, 4, 5]);
  expect(search.searched).toBe(before + 1);
});

test('a failure is told once, and the ply is searched again when it is asked for again', async () => {
  const { search, analyst, logged, join } = setUp();
  const one = join();
  search.script.push('fail');
  analyst.watch(one, 2);
  await settle();
  expect(one.plies()).toEqual(['error']);
  expect(logged).toHaveLength(1);
  analyst.watch(one, 2);
  await settle();
  expect(one.plies()).toEqual(['error', 2]);
});

test('an analysis without ownership, as of a search without a net, is filled up with an estimate', async () => {
  const { search, analyst } = setUp();
  const found = search.search.bind(search);
  search.search = async (request) => ({ ...(await found(request)), ownershipBlack: null });
  const got: ServerMessage[] = [];
  analyst.watch({ send: (message) => void got.push(message) }, 1);
  await settle();
  // The fake estimate: everyone owns his own stones, here one of Black's at the first point.
  expect(got).toMatchObject([{ type: 'analysis', ownershipBlack: [1, ...Array<number>(24).fill(0)] }]);
});

test('an analysis that has no win rate says so', async () => {
  const { search, analyst, winrates, join } = setUp();
  const one = join();
  const found = search.search.bind(search);
  search.search = async (request) => ({ ...(await found(request)), winrateBlack: null });
  analyst.watch(one, 0);
  await settle();
  expect(one.plies()).toEqual([0]);
  expect(winrates).toEqual([]);
});
