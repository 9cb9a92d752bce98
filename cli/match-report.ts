/** What a match leaves behind: its result for people or machines, and its games as records. */
import { accessSync, constants, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { BLACK } from '#engine/go/color.ts';
import type { Rules } from '#engine/go/rules.ts';
import { formatRules } from '#engine/record/rules-text.ts';
import { makeSgf } from '#engine/record/sgf.ts';
import { sgfFromGame } from '#engine/record/sgf-game.ts';
import { writeFileAtomically } from '#nets/atomic-file.ts';
import { makeFolder } from '#nets/make-folder.ts';
import type { MatchGame } from '#selfplay/match.ts';
import { formatSprt } from '#selfplay/rating/sequential-test.ts';
import type { SequentialTest } from '#selfplay/rating/sequential-test.ts';
import { formatStatistics, matchStatistics } from '#selfplay/statistics.ts';
import { CliError, EXIT, emit } from './common.ts';

/** What was asked for. */
export type MatchSettings = {
  readonly a: string;
  readonly b: string;
  readonly games: number;
  readonly size: { readonly width: number; readonly height: number };
  readonly rules: Rules;
  readonly openingPlies: number;
  readonly seed: number;
};

/** @param test the sequential test of the match; null where all games were to be played. */
export function reportMatch(
  finished: readonly MatchGame[],
  settings: MatchSettings,
  test: SequentialTest | null,
  json: boolean | undefined,
): void {
  const { a, b, size, rules } = settings;
  // Where the test was decided its games are the match; others that were under way might be left out or not.
  const isDecided = test !== null && test.state.decision !== 'continue';
  const games = finished
    .filter(({ index }) => !isDecided || index < test.games)
    .sort((first, second) => first.index - second.index);
  const statistics = matchStatistics(games.map((game) => game.points));
  const ends = (end: MatchGame['end']): number => games.filter((game) => game.end === end).length;
  const asBlack = games.filter((game) => game.firstIsBlack);
  const pointsAsBlack = asBlack.reduce((sum, game) => sum + game.points, 0);
  emit(
    json,
    {
      a,
      b,
      asked: settings.games,
      ...size,
      rules: formatRules(rules),
      komi: rules.komi,
      openingPlies: settings.openingPlies,
      seed: settings.seed,
      ...statistics,
      ...(test === null
        ? {}
        : { sprt: { ...test.bounds, ...test.state, games: test.games, pairs: test.pairs } }),
      asBlack: { games: asBlack.length, points: pointsAsBlack },
      ends: {
        passes: ends('passes'),
        resignation: ends('resignation'),
        moveLimit: ends('move-limit'),
        illegalMove: ends('illegal-move'),
      },
      results: games.map(({ index, firstIsBlack, result, moves }) => ({
        game: index + 1,
        black: firstIsBlack ? 'a' : 'b',
        result,
        moves: moves.length,
      })),
    },
    () =>
      [
        `${a} against ${b}, ${size.width}x${size.height}, ${formatRules(rules)} rules, komi ${rules.komi}`,
        `${games.length} games: ${formatStatistics(statistics)}`,
        `as Black ${pointsAsBlack} of ${asBlack.length}; ${ends('passes')} games ended by passes, ${ends('resignation')} by resignation, ${ends('move-limit')} at the move limit, ${ends('illegal-move')} by an illegal move`,
        ...(test === null ? [] : [formatSprt(test)]),
      ].join('\n'),
  );
}

/** Makes the folder where it is missing, and sees to it that the games can be written and overwrite no others. */
export function prepareFolder(folder: string): void {
  makeFolder(folder);
  accessSync(folder, constants.W_OK | constants.X_OK);
  const old = readdirSync(folder).find((name) => /^game-.*\.sgf$/.test(name));
  if (old !== undefined)
    throw new CliError(
      EXIT.badInput,
      `${folder} already holds the games of a match (${old}); choose another --sgf-dir.`,
    );
}

/** Writes the game as an SGF record of its own. */
export function writeGame(folder: string, game: MatchGame, { a, b, rules }: MatchSettings): void {
  const [playerBlack, playerWhite] = game.firstIsBlack ? [a, b] : [b, a];
  const { width, height } = game.position.board;
  const { moves, result, index } = game;
  const record = { width, height, rules, moves, result, playerBlack, playerWhite, toPlay: BLACK } as const;
  const file = join(folder, `game-${String(index + 1).padStart(4, '0')}.sgf`);
  writeFileAtomically(file, Buffer.from(makeSgf([sgfFromGame(record)])));
}
