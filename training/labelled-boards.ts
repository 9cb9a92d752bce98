/** Boards of game records as labelled images: who won, how strong the player is, how the game began. */
import { BLACK, opponent, signFor } from '#engine/go/color.ts';
import type { Position } from '#engine/go/position.ts';
import { makeRng } from '#engine/go/random.ts';
import type { Rng } from '#engine/go/random.ts';
import { SYMMETRY_COUNT, symmetryTable } from '#engine/go/symmetry.ts';
import { formatMove } from '#engine/record/coordinates.ts';
import type { GameRecord } from '#engine/record/game-record.ts';
import { foundGames } from './found-games.ts';
import type { FoundGame } from './found-games.ts';
import type { GameFile } from './game-files.ts';
import { sideOf } from './holdout.ts';
import type { ImageSet } from './images/image-set.ts';

export const LABELS = ['winner', 'rank', 'opening'] as const;
export type Label = (typeof LABELS)[number];

/** Own stones, the opponent's, and the move before, each 255 or 0: all from the side to move. */
const CHANNELS = 3;

export type LabelOptions = {
  readonly by: Label;
  /** How many there are to be; `winner` has two. */
  readonly classes: number;
  /** Points along a side of the boards that are taken. */
  readonly size: number;
  /** Positions after this many moves and later. */
  readonly from: number;
  /** Of a game that is learned from each so many-th position is taken. */
  readonly every: number;
  /** Share of games kept for tests, the same as are kept from training on games. */
  readonly holdOut: number;
  /** Of the position that is drawn from each test game. */
  readonly seed: number;
  readonly onProgress?: (done: number, total: number) => void;
};

export type LabelledBoards = {
  /** What each label means. */
  readonly classes: readonly string[];
  readonly train: ImageSet;
  /** One position a game, so that what they say of a net is independent. */
  readonly test: ImageSet;
  /** Records left out, by reason. */
  readonly skipped: ReadonlyMap<string, number>;
};

export type LabelledResult =
  { readonly ok: true; readonly boards: LabelledBoards } | { readonly ok: false; readonly message: string };

type Taken = { readonly game: FoundGame; readonly positions: readonly Position[] };

/** A class of each position, or null of those that belong to none. */
type Labeller = {
  readonly classes: readonly string[];
  readonly labelOf: (game: FoundGame, position: Position) => number | null;
};

/** @returns the boards, or one sentence that says what the records lack. */
export function labelledBoards(files: readonly GameFile[], options: LabelOptions): LabelledResult {
  const { by, size, holdOut } = options;
  const skipped = new Map<string, number>();
  const shares = { test: holdOut, validation: 0, train: 1 };
  const isWanted = ({ width, height }: GameRecord): boolean => width === size && height === size;
  const found = foundGames(files, {
    ...options,
    skipped,
    sideOf: (hash, game) => (isWanted(game) ? sideOf(hash, shares) : null),
  });
  const taken: Record<'train' | 'test', Taken[]> = { train: [], test: [] };
  const rng = makeRng(options.seed);
  for (const game of found) {
    const side = game.side === 'test' ? 'test' : 'train';
    const positions = takenFrom(game, side, options, rng);
    if (positions.length > 0) taken[side].push({ game, positions });
  }
  if (taken.train.length === 0)
    return {
      ok: false,
      message: `none of the games is on ${size} x ${size} and has a move ${options.from + 1}`,
    };
  const labeller = LABELLERS[by](taken.train, options);
  if (labeller.classes.length < 2)
    return {
      ok: false,
      message: `by ${by} all boards are alike${by === 'rank' ? ', or no record has ranks' : ''}`,
    };
  const [train, test] = [taken.train, taken.test].map((games) => imagesOf(games, labeller, size));
  const missing = labeller.classes.findIndex(
    (_, label) => ![train, test].every(({ labels }) => labels.includes(label)),
  );
  if (missing >= 0)
    return {
      ok: false,
      message: `by ${by} there is no board of class ${missing} (${labeller.classes[missing]}) to learn from and to test on; give more games or fewer classes`,
    };
  return { ok: true, boards: { classes: labeller.classes, train, test, skipped } };
}

function takenFrom(
  { positions }: FoundGame,
  side: 'train' | 'test',
  { from, every }: LabelOptions,
  rng: Rng,
): Position[] {
  const late = positions.slice(from);
  if (side === 'train') return late.filter((_, i) => i % every === 0);
  return late.length === 0 ? [] : [late[rng.nextInt(late.length)]];
}

const LABELLERS: Readonly<Record<Label, (train: readonly Taken[], options: LabelOptions) => Labeller>> = {
  winner: () => ({
    classes: ['the side to move loses', 'the side to move wins'],
    labelOf: ({ targets: { outcomeBlack } }, { toPlay }) =>
      outcomeBlack === null || outcomeBlack === 0 ? null : Number(outcomeBlack === signFor(toPlay)),
  }),
  rank: byRank,
  opening: byOpening,
};

