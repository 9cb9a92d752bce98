/** Maps of the plane between the pixels of two images, and an image seen through one. */

/**
 * (x, y) -> (xx x + xy y + x0, yx x + yy y + y0). Coordinates are in pixels from the middle of an image, y downwards.
 */
export type Affine = {
  readonly xx: number;
  readonly xy: number;
  readonly x0: number;
  readonly yx: number;
  readonly yy: number;
  readonly y0: number;
};

export const IDENTITY: Affine = { xx: 1, xy: 0, x0: 0, yx: 0, yy: 1, y0: 0 };

/** First `second`, then `first`: the map of x to first(second(x)). */
export function compose(first: Affine, second: Affine): Affine {
  return {
    xx: first.xx * second.xx + first.xy * second.yx,
    xy: first.xx * second.xy + first.xy * second.yy,
    x0: first.xx * second.x0 + first.xy * second.y0 + first.x0,
    yx: first.yx * second.xx + first.yy * second.yx,
    yy: first.yx * second.xy + first.yy * second.yy,
    y0: first.yx * second.x0 + first.yy * second.y0 + first.y0,
  };
}

export type Size = { readonly height: number; readonly width: number };

/**
 * What lies at `map` of each pixel of `out`, between four pixels by bilinear interpolation and 0 outside of the source. The
 * middles of both images lie on each other, up to half a pixel, so that the identity only pads or cuts.
 * @param source uint8 [H, W, C]. @param out float32 [H', W', C], written: 1 where the source is 255.
 */
export function seenThrough(
  map: Affine,
  source: Uint8Array,
  from: Size,
  out: Float32Array,
  to: Size,
  channels: number,
): void {
  const { width, height } = from;
  const [fromX, fromY] = [(width - 1) / 2, (height - 1) / 2];
  const toX = fromX + Math.floor((to.width - width) / 2);
  const toY = fromY + Math.floor((to.height - height) / 2);
  const at = (x: number, y: number, c: number): number =>
    x < 0 || y < 0 || x >= width || y >= height ? 0 : source[(y * width + x) * channels + c];
  let index = 0;
  for (let row = 0; row < to.height; row++)
    for (let column = 0; column < to.width; column++) {
      const x = map.xx * (column - toX) + map.xy * (row - toY) + map.x0 + fromX;
      const y = map.yx * (column - toX) + map.yy * (row - toY) + map.y0 + fromY;
      const left = Math.floor(x);
      const top = Math.floor(y);
      if (left < -1 || top < -1 || left >= width || top >= height) {
        for (let c = 0; c < channels; c++) out[index++] = 0;
        continue;
      }
      for (let c = 0; c < channels; c++) {
        const above = at(left, top, c) + (x - left) * (at(left + 1, top, c) - at(left, top, c));
        const below = at(left, top + 1, c) + (x - left) * (at(left + 1, top + 1, c) - at(left, top + 1, c));
        out[index++] = (above + (y - top) * (below - above)) / 255;
      }
    }
}
