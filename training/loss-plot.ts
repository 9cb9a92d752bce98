/** The picture of a run: losses and held-out accuracy over training positions. */
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { writeFileAtomically } from '#nets/file.ts';
import type { RunFolder } from './run-folder.ts';

type Point = { samples: number; value: number; curve: string };

/** Writes `loss.svg`: raw training losses faint, smoothed ones strong, held-out losses dashed. */
export function writeLossPlot(folder: RunFolder): void {
  const metrics = folder.metrics();
  const pick = (names: readonly string[]): Point[] =>
    metrics.flatMap((line) =>
      names.flatMap((name) =>
        line[name] === undefined ? [] : [{ samples: line.samples, value: line[name], curve: label(name) }],
      ),
    );
  const training = pick(['policyLoss', 'valueLoss', 'ownershipLoss']);
  const heldOut = pick(['heldOutPolicy', 'heldOutValue', 'heldOutOwnership', 'heldOutAccuracy']);
  const { document } = parseHTML('<html><body></body></html>');
  const channels = { x: 'samples', y: 'value', stroke: 'curve', z: 'curve' } as const;
  const svg = Plot.plot({
    document,
    width: 900,
    height: 420,
    marginLeft: 50,
    marginRight: 20,
    style: { background: 'white', fontSize: '12px' },
    x: { label: 'training positions', tickFormat: 's' },
    y: { label: 'loss (nats, squared error) and accuracy', grid: true, zero: true },
    color: {
      domain: ['policy', 'value', 'ownership', 'top-1 accuracy'],
      range: ['#1f77b4', '#d62728', '#2ca02c', '#9467bd'],
    },
    marks: [
      Plot.line(training, { ...channels, strokeOpacity: 0.25, strokeWidth: 1 }),
      Plot.line(training, Plot.windowY({ k: 9, strict: false }, { ...channels, strokeWidth: 2 })),
      Plot.line(heldOut, { ...channels, strokeWidth: 1.5, strokeDasharray: '5 3' }),
      ...legend(),
    ],
  });
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  writeFileAtomically(folder.file('loss.svg'), Buffer.from(svg.outerHTML));
}

/** Plot's own legend is HTML around the SVG; a file needs the words inside. */
function legend(): Plot.Markish[] {
  const entries = [
    ['policy', 'solid: training, smoothed over its raw curve; dashed: held-out games'],
    ['value', 'value'],
    ['ownership', 'ownership'],
    ['top-1 accuracy', 'top-1 accuracy (held out)'],
  ];
  return entries.map(([curve, words], i) =>
    Plot.text([{ curve, text: i === 0 ? `policy — ${words}` : words }], {
      frameAnchor: 'top-right',
      dy: 6 + 16 * i,
      text: 'text',
      fill: 'curve',
      textAnchor: 'end',
    }),
  );
}

function label(name: string): string {
  if (name === 'heldOutAccuracy') return 'top-1 accuracy';
  return name.replace('heldOut', '').replace('Loss', '').toLowerCase();
}