/** Classes of equally many positions, by how strong the records say that the side to move is. */
function byRank(train: readonly Taken[], { classes }: LabelOptions): Labeller {
  const strengths = train
    .flatMap(({ game, positions }) => positions.map((position) => strengthOf(game.game, position)))
    .filter((strength) => strength !== null)
    .toSorted((a, b) => a - b);
  // Values that there are, so that no class is empty; one that is common makes fewer classes than were asked for.
  const cuts = Array.from(
    { length: classes - 1 },
    (_, i) => strengths[Math.floor(((i + 1) * strengths.length) / classes)],
  );
  const bounds = [...new Set(cuts)].filter((cut) => cut > strengths[0]);
  return {
    classes: Array.from({ length: bounds.length + 1 }, (_, i) =>
      [
        ...(i > 0 ? [`from ${rankText(bounds[i - 1])}`] : []),
        ...(i < bounds.length ? [`below ${rankText(bounds[i])}`] : []),
      ].join(', '),
    ),
    labelOf: ({ game }, position) => {
      const strength = strengthOf(game, position);
      return strength === null ? null : bounds.filter((bound) => strength >= bound).length;
    },
  };
}

/** Between the ranks, which end with nine dan professional, and the ratings, which are larger numbers. */
const RATINGS_FROM = 100;

/** Of the side to move: kyu up to 0, dan from 1, professional dan from 10, or a rating; null where the record has none. */
function strengthOf({ rankBlack, rankWhite }: GameRecord, { toPlay }: Position): number | null {
  const [, digits, unit] =
    /^(\d+(?:\.\d+)?)\s*(k|kyu|d|dan|p|)\??$/i.exec((toPlay === BLACK ? rankBlack : rankWhite).trim()) ?? [];
  if (digits === undefined) return null;
  const value = Number(digits);
  if (unit === '') return value >= RATINGS_FROM ? value : null;
  const kind = unit[0].toLowerCase();
  return kind === 'k' ? 1 - value : kind === 'd' ? value : value + 9;
}

function rankText(strength: number): string {
  if (strength >= RATINGS_FROM) return strength.toFixed(0);
  const rank = Math.round(strength);
  if (rank < 1) return `${1 - rank}k`;
  return rank < 10 ? `${rank}d` : `${rank - 9}p`;
}

/** The first moves that most games begin with, up to the symmetries of the board, and all others together. */
function byOpening(train: readonly Taken[], { classes, size }: LabelOptions): Labeller {
  const counts = new Map<number, number>();
  for (const { game } of train) {
    const first = firstMove(game.game, size);
    counts.set(first, (counts.get(first) ?? 0) + 1);
  }
  const byCount = [...counts].toSorted(([a, n], [b, m]) => m - n || a - b).map(([move]) => move);
  const named = byCount.slice(0, byCount.length <= classes ? classes : classes - 1);
  const others = named.length < byCount.length ? ['another'] : [];
  return {
    classes: [...named.map((move) => formatMove(move, size, size)), ...others],
    labelOf: ({ game }) => {
      const at = named.indexOf(firstMove(game, size));
      return at < 0 ? named.length : at;
    },
  };
}

/** The first of the points that the symmetries of the board make of where the game began. */
function firstMove({ moves }: GameRecord, size: number): number {
  const images = Array.from(
    { length: SYMMETRY_COUNT },
    (_, symmetry) => symmetryTable(symmetry, size, size)[moves[0].move],
  );
  return Math.min(...images);
}

function imagesOf(games: readonly Taken[], { labelOf }: Labeller, size: number): ImageSet {
  const labelled = games.flatMap(({ game, positions }) =>
    positions.flatMap((position) => {
      const label = labelOf(game, position);
      return label === null ? [] : [{ position, label }];
    }),
  );
  const area = size * size;
  const pixels = new Uint8Array(labelled.length * area * CHANNELS);
  labelled.forEach(({ position }, i) => {
    const { board, toPlay, lastMove } = position;
    const image = pixels.subarray(i * area * CHANNELS, (i + 1) * area * CHANNELS);
    for (let p = 0; p < area; p++) {
      if (board.stones[p] === toPlay) image[CHANNELS * p] = 255;
      if (board.stones[p] === opponent(toPlay)) image[CHANNELS * p + 1] = 255;
      if (p === lastMove) image[CHANNELS * p + 2] = 255;
    }
  });
  const labels = Uint8Array.from(labelled, ({ label }) => label);
  return { height: size, width: size, channels: CHANNELS, pixels, labels };
}
