/** Positions reached by random play, for tests of nets. */
import { Position } from '#engine/go/position.ts';
import { makeRng } from '#engine/go/random.ts';
import type { Rules } from '#engine/go/rules.ts';
import { RULE_PRESETS } from '#engine/go/rules.ts';

export function randomPosition(
  seed: number,
  width: number,
  height: number,
  rules: Rules = RULE_PRESETS.chinese,
  plies: number = Math.floor((width * height) / 2),
): Position {
  const rng = makeRng(seed);
  let position = Position.start({ width, height, rules });
  for (let ply = 0; ply < plies; ply++) {
    const moves = position.legalMoves();
    const result = position.play(moves[rng.nextInt(moves.length)]);
    if (result.ok && !result.position.isOver) position = result.position;
  }
  return position;
}
