/** What a game must be to be stored and to be believed when it is read. */
import type { Rules } from '#engine/go/rules.ts';
import { MAX_KOMI_POINTS } from '#engine/go/rules.ts';
import { isBoardSide } from '#engine/go/size.ts';
import { POLICY_UNITS } from './rounding.ts';
import type { SearchedPosition, SelfPlayGame } from './self-play-game.ts';

/** The values that fields of a few may have, in the order of the numbers that stand for them in a file. */
export const CHOICES = {
  ko: ['simple', 'positional', 'situational'],
  scoring: ['area', 'territory'],
  tax: ['none', 'seki', 'all'],
  handicapBonus: ['none', 'n', 'n-1'],
  end: ['passes', 'settled', 'resignation', 'move-limit'],
} as const satisfies { readonly [K in keyof Rules]?: readonly Rules[K][] } & Record<
  string,
  readonly string[]
>;

const isCount = (value: number): boolean => Number.isInteger(value) && value >= 0 && value < 2 ** 32;
const isFloat32 = (value: number): boolean => Number.isFinite(value) && Math.fround(value) === value;

function rulesProblem(rules: Rules): string | null {
  for (const field of ['ko', 'scoring', 'tax', 'handicapBonus'] as const)
    if (!(CHOICES[field] as readonly string[]).includes(rules[field])) return `rules.${field} is unknown`;
  return Math.abs(rules.komi) <= MAX_KOMI_POINTS ? null : `a komi of ${rules.komi} points`;
}

function setupProblem({ setup, width, height }: SelfPlayGame): string | null {
  const stones = [...setup.black, ...setup.white];
  if (stones.some((point) => !Number.isInteger(point) || point < 0 || point >= width * height))
    return 'a set-up stone lies off the board';
  return new Set(stones).size === stones.length ? null : 'two set-up stones lie on one point';
}

function policyProblem({ policyMoves, policy }: SearchedPosition, passMove: number): string | null {
  if (policyMoves.length !== policy.length)
    return `${policy.length} probabilities for ${policyMoves.length} moves`;
  let units = 0;
  let last = -1;
  for (let i = 0; i < policyMoves.length; i++) {
    const move = policyMoves[i];
    const share = policy[i] * POLICY_UNITS;
    if (move <= last || move > passMove) return 'moves that are out of order or off the board';
    if (!(Number.isInteger(share) && share > 0)) return `a probability of ${policy[i]}`;
    units += share;
    last = move;
  }
  return units === POLICY_UNITS ? null : `probabilities that sum to ${units / POLICY_UNITS}`;
}

function positionProblem(position: SearchedPosition, points: number): string | null {
  const policy = policyProblem(position, points);
  if (policy !== null) return `a policy with ${policy}`;
  const { valueBlack, scoreBlack, surprise, ownershipBlack } = position;
  if (!isFloat32(valueBlack) || Math.abs(valueBlack) > 1) return `a value of ${valueBlack}`;
  if (!isFloat32(scoreBlack) && !Number.isNaN(scoreBlack)) return `a score of ${scoreBlack}`;
  if (!isFloat32(surprise) || surprise < 0) return `a surprise of ${surprise}`;
  if (ownershipBlack !== null && (ownershipBlack.length !== points || ownershipBlack.includes(-128)))
    return 'an opinion of the ownership that is none';
  return null;
}

function resultProblem(game: SelfPlayGame): string | null {
  const { end, outcomeBlack, scoreBlack, ownershipBlack, winnersLowest } = game;
  if (!(CHOICES.end as readonly string[]).includes(end)) return 'its end is unknown';
  if (![-1, 0, 1].includes(outcomeBlack)) return `an outcome of ${outcomeBlack}`;
  if (!(winnersLowest >= 0 && winnersLowest <= 1)) return `a lowest win rate of ${winnersLowest}`;
  if (
    (end === 'resignation') !== (scoreBlack === null) ||
    (scoreBlack === null) !== (ownershipBlack === null)
  )
    return 'score and ownership do not go with its end';
  if (scoreBlack === null || ownershipBlack === null) return null;
  if (!Number.isFinite(scoreBlack) || Math.sign(scoreBlack) !== outcomeBlack)
    return `a score of ${scoreBlack} with the outcome ${outcomeBlack}`;
  if (
    ownershipBlack.length !== game.width * game.height ||
    ownershipBlack.some((owner) => Math.abs(owner) > 1)
  )
    return 'an ownership that is none';
  return null;
}

/** What is wrong with a game, or null. That its moves are legal is left to whoever plays them. */
export function gameProblem(game: SelfPlayGame): string | null {
  if (!isCount(game.generation) || !isCount(game.index)) return 'its generation or index is no count';
  if (!/^[0-9a-f]{64}$/.test(game.net)) return 'its net is no SHA-256';
  if (!isBoardSide(game.width) || !isBoardSide(game.height)) return `a board of ${game.width}x${game.height}`;
  const points = game.width * game.height;
  const problem = rulesProblem(game.rules) ?? setupProblem(game) ?? resultProblem(game);
  if (problem !== null) return problem;
  if (game.toPlay !== 1 && game.toPlay !== 2) return `colour ${game.toPlay as number} makes the first move`;
  if (game.moves.some((move) => move < 0 || move > points)) return 'a move off the board';
  let last = -1;
  for (const position of game.positions) {
    const { ply } = position;
    if (!Number.isInteger(ply) || ply <= last || ply >= game.moves.length)
      return `position ${ply} is out of order or after the game`;
    const wrong = positionProblem(position, points);
    if (wrong !== null) return `position ${ply} has ${wrong}`;
    last = ply;
  }
  return null;
}
