/** Positions of records, of which few are asked for. */
import { expect, test } from 'vitest';
import { recordPositions } from '#training/record-positions.ts';
import type { AskedPosition } from '#training/record-positions.ts';
import { evenly } from '#training/spread.ts';
import { randomGame } from './games.ts';

const files = [5, 7].map((size) => ({
  path: `${size}`,
  records: Array.from({ length: 5 }, (_, seed) => randomGame(seed, size, 8)),
}));

const asked = (examples: number): AskedPosition[] =>
  recordPositions(files, { holdOut: 1, examples, skipped: new Map() });

test('few positions are those of all that are evenly spread, each before the move that was played', () => {
  const all = asked(1e6);
  expect(all).toHaveLength(10 * 10);
  all.forEach(({ position, move }, i) => {
    expect(position.moveNumber).toBe(i % 10);
    expect(position.isLegal(move)).toBe(true);
    const next = all[i + 1]?.position;
    if (next !== undefined && next.moveNumber > 0) expect(next.lastMove).toBe(move);
  });
  const told = ({ position, move, outcomeBlack }: AskedPosition): unknown[] => [
    position.moveNumber,
    position.board.area,
    [...position.board.stones],
    move,
    outcomeBlack,
  ];
  for (const examples of [1, 7, 33])
    expect(asked(examples).map(told)).toEqual(evenly(all.length, examples).map((index) => told(all[index])));
});
