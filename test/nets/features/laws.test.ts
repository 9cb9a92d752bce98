/** What holds of every feature set: symmetries, buffers, histories and colours change nothing that they should not. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PositionCursor } from '#engine/go/cursor.ts';
import { LadderMaps } from '#engine/go/ladder-maps.ts';
import { Position } from '#engine/go/position.ts';
import { makeRng } from '#engine/go/random.ts';
import { RULE_PRESETS, makeRules } from '#engine/go/rules.ts';
import type { Rules } from '#engine/go/rules.ts';
import { SYMMETRY_COUNT, symmetryTable } from '#engine/go/symmetry.ts';
import { FEATURE_SETS } from '#nets/features/feature-set.ts';
import { katagoV7 } from '#nets/features/katago-v7.ts';
import { randomPosition } from '../random-positions.ts';
import { encode } from './encode.ts';

const RULES: readonly Rules[] = [
  ...Object.values(RULE_PRESETS),
  makeRules('tromp-taylor', { tax: 'all', komi: -3 }),
  makeRules('chinese', { tax: 'seki', ko: 'positional' }),
];

const positions = fc
  .record({
    seed: fc.integer(),
    width: fc.integer({ min: 2, max: 9 }),
    height: fc.integer({ min: 2, max: 9 }),
    rules: fc.constantFrom(...RULES),
    plies: fc.integer({ min: 0, max: 90 }),
  })
  .map(({ seed, width, height, rules, plies }) => randomPosition(seed, width, height, rules, plies));

describe.each(Object.values(FEATURE_SETS))('$name', (features) => {
  test('under a symmetry every plane moves with the board, whatever the buffer, and nothing is off the board', () => {
    fc.assert(
      fc.property(
        positions,
        fc.nat(SYMMETRY_COUNT - 1),
        fc.nat(3),
        fc.nat(3),
        (position, symmetry, right, below) => {
          const { width, height, area } = position.board;
          const straight = encode(features, position, 0, width, height);
          const [turnedWidth, turnedHeight] = symmetry & 4 ? [height, width] : [width, height];
          const columns = turnedWidth + right;
          const turned = encode(features, position, symmetry, columns, turnedHeight + below);
          const expected = new Uint8Array(turned.planes.length);
          symmetryTable(symmetry, width, height)
            .subarray(0, area)
            .forEach((to, from) => {
              const at = Math.floor(to / turnedWidth) * columns + (to % turnedWidth);
              for (let c = 0; c < features.planes; c++)
                expected[at * features.planes + c] = straight.planes[from * features.planes + c];
            });
          expect(turned.planes).toEqual(expected);
          expect(turned.globals).toEqual(straight.globals);
        },
      ),
      { numRuns: 150 },
    );
  });

  test('strides and offsets say where points, planes and globals go', () => {
    fc.assert(
      fc.property(positions, (position) => {
        const { width, height, area } = position.board;
        const { planes, globals } = encode(features, position, 0, width, height);
        const size = area * features.planes;
        const out = { planes: new Float32Array(3 * size), globals: new Float32Array(3 * features.globals) };
        out.globals.fill(9);
        features.encode(position, 0, {
          ...out,
          columns: width,
          pointStride: 1,
          planeStride: area,
          planesOffset: size,
          globalsOffset: features.globals,
        });
        const transposed = Array.from(
          { length: size },
          (_, i) => planes[(i % area) * features.planes + Math.floor(i / area)],
        );
        expect([...out.planes]).toEqual([...Array(size).fill(0), ...transposed, ...Array(size).fill(0)]);
        const around = Array(features.globals).fill(9);
        expect([...out.globals]).toEqual([...around, ...globals, ...around]);
      }),
    );
  });

  test('a cursor along a random game shows what positions show, and so does the way back', () => {
    fc.assert(
      fc.property(fc.constantFrom(...RULES), fc.integer(), fc.nat(12), (rules, seed, before) => {
        const rng = makeRng(seed);
        let position = randomPosition(seed, 5, 4, rules, before);
        const cursor = new PositionCursor(position);
        const seen = [encode(features, position)];
        for (let ply = 0; ply < 40 && !position.isOver; ply++) {
          const moves = position.legalMoves();
          // Passes end games early, so they are drawn seldom.
          const few = moves.length > 1 && rng.nextInt(4) > 0 ? 1 : 0;
          const move = moves[rng.nextInt(moves.length - few)];
          const result = position.play(move);
          if (!result.ok) throw new Error(result.reason);
          position = result.position;
          cursor.play(move);
          seen.push(encode(features, position));
          expect(encode(features, cursor)).toEqual(seen.at(-1));
        }
        while (cursor.depth > 0) {
          cursor.undo();
          seen.pop();
          expect(encode(features, cursor)).toEqual(seen.at(-1));
        }
      }),
      { numRuns: 60 },
    );
  });

  test('with colours, side to move and komi exchanged nothing changes', () => {
    fc.assert(
      fc.property(positions, fc.nat(20), (position, plies) => {
        const { width, height, stones } = position.board;
        const of = (color: number): number[] => [...stones].flatMap((c, p) => (c === color ? [p] : []));
        const [black, white] = [of(1), of(2)];
        const rules = { ...position.rules, handicapBonus: 'none' as const };
        let one = Position.start({ width, height, rules, setup: { black, white }, toPlay: position.toPlay });
        let other = Position.start({
          width,
          height,
          rules: { ...rules, komi: -rules.komi },
          setup: { black: white, white: black },
          toPlay: position.toPlay === 1 ? 2 : 1,
        });
        const rng = makeRng(plies);
        for (let ply = 0; ply <= plies && !one.isOver; ply++) {
          expect(encode(features, other)).toEqual(encode(features, one));
          const moves = one.legalMoves();
          const move = moves[rng.nextInt(moves.length)];
          const [next, mirrored] = [one.play(move), other.play(move)];
          if (!next.ok || !mirrored.ok) throw new Error('a move is legal for both');
          [one, other] = [next.position, mirrored.position];
        }
      }),
    );
  });
});

test('remembered ladders change nothing, however few are remembered', () => {
  const sets = [1, 4, 1024].map((slots) => katagoV7(new LadderMaps(slots)));
  fc.assert(
    fc.property(positions, (last) => {
      const line: Position[] = [];
      for (let p: Position | null = last; p !== null; p = p.previous) line.push(p);
      for (const position of [...line, ...line.toReversed()]) {
        const fresh = encode(katagoV7(new LadderMaps(1)), position);
        for (const features of sets) expect(encode(features, position)).toEqual(fresh);
      }
    }),
    { numRuns: 30 },
  );
});
