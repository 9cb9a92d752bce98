/** Made-up games of self-play: random moves that fill no eye, with opinions that tend to the result. */
import { isEye } from '#engine/go/eyes.ts';
import { Position } from '#engine/go/position.ts';
import { makeRng, type Rng } from '#engine/go/random.ts';
import { makeRules } from '#engine/go/rules.ts';
import { scorePosition } from '#engine/go/scoring.ts';
import { asRecorded } from '#selfplay/shards/rounding.ts';
import type { SearchedPosition, SelfPlayGame } from '#selfplay/shards/self-play-game.ts';

/** A legal move that fills no eye, or a pass after as many draws in vain. */
function randomMove(position: Position, rng: Rng): number {
  const { board, toPlay, passMove } = position;
  for (let draw = 0; draw < 3 * board.area; draw++) {
    const p = rng.nextInt(board.area);
    if (board.stones[p] === 0 && !isEye(board, p, toPlay) && position.isLegal(p)) return p;
  }
  return passMove;
}

/** A policy over the move that was played and some others. */
function searched(position: Position, move: number, ply: number, rng: Rng): SearchedPosition {
  const also = Array.from({ length: 6 }, () => randomMove(position, rng));
  const policyMoves = Int16Array.from([...new Set([move, ...also])].toSorted((a, b) => a - b));
  const policy = Float32Array.from(policyMoves, (known) => (known === move ? 3 : rng.nextFloat() + 0.01));
  return {
    ply,
    policyMoves,
    policy,
    valueBlack: 0,
    scoreBlack: 0,
    surprise: rng.nextFloat(),
    ownershipBlack: null,
  };
}

/** @param resigned whether the loser gives up at two thirds of the game. */
export function fixtureGame(
  generation: number,
  index: number,
  size = 9,
  resigned = index % 3 === 0,
): SelfPlayGame {
  const rng = makeRng(1000 * generation + index);
  const rules = makeRules('tromp-taylor', { komi: 6.5 + rng.nextInt(3) / 2 });
  let position = Position.start({ width: size, height: size, rules });
  const found: SearchedPosition[] = [];
  const moves: number[] = [];
  while (!position.isOver && moves.length < 3 * size * size) {
    const move = randomMove(position, rng);
    if (rng.nextFloat() < 0.5) found.push(searched(position, move, moves.length, rng));
    const played = position.play(move);
    if (!played.ok) throw new Error(`internal: ${played.reason}`);
    ({ position } = played);
    moves.push(move);
  }
  const { scoreBlack, ownership } = scorePosition(position, new Set());
  const outcomeBlack = Math.sign(scoreBlack) as -1 | 0 | 1;
  const plies = resigned ? Math.floor((2 * moves.length) / 3) : moves.length;
  const positions = found
    .filter(({ ply }) => ply < plies)
    .map((opinion) => {
      const sureness = Math.min(1, opinion.ply / (0.75 * moves.length));
      const noise = (rng.nextFloat() - 0.5) * 0.3 * (1 - sureness);
      return {
        ...opinion,
        valueBlack: Math.max(-1, Math.min(1, outcomeBlack * sureness ** 2 + noise)),
        scoreBlack: scoreBlack * sureness,
      };
    });
  return asRecorded({
    generation,
    index,
    net: generation.toString(16).padStart(64, '0'),
    width: size,
    height: size,
    rules,
    setup: { black: [], white: [] },
    toPlay: 1,
    moves: Int16Array.from(moves.slice(0, plies)),
    end: resigned ? 'resignation' : 'passes',
    outcomeBlack,
    scoreBlack: resigned ? null : scoreBlack,
    ownershipBlack: resigned ? null : Int8Array.from(ownership),
    playedOn: index % 10 === 1,
    winnersLowest: 1,
    positions,
  });
}
