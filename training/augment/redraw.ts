/** Positions set up anew from the stones that are seen, without the moves before: parts of a board, and stones that change nothing. */
import { BLACK, WHITE, opponent } from '#engine/go/color.ts';
import { passAliveArea } from '#engine/go/life.ts';
import { Position } from '#engine/go/position.ts';
import type { Rng } from '#engine/go/random.ts';
import { editKomi, encodedKomi, stoneAt } from '#nets/features/edit-v7.ts';
import type { Example } from '../example.ts';
import { packPositions } from '../packed-positions.ts';
import { encodedPosition, withEdited } from './one-position.ts';

/** [H * W]: `EMPTY`, `BLACK` or `WHITE`. */
type Stones = readonly number[];

function stonesSeen(example: Example): Stones {
  const [own, other] = [example.toPlay, opponent(example.toPlay)];
  return Array.from(encodedPosition(example).planes, (bits) => {
    const stone = stoneAt(bits);
    return stone === null ? 0 : stone === 'own' ? own : other;
  });
}

/** The position of these stones with the example's player to move; null where a chain has no liberties. */
function setUp({ positions, toPlay }: Example, stones: Stones, width: number): Position | null {
  const of = (color: number): number[] => [...stones.keys()].filter((point) => stones[point] === color);
  const setup = { black: of(BLACK), white: of(WHITE) };
  try {
    return Position.start({ width, height: stones.length / width, rules: positions.rules, setup, toPlay });
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** The example with this position in place of its own, under the komi that nets are told of it. */
function redrawn(example: Example, position: Position): Example {
  const { width, height } = position.board;
  const { features, rules } = example.positions;
  const positions = packPositions(features, { width, height, rules }, 1, [position]);
  const komi = encodedKomi(encodedPosition(example));
  return withEdited({ ...example, positions, index: 0 }, (edited) => editKomi(edited, komi));
}

/** The move of a record, or null where the policy to learn is another. */
function onlyMove({ policyMoves }: Example): number | null {
  return policyMoves.length === 1 ? policyMoves[0] : null;
}

/**
 * A corner of the board as a board of its own, `side` lines wide and high, that holds the move to learn: it and the owners of
 * points are still right there, who wins is not known. Unchanged where there is no such corner, or where its new edges take
 * the last liberty from a chain or make the move illegal.
 */
export function cropToCorner(example: Example, side: number, rng: Rng): Example {
  const { width, height } = example.positions;
  const [move, area] = [onlyMove(example), width * height];
  const [right, low] = [rng.nextInt(2), rng.nextInt(2)];
  if (move === null || move === area || side > Math.min(width, height)) return example;
  const [left, top] = [right * (width - side), low * (height - side)];
  /** The point's place in the corner, null outside of it. */
  const placeOf = (point: number): number | null => {
    const [x, y] = [(point % width) - left, Math.floor(point / width) - top];
    return x >= 0 && x < side && y >= 0 && y < side ? y * side + x : null;
  };
  const place = placeOf(move);
  const inside = Array.from({ length: area }, (_, point) => point).filter((point) => placeOf(point) !== null);
  const stones = stonesSeen(example);
  const position = setUp(
    example,
    inside.map((point) => stones[point]),
    side,
  );
  if (place === null || position?.isLegal(place) !== true) return example;
  const { reply, ownershipBlack } = example;
  return {
    ...redrawn(example, position),
    policyMoves: [place],
    reply: reply === null || reply === area ? null : placeOf(reply),
    valueBlack: null,
    scoreBlack: null,
    ownershipBlack: ownershipBlack === null ? null : Int8Array.from(inside, (point) => ownershipBlack[point]),
  };
}

/**
 * A stone of either colour more where one side cannot be dislodged whatever happens (Benson's life) and still cannot with
 * the stone: under area scoring neither score nor owners change. Unchanged where there is no such point.
 */
export function addSettledStone(example: Example, rng: Rng): Example {
  const { width, rules } = example.positions;
  const move = onlyMove(example);
  const stones = stonesSeen(example);
  const before = setUp(example, stones, width);
  if (rules.scoring !== 'area' || move === null || before === null) return example;
  const settled = passAliveArea(before.board, rules.suicide);
  const free = [...stones.keys()].filter((p) => settled[p] !== 0 && stones[p] === 0 && p !== move);
  if (free.length === 0) return example;
  const [point, color] = [free[rng.nextInt(free.length)], rng.nextFloat() < 0.5 ? BLACK : WHITE];
  const after = setUp(example, stones.with(point, color), width);
  if (after?.isLegal(move) !== true) return example;
  const same = passAliveArea(after.board, rules.suicide).every((owner, p) => owner === settled[p]);
  return same ? redrawn(example, after) : example;
}
