/** Search parameters that a GTP controller may read and set, by KataGo's names. */
import type { SearchParameters } from '#engine/search/parameters.ts';
import { KATA_PARAMETERS, MAX_WIDE_ROOT_NOISE, type KataParameter } from './kata-parameters.ts';
import { MAX_VISITS, type GenMoveOptions } from './player.ts';

/** What a player searches with by itself. */
export type SearchSettings = { readonly visits: number; readonly parameters: SearchParameters };

const NAMES: ReadonlyMap<string, KataParameter> = new Map([
  ...KATA_PARAMETERS,
  ['chosenMoveTemperature', ['temperature', 0, 100]],
]);

/** KataGo's own name of what only analyses heed. */
const ANALYSIS_NOISE = 'analysisWideRootNoise';

export class GtpParameters {
  private readonly settings: SearchSettings | null;
  private changed: Partial<SearchParameters> = {};
  private maxVisits: number | null = null;
  /** How wide the root of an analysis is; moves are never thought about so. */
  private analysisNoise = 0;
  /** Milliseconds for a move, whatever the clock says; Infinity for no limit. */
  maxTimeMs = Infinity;

  constructor(settings: SearchSettings | null) {
    this.settings = settings;
  }

  /** Of a player that does not search there are none. */
  get names(): string[] {
    return this.settings === null ? [] : ['maxVisits', 'maxTime', ANALYSIS_NOISE, ...NAMES.keys()];
  }

  /** As text; null for a name nobody here knows. */
  get(name: string): string | null {
    if (this.settings === null) return null;
    if (name === 'maxVisits') return String(this.maxVisits ?? this.settings.visits);
    // KataGo's word for no limit.
    if (name === 'maxTime') return this.maxTimeMs === Infinity ? '1e+20' : String(this.maxTimeMs / 1000);
    if (name === ANALYSIS_NOISE) return String(this.analysisNoise);
    const known = NAMES.get(name);
    return known === undefined ? null : String({ ...this.settings.parameters, ...this.changed }[known[0]]);
  }

  /** False where there is no such name or the value is out of its range. */
  set(name: string, value: number): boolean {
    if (this.settings === null) return false;
    if (name === 'maxVisits') {
      if (!Number.isInteger(value) || value < 1 || value > MAX_VISITS) return false;
      this.maxVisits = value;
      return true;
    }
    if (name === 'maxTime') {
      if (value < 0) return false;
      this.maxTimeMs = value * 1000;
      return true;
    }
    if (name === ANALYSIS_NOISE) {
      if (value < 0 || value > MAX_WIDE_ROOT_NOISE) return false;
      this.analysisNoise = value;
      return true;
    }
    const known = NAMES.get(name);
    if (known === undefined || value < known[1] || value > known[2]) return false;
    this.changed = { ...this.changed, [known[0]]: value };
    return true;
  }

  /**
   * From now on every search keeps who owns what over its whole tree, so that analyses and moves go on sharing one.
   * @param ofMoves whether after each move too.
   */
  keepOwnership(ofMoves: boolean): void {
    const movesOwnership = ofMoves || this.changed.movesOwnership === true;
    this.changed = { ...this.changed, treeOwnership: true, ...(movesOwnership ? { movesOwnership } : {}) };
  }

  /** What was changed, for every search. */
  wishes(): Pick<GenMoveOptions, 'parameters'> {
    return { parameters: this.changed };
  }

  /** What an analysis changes besides; null for nothing. */
  analysisWishes(): Partial<SearchParameters> | null {
    return this.analysisNoise === 0 ? null : { ...this.changed, wideRootNoise: this.analysisNoise };
  }

  /** What was changed, for a move. */
  visits(): Pick<GenMoveOptions, 'visits'> {
    return this.maxVisits === null ? {} : { visits: this.maxVisits };
  }
}
