/** Games of self-play for tests of training: random legal play with made-up searches. */
import { BLACK } from '#engine/go/color.ts';
import { Position } from '#engine/go/position.ts';
import { makeRng } from '#engine/go/random.ts';
import { makeRules } from '#engine/go/rules.ts';
import { scorePosition } from '#engine/go/scoring.ts';
import type { SearchedPosition, SelfPlayGame } from '#selfplay/shards/self-play-game.ts';

/** A game of `plies` random moves and two passes; every second position is recorded. */
export function randomSelfPlayGame(seed: number, size: number, plies: number): SelfPlayGame {
  const rules = makeRules('tromp-taylor', { komi: 6.5 });
  const rng = makeRng(seed);
  let position = Position.start({ width: size, height: size, rules });
  const moves: number[] = [];
  const positions: SearchedPosition[] = [];
  const pass = position.passMove;
  for (let ply = 0; ply < plies + 2; ply++) {
    const legal = position.legalMoves();
    if (ply % 2 === 0) {
      const policyMoves = Int16Array.from(legal.slice(-2));
      const even = new Float32Array(policyMoves.length).fill(1 / policyMoves.length);
      positions.push({
        ply,
        policyMoves,
        policy: even,
        valueBlack: rng.nextFloat() * 2 - 1,
        scoreBlack: rng.nextInt(20) - 10,
        surprise: rng.nextFloat(),
        ownershipBlack: null,
      });
    }
    const move = ply < plies && legal.length > 1 ? legal[rng.nextInt(legal.length - 1)] : pass;
    const played = position.play(move);
    if (!played.ok) throw new Error(played.reason);
    moves.push(move);
    position = played.position;
  }
  const { scoreBlack, ownership } = scorePosition(position);
  return {
    generation: 0,
    index: seed,
    net: '0'.repeat(64),
    width: size,
    height: size,
    rules,
    setup: { black: [], white: [] },
    toPlay: BLACK,
    moves: Int16Array.from(moves),
    end: 'passes',
    outcomeBlack: Math.sign(scoreBlack) as -1 | 0 | 1,
    scoreBlack,
    ownershipBlack: Int8Array.from(ownership),
    playedOn: false,
    winnersLowest: 1,
    positions,
  };
}
