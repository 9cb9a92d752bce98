/** How a search ends games: when it passes, what it takes as dead, and what it will not throw away. */
import { describe, expect, test } from 'vitest';
import { BLACK, WHITE } from '#engine/go/color.ts';
import { Position } from '#engine/go/position.ts';
import type { PositionView } from '#engine/go/view.ts';
import { makeRules, type RulesName } from '#engine/go/rules.ts';
import { parseDiagram } from '#engine/record/diagram.ts';
import { immediateEvaluator } from '#engine/search/evaluator.ts';
import type { Evaluation, Evaluator } from '#engine/search/evaluator.ts';
import { TERMINAL } from '#engine/search/graph.ts';
import type { SearchGraph } from '#engine/search/graph.ts';
import { NET_SEARCH } from '#engine/search/parameters.ts';
import { Search } from '#engine/search/search.ts';
import { expectedScore, scoreAsItStands } from '#engine/search/end-score.ts';
import { usefulMoves } from '#engine/search/useful.ts';
import { played } from './helpers.ts';

/** Judges every position as won for Black by `owners`, and prefers no move to another. */
function opinion(owners: string, valueBlack: number): (position: PositionView) => Evaluation {
  const ownershipBlack = Float32Array.from(owners.replace(/\s/g, ''), (c) =>
    c === 'b' ? 1 : c === 'w' ? -1 : 0,
  );
  return ({ board, toPlay }) => {
    const sign = toPlay === BLACK ? 1 : -1;
    return {
      policyLogits: new Float32Array(board.area + 1),
      valueToPlay: sign * valueBlack,
      scoreToPlay: 0,
      scoreStdev: NaN,
      ownershipToPlay: ownershipBlack.map((owner) => sign * owner),
    };
  };
}

function judge(owners: string, valueBlack: number): Evaluator {
  return immediateEvaluator(8, opinion(owners, valueBlack));
}

function positionOf(diagram: string, rules: RulesName, komi: number): Position {
  const { width, height, stones } = parseDiagram(diagram);
  const of = (color: number): number[] => [...stones.keys()].filter((p) => stones[p] === color);
  return Position.start({
    width,
    height,
    rules: makeRules(rules, { komi }),
    setup: { black: of(1), white: of(2) },
  });
}

/** White's stone in the corner is dead; without it Black has 15 points to 10, with it standing 11 to 11. */
const DEAD_CORNER = `
  O . X O .
  . . X O .
  X X X O O
  . . X O .
  . . X O .`;
const OWNERS = 'bbbwwbbbwwbbbwwbbbwwbbbww';

describe('the count a search expects', () => {
  test('under area rules is the one that is worse for the side that searches', () => {
    const position = positionOf(DEAD_CORNER, 'chinese', 0);
    const dead = new Uint8Array(25);
    dead[0] = WHITE;
    expect(scoreAsItStands(position)).toBe(0);
    expect(expectedScore(position, dead, BLACK)).toBe(0);
    expect(expectedScore(position, dead, WHITE)).toBe(5);
    expect(expectedScore(position, new Uint8Array(25), WHITE)).toBe(0);
  });

  test('under territory rules takes dead stones off, with all that is added to their chain', () => {
    const position = positionOf(DEAD_CORNER, 'japanese', 0);
    const dead = new Uint8Array(25);
    dead[0] = WHITE;
    // Eight points and a prisoner against four points.
    expect(expectedScore(position, dead, WHITE)).toBe(5);
    const added = played(position, position.passMove, 1);
    expect(expectedScore(added, dead, WHITE)).toBe(6);
  });
});

describe('a search that is offered the end of the game by a pass', () => {
  const answer = async (rules: RulesName, komi: number, valueBlack: number) => {
    const start = positionOf(DEAD_CORNER, rules, komi);
    const passed = played(start, start.passMove);
    const search = new Search(judge(OWNERS, valueBlack), NET_SEARCH);
    return (await search.search(passed, { visits: 200 }, 1)).move;
  };

  test('does not take a count in which its dead stones stand', async () => {
    // As it stands White has 11 + 3 to 11; with the corner stone off 10 + 3 to 15.
    expect(await answer('chinese', 3, 0.2)).not.toBe(25);
  });

  test('passes where both counts are won, and where both are lost and nothing is left to hope for', async () => {
    expect(await answer('chinese', 8, 0.2)).toBe(25);
    expect(await answer('chinese', -1, 0.99)).toBe(25);
  });

  test('plays on where both counts are lost and there is hope', async () => {
    expect(await answer('chinese', -1, 0.2)).not.toBe(25);
  });
});

