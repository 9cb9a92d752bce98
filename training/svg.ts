/** Pictures of runs as SVG files, made without a browser. */
import type { PlotOptions, plot } from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { writeFileAtomically } from '#nets/atomic-file.ts';

type Picture = ReturnType<typeof plot>;

/** What plots are made with. */
export function newDocument(): NonNullable<PlotOptions['document']> {
  return parseHTML('<html><body></body></html>').document;
}

/** Points that a smoothed curve averages at most. Our choice. */
const SMOOTHED = 9;

/** How a curve of so many points is smoothed: short ones hardly, or all of it would be its mean. */
export const smoothing = (points: number): { k: number; strict: false } => ({
  k: Math.max(1, Math.min(SMOOTHED, Math.floor(points / 10))),
  strict: false,
});

/** Writes rows of plots, one below the other, on white. */
export function writePictures(path: string, rows: readonly (readonly Picture[])[]): void {
  let [width, height] = [0, 0];
  for (const row of rows) {
    let [x, tallest] = [0, 0];
    for (const picture of row) {
      picture.setAttribute('x', String(x));
      picture.setAttribute('y', String(height));
      const [ownWidth, ownHeight] = ['width', 'height'].map((side) => Number(picture.getAttribute(side)));
      x += ownWidth;
      tallest = Math.max(tallest, ownHeight);
    }
    width = Math.max(width, x);
    height += tallest;
  }
  const frame = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`;
  const content = rows.flatMap((row) => row.map(({ outerHTML }) => outerHTML)).join('');
  const svg = `${frame}<rect width="100%" height="100%" fill="white"/>${content}</svg>\n`;
  writeFileAtomically(path, Buffer.from(svg));
}
