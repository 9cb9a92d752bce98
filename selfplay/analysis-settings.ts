/** KataGo's parameters by their names, as `overrideSettings` gives them, in terms of our search. */
import type { AnalysisQuery } from '#engine/record/analysis-query.ts';
import type { SearchParameters } from '#engine/search/parameters.ts';
import type { Perspective } from './kata-analysis.ts';
import { KATA_PARAMETERS, MAX_WIDE_ROOT_NOISE } from './kata-parameters.ts';

export type AnalysisSettings = {
  readonly visits: number;
  /** The same as playouts, of which the least counts: the tree is new, so that each visit is one. */
  readonly playouts?: number;
  /** Milliseconds after which a search ends; Infinity for no limit. */
  readonly budgetMs: number;
  readonly perspective: Perspective;
  readonly parameters: Partial<SearchParameters>;
};

export type ReadSettings =
  | { readonly ok: true; readonly settings: AnalysisSettings; readonly unknown: readonly string[] }
  | { readonly ok: false; readonly message: string };

type Change = Partial<AnalysisSettings>;
/** The change that a value makes, or null where it is none that the setting may have. */
type Setting = (value: unknown) => Change | null;

/** Numbers may come as text: KataGo reads all settings from text. */
function numberIn(min: number, max: number, change: (value: number) => Change): Setting {
  return (value) => {
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    return typeof number === 'number' && number >= min && number <= max ? change(number) : null;
  };
}

/** Of a value that may be text or a truth value; '' for others, some of which cannot be made text. */
function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'boolean' ? String(value) : '';
}

function booleanOf(ours: keyof SearchParameters): Setting {
  return (value) =>
    /^(true|false)$/i.test(textOf(value))
      ? { parameters: { [ours]: textOf(value).toLowerCase() === 'true' } }
      : null;
}

const PERSPECTIVE_NAMES: Readonly<Record<string, Perspective>> = {
  BLACK: 'black',
  WHITE: 'white',
  SIDETOMOVE: 'side-to-move',
};

/** More than 1,000,000 visits take on 25x25: 9 KB each. Our choice. */
const MOST_MEGABYTES = 10_000;

/** With the ranges that KataGo allows; `maxMegabytes` is ours alone. */
const SETTINGS: Readonly<Record<string, Setting>> = {
  maxVisits: numberIn(1, 2 ** 50, (visits) => ({ visits: Math.floor(visits) })),
  maxPlayouts: numberIn(1, 2 ** 50, (playouts) => ({ playouts: Math.floor(playouts) })),
  maxTime: numberIn(0, 1e20, (seconds) => ({ budgetMs: 1000 * seconds })),
  analysisPVLen: numberIn(1, 1000, (moves) => ({ parameters: { pvLength: Math.floor(moves) } })),
  reportAnalysisWinratesAs: (value) => {
    const perspective = PERSPECTIVE_NAMES[textOf(value).toUpperCase()];
    return perspective === undefined ? null : { perspective };
  },
  maxMegabytes: numberIn(1, MOST_MEGABYTES, (maxMegabytes) => ({ parameters: { maxMegabytes } })),
  wideRootNoise: numberIn(0, MAX_WIDE_ROOT_NOISE, (value) => ({ parameters: { wideRootNoise: value } })),
  rootSymmetryPruning: booleanOf('rootSymmetryPruning'),
  useGraphSearch: booleanOf('graphSearch'),
  ...Object.fromEntries(
    [...KATA_PARAMETERS].map(([name, [ours, min, max]]) => [
      name,
      numberIn(min, max, (value) => ({ parameters: { [ours]: value } })),
    ]),
  ),
};

function join(settings: AnalysisSettings, change: Change): AnalysisSettings {
  return { ...settings, ...change, parameters: { ...settings.parameters, ...change.parameters } };
}

/** @param values KataGo's names and values. @param defaults what holds where they say nothing. */
export function applySettings(
  values: Iterable<readonly [name: string, value: unknown]>,
  defaults: AnalysisSettings,
): ReadSettings {
  let settings = defaults;
  const unknown: string[] = [];
  for (const [name, value] of values) {
    if (!Object.hasOwn(SETTINGS, name)) {
      unknown.push(name);
      continue;
    }
    const change = SETTINGS[name](value);
    if (change === null) return { ok: false, message: `${name} cannot be ${JSON.stringify(value)}` };
    settings = join(settings, change);
  }
  return { ok: true, settings, unknown };
}

/** What a query asks of the search. @param defaults what holds where it says nothing. */
export function readSettings(query: AnalysisQuery, defaults: AnalysisSettings): ReadSettings {
  const { overrideSettings, maxVisits, analysisPVLen } = query;
  const { rootFpuReductionMax, rootPolicyTemperature, includeOwnership, includeMovesOwnership } = query;
  const read = applySettings(Object.entries(overrideSettings), defaults);
  if (!read.ok) return read;
  const settings = join(read.settings, {
    ...(maxVisits === undefined ? {} : { visits: maxVisits }),
    parameters: {
      ...(analysisPVLen === undefined ? {} : { pvLength: analysisPVLen }),
      ...(rootFpuReductionMax === undefined ? {} : { rootFpuReduction: rootFpuReductionMax }),
      ...(rootPolicyTemperature === undefined ? {} : { rootPolicyTemperature }),
      ...(includeOwnership === true || includeMovesOwnership === true ? { treeOwnership: true } : {}),
      ...(includeMovesOwnership === true ? { movesOwnership: true } : {}),
    },
  });
  return { ...read, settings };
}
