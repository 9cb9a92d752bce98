/** Games of self-play for tests: any that a shard may hold, whether or not the moves are legal. */
import fc from 'fast-check';
import type { Color } from '#engine/go/color.ts';
import type { SearchedPosition, SelfPlayGame } from '#selfplay/shards/self-play-game.ts';
import { asRecorded } from '#selfplay/shards/rounding.ts';

const float32 = (min: number, max: number): fc.Arbitrary<number> =>
  fc.float({ min: Math.fround(min), max: Math.fround(max), noNaN: true });

function arbitraryPosition(points: number, ply: number): fc.Arbitrary<SearchedPosition> {
  return fc
    .record({
      policy: fc.uniqueArray(
        fc.tuple(fc.integer({ min: 0, max: points }), fc.integer({ min: 1, max: 1000 })),
        {
          selector: ([move]) => move,
          minLength: 1,
          maxLength: 20,
        },
      ),
      valueBlack: float32(-1, 1),
      scoreBlack: fc.oneof(float32(-400, 400), fc.constant(NaN)),
      surprise: float32(0, 20),
      ownershipBlack: fc.option(
        fc.array(fc.integer({ min: -127, max: 127 }), { minLength: points, maxLength: points }),
      ),
    })
    .map(({ policy, ownershipBlack, ...rest }) => {
      const sorted = policy.toSorted((a, b) => a[0] - b[0]);
      const sum = sorted.reduce((total, [, weight]) => total + weight, 0);
      return {
        ply,
        policyMoves: Int16Array.from(sorted, ([move]) => move),
        policy: Float32Array.from(sorted, ([, weight]) => weight / sum),
        ownershipBlack: ownershipBlack && Int8Array.from(ownershipBlack),
        ...rest,
      };
    });
}

/** Of boards up to 6x6, which shrink well. */
export const arbitraryGame: fc.Arbitrary<SelfPlayGame> = fc
  .record({
    width: fc.integer({ min: 2, max: 6 }),
    height: fc.integer({ min: 2, max: 6 }),
    moveCount: fc.integer({ min: 0, max: 12 }),
  })
  .chain(({ width, height, moveCount }) => {
    const points = width * height;
    const move = fc.integer({ min: 0, max: points });
    const searched = fc.subarray([...Array(moveCount).keys()]);
    const result = fc.oneof(
      fc.record({
        end: fc.constantFrom('passes' as const, 'settled' as const, 'move-limit' as const),
        scoreBlack: fc.integer({ min: -80, max: 80 }).map((halves) => halves / 2),
        ownershipBlack: fc
          .array(fc.constantFrom(-1, 0, 1), { minLength: points, maxLength: points })
          .map((owners) => Int8Array.from(owners)),
      }),
      fc.record({
        end: fc.constant('resignation' as const),
        scoreBlack: fc.constant(null),
        ownershipBlack: fc.constant(null),
      }),
    );
    return fc
      .record({
        generation: fc.nat(1_000_000),
        index: fc.nat(1_000_000),
        net: fc.stringMatching(/^[0-9a-f]{64}$/),
        rules: fc.record({
          ko: fc.constantFrom('simple' as const, 'positional' as const, 'situational' as const),
          suicide: fc.boolean(),
          scoring: fc.constantFrom('area' as const, 'territory' as const),
          tax: fc.constantFrom('none' as const, 'seki' as const, 'all' as const),
          komi: fc.double({ min: -150, max: 150, noNaN: true }),
          handicapBonus: fc.constantFrom('none' as const, 'n' as const, 'n-1' as const),
        }),
        stones: fc.uniqueArray(fc.nat(points - 1), { maxLength: 4 }),
        toPlay: fc.constantFrom<Color>(1, 2),
        moves: fc.array(move, { minLength: moveCount, maxLength: moveCount }),
        winner: fc.constantFrom(-1 as const, 1 as const),
        result,
        playedOn: fc.boolean(),
        winnersLowest: fc.double({ min: 0, max: 1, noNaN: true }),
        positions: searched.chain((plies) => fc.tuple(...plies.map((ply) => arbitraryPosition(points, ply)))),
      })
      .map(({ stones, moves, winner, result: { end, scoreBlack, ownershipBlack }, ...rest }) =>
        asRecorded({
          ...rest,
          width,
          height,
          end,
          scoreBlack,
          ownershipBlack,
          setup: { black: stones.slice(0, 2), white: stones.slice(2) },
          moves: Int16Array.from(moves),
          outcomeBlack: scoreBlack === null ? winner : ((Math.sign(scoreBlack) + 0) as -1 | 0 | 1),
        }),
      );
  });

/** Games of one generation with the indices from 0, the same in each call. */
export function someGames(count: number, generation = 12): SelfPlayGame[] {
  return fc
    .sample(arbitraryGame, { numRuns: count, seed: 7 })
    .map((game, index) => ({ ...game, generation, index }));
}
