/** Remembers evaluations, so that a net is not asked twice about what it cannot tell apart. */
import { BLACK, EMPTY, WHITE } from '#engine/go/color.ts';
import { whiteBonus } from '#engine/go/scoring.ts';
import type { PositionView } from '#engine/go/view.ts';
import type { Evaluation, EvaluationBatch, Evaluator } from './evaluator.ts';
import { mix } from './hash.ts';

/** Past moves, and boards before them, that an evaluator may see: those of the feature sets in nets/features. */
const PAST_MOVES = 5;
const PAST_BOARDS = 2;

/** Two independent int32 hashes. */
type Key = { hi: number; lo: number };

const komi = new Float64Array(1);
const komiBits = new Int32Array(komi.buffer);

/**
 * Of all that an evaluator may see of a position: stones, side to move, points banned by ko or superko, prisoners,
 * passes, the last five moves and the last two boards before them, rules with komi, board size, and the symmetry.
 */
function keyOf(position: PositionView, symmetry: number): Key {
  const { board, rules, toPlay, consecutivePasses } = position;
  const key = { hi: mix(board.hashHi, 1), lo: mix(board.hashLo, 2) };
  const add = (value: number): void => {
    key.hi = mix(key.hi, value);
    key.lo = mix(key.lo + 0x27d4eb2f, value);
  };
  add(((consecutivePasses * 8 + symmetry) * 4 + toPlay) * 1024 + board.width * 32 + board.height);
  add(board.captures[BLACK] * 4096 + board.captures[WHITE]);
  for (let ply = 0; ply < PAST_MOVES; ply++) add(position.recentMove(ply));
  for (let ply = 1; ply <= PAST_BOARDS; ply++) {
    const before = position.boardBefore(ply);
    key.hi = mix(key.hi, before?.hashHi ?? -1);
    key.lo = mix(key.lo, before?.hashLo ?? -1);
  }
  const ko = ['simple', 'positional', 'situational'].indexOf(rules.ko);
  const tax = ['none', 'seki', 'all'].indexOf(rules.tax);
  add(((ko * 3 + tax) * 2 + Number(rules.suicide)) * 2 + Number(rules.scoring === 'area'));
  komi[0] = whiteBonus(rules, position.handicap);
  add(komiBits[0]);
  add(komiBits[1]);
  if (rules.ko === 'simple') add(board.koPoint);
  else for (let p = 0; p < board.area; p++) if (board.stones[p] === EMPTY && !position.isLegal(p)) add(p);
  return key;
}

/** Evaluations of boards of one size: a table in which a new entry takes the place that its key names. */
class Store {
  private readonly area: number;
  private readonly keys: Int32Array;
  private readonly filled: Uint8Array;
  private readonly policyLogits: Float32Array;
  private readonly ownershipToPlay: Float32Array;
  /** float64 [entry, 3]: value, score and its deviation. */
  private readonly outcomes: Float64Array;

  constructor(area: number, entries: number) {
    this.area = area;
    this.keys = new Int32Array(2 * entries);
    // 1 = filled, 2 = with ownership.
    this.filled = new Uint8Array(entries);
    this.policyLogits = new Float32Array(entries * (area + 1));
    this.ownershipToPlay = new Float32Array(entries * area);
    this.outcomes = new Float64Array(3 * entries);
  }

  get({ hi, lo }: Key): Evaluation | null {
    const { area } = this;
    const entry = this.entryOf(hi);
    if (this.filled[entry] === 0 || this.keys[2 * entry] !== hi || this.keys[2 * entry + 1] !== lo)
      return null;
    const [valueToPlay, scoreToPlay, scoreStdev] = this.outcomes.subarray(3 * entry);
    return {
      policyLogits: this.policyLogits.slice(entry * (area + 1), (entry + 1) * (area + 1)),
      valueToPlay,
      scoreToPlay,
      scoreStdev,
      ownershipToPlay:
        this.filled[entry] === 2 ? this.ownershipToPlay.slice(entry * area, (entry + 1) * area) : null,
    };
  }

  set({ hi, lo }: Key, evaluation: Evaluation): void {
    const { valueToPlay, scoreToPlay, scoreStdev, policyLogits, ownershipToPlay } = evaluation;
    const entry = this.entryOf(hi);
    this.keys[2 * entry] = hi;
    this.keys[2 * entry + 1] = lo;
    this.filled[entry] = ownershipToPlay === null ? 1 : 2;
    this.policyLogits.set(policyLogits, entry * (this.area + 1));
    if (ownershipToPlay !== null) this.ownershipToPlay.set(ownershipToPlay, entry * this.area);
    this.outcomes.set([valueToPlay, scoreToPlay, scoreStdev], 3 * entry);
  }

  private entryOf(hi: number): number {
    return (hi >>> 0) % this.filled.length;
  }
}

/**
 * `inner`, asked only about what it was not asked about lately. For evaluators whose answer depends on nothing but what
 * the key holds; the answers are then the same.
 * @param entries kept for each board size, of 8 bytes a point each.
 */
export function cachedEvaluator(inner: Evaluator, entries: number): Evaluator {
  const stores = new Map<number, Store>();
  const storeOf = (area: number): Store => {
    const store = stores.get(area) ?? new Store(area, entries);
    stores.set(area, store);
    return store;
  };
  const newBatch = (): EvaluationBatch => {
    const batch = inner.newBatch();
    let known: (Evaluation | null)[] = [];
    let missed: { store: Store; key: Key }[] = [];
    return {
      get size() {
        return known.length;
      },
      add: (position, symmetry) => {
        if (known.length === inner.maxBatch)
          throw new Error(`internal: a batch of more than ${inner.maxBatch}`);
        const store = storeOf(position.board.area);
        const key = keyOf(position, symmetry);
        const evaluation = store.get(key);
        known.push(evaluation);
        if (evaluation !== null) return;
        missed.push({ store, key });
        batch.add(position, symmetry);
      },
      evaluate: async () => {
        const [found, asked] = [known, missed];
        known = [];
        missed = [];
        if (asked.length === 0) return found.filter((evaluation) => evaluation !== null);
        const evaluations = await batch.evaluate();
        for (const [i, { store, key }] of asked.entries()) store.set(key, evaluations[i]);
        let next = 0;
        return found.map((evaluation) => evaluation ?? evaluations[next++]);
      },
    };
  };
  return { maxBatch: inner.maxBatch, lanes: inner.lanes, newBatch };
}
