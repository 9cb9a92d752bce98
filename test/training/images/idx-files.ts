/** Bytes of IDX files, for tests that need images. */
import { makeIdx } from '#training/images/idx.ts';

export const idx = (shape: readonly number[], values: readonly number[]): Uint8Array =>
  makeIdx({ shape, values: Uint8Array.from(values) });
