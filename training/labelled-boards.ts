/** Boards of game records as labelled images, for nets that tell classes of images apart. */
import { opponent } from '#engine/go/color.ts';
import type { Position } from '#engine/go/position.ts';
import { makeRng } from '#engine/go/random.ts';
import type { Rng } from '#engine/go/random.ts';
import type { GameRecord } from '#engine/record/game-record.ts';
import { LABELLERS } from './board-labels.ts';
import type { LabelledGame, Labeller, Labelling } from './board-labels.ts';
import { foundGames, leaveOut } from './found-games.ts';
import type { GameFile } from './game-files.ts';
import { gameHash, sideOf } from './holdout.ts';
import { MAX_BYTES } from './images/idx.ts';
import { GROUP_BYTES, classCounts } from './images/image-set.ts';
import type { ImagePart, ImageSet } from './images/image-set.ts';
import { pieces } from './spread.ts';

/** From the side to move: its stones, the opponent's, and the move before; 255 or 0. */
const CHANNELS = 3;

export type LabelOptions = {
  readonly by: Labelling;
  /** How many are asked for; see `LABELLERS`. */
  readonly classes: number;
  /** Points along a side of the boards that are taken. */
  readonly size: number;
  /** Boards are taken after this many moves and later. */
  readonly from: number;
  /** Of a game that is learned from one board is drawn of so many that follow each other. */
  readonly every: number;
  /** Share of games for tests, the same that training on games keeps. */
  readonly holdOut: number;
  /** Of the draws of boards. */
  readonly seed: number;
  /** Counts records that are left out, by reason; those with boards of other sizes are not. */
  readonly skipped: Map<string, number>;
  readonly onProgress?: (done: number, total: number) => void;
};

export type LabelledBoards = {
  /** What each label means. */
  readonly classes: readonly string[];
  readonly train: ImageSet;
  /** One board a game, so that answers to them are independent of each other. */
  readonly test: ImageSet;
};

export type LabelledResult =
  { readonly ok: true; readonly boards: LabelledBoards } | { readonly ok: false; readonly message: string };

const PURPOSE = { train: 'learn from', test: 'test on' } as const;

type Taken = LabelledGame & {
  /** uint8 [size, size, 3] of each board. */
  readonly images: readonly Uint8Array[];
};

/** @returns the boards, or one sentence that says what the records lack. */
export function labelledBoards(files: readonly GameFile[], options: LabelOptions): LabelledResult {
  const { by, size, from } = options;
  const fail = (message: string): LabelledResult => ({ ok: false, message });
  const taken = takeBoards(files, options);
  if (taken.train.length === 0)
    return fail(`no game to learn from is on ${size} x ${size} and has more than ${from} moves`);
  const labeller = LABELLERS[by](taken.train, options.classes);
  const { classes, lack } = labeller;
  if (classes.length < 2) return fail(`all boards are of one class by ${by}, or of none (${lack})`);
  const boards = taken.train.reduce((sum, { images }) => sum + images.length, 0);
  if (boards > MAX_BYTES / (size * size * CHANNELS))
    return fail(
      `these are ${boards} boards to learn from, more than a file of images may hold; take one of more`,
    );
  const sets = {
    train: imagesOf(taken.train, labeller, options),
    test: imagesOf(taken.test, labeller, options),
  };
  for (const part of ['train', 'test'] as const) {
    const missing = classCounts(sets[part], classes.length).indexOf(0);
    if (missing >= 0)
      return fail(
        `there is no board of class ${missing} by ${by} (${classes[missing]}) to ${PURPOSE[part]}; give more games`,
      );
  }
  return { ok: true, boards: { classes, ...sets } };
}

function takeBoards(files: readonly GameFile[], options: LabelOptions): Record<ImagePart, Taken[]> {
  const { size, holdOut, skipped } = options;
  const shares = { test: holdOut, validation: 0, train: 1 };
  const isWanted = ({ width, height }: GameRecord): boolean => width === size && height === size;
  const found = foundGames(files, {
    ...options,
    sideOf: (hash, game) => (isWanted(game) ? sideOf(hash, shares) : null),
  });
  const taken: Record<ImagePart, Taken[]> = { train: [], test: [] };
  const rng = makeRng(options.seed);
  for (const { game, targets, positions, side } of found) {
    const part = side === 'test' ? 'test' : 'train';
    const boards = drawn(positions, part, options, rng);
    if (boards.length === 0) leaveOut(skipped, 'too few moves');
    else
      taken[part].push({
        game,
        outcomeBlack: targets.outcomeBlack,
        toPlay: boards.map(({ toPlay }) => toPlay),
        images: boards.map(imageOf),
      });
  }
  return taken;
}

function drawn(
  positions: readonly Position[],
  part: ImagePart,
  { from, every }: LabelOptions,
  rng: Rng,
): readonly Position[] {
  const late = positions.slice(from);
  // Drawn, and not each so many-th: of an even number that would always be the same player's to move.
  return pieces(late, part === 'train' ? every : late.length).map((some) => some[rng.nextInt(some.length)]);
}

/** uint8 [size, size, 3]. */
function imageOf({ board, toPlay, lastMove }: Position): Uint8Array {
  const image = new Uint8Array(board.area * CHANNELS);
  for (let p = 0; p < board.area; p++) {
    const shown = [board.stones[p] === toPlay, board.stones[p] === opponent(toPlay), p === lastMove];
    shown.forEach((isThere, channel) => {
      if (isThere) image[CHANNELS * p + channel] = 255;
    });
  }
  return image;
}

/** Boards of one game are a group. Games none of whose boards has a class are left out and counted. */
function imagesOf(
  games: readonly Taken[],
  { labelOf, lack }: Labeller,
  { size, skipped }: LabelOptions,
): ImageSet {
  const labelled: { readonly image: Uint8Array; readonly label: number; readonly group: Uint8Array }[] = [];
  for (const game of games) {
    const before = labelled.length;
    const group = Buffer.alloc(GROUP_BYTES);
    group.writeUInt32BE(gameHash(game.game));
    game.images.forEach((image, i) => {
      const label = labelOf(game, game.toPlay[i]);
      if (label !== null) labelled.push({ image, label, group });
    });
    if (labelled.length === before) leaveOut(skipped, lack);
  }
  const pixels = new Uint8Array(labelled.length * size * size * CHANNELS);
  labelled.forEach(({ image }, i) => pixels.set(image, i * image.length));
  const labels = Uint8Array.from(labelled, ({ label }) => label);
  const groups = new Uint8Array(labelled.length * GROUP_BYTES);
  labelled.forEach(({ group }, i) => groups.set(group, i * GROUP_BYTES));
  return { height: size, width: size, channels: CHANNELS, pixels, labels, groups };
}
