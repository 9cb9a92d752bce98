/** What is drawn before a game of self-play begins: board, rules, komi, and how it is played. */
import { drawIndex, exponential, gaussian } from '#engine/go/draws.ts';
import type { Rng } from '#engine/go/random.ts';
import { MAX_KOMI_POINTS, makeRules } from '#engine/go/rules.ts';
import type { Rules } from '#engine/go/rules.ts';
import type { SelfPlayConfig } from './config.ts';

export type GameDraws = {
  /** Side of the board. */
  readonly size: number;
  /** With their komi. */
  readonly rules: Rules;
  /** First moves to draw from the policy alone. */
  readonly openingPlies: number;
  /** Whether nobody may resign. */
  readonly playOn: boolean;
};

/** Draws in the same order whatever the config says, so that a change of one thing changes as little else as can be. */
export function drawGame(config: SelfPlayConfig, rng: Rng): GameDraws {
  const { boards, rules, openingShare, playOnShare } = config;
  const board = boards[
    drawIndex(
      boards.map(({ weight }) => weight),
      rng,
    )
  ] as SelfPlayConfig['boards'][number];
  const { size } = board;
  const preset = rules[rng.nextInt(rules.length)] as (typeof rules)[number];
  const komi = drawKomi(config, board.komi, size * size, rng);
  return {
    size,
    rules: makeRules(preset, { komi }),
    openingPlies: Math.floor(openingShare * size * size * exponential(rng)),
    playOn: rng.nextFloat() < playOnShare,
  };
}

/** Normally distributed around `mean`, in whole and half points, as KataGo's self-play; no more than the board has points. */
function drawKomi(config: SelfPlayConfig, mean: number, area: number, rng: Rng): number {
  const isWide = rng.nextFloat() < config.komiWideShare;
  const drawn = mean + gaussian(rng) * (isWide ? config.komiWideStdev : config.komiStdev);
  const most = Math.min(area, MAX_KOMI_POINTS);
  return Math.max(-most, Math.min(most, Math.round(2 * drawn) / 2));
}
