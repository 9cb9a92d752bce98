/** What the games of a generation have in common, for whoever watches the run. */
import type { GenerationStatistics } from '#selfplay/run/run-files.ts';
import type { SelfPlayGame } from '#selfplay/shards/self-play-game.ts';
import { entropy } from '../entropy.ts';

type GameFigures = Pick<
  GenerationStatistics,
  | 'games'
  | 'moves'
  | 'positions'
  | 'meanLength'
  | 'blackWins'
  | 'draws'
  | 'resignations'
  | 'playedOn'
  | 'falseResignations'
  | 'surprise'
  | 'policyEntropy'
>;

/** @param resignBelow of these games. */
export function gameFigures(games: readonly SelfPlayGame[], resignBelow: number): GameFigures {
  const count = (is: (game: SelfPlayGame) => boolean): number => games.filter(is).length;
  const positions = games.flatMap((game) => game.positions);
  const moves = games.reduce((sum, game) => sum + game.moves.length, 0);
  const mean = (sum: number, of: number): number => (of === 0 ? 0 : sum / of);
  return {
    games: games.length,
    moves,
    positions: positions.length,
    meanLength: mean(moves, games.length),
    blackWins: count((game) => game.outcomeBlack === 1),
    draws: count((game) => game.outcomeBlack === 0),
    resignations: count((game) => game.end === 'resignation'),
    playedOn: count((game) => game.playedOn),
    falseResignations: count((game) => game.playedOn && game.winnersLowest < resignBelow),
    surprise: mean(
      positions.reduce((sum, position) => sum + position.surprise, 0),
      positions.length,
    ),
    policyEntropy: mean(
      positions.reduce((sum, position) => sum + entropy(position.policy), 0),
      positions.length,
    ),
  };
}
