/** Games for tests of training: random legal play, written as SGF lines with their true area score. */
import { makeSgf } from '#engine/record/sgf.ts';
import { sgfFromGame } from '#engine/record/sgf-game.ts';
import { Position } from '#engine/go/position.ts';
import { makeRng } from '#engine/go/random.ts';
import { makeRules } from '#engine/go/rules.ts';
import { scorePosition } from '#engine/go/scoring.ts';

export function randomGame(seed: number, size: number, plies: number): string {
  const rules = makeRules('chinese', { komi: 6.5 });
  const rng = makeRng(seed);
  let position = Position.start({ width: size, height: size, rules });
  const moves: { color: 1 | 2; move: number }[] = [];
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
  const result = `${scoreBlack > 0 ? 'B' : 'W'}+${Math.abs(scoreBlack)}`;
  return makeSgf([sgfFromGame({ width: size, height: size, rules, moves, result })]).replaceAll('\n', '');
}
