/** Where the windows of convolutions and pools lie. None of it depends on the buffer, so that a board's windows stay where they are. */
import type { Padding } from './layers.ts';

export type Windows = { readonly size: number; readonly stride: number; readonly padding: Padding };

/** Points by which 'same' windows reach over the edge, before and after; the middle of the first is the first point. */
export function reach({ size, padding }: Windows): readonly [before: number, after: number] {
  if (padding === 'valid') return [0, 0];
  const before = Math.floor((size - 1) / 2);
  return [before, size - 1 - before];
}

/** Windows along a side. */
export function windowCount(side: number, windows: Windows): number {
  const [before, after] = reach(windows);
  return Math.floor((side + before + after - windows.size) / windows.stride) + 1;
}

/**
 * The point of each side whose place on the board says whether that of the first window is: its middle, or where windows
 * may not reach over the edge its last one.
 */
export const anchor = ({ size, padding }: Windows): number => (padding === 'valid' ? size - 1 : 0);

/** Height and width of a map. */
export type Size = readonly [height: number, width: number];

/** Not one window fits a map: of nets for images, which halve them, where these are small. */
export class SmallMap extends Error {}

/** Of a map of such windows. @throws SmallMap where not one fits. */
export function sizeAfter(size: Size, windows: Windows): Size {
  const [height, width] = size.map((side) => windowCount(side, windows));
  if (height < 1 || width < 1)
    throw new SmallMap(`windows of ${windows.size} do not fit a map of ${size.join('x')}`);
  return [height, width];
}
