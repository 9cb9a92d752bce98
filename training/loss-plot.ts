/** The picture of a run: losses, and below them the held-out accuracy, over training examples. */
import * as Plot from '@observablehq/plot';
import { heldOutName } from './measure.ts';
import type { Metrics, RunFolder } from './run-folder.ts';
import { newDocument, smoothing, writePictures } from './svg.ts';

const WIDTH = 900;
const LOSS_HEIGHT = 380;
const ACCURACY_HEIGHT = 200;
const COLORS = { policy: '#1f77b4', value: '#d62728', ownership: '#2ca02c', classes: '#1f77b4' } as const;
type Curve = keyof typeof COLORS;
type Point = { samples: number; value: number; curve: Curve };

/** Writes `loss.svg`: raw training losses faint, smoothed ones strong, held-out losses dashed; accuracy by itself. */
export function writeLossPlot(folder: RunFolder): void {
  const metrics = folder.metrics();
  const end = metrics.at(-1)?.samples ?? 1;
  const shared = {
    document: newDocument(),
    width: WIDTH,
    marginLeft: 50,
    marginRight: 20,
    marginBottom: 45,
    style: { background: 'white', fontSize: '12px' },
    x: { label: 'training examples', labelOffset: 40, tickFormat: 's', domain: [0, end] },
  } as const;

  const training = curves(metrics, (name) => `${name}Loss`);
  const heldOut = curves(metrics, heldOutName);
  const ofImages = training.some(({ curve }) => curve === 'classes');
  const channels = { x: 'samples', y: 'value', stroke: 'curve', z: 'curve' } as const;
  const losses = Plot.plot({
    ...shared,
    height: LOSS_HEIGHT,
    y: {
      label: `loss: ${ofImages ? 'nats' : 'policy in nats, others as squared error'}`,
      grid: true,
      zero: true,
    },
    color: { domain: Object.keys(COLORS), range: Object.values(COLORS) },
    marks: [
      Plot.line(training, { ...channels, strokeOpacity: 0.3, strokeWidth: 1 }),
      Plot.line(training, Plot.windowY(smoothing(metrics.length), { ...channels, strokeWidth: 2 })),
      Plot.line(heldOut, { ...channels, strokeWidth: 1.5, strokeDasharray: '5 3' }),
      ...legend([...new Set(training.map(({ curve }) => curve))]),
    ],
  });

  const measured = metrics.filter((line) => line.heldOutAccuracy !== undefined);
  const percent = (line: Metrics): number => 100 * line.heldOutAccuracy;
  const accuracy = Plot.plot({
    ...shared,
    height: ACCURACY_HEIGHT,
    y: { label: 'held-out answers found (top-1, %)', grid: true, zero: true },
    marks: [
      Plot.line(measured, { x: 'samples', y: percent, stroke: '#9467bd', strokeWidth: 2 }),
      Plot.dot(measured, { x: 'samples', y: percent, fill: '#9467bd', r: 2.5 }),
    ],
  });

  writePictures(folder.file('loss.svg'), [[losses], [accuracy]]);
}

/** The points of each loss that was recorded under the name that `field` gives it. */
function curves(metrics: readonly Metrics[], field: (name: string) => string): Point[] {
  return metrics.flatMap((line) =>
    (Object.keys(COLORS) as Curve[])
      .filter((curve) => line[field(curve)] !== undefined)
      .map((curve) => ({ samples: line.samples, value: line[field(curve)], curve })),
  );
}

/** Plot's own legend is HTML around the SVG; a file needs the words inside. */
function legend(names: readonly Curve[]): Plot.Markish[] {
  const place = (line: number): Plot.TextOptions => ({ frameAnchor: 'top-right', dy: 6 + 16 * line });
  return [
    ...names.map((name, i) => Plot.text([name], { ...place(i), fill: COLORS[name] })),
    Plot.text(['solid: training, smoothed over its raw curve; dashed: held out'], {
      ...place(names.length),
      fill: '#555',
    }),
  ];
}
