/** The picture of surfaces: a map of each, all with one scale of colours, and below them slices along both directions; by the logarithm of the loss. */
import * as Plot from '@observablehq/plot';
import { newDocument, writePictures } from '../svg.ts';
import { coordinates, interpolated, middle } from './grid.ts';
import type { Grid } from './grid.ts';
import { logScale } from './log-scale.ts';
import type { LogScale } from './log-scale.ts';
import type { Surface } from './surface.ts';

type Picture = ReturnType<typeof Plot.plot>;

/** Of one map, and of each of several. */
const MAP_SIDE = { alone: 560, together: 400 } as const;
const MARGINS = { marginTop: 30, marginRight: 20, marginBottom: 45, marginLeft: 60 } as const;
const BAR_WIDTH = 90;
const SLICES_HEIGHT = 300;
/** Maps beside each other. */
const COLUMNS = 3;
/** Side of the squares that contours are found in. */
const PIXEL = 4;
/** Steps of colour. */
const BANDS = 32;
const LEGEND_LINE = 16;

const centered = { labelAnchor: 'center', labelArrow: 'none', labelOffset: 38 } as const;
const style = { background: 'white', fontSize: '12px' } as const;

/** @param grid of all surfaces. */
export function writeSurfacePicture(path: string, grid: Grid, surfaces: readonly Surface[]): void {
  const scale = logScale(surfaces.flatMap(({ losses }) => losses.total.flat()));
  const named = namedShortly(surfaces);
  const side = surfaces.length === 1 ? MAP_SIDE.alone : MAP_SIDE.together;
  const maps = named.map((surface) => lossMap(surface, grid, scale, side));
  const rows = Array.from({ length: Math.ceil(maps.length / COLUMNS) }, (_, row) => [
    ...maps.slice(row * COLUMNS, (row + 1) * COLUMNS),
    colorBar(scale, side),
  ]);
  const width = Math.min(COLUMNS, maps.length) * side + BAR_WIDTH;
  writePictures(path, [...rows, [slices(named, grid, width)]]);
}

/** By names that tell them apart: of RUN/net.safetensors the run. */
function namedShortly(surfaces: readonly Surface[]): readonly Surface[] {
  const short = surfaces.map(({ net }) => net.replace(/(\/net)?\.safetensors$/, '').replace(/^.*\//, ''));
  if (new Set(short).size < short.length) return surfaces;
  return surfaces.map((surface, i) => ({ ...surface, net: short[i] }));
}

/** Colours by loss, lines where the bar has its ticks, and a cross where the net is. */
function lossMap({ net, losses }: Surface, grid: Grid, scale: LogScale, size: number): Picture {
  const { range } = grid;
  const heights = losses.total.map((row) => row.map(scale.of));
  const raster = {
    x1: -range,
    x2: range,
    y1: -range,
    y2: range,
    pixelSize: PIXEL,
    value: interpolated(grid, heights),
  };
  return Plot.plot({
    document: newDocument(),
    style,
    ...MARGINS,
    width: size,
    // The map itself is a square.
    height: size - MARGINS.marginLeft - MARGINS.marginRight + MARGINS.marginTop + MARGINS.marginBottom,
    x: { domain: [-range, range], ...centered, label: 'α, along δ' },
    y: { domain: [-range, range], ...centered, label: 'β, along η', labelOffset: 52 },
    color: { domain: scale.domain, scheme: 'viridis' },
    marks: [
      Plot.contour({ ...raster, fill: 'value', stroke: 'none', thresholds: bands(scale) }),
      Plot.contour({
        ...raster,
        stroke: 'white',
        strokeWidth: 0.7,
        strokeOpacity: 0.8,
        thresholds: [...scale.ticks],
      }),
      Plot.dot([[0, 0]], { symbol: 'times', stroke: 'red', strokeWidth: 2, r: 5 }),
      Plot.text([net], { frameAnchor: 'top', dy: -20, fontWeight: 'bold' }),
    ],
  });
}

/** Where each step of colour begins. */
function bands({ domain: [low, high] }: LogScale): number[] {
  return Array.from({ length: BANDS }, (_, i) => low + ((high - low) * i) / BANDS);
}

function colorBar(scale: LogScale, size: number): Picture {
  const [low, high] = scale.domain;
  return Plot.plot({
    document: newDocument(),
    style,
    width: BAR_WIDTH,
    height: size - MARGINS.marginLeft - MARGINS.marginRight + MARGINS.marginTop + MARGINS.marginBottom,
    marginTop: MARGINS.marginTop,
    marginBottom: MARGINS.marginBottom,
    marginLeft: 0,
    marginRight: 65,
    x: { axis: null },
    y: { domain: [low, high], axis: null },
    color: { domain: scale.domain, scheme: 'viridis' },
    marks: [
      Plot.rectY(bands(scale), { y1: Plot.identity, y2: high, fill: Plot.identity }),
      Plot.ruleY(scale.ticks, { stroke: 'white', strokeWidth: 0.7 }),
      Plot.axisY([...scale.ticks], { anchor: 'right', tickFormat: scale.text, label: null }),
      Plot.text(['loss'], { frameAnchor: 'top-left', dy: -20 }),
    ],
  });
}

type SlicePoint = {
  readonly net: string;
  readonly along: string;
  readonly at: number;
  readonly loss: number;
};

function slices(surfaces: readonly Surface[], grid: Grid, width: number): Picture {
  const [at, center] = [coordinates(grid), middle(grid)];
  const cuts = surfaces.flatMap(({ net, losses: { total } }) => {
    const alongBeta = total.map((row) => row[center]);
    return at.flatMap((position, i) => [
      { net, along: 'δ', at: position, loss: total[center][i] },
      { net, along: 'η', at: position, loss: alongBeta[i] },
    ]);
  });
  const scale = logScale(cuts.map(({ loss }) => loss));
  const points: SlicePoint[] = cuts.map((cut) => ({ ...cut, loss: scale.of(cut.loss) }));
  const names = surfaces.map(({ net }) => net);
  // Nets may be called as colours.
  const stroke = { value: 'net', scale: 'color' } as const;
  const channels = { x: 'at', y: 'loss', stroke, strokeWidth: 1.8 } as const;
  return Plot.plot({
    document: newDocument(),
    style,
    ...MARGINS,
    width,
    height: SLICES_HEIGHT,
    x: { ...centered, label: 'α or β' },
    y: {
      domain: scale.domain,
      ticks: [...scale.ticks],
      tickFormat: scale.text,
      label: 'loss',
      labelArrow: 'none',
      grid: true,
    },
    color: { type: 'categorical', domain: names, scheme: 'observable10' },
    marks: [
      Plot.line(
        points.filter(({ along }) => along === 'δ'),
        channels,
      ),
      Plot.line(
        points.filter(({ along }) => along === 'η'),
        { ...channels, strokeDasharray: '5 3' },
      ),
      Plot.text(['solid: f(α, 0); dashed: f(0, β)'], { frameAnchor: 'top', dy: 4, fill: '#555' }),
      ...names.map((name, i) =>
        Plot.text([name], {
          frameAnchor: 'top',
          dy: 4 + LEGEND_LINE * (i + 1),
          fill: { value: (net: string) => net, scale: 'color' },
        }),
      ),
    ],
  });
}
