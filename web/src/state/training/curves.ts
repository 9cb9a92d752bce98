/** Which curves a run has, and their points: losses and rates from its metrics, figures of self-play from its generations. */
import { generationFigures, type GenerationFigures } from '../../../../selfplay/run/generation-figures.ts';
import { formatAccuracy, formatNumber, formatShare, spelledOut } from './format.ts';
import type { RunAxis } from './run-axis.ts';
import type { RunData } from './run-data.ts';
import type { Points } from './smoothing.ts';

export type Curve = {
  readonly id: string;
  readonly group: 'Learning' | 'Self-play';
  readonly title: string;
  /** What it means, and its unit. */
  readonly hint: string;
  readonly format: (value: number) => string;
  /** The lowest range of values shown; null fits what is there. */
  readonly range: readonly [number, number] | null;
  /** Whether every value is exact, set or counted: then there is no noise to smooth away. */
  readonly isExact: boolean;
  readonly points: Points;
};

type Meaning = Pick<Curve, 'title' | 'hint'> & Partial<Pick<Curve, 'format' | 'range' | 'isExact'>>;

/** Fields of metrics that say where a line stands. */
const NOT_CURVES = new Set(['step', 'generation', 'samples', 'runSeconds']);

/** More than any training measures. */
const MAX_METRICS = 40;

/** The terms of the loss, "policyLoss" while learning and "heldOutPolicy" on what is held out. */
const LOSSES: Readonly<Record<string, Meaning>> = {
  policy: { title: 'Policy loss', hint: 'How badly the net foresees the moves to learn, in nats' },
  value: { title: 'Value loss', hint: 'How badly it foresees who wins' },
  classes: { title: 'Class loss', hint: 'How badly it tells the classes apart, in nats' },
  total: { title: 'Total loss', hint: 'All losses with their weights: what training lowers' },
  ownership: { title: 'Ownership loss', hint: 'How badly it foresees whose each point will be' },
  score: { title: 'Score loss', hint: 'How badly it foresees the points' },
  reply: { title: 'Reply loss', hint: "How badly it foresees the opponent's reply, in nats" },
  auxiliary: { title: 'Auxiliary loss', hint: 'Of the heads that only training has' },
};

function heldOut([name, { title }]: [string, Meaning]): [string, Meaning] {
  const meaning = {
    title: `Held-out ${title.toLowerCase()}`,
    hint: 'The same on what training leaves out',
  };
  return [`heldOut${name.charAt(0).toUpperCase()}${name.slice(1)}`, meaning];
}

/** In the order in which they are shown; others come after them, under their own names. */
const METRICS: Readonly<Record<string, Meaning>> = {
  ...Object.fromEntries(Object.entries(LOSSES).map(([name, meaning]) => [`${name}Loss`, meaning])),
  heldOutAccuracy: {
    title: 'Held-out accuracy',
    hint: 'How often its likeliest answer is right',
    format: formatAccuracy,
  },
  ...Object.fromEntries(Object.entries(LOSSES).map(heldOut)),
  learningRate: { title: 'Learning rate', hint: 'How far a step goes', range: [0, 0], isExact: true },
  gradientNorm: { title: 'Gradient norm', hint: 'How steep the loss is, before clipping', range: [0, 0] },
  windowPositions: {
    title: 'Replay window',
    hint: 'Positions that are learned from',
    range: [0, 0],
    isExact: true,
  },
};

const FIGURES: readonly (Meaning & { readonly id: keyof GenerationFigures; readonly scale?: number })[] = [
  {
    id: 'policyEntropy',
    title: 'Policy entropy',
    hint: 'How undecided the search is, in nats',
    range: [0, 0],
  },
  {
    id: 'surprise',
    title: 'Surprise',
    hint: 'How far the search departs from the net, in nats',
    range: [0, 0],
  },
  { id: 'meanLength', title: 'Game length', hint: 'Moves a game' },
  {
    id: 'blackWinShare',
    title: 'Black wins',
    hint: 'Share of games, draws half',
    format: formatShare,
    range: [0, 1],
  },
  {
    id: 'resignationShare',
    title: 'Resignations',
    hint: 'Share of games that a side gave up',
    format: formatShare,
    range: [0, 1],
  },
  {
    id: 'falseResignationShare',
    title: 'False resignations',
    hint: 'Games played on whose winner would have resigned',
    format: formatShare,
    range: [0, 0.1],
  },
  {
    id: 'gamesPerSecond',
    title: 'Games an hour',
    hint: 'Finished games',
    scale: 3600,
    range: [0, 0],
  },
  {
    id: 'positionsPerSecond',
    title: 'Positions a second',
    hint: 'Played',
    range: [0, 0],
  },
  {
    id: 'evaluationsPerSecond',
    title: 'Evaluations a second',
    hint: 'Of the net',
    range: [0, 0],
  },
  { id: 'batchFill', title: 'Batch fill', hint: 'Mean boards in a batch of the net', range: [0, 0] },
];

function curve(id: string, group: Curve['group'], meaning: Meaning, points: Points): Curve {
  const { title, hint, format = formatNumber, range = null, isExact = false } = meaning;
  return { id, group, title, hint, format, range, isExact, points };
}

function metricsCurves({ metrics }: RunData, axis: RunAxis): Curve[] {
  const present = new Set(metrics.flatMap((line) => Object.keys(line)));
  const known = Object.keys(METRICS).filter((name) => present.has(name));
  const others = [...present].filter((name) => !Object.hasOwn(METRICS, name) && !NOT_CURVES.has(name));
  return [...known, ...others.toSorted()].slice(0, MAX_METRICS).map((name) => {
    const x: number[] = [];
    const y: (number | null)[] = [];
    for (const line of metrics) {
      const at = axis.ofMetrics(line);
      if (at === null || line[name] === undefined) continue;
      x.push(at);
      y.push(line[name]);
    }
    const meaning = known.includes(name)
      ? METRICS[name]
      : { title: spelledOut(name), hint: `"${name}" in the metrics` };
    return curve(name, 'Learning', meaning, { x, y });
  });
}

function generationCurves({ generations }: RunData, axis: RunAxis): Curve[] {
  const x = generations.map(({ runSeconds }) => axis.ofTime(runSeconds));
  const figures = generations.map(generationFigures);
  return FIGURES.map(({ id, scale = 1, ...meaning }) => {
    const y = figures.map((figure) => (figure[id] === undefined ? null : figure[id] * scale));
    return curve(id, 'Self-play', meaning, { x, y });
  }).filter(({ points }) => points.y.some((value) => value !== null));
}

export function curvesOf(data: RunData, axis: RunAxis): Curve[] {
  return [...metricsCurves(data, axis), ...generationCurves(data, axis)];
}
