/**
 * The views of an image whose mean forecast is taken: as it is and mirrored; in the middle and moved into the four corners; or
 * those five both ways, ten in all (Krizhevsky et al. 2012, section 4.1, where they are cuts of a larger image).
 */
import * as tf from '@tensorflow/tfjs-core';
import { BACKGROUND } from './image-batch.ts';

/** Moves by so many steps, up and to the left where negative, and then mirrored left to right or not. */
export type View = { readonly down: number; readonly right: number; readonly mirrored: boolean };

/** A step, of the image's side: 16 of 256 pixels in the paper. */
const STEP = 1 / 16;

const PLACES = [
  [0, 0],
  [-1, -1],
  [-1, 1],
  [1, -1],
  [1, 1],
];

const viewsOf = (places: readonly number[][], ways: readonly boolean[]): readonly View[] =>
  ways.flatMap((mirrored) => places.map(([down, right]) => ({ down, right, mirrored })));

/** By how many there are. */
export const VIEWS: ReadonlyMap<number, readonly View[]> = new Map([
  [2, viewsOf([[0, 0]], [false, true])],
  [5, viewsOf(PLACES, [false])],
  [10, viewsOf(PLACES, [false, true])],
]);

/** @param pixels [B, H, W, C] as nets see them. @returns the same in this view, background moved in; within `tf.tidy`. */
export function seenIn({ down, right, mirrored }: View, pixels: tf.Tensor4D): tf.Tensor4D {
  const [, height, width] = pixels.shape;
  const [y, x] = [height, width].map((side) => Math.max(1, Math.round(side * STEP)));
  const margins: [number, number][] = [
    [0, 0],
    [y, y],
    [x, x],
    [0, 0],
  ];
  const padded = tf.pad(pixels, margins, BACKGROUND);
  const moved = tf.slice(padded, [0, y - down * y, x - right * x, 0], pixels.shape);
  return mirrored ? tf.reverse(moved, 2) : moved;
}