describe('a search that counts no stone as dead', () => {
  const counting = { ...NET_SEARCH, countDead: false, batchSize: 1 };

  test('takes the count as it stands, with no evaluation beside those of its tree', async () => {
    const passed = played(positionOf(DEAD_CORNER, 'chinese', 3), 25);
    let asked = 0;
    const evaluator = immediateEvaluator(8, (position) => {
      asked++;
      return opinion(OWNERS, 0.2)(position);
    });
    const { move } = await new Search(evaluator, counting).search(passed, { visits: 1 }, 1);
    // Eleven points and three of komi against eleven.
    expect(move).toBe(25);
    expect(asked).toBe(1);
  });

  test('keeps its tree when the game goes on by a pass', async () => {
    const search = new Search(judge(OWNERS, 0.2), { ...counting, earliestPass: 0 });
    const start = positionOf(DEAD_CORNER, 'chinese', -3);
    const { visits } = await search.search(start, { visits: 300 }, 1);
    expect(visits[25]).toBeGreaterThan(1);
    const { rootVisits } = await search.search(played(start, 25), { visits: 1 }, 2);
    expect(rootVisits).toBeGreaterThan(1);
  });

  test('plays on in a lost game where passing because it is lost is switched off', async () => {
    const lost = played(positionOf(DEAD_CORNER, 'chinese', -1), 25);
    const moveWith = async (passBelow: number) =>
      (await new Search(judge(OWNERS, 0.99), { ...counting, passBelow }).search(lost, { visits: 50 }, 1))
        .move;
    expect(await moveWith(0.05)).toBe(25);
    expect(await moveWith(0)).not.toBe(25);
  });
});

test('ends in a kept tree are counted anew for the side that moves now', async () => {
  const start = positionOf(DEAD_CORNER, 'chinese', 3);
  const inclined = immediateEvaluator(8, (position) => {
    const evaluation = opinion(OWNERS, 0.2)(position);
    evaluation.policyLogits[25] = 4;
    return evaluation;
  });
  const search = new Search(inclined, { ...NET_SEARCH, earliestPass: 0 });
  await search.search(start, { visits: 1000 }, 1);
  // Black has filled a point of his own, and White is asked.
  const filled = played(start, 1);
  await search.search(filled, { visits: 1 }, 2);
  const { graph } = search as unknown as { graph: SearchGraph };
  const after = (node: number, move: number): number => {
    const [first, end] = [graph.firstEdge[node], graph.firstEdge[node] + graph.reached[node]];
    return graph.edgeChild[graph.edgeMove.subarray(first, end).indexOf(move) + first];
  };
  const end = after(after(graph.root, 25), 25);
  expect(graph.state[end]).toBe(TERMINAL);
  const dead = new Uint8Array(25);
  dead[0] = WHITE;
  const over = played(filled, 25, 25);
  const [before, now] = [expectedScore(over, dead, BLACK), expectedScore(over, dead, WHITE)];
  expect(before).not.toBe(now);
  expect(graph.scoreBlack[end]).toBe(now);
});

test('stones that still have to be killed are not dead where the next pass ends the game', async () => {
  const start = positionOf(DEAD_CORNER, 'japanese', 2);
  const passed = played(start, start.passMove);
  // White to move believes that it will own Black's left side; after both passes it would not.
  const [hopeful, sober] = [opinion('w'.repeat(25), -0.9), opinion(OWNERS, -0.9)];
  const evaluator = immediateEvaluator(8, (position) => (position.isOver ? sober : hopeful)(position));
  const search = new Search(evaluator, { ...NET_SEARCH, earliestPass: 0 });
  expect((await search.search(passed, { visits: 1 }, 1)).move).not.toBe(25);
  // The same search passes where the sober view agrees that White has won.
  const won = played(positionOf(DEAD_CORNER, 'japanese', 20), 25);
  expect((await search.search(won, { visits: 50 }, 1)).move).toBe(25);
});

test('own stones that would be dead only for it being their turn are alive after both passes', async () => {
  // White to move sees its corner lost, as in a seki that who moves breaks, and the game; after both passes it stands.
  const passed = played(positionOf(DEAD_CORNER, 'japanese', 2), 25);
  const [broken, kept] = [opinion(OWNERS, 0.2), opinion(OWNERS.replace('bbb', 'w.b'), 0.2)];
  const evaluator = immediateEvaluator(8, (position) => (position.isOver ? kept : broken)(position));
  const search = new Search(evaluator, { ...NET_SEARCH, earliestPass: 0 });
  expect((await search.search(passed, { visits: 50 }, 1)).move).toBe(25);
});

