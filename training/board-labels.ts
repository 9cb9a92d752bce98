/** Classes of boards: who wins, how strong the player is, how the game began. */
import { BLACK, signFor } from '#engine/go/color.ts';
import type { Color } from '#engine/go/color.ts';
import { formatMove } from '#engine/record/coordinates.ts';
import type { GameRecord } from '#engine/record/game-record.ts';
import { formatRank, parseRank } from '#engine/record/rank.ts';
import { firstOfTurned } from './holdout.ts';

export const LABELLINGS = ['winner', 'rank', 'opening'] as const;
export type Labelling = (typeof LABELLINGS)[number];

/** A game whose boards are labelled. */
export type LabelledGame = {
  readonly game: GameRecord;
  /** 1 Black won, -1 White won, 0 draw. */
  readonly outcomeBlack: -1 | 0 | 1 | null;
  /** Of the boards that are taken from it. */
  readonly toPlay: readonly Color[];
};

export type Labeller = {
  /** What each class is. */
  readonly classes: readonly string[];
  /** The class of a board of the game, by who is to play; null of one that belongs to none. */
  readonly labelOf: (game: LabelledGame, toPlay: Color) => number | null;
  /** What a game without a class lacks. */
  readonly lack: string;
};

/**
 * @param games that are learned from, one or more. @param classes asked for; ranks and first moves may be fewer, `winner` has two.
 */
export const LABELLERS: Readonly<
  Record<Labelling, (games: readonly LabelledGame[], classes: number) => Labeller>
> = { winner: byWinner, rank: byRank, opening: byOpening };

function byWinner(): Labeller {
  return {
    classes: ['the side to move loses', 'the side to move wins'],
    labelOf: ({ outcomeBlack }, toPlay) =>
      outcomeBlack === null || outcomeBlack === 0 ? null : Number(outcomeBlack === signFor(toPlay)),
    lack: 'no winner',
  };
}

/** Classes of about as many boards each, by the rank or rating of the side to move; of even games, since a handicap tells ranks. */
function byRank(games: readonly LabelledGame[], classes: number): Labeller {
  const rankOf = ({ game }: LabelledGame, toPlay: Color): number | null =>
    isBegunEmpty(game) ? parseRank(toPlay === BLACK ? game.rankBlack : game.rankWhite) : null;
  const ranks = games
    .flatMap((game) => game.toPlay.map((toPlay) => rankOf(game, toPlay)))
    .filter((rank) => rank !== null)
    .toSorted((a, b) => a - b);
  const quantiles =
    ranks.length === 0
      ? []
      : Array.from({ length: classes - 1 }, (_, i) => ranks[Math.floor(((i + 1) * ranks.length) / classes)]);
  // The least rank of each class after the first. A rank that is common makes fewer classes than were asked for.
  const bounds = [...new Set(quantiles)].filter((rank) => rank > ranks[0]);
  const texts = bounds.map(formatRank);
  const range = (low: string | undefined, high: string | undefined): string =>
    [low && `from ${low}`, high && `below ${high}`].filter(Boolean).join(', ');
  return {
    classes: Array.from({ length: bounds.length + 1 }, (_, i) => range(texts[i - 1], texts[i])),
    labelOf: (game, toPlay) => {
      const rank = rankOf(game, toPlay);
      return rank === null ? null : bounds.filter((bound) => rank >= bound).length;
    },
    lack: 'a handicap, or no rank that can be read',
  };
}

/** The first moves that most games begin with, up to the symmetries of the board, and all others together. */
function byOpening(games: readonly LabelledGame[], classes: number): Labeller {
  const counts = new Map<number, number>();
  for (const { game } of games) {
    const first = firstMove(game);
    if (first !== null) counts.set(first, (counts.get(first) ?? 0) + 1);
  }
  const commonest = [...counts].toSorted(([a, n], [b, m]) => m - n || a - b).map(([move]) => move);
  const named = commonest.slice(0, commonest.length <= classes ? classes : classes - 1);
  const others = named.length < commonest.length ? ['another'] : [];
  return {
    classes: [...named.map((move) => formatMove(move, games[0].game.width, games[0].game.height)), ...others],
    labelOf: ({ game }) => {
      const first = firstMove(game);
      const at = first === null ? -1 : named.indexOf(first);
      if (at >= 0) return at;
      return first === null || others.length === 0 ? null : named.length;
    },
    lack: 'stones before the first move, or a first move of its own',
  };
}

/** The lowest of the points that the symmetries of the board take the first move to; null where stones stood there before it. */
function firstMove(game: GameRecord): number | null {
  if (!isBegunEmpty(game)) return null;
  return firstOfTurned({ ...game, moves: game.moves.slice(0, 1) })[0];
}

const isBegunEmpty = ({ setup }: GameRecord): boolean => setup.black.length + setup.white.length === 0;
