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

type Limits = { readonly min: number; readonly max: number; readonly isWhole: boolean };

/** KataGo's names of what is no parameter of our search, and what they may be. */
const OTHERS = {
  maxVisits: { min: 1, max: 2 ** 50, isWhole: true },
  maxPlayouts: { min: 1, max: 2 ** 50, isWhole: true },
  /** Seconds for a move, whatever the clock says. */
  maxTime: { min: 0, max: 1e20, isWhole: false },
  /** How wide the root of an analysis is; moves are never thought about so. */
  analysisWideRootNoise: { min: 0, max: MAX_WIDE_ROOT_NOISE, isWhole: false },
  /** Accepted, and heeded by nothing: a search has one thread, which asks the net about many positions at once. */
  numSearchThreads: { min: 1, max: 4096, isWhole: true },
} satisfies Record<string, Limits>;

type Other = keyof typeof OTHERS;

/**
 * May be set to what they are, and are neither listed nor told: LizGoban and others offer what they find. What KataGo's
 * nets know of players with unequal playouts our inputs never tell them.
 */
const FIXED: ReadonlyMap<string, number> = new Map([['playoutDoublingAdvantage', 0]]);

function isOther(name: string): name is Other {
  return Object.hasOwn(OTHERS, name);
}

export class GtpParameters {
  private readonly settings: SearchSettings | null;
  private changed: Partial<SearchParameters> = {};
  private readonly others: Record<Other, number>;

  constructor(settings: SearchSettings | null) {
    this.settings = settings;
    this.others = {
      maxVisits: settings?.visits ?? MAX_VISITS,
      maxPlayouts: OTHERS.maxPlayouts.max,
      maxTime: OTHERS.maxTime.max,
      analysisWideRootNoise: 0,
      numSearchThreads: 1,
    };
  }

  /** Of a player that does not search there are none. */
  get names(): string[] {
    return this.settings === null ? [] : [...Object.keys(OTHERS), ...NAMES.keys()];
  }

  /** As text; null for a name nobody here knows. */
  get(name: string): string | null {
    if (this.settings === null) return null;
    if (isOther(name)) return formatReal(this.others[name]);
    const known = NAMES.get(name);
    return known === undefined ? null : String({ ...this.settings.parameters, ...this.changed }[known[0]]);
  }

  /** Whether it may be set. */
  knows(name: string): boolean {
    return this.names.includes(name) || (this.settings !== null && FIXED.has(name));
  }

  /** False where there is no such name or the value is out of its range. */
  allows(name: string, value: number): boolean {
    if (this.settings === null) return false;
    if (FIXED.has(name)) return value === FIXED.get(name);
    if (isOther(name)) {
      const { min, max, isWhole } = OTHERS[name];
      return value >= min && value <= max && (!isWhole || Number.isInteger(value));
    }
    const known = NAMES.get(name);
    return known !== undefined && value >= known[1] && value <= known[2];
  }

  /** Sets what is allowed. */
  set(name: string, value: number): void {
    const known = NAMES.get(name);
    if (isOther(name)) this.others[name] = value;
    else if (known !== undefined) this.changed = { ...this.changed, [known[0]]: value };
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
    const { analysisWideRootNoise: wideRootNoise } = this.others;
    return wideRootNoise === 0 ? null : { ...this.changed, wideRootNoise };
  }

  /** What limits a move, besides the clock: no search takes more than MAX_VISITS. Visits of the tree that is kept count as playouts too. */
  limits(): { readonly visits: number; readonly budgetMs: number } {
    const { maxVisits, maxPlayouts, maxTime } = this.others;
    const isLimited = maxTime < OTHERS.maxTime.max;
    return {
      visits: Math.min(maxVisits, maxPlayouts, MAX_VISITS),
      budgetMs: isLimited ? 1000 * maxTime : Infinity,
    };
  }
}

/** As KataGo writes it, its time without limit too. */
function formatReal(value: number): string {
  return value === 1e20 ? '1e+20' : String(value);
}