test('under territory rules nothing is filled that is settled, unless a pass would lose it', async () => {
  const position = positionOf(DEAD_CORNER, 'japanese', 4);
  /** Black expects its side if it moves; whether still if it passes; and not which of the moves loses a point. */
  const visited = async (afterPass: string): Promise<number[]> => {
    const evaluator = immediateEvaluator(8, (at) =>
      opinion(at.consecutivePasses > 0 ? afterPass : OWNERS, 0.9)(at),
    );
    const parameters = { ...NET_SEARCH, earliestPass: 0, lcbDeviations: 0 };
    const { visits } = await new Search(evaluator, parameters).search(position, { visits: 200 }, 1);
    return Array.from(visits.keys()).filter((move) => visits[move] > 0);
  };
  expect(await visited(OWNERS)).toEqual([25]);
  // A stone that could be lost by a pass may be played beside.
  expect(await visited(OWNERS.replace('bbb', '.bb'))).toEqual(expect.arrayContaining([1, 5, 25]));
});

test('under territory rules dead stones are left where they are: taking them costs points', async () => {
  // Black is one point ahead, and loses it by capturing.
  const position = positionOf(DEAD_CORNER, 'japanese', 4);
  const search = new Search(judge(OWNERS, 0.9), {
    ...NET_SEARCH,
    earliestPass: 0,
    // This evaluator never changes its mind, which bounds would take for certainty.
    lcbDeviations: 0,
  });
  expect((await search.search(position, { visits: 300 }, 1)).move).toBe(25);
});

test('one opinion is no ground to resign, a search that agrees is', async () => {
  const position = positionOf(DEAD_CORNER, 'chinese', 30);
  const late = { ...NET_SEARCH, resignBelow: 0.05, resignAfter: 0 };
  const moveAfter = async (visits: number) =>
    (await new Search(judge(OWNERS, -0.98), late).search(position, { visits }, 1)).move;
  expect(await moveAfter(1)).not.toBe('resign');
  expect(await moveAfter(50)).toBe('resign');
});

test('White gives up a handicap game only when behind what the stones were worth, less of it as the game goes', async () => {
  const rules = makeRules('chinese', { komi: 0.5, handicapBonus: 'none' });
  const begun = Position.start({ width: 5, height: 5, rules, handicapStones: [6, 18] });
  const even = Position.start({ width: 5, height: 5, rules, toPlay: WHITE });
  const moveAt = async (position: Position, scoreToPlay: number) => {
    const losing = immediateEvaluator(8, (at) => ({
      ...opinion(OWNERS, 0.98)(at),
      scoreToPlay: at.toPlay === WHITE ? scoreToPlay : -scoreToPlay,
    }));
    const search = new Search(losing, { ...NET_SEARCH, resignBelow: 0.05, resignAfter: 0 });
    return (await search.search(position, { visits: 50 }, 1)).move;
  };
  // Two stones are worth 1.5 x 14 - 0.5 = 20.5 points, and 15% and 5 more are 28.6 at first.
  expect(await moveAt(begun, -28)).not.toBe('resign');
  expect(await moveAt(begun, -29)).toBe('resign');
  expect(await moveAt(even, -2)).toBe('resign');
  // Without the first part it is 8.1 from move 15 on.
  const late = played(begun, 0, 1, 2, 3, 4, 5, 9, 10, 14, 15, 19, 20, 21, 22, 23, 25);
  expect(late.toPlay).toBe(WHITE);
  expect(await moveAt(late, -8)).not.toBe('resign');
  expect(await moveAt(late, -9)).toBe('resign');
});

/** D7, E7 to E9 and C7 to C9 live in seki by D8 and D9; all other stones are pass-alive. */
const SEKI = `
  . X O . X O . O .
  X X O . X O O O O
  . X O X X O . O .
  X X X O O O O O O
  . X X X O . O . O
  X . X O O O O O O
  X X X X X X X X X
  . X . X . X . X .
  X X X X X X X X X`;

test('a pass is kept where all else breaks a seki, though the count is not won', () => {
  for (const rules of ['chinese', 'tromp-taylor'] as const) {
    const lead = scoreAsItStands(positionOf(SEKI, rules, 0));
    for (const behind of [0, 8]) {
      const position = positionOf(SEKI, rules, lead + behind);
      expect(usefulMoves(position, position.legalMoves(), NET_SEARCH)).toEqual([3, 12, 81]);
    }
  }
  // A capture is left: there is still something to play for.
  const corner = positionOf(DEAD_CORNER, 'chinese', 4);
  expect(usefulMoves(corner, corner.legalMoves(), NET_SEARCH)).not.toContain(25);
});

test('a pass into a draw is answered by a pass where all else breaks a seki', async () => {
  const drawn = positionOf(SEKI, 'chinese', scoreAsItStands(positionOf(SEKI, 'chinese', 0)));
  // White, who moves, loses by whatever else it does.
  const search = new Search(judge('.'.repeat(81), 0.5), NET_SEARCH);
  expect((await search.search(played(drawn, 81), { visits: 200 }, 1)).move).toBe(81);
});
