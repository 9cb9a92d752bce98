/** Positions drawn anew at each step: turned, with other komi, without history, as parts of themselves. */
import { z } from 'zod';
import { gaussian } from '#engine/go/draws.ts';
import type { Rng } from '#engine/go/random.ts';
import { MAX_BOARD_SIDE } from '#engine/go/size.ts';
import { SYMMETRY_COUNT } from '#engine/go/symmetry.ts';
import { forgetHistory } from '#nets/features/edit-v7.ts';
import type { Example } from '../example.ts';
import { addKomi, swapSides } from './komi.ts';
import { withEdited } from './one-position.ts';
import { addSettledStone, cropToCorner } from './redraw.ts';

const share = z.number().min(0).max(1).default(0);

export const BoardAugment = z.strictObject({
  /** Whether boards are turned by one of the eight symmetries. */
  symmetries: z.boolean().default(true),
  /** Share of positions of which a corner is shown, of a side drawn from `cropSides`. */
  crop: share,
  cropSides: z.array(z.int().min(2).max(MAX_BOARD_SIDE)).min(1).default([7]),
  /** Share of positions that get a stone where it changes nothing. */
  settledStone: share,
  /** Share of positions in which the players' colours are exchanged and the komi is not. */
  swapSides: share,
  /** Deviation, in points, of what is added to the komi, in whole points so that it decides games as it did. */
  komi: z.number().min(0).max(50).default(0),
  /** Share of positions that are shown without the moves that led to them. */
  forgetHistory: share,
});
export type BoardAugment = z.infer<typeof BoardAugment>;

/** One of the many examples that an example stands for. */
export function augmented(example: Example, augment: BoardAugment, rng: Rng): Example {
  // Nothing is drawn for what is not asked for, so that it changes no other draw.
  const happens = (probability: number): boolean => probability > 0 && rng.nextFloat() < probability;
  const symmetry = augment.symmetries ? rng.nextInt(SYMMETRY_COUNT) : 0;
  let drawn: Example = { ...example, symmetry };
  if (happens(augment.crop)) {
    const side = augment.cropSides[rng.nextInt(augment.cropSides.length)] as number;
    drawn = cropToCorner(drawn, side, rng);
  }
  if (happens(augment.settledStone)) drawn = addSettledStone(drawn, rng);
  if (happens(augment.swapSides)) drawn = swapSides(drawn);
  if (augment.komi > 0) drawn = addKomi(drawn, Math.round(augment.komi * gaussian(rng)));
  if (happens(augment.forgetHistory)) drawn = withEdited(drawn, forgetHistory);
  return drawn;
}
