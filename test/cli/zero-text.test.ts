/** What `tengen train zero` and `distil` tell of their options and of a run. */
import { Command } from 'commander';
import { expect, test } from 'vitest';
import { rateMatches } from '#selfplay/rating/rating-book.ts';
import type { Ratings } from '#selfplay/run/run-files.ts';
import { RunProgress } from '#training/zero/progress.ts';
import { registerDistil, registerZero } from '../../cli/train/zero.ts';
import { aboutText, progressText, ratingText } from '../../cli/train/zero-text.ts';
import { ZeroConfig } from '#training/zero/config.ts';
import { PRESET } from '#training/zero/presets.ts';

test('each command tells the defaults of its own preset', () => {
  const program = new Command();
  registerZero(program);
  registerDistil(program);
  const help = program.commands.map((command) => command.helpInformation());
  const told = ['residual blocks', 'channels of the trunk', 'games of each net', 'nets to make'];
  const defaults = help.map((text) => told.map((what) => Number(text.split(`${what} (`)[1].split(')')[0])));
  expect(defaults).toEqual([
    [4, 32, 400, 400],
    [5, 48, 200, 300],
  ]);
});

test('a loss is told from the first steps on', () => {
  const live = new RunProgress(() => 0).read(0);
  expect(progressText(live, null)).not.toMatch(/loss|NaN/);
  expect(progressText(live, 2.5)).toContain('  loss 2.500');
});

test('the newest net is told by its place on the ladder, if there is one', () => {
  const player = (name: string, generation: number | null, elo: number): Ratings['players'][number] => ({
    name,
    generation,
    elo,
    low: elo - 50,
    high: elo + 50,
    anchorMargin: 100.4,
    games: 20,
  });
  const players = [player('G20', 20, 700), player('G40', 40, 650), player('random', null, 0)];
  expect(ratingText({ players, best: 'G20' })).toBe('G40: Elo 650 over random (95%: 550 to 750)');
  // An even match against random play.
  expect(ratingText({ players: [player('G0', 0, 0), player('random', null, 0)], best: null })).toBe(
    'G0: Elo 0 over random (95%: -100 to 100)',
  );
  expect(ratingText({ players: [player('G4', 4, 0)], best: null })).toBe('G4: Elo 0');
  expect(ratingText({ players: [], best: null })).toBeNull();
});

test('what is told to be over random has the interval of that difference', () => {
  const match = {
    generation: 0,
    first: 'G0',
    second: 'random',
    wins: 13,
    losses: 7,
    draws: 0,
    runSeconds: 0,
  };
  // With the prior's two draws 14 of 22: the deviation of a logit is 1 / sqrt(n p q).
  const elo = 400 * Math.log10(14 / 8);
  const margin = (1.96 / Math.sqrt((22 * (14 / 22) * 8) / 22)) * (400 / Math.LN10);
  expect(ratingText(rateMatches([match]))).toBe(
    `G0: Elo ${Math.round(elo)} over random (95%: ${Math.round(elo - margin)} to ${Math.round(elo + margin)})`,
  );
});

test('a run that is not as its preset says is not told to be', () => {
  const { about, config } = PRESET.distil;
  const run = ZeroConfig.parse({ ...config, teacher: 'b6c96.bin.gz', commit: '0', backend: 'torch' });
  expect(aboutText('distil', run)).toBe(about);
  expect(aboutText('distil', { ...run, batch: 7 })).toBe(
    'as preset distil, but for batch and what else is given; the time left is told from the first games on',
  );
});
