/** Games of analysis queries: the turns of legal games, and moves that are played although the rules forbid them. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BLACK, WHITE, opponent, type Color } from '#engine/go/color.ts';
import { makeRng } from '#engine/go/random.ts';
import { makeRules, type Rules } from '#engine/go/rules.ts';
import { scorePosition } from '#engine/go/scoring.ts';
import { gamesAt } from '#engine/record/analysis-game.ts';
import { parseMove } from '#engine/record/coordinates.ts';
import { replay, startOf, type GameMoves } from '#engine/record/game-record.ts';

function gameOf(rules: Rules, moves: readonly string[], first: Color = BLACK): GameMoves {
  const colors = (ply: number): Color => (ply % 2 === 0 ? first : opponent(first));
  return {
    width: 5,
    height: 5,
    rules,
    handicap: 0,
    setup: { black: [], white: [] },
    toPlay: first,
    moves: moves.map((name, ply) => ({ color: colors(ply), move: parseMove(name, 5, 5) ?? -1 })),
  };
}

/** The last position of the game at its last turn. */
function lastOf(game: GameMoves) {
  const games = gamesAt(game, [game.moves.length]);
  if (!games.ok) throw new Error(games.message);
  const replayed = replay(games.games[0]);
  if (!replayed.ok) throw new Error(replayed.message);
  return { game: games.games[0], position: replayed.position };
}

test('the turns of a legal game are its beginnings', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 0, max: 40 }), (seed, length) => {
      const rules = makeRules('tromp-taylor');
      const rng = makeRng(seed);
      const empty = gameOf(rules, []);
      const moves: { color: Color; move: number }[] = [];
      let position = startOf(empty);
      for (let ply = 0; ply < length; ply++) {
        if (position.isOver) position = position.resume();
        const legal = position.legalMoves();
        const move = legal[rng.nextInt(legal.length)];
        moves.push({ color: position.toPlay, move });
        const played = position.play(move);
        if (!played.ok) throw new Error(played.reason);
        position = played.position;
      }
      const game = { ...empty, moves };
      const turns = [...moves.keys(), moves.length];
      expect(gamesAt(game, turns)).toEqual({
        ok: true,
        games: turns.map((turn) => ({ ...game, moves: moves.slice(0, turn) })),
      });
    }),
    { numRuns: 50 },
  );
});

test('stones of Black are a handicap until White moves twice, and then no longer', () => {
  const colors = [BLACK, BLACK, WHITE, WHITE, BLACK] as const;
  const moves = colors.map((color, i) => ({ color, move: i }));
  const games = gamesAt({ ...gameOf(makeRules('chinese'), []), moves }, [0, 1, 2, 3, 4, 5]);
  if (!games.ok) throw new Error(games.message);
  expect(games.games.map(({ handicap, moves: { length } }) => [handicap, length])).toEqual([
    [0, 0],
    [0, 1],
    [2, 0],
    [2, 1],
    [0, 4],
    [0, 5],
  ]);
});

// Black takes C3 by D3, and White takes back at once.
const KO = ['C4', 'D4', 'B3', 'E3', 'C2', 'D2', 'A1', 'C3', 'D3', 'C3'];

test('a move that ko forbids is played, and the game goes on from the stones before it', () => {
  const { game, position } = lastOf(gameOf(makeRules('chinese'), KO));
  expect(game.moves).toEqual([{ color: WHITE, move: parseMove('C3', 5, 5) }]);
  // Black may not take back at once in turn.
  expect(position.legality(parseMove('D3', 5, 5) ?? -1)).toBe('ko');
  expect(position.toPlay).toBe(BLACK);
  expect(position.board.stones[parseMove('C3', 5, 5) ?? -1]).toBe(WHITE);
  expect(position.board.stones[parseMove('D3', 5, 5) ?? -1]).toBe(0);
  const further = lastOf(gameOf(makeRules('chinese'), [...KO, 'A5', 'E5']));
  expect(further.game.moves).toHaveLength(3);
});

test('what superko forbids after passes is played, and may not be taken back', () => {
  const rules = makeRules('tromp-taylor');
  // White takes the ko after two passes, which makes the board before Black's move D3.
  const { game, position } = lastOf(gameOf(rules, [...KO.slice(0, 9), 'pass', 'pass', 'C3']));
  expect(game.moves).toHaveLength(1);
  expect(position.legality(parseMove('D3', 5, 5) ?? -1)).toBe('superko');
});

test('prisoners of the past stay in the score', () => {
  const rules = makeRules('japanese');
  const { position } = lastOf(gameOf(rules, KO));
  // One prisoner each so far, as in the game that was played with a threat between.
  const played = lastOf(gameOf(rules, [...KO.slice(0, 9), 'A5', 'B1', 'C3'])).position;
  expect(played.board.captures.slice(1)).toEqual([1, 1]);
  expect(position.board.captures.slice(1)).toEqual([0, 1]);
  expect(scorePosition(position).scoreBlack).toBe(
    scorePosition(replayed(gameOf(rules, KO.slice(0, 8)))).scoreBlack,
  );
  // The same ko twice against the rules: two prisoners each.
  const twice = lastOf(gameOf(rules, [...KO, 'D3', 'C3'])).position;
  expect(scorePosition(twice).scoreBlack).toBe(scorePosition(position).scoreBlack);
});

function replayed(game: GameMoves) {
  const result = replay(game);
  if (!result.ok) throw new Error(result.message);
  return result.position;
}

test('suicide of several stones is played where it is forbidden, of one stone never', () => {
  // White holds A3, B2, B1 and C1... so that Black's second stone in the corner is suicide.
  const corner = ['A1', 'A3', 'E5', 'B2', 'E4', 'B1', 'A2'];
  expect(lastOf(gameOf(makeRules('chinese'), corner)).position.board.stones[20]).toBe(0);
  const single = ['E5', 'A2', 'E4', 'B1', 'A1'];
  expect(gamesAt(gameOf(makeRules('chinese'), single), [0])).toMatchObject({ ok: false, field: 'moves' });
});

test('after two passes a game goes on', () => {
  expect(lastOf(gameOf(makeRules('chinese'), ['pass', 'pass', 'C3'])).game.moves).toHaveLength(3);
});
