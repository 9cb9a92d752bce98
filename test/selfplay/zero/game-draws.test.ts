/** What is drawn for games of self-play, by the shares of many draws, and where they may start. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { WHITE } from '#engine/go/color.ts';
import { makeRng } from '#engine/go/random.ts';
import { presetOf, RULE_PRESETS } from '#engine/go/rules.ts';
import { SelfPlayConfig } from '#selfplay/zero/config.ts';
import { drawGame } from '#selfplay/zero/game-draws.ts';
import type { GameDraws } from '#selfplay/zero/game-draws.ts';
import { readStarts, startFrom } from '#selfplay/zero/start-positions.ts';

const DRAWS = 4000;

function draws(changes: Record<string, unknown>): GameDraws[] {
  const config = SelfPlayConfig.parse(changes);
  const rng = makeRng(7);
  return Array.from({ length: DRAWS }, () => drawGame(config, [], rng));
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const share = (games: readonly GameDraws[], of: (game: GameDraws) => boolean): number =>
  games.filter(of).length / games.length;
/** Five standard errors of a share of `DRAWS`. */
const SLACK = 5 * Math.sqrt(0.25 / DRAWS);

test('boards come as often as they weigh, rules as often as each other, and games are played on as often as asked', () => {
  const games = draws({
    boards: [
      { size: 7, weight: 1, komi: 9 },
      { size: 9, weight: 3, komi: 7 },
    ],
    rules: ['tromp-taylor', 'chinese', 'aga'],
    playOnShare: 0.25,
  });
  expect(Math.abs(share(games, ({ start }) => start.board.width === 9) - 0.75)).toBeLessThan(SLACK);
  expect(Math.abs(share(games, ({ start }) => presetOf(start.rules) === 'aga') - 1 / 3)).toBeLessThan(SLACK);
  expect(Math.abs(share(games, ({ playOn }) => playOn) - 0.25)).toBeLessThan(SLACK);
});

test('komi is a whole or half number of points around the mean, wider in some games, and never more than the points', () => {
  const narrow = draws({ komiWideShare: 0 }).map(({ start }) => start.rules.komi);
  expect(narrow.every((komi) => Number.isInteger(2 * komi))).toBe(true);
  expect(Math.abs(mean(narrow) - 7)).toBeLessThan(0.1);
  expect(Math.abs(mean(narrow.map((komi) => (komi - 7) ** 2)) - 1)).toBeLessThan(0.15);
  const wide = draws({ komiWideShare: 0.5, komiWideStdev: 20 }).map(({ start }) => start.rules.komi);
  const far = wide.filter((komi) => Math.abs(komi - 7) > 6).length / DRAWS;
  // Of the normal distribution 76% lies beyond 0.3 standard deviations.
  expect(Math.abs(far - 0.38)).toBeLessThan(0.05);
  const tiny = draws({ boards: [{ size: 2 }], komiStdev: 30 }).map(({ start }) => start.rules.komi);
  expect([Math.min(...tiny), Math.max(...tiny)]).toEqual([-4, 4]);
});

test('the opening is as long on average as its share of the points, less what is lost in whole moves', () => {
  const plies = draws({ openingShare: 0.1 }).map(({ openingPlies }) => openingPlies);
  // The mean of floor(m * X), X exponential: 1 / (e ** (1 / m) - 1).
  expect(Math.abs(mean(plies) - 1 / (Math.exp(1 / 8.1) - 1))).toBeLessThan(0.6);
  expect(draws({ openingShare: 0 }).every(({ openingPlies }) => openingPlies === 0)).toBe(true);
});

describe('start positions', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tengen-starts-'));
  const fileOf = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };

  test('are the games of all files, and a bad file is named with the game', () => {
    const two = fileOf('two.sgf', '(;GM[1]SZ[5];B[aa];W[bb])(;GM[1]SZ[9]AB[cc]PL[W])');
    const read = readStarts([two]);
    if (!read.ok) throw new Error(read.message);
    expect(read.games.map(({ width, moves }) => [width, moves.length])).toEqual([
      [5, 2],
      [9, 0],
    ]);
    const bad = fileOf('bad.sgf', '(;SZ[5];B[aa])(;SZ[5];B[aa];W[aa])');
    expect(readStarts([two, bad])).toEqual({
      ok: false,
      message: `${bad}: game 2: Move 2, White A5, is not legal (occupied).`,
    });
    const missing = join(folder, 'missing.sgf');
    expect(readStarts([missing])).toEqual({ ok: false, message: `${missing}: it cannot be read (ENOENT)` });
    const none = fileOf('none.sgf', 'nothing');
    expect(readStarts([none]).ok).toBe(false);
  });

  test('never stand in a ko or behind the end of a game', () => {
    // White takes the ko at A4, then both pass.
    const ko = fileOf('ko.sgf', '(;SZ[5]AB[ba][bc][ab][cb]AW[ca][cc][db]PL[W];W[bb];B[aa];W[];B[])');
    const read = readStarts([ko]);
    if (!read.ok) throw new Error(read.message);
    const game = read.games[0];
    for (let plies = 0; plies <= game.moves.length; plies++) {
      const start = startFrom({ game, plies }, RULE_PRESETS.chinese);
      expect([start.isOver, start.board.koPoint, start.previous]).toEqual([false, -1, null]);
    }
  });

  test('keep stones and side to move, and take the komi of their board, or their own where no board is of their size', () => {
    const five = fileOf('five.sgf', '(;SZ[5]KM[3.5]AB[cc]AW[cb]PL[W])');
    const read = readStarts([five]);
    if (!read.ok) throw new Error(read.message);
    const startOn = (boards: unknown): GameDraws =>
      drawGame(
        SelfPlayConfig.parse({ boards, komiStdev: 0, komiWideShare: 0, startShare: 1, startFiles: [five] }),
        read.games,
        makeRng(1),
      );
    const { start, openingPlies } = startOn([{ size: 9, komi: 7 }]);
    expect([start.board.width, start.toPlay, start.rules.komi, openingPlies]).toEqual([5, WHITE, 3.5, 0]);
    expect([start.board.stones[12], start.board.stones[7]]).toEqual([1, 2]);
    expect(startOn([{ size: 5, komi: 25 }]).start.rules.komi).toBe(25);
  });

  test('need files', () => {
    expect(SelfPlayConfig.safeParse({ startShare: 0.5 }).error?.issues[0].path).toEqual(['startFiles']);
  });
});
