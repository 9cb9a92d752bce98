/** Pictures of runs as SVG files, made without a browser. */
import type { PlotOptions, plot } from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { writeFileAtomically } from '#nets/atomic-file.ts';

type Picture = ReturnType<typeof plot>;

/** What plots are made with. */
export function newDocument(): NonNullable<PlotOptions['document']> {
  return parseHTML('<html><body></body></html>').document;
}

/** Writes plots of one width, one below the other, on white. */
export function writePictures(path: string, pictures: readonly Picture[]): void {
  const sides = pictures.map((picture) =>
    ['width', 'height'].map((side) => Number(picture.getAttribute(side))),
  );
  const width = Math.max(...sides.map(([own]) => own));
  let height = 0;
  pictures.forEach((picture, i) => {
    picture.setAttribute('y', String(height));
    height += sides[i][1];
  });
  const frame = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`;
  const content = pictures.map(({ outerHTML }) => outerHTML).join('');
  const svg = `${frame}<rect width="100%" height="100%" fill="white"/>${content}</svg>\n`;
  writeFileAtomically(path, Buffer.from(svg));
}
