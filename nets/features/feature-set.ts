/** What nets may be shown of a position: sets of planes and numbers, and how one is written into a batch. */
import type { PositionView } from '#engine/go/view.ts';
import { KATAGO_V7, KATAGO_V7_SUICIDE } from './katago-v7.ts';

export const FEATURE_SET_NAMES = ['katago-v7', 'katago-v7-suicide'] as const;
export type FeatureSetName = (typeof FEATURE_SET_NAMES)[number];

/** Where one position goes in a batch. Strides and offsets count elements, so that one encoder writes NHWC and NCHW. */
export type FeatureBuffer = {
  /** All 0 where the position goes. */
  planes: Float32Array | Uint8Array;
  globals: Float32Array;
  /** Of the buffer, at least those of the board after the symmetry; the board lies in its top-left corner. */
  columns: number;
  /** From a point to the next, in row-major order. */
  pointStride: number;
  /** From a plane to the next. */
  planeStride: number;
  planesOffset: number;
  globalsOffset: number;
};

export type FeatureSet = {
  readonly name: FeatureSetName;
  readonly planes: number;
  readonly globals: number;
  /** Writes the ones of the planes, all of which are 0 or 1, and every global. @param symmetry 0 to 7, of the board. */
  encode(position: PositionView, symmetry: number, out: FeatureBuffer): void;
};

export const FEATURE_SETS: Readonly<Record<FeatureSetName, FeatureSet>> = {
  'katago-v7': KATAGO_V7,
  'katago-v7-suicide': KATAGO_V7_SUICIDE,
};

/** What nets of our own learn to see. */
export const OWN_FEATURES: FeatureSet = KATAGO_V7;
