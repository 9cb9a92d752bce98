/** The same position with another komi, or with the players' colours exchanged: score and winner follow from the known score. */
import { opponent, signFor } from '#engine/go/color.ts';
import { editKomi, encodedKomi } from '#nets/features/edit-v7.ts';
import type { Example } from '../example.ts';
import { encodedPosition, withEdited } from './one-position.ts';

/**
 * White gets `points` more. Unchanged where the score is not known, because the winner then is not either, and where the
 * komi would be so large that features no longer tell it.
 */
export function addKomi(example: Example, points: number): Example {
  const { scoreBlack, toPlay } = example;
  const shared = encodedPosition(example);
  const komi = encodedKomi(shared) - signFor(toPlay) * points;
  if (scoreBlack === null || Math.abs(komi) > shared.planes.length) return example;
  const score = scoreBlack - points;
  const edited = withEdited(example, (position) => editKomi(position, komi));
  return { ...edited, scoreBlack: score, valueBlack: Math.sign(score) };
}

/**
 * The same position of a game in which White played Black's stones and Black White's, komi included. Nets are shown the
 * board from the side to move, so they see and are taught exactly the same: what colours are called is no augmentation.
 */
export function exchangeColors(example: Example): Example {
  const negated = (value: number | null): number | null => (value === null ? null : -value);
  return {
    ...example,
    toPlay: opponent(example.toPlay),
    valueBlack: negated(example.valueBlack),
    scoreBlack: negated(example.scoreBlack),
    ownershipBlack: example.ownershipBlack?.map((owner) => -owner) ?? null,
  };
}

/**
 * Colours exchanged while the komi stays White's: the side to move has the other's komi. Unchanged as by `addKomi`, and under
 * territory scoring, where the komi told holds the stones played, prisoners too, which are not seen.
 */
export function swapSides(example: Example): Example {
  if (example.scoreBlack === null || example.positions.rules.scoring === 'territory') return example;
  const komiWhite = -signFor(example.toPlay) * encodedKomi(encodedPosition(example));
  return addKomi(exchangeColors(example), 2 * komiWhite);
}
