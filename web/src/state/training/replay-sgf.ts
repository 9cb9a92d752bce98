/** A game of self-play as an SGF file. */
import { makeRules, RULE_PRESETS, type RulesName } from '../../../../engine/go/rules.ts';
import { makeSgf } from '../../../../engine/record/sgf.ts';
import { sgfFromGame } from '../../../../engine/record/sgf-game.ts';
import type { GameSummary, TrainingGame } from '../../../../server/protocol/training.ts';
import { colorAt, resultOf } from './replay.ts';

/** Rules that are no preset are counted, as all of self-play is, by area. */
function presetNameOf({ rules }: Pick<GameSummary, 'rules'>): RulesName {
  return rules !== null && Object.hasOwn(RULE_PRESETS, rules) ? (rules as RulesName) : 'tromp-taylor';
}

/** @param run its name. */
export function replaySgf(game: TrainingGame, run: string): string {
  const { width, height, setup, blackFirst, moves, generation, index } = game;
  const root = sgfFromGame({
    width,
    height,
    rules: makeRules(presetNameOf(game), { komi: game.komi }),
    setup,
    toPlay: blackFirst ? 1 : 2,
    moves: moves.map((move, ply) => ({ color: colorAt(game, ply), move })),
    result: resultOf(game),
    event: `${run}, generation ${generation}, game ${index}`,
  });
  return makeSgf([root]);
}
