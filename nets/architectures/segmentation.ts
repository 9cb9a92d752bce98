/** Labelling every point by what lies far around it: U-Net (Ronneberger et al. 2015), as small as boards are. */
import type { Layers } from './layers.ts';
import { convRelu } from './parts.ts';

/** Halvings on the way down: 9x9 becomes 3x3, and 19x19 becomes 5x5, where a 3x3 kernel sees most of the board. */
const LEVELS = 2;

/**
 * Down by halves, each of them convolved, and up again, each time beside the map of that size from the way down (figure 1).
 * Channels stay, where U-Net doubles them.
 */
export function segmentation<X>(l: Layers<X>, name: string, x: X, channels: number): X {
  const conv = (part: string, map: X): X => convRelu(l, `${name}/${part}`, map, channels, 3, { norm: true });
  const sizes = [x];
  for (let level = 1; level <= LEVELS; level++) {
    const half = l.window(`${name}/half${level}`, sizes[level - 1], { kind: 'max', size: 2, stride: 2 });
    sizes.push(conv(`down${level}`, half));
  }
  return sizes.reduceRight((coarse, fine, level) => {
    const wide = l.upsample(`${name}/double${level}`, coarse, fine);
    return conv(`up${level}`, l.concat(`${name}/beside${level}`, [wide, fine]));
  });
}
