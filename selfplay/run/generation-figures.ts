/** What a generation's games say, as the figures people watch. */
import type { GenerationLine } from './run-lines.ts';

/** a / b, or undefined where there is nothing to divide. */
function share(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined || b <= 0 ? undefined : a / b;
}

/** Undefined fields are not known of this generation. */
export type GenerationFigures = {
  readonly policyEntropy: number | undefined;
  readonly surprise: number | undefined;
  /** Moves a game. */
  readonly meanLength: number | undefined;
  /** Of all games, draws counted half. */
  readonly blackWinShare: number | undefined;
  readonly resignationShare: number | undefined;
  /** Winners that would have resigned, of the games played on. */
  readonly falseResignationShare: number | undefined;
  readonly batchFill: number | undefined;
  readonly gamesPerSecond: number | undefined;
  readonly positionsPerSecond: number | undefined;
  readonly evaluationsPerSecond: number | undefined;
};

export function generationFigures(line: GenerationLine): GenerationFigures {
  const { games, seconds } = line;
  const blackPoints = line.blackWins === undefined ? undefined : line.blackWins + (line.draws ?? 0) / 2;
  return {
    policyEntropy: line.policyEntropy,
    surprise: line.surprise,
    meanLength: line.meanLength,
    blackWinShare: share(blackPoints, games),
    resignationShare: share(line.resignations, games),
    falseResignationShare: share(line.falseResignations, line.playedOn),
    batchFill: line.batchFill,
    gamesPerSecond: share(games, seconds),
    positionsPerSecond: share(line.moves, seconds),
    evaluationsPerSecond: share(line.evaluations, seconds),
  };
}
