/** Games for tests of training: random legal play, written as SGF lines with their true area score. */
import type { Color } from '#engine/go/color.ts';
import { formatScore } from '#engine/record/result.ts';
import { makeSgf } from '#engine/record/sgf.ts';
import { sgfFromGame } from '#engine/record/sgf-game.ts';
import { Position } from '#engine/go/position.ts';
import { makeRng } from '#engine/go/random.ts';
import { makeRules } from '#engine/go/rules.ts';
import { scorePosition } from '#engine/go/scoring.ts';

/** @param toPlay who moves first. */
export function randomGame(seed: number, size: number, plies: number, komi = 6.5, toPlay: Color = 1): string {
  const rules = makeRules('chinese', { komi });
  const rng = makeRng(seed);
  let position = Position.start({ width: size, height: size, rules, toPlay });
  const moves: { color: Color; move: number }[] = [];
  const play = (move: number): void => {
    const result = position.play(move);
    if (!result.ok) throw new Error(result.reason);
    moves.push({ color: position.toPlay, move });
    position = result.position;
  };
  for (let ply = 0; ply < plies; ply++) {
    const legal = position.legalMoves();
    if (legal.length > 1) play(legal[rng.nextInt(legal.length - 1)]);
  }
  play(position.passMove);
  play(position.passMove);
  const { scoreBlack } = scorePosition(position);
  const result = formatScore(scoreBlack);
  return makeSgf([sgfFromGame({ width: size, height: size, rules, moves, result })]).replaceAll('\n', '');
}
