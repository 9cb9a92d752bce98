/** The pictures of a study: how its nets learned, where they ended, and the gradients of their layers. */
import * as Plot from '@observablehq/plot';
import type { Metrics } from '../run-folder.ts';
import { newDocument, smoothing, writePictures } from '../svg.ts';
import type { MeasuredRun } from './run-study.ts';
import type { StudyRow } from './table.ts';

const WIDTH = 900;
const HEIGHT = 320;
const ROW_HEIGHT = 22;
const LEGEND_LINE = 16;
/** By the colours of nets, whose names may be those of colours. */
const ofNet = { value: 'net', scale: 'color' } as const;

type Picture = ReturnType<typeof Plot.plot>;

/** Colours by net, and room for their names. */
function sharedOptions(nets: readonly string[]): Plot.PlotOptions {
  return {
    document: newDocument(),
    width: WIDTH,
    height: HEIGHT,
    marginLeft: 60,
    marginRight: 190,
    marginBottom: 45,
    style: { background: 'white', fontSize: '12px' },
    color: {
      domain: [...nets],
      type: 'categorical',
      scheme: nets.length > 10 ? 'rainbow' : 'observable10',
    },
  };
}

/** Names in the right margin; Plot's own legend is HTML around the SVG. */
function legend(nets: readonly string[]): Plot.Markish[] {
  return nets.map((net, i) =>
    Plot.text([net], {
      text: (name: string) => name,
      fill: { value: (name: string) => name, scale: 'color' },
      frameAnchor: 'top-right',
      textAnchor: 'start',
      dx: 10,
      dy: LEGEND_LINE * i,
    }),
  );
}

export type RunCurve = { readonly net: string; readonly seed: number; readonly metrics: readonly Metrics[] };

type Point = { readonly net: string; readonly run: string; readonly samples: number; readonly value: number };

function points(curves: readonly RunCurve[], of: (line: Metrics) => number | undefined): Point[] {
  return curves.flatMap(({ net, seed, metrics }) =>
    metrics.flatMap((line) => {
      const value = of(line);
      return value === undefined ? [] : [{ net, run: `${net}-${seed}`, samples: line.samples, value }];
    }),
  );
}

/** Writes the training loss and the held-out accuracy of every run, and the accuracies of the rows in the end. */
export function writeCurves(path: string, curves: readonly RunCurve[], rows: readonly StudyRow[]): void {
  const nets = [...new Set(curves.map(({ net }) => net))];
  const shared = {
    ...sharedOptions(nets),
    x: { label: 'training examples', labelOffset: 40, tickFormat: 's', zero: true },
  } as const;
  const channels = { x: 'samples', y: 'value', stroke: ofNet, z: 'run' } as const;
  // Of boards the policy's, of images that of the classes.
  const loss = points(curves, ({ policyLoss, classesLoss }) => policyLoss ?? classesLoss);
  const accuracy = points(curves, ({ heldOutAccuracy }) => heldOutAccuracy && 100 * heldOutAccuracy);
  const losses = Plot.plot({
    ...shared,
    y: { label: 'training loss in nats, smoothed', grid: true },
    marks: [
      Plot.line(loss, Plot.windowY(smoothing(loss.length / curves.length), { ...channels })),
      ...legend(nets),
    ],
  });
  const accuracies = Plot.plot({
    ...shared,
    y: { label: 'held-out answers found (top-1, %)', grid: true },
    marks: [
      Plot.line(accuracy, channels),
      Plot.dot(accuracy, { x: 'samples', y: 'value', fill: ofNet, r: 2 }),
      ...legend(nets),
    ],
  });
  writePictures(path, [[losses], [accuracies], [endings(rows, nets)]]);
}

/** Accuracies in the end, with their 95% intervals where they are of several seeds. */
function endings(rows: readonly StudyRow[], nets: readonly string[]): Picture {
  const ends = rows.flatMap(({ name, net, figures: { accuracy } }) => {
    if (accuracy === undefined) return [];
    const isOfSeveral = accuracy.halfWidth !== null;
    const [mean, half] = [100 * accuracy.mean, 100 * (accuracy.halfWidth ?? 0)];
    return [{ name, net, mean, low: mean - half, high: mean + half, isOfSeveral }];
  });
  const several = ends.filter(({ isOfSeveral }) => isOfSeveral);
  const where = several.length === ends.length ? '' : ' where there are several';
  const of = several.length === 0 ? 'of one seed' : `mean over seeds and its 95% interval${where}`;
  return Plot.plot({
    ...sharedOptions(nets),
    marginLeft: 190,
    marginRight: 20,
    height: 60 + ROW_HEIGHT * rows.length,
    x: { label: `accuracy in the end (%), ${of}`, labelOffset: 40 },
    y: { label: null, domain: ends.map(({ name }) => name) },
    marks: [
      Plot.gridX(),
      Plot.ruleY(several, { y: 'name', x1: 'low', x2: 'high', stroke: ofNet, strokeWidth: 2 }),
      Plot.dot(ends, { y: 'name', x: 'mean', fill: ofNet, r: 4 }),
    ],
  });
}

/** Writes the norms of the layers of trunks, from the input on, before the first step and after the last; of each net with its first seed. */
export function writeGradients(path: string, runs: readonly MeasuredRun[]): void {
  const nets = [...new Set(runs.map(({ net }) => net))];
  const norms = nets.flatMap((net) => {
    const { gradients = [] } = runs.find((run) => run.net === net && run.diverged === null) ?? {};
    const ofTrunk = gradients.filter(({ layer }) => layer.startsWith('trunk/'));
    return ofTrunk.map(({ atStart, atEnd }, layer) => ({ net, layer: layer + 1, atStart, atEnd }));
  });
  const picture = (when: 'atStart' | 'atEnd', title: string): Picture =>
    Plot.plot({
      ...sharedOptions(nets),
      x: { label: 'layer of the trunk, from the input', labelOffset: 40 },
      y: { label: `norm of the gradient by its kernel ${title}`, type: 'log', tickFormat: 'e', grid: true },
      marks: [Plot.line(norms, { x: 'layer', y: when, stroke: ofNet }), ...legend(nets)],
    });
  writePictures(path, [
    [picture('atStart', 'before the first step')],
    [picture('atEnd', 'after the last step')],
  ]);
}
