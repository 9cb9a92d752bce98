/** What a match leaves where the disk is full, which node:fs pretends here. */
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { prepareFolder, writeGame } from '#cli/match-report.ts';
import { explain } from '#cli/report-error.ts';
import { BLACK } from '#engine/go/color.ts';
import { Position } from '#engine/go/position.ts';
import { RULE_PRESETS } from '#engine/go/rules.ts';
import type { MatchGame } from '#selfplay/match.ts';

vi.mock('node:fs', async (original) => {
  const real = await original<typeof fs>();
  const full = (): never => {
    throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
  };
  return {
    ...real,
    writeSync: full,
    writeFileSync: (path: string) => {
      real.closeSync(real.openSync(path, 'w'));
      full();
    },
  };
});

test('a game that cannot be written leaves no record without moves, and the folder takes the next match', () => {
  const folder = fs.mkdtempSync(join(tmpdir(), 'tengen-'));
  const rules = RULE_PRESETS.chinese;
  const position = Position.start({ width: 5, height: 5, rules });
  const game: MatchGame = {
    index: 0,
    firstIsBlack: true,
    position,
    moves: [],
    result: 'B+R',
    winner: BLACK,
    scoreBlack: null,
    points: 1,
    end: 'resignation',
  };
  const settings = {
    a: 'a',
    b: 'b',
    games: 1,
    size: { width: 5, height: 5 },
    rules,
    openingPlies: 0,
    seed: 1,
  };
  let refusal = '';
  try {
    writeGame(folder, game, settings);
  } catch (error) {
    refusal = explain(error);
  }
  expect(refusal).toBe(`${join(folder, 'game-0001.sgf')}: the disk is full (ENOSPC)`);
  expect(fs.readdirSync(folder)).toEqual([]);
  prepareFolder(folder);
});
