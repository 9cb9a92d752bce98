/** What the terminal shows of a self-play run. */
import type { GenerationStatistics, LiveRun, Ratings } from '#selfplay/run/run-files.ts';
import { RANDOM_NAME } from '#selfplay/rating/rating-book.ts';
import { difference } from '#training/config-tree.ts';
import { ZeroConfig } from '#training/zero/config.ts';
import { PRESET } from '#training/zero/presets.ts';
import type { PresetName } from '#training/zero/presets.ts';
import { timeLeft } from '../progress.ts';

/** What a new run is, as far as its preset says it; whose teacher it has is not for a preset to say. */
export function aboutText(preset: PresetName, config: ZeroConfig): string {
  const { about, config: given } = PRESET[preset];
  const { commit, backend, teacher } = config;
  const field = difference({ ...ZeroConfig.parse(given), commit, backend, teacher }, config);
  return field === null
    ? about
    : `as preset ${preset}, but for ${field} and what else is given; the time left is told from the first games on`;
}

/** A finished generation. @param loss of the last steps; null where there were none yet. */
export function generationText(line: GenerationStatistics, loss: number | null): string {
  const percent = (part: number): string => `${Math.round((100 * part) / line.games)}%`;
  return [
    `generation ${line.generation}:`,
    `${line.games} games of ${line.meanLength.toFixed(0)} moves in ${line.seconds.toFixed(0)} s,`,
    `Black won ${percent(line.blackWins)}, ${percent(line.resignations)} resigned,`,
    `surprise ${line.surprise.toFixed(2)},`,
    ...(loss === null ? [] : [`loss ${loss.toFixed(3)},`]),
    `${Math.round(line.evaluations / line.seconds)} evaluations/s`,
  ].join(' ');
}

/** Where the newest net stands on the ladder; null where none has played. */
export function ratingText({ players }: Ratings): string | null {
  const [newest] = players.toSorted((a, b) => (b.generation ?? -1) - (a.generation ?? -1));
  if (newest === undefined) return null;
  const others = players.filter((player) => player !== newest);
  const zero = others.find(({ name }) => name === RANDOM_NAME) ?? others.find((player) => player.elo === 0);
  const { name, elo, anchorMargin } = newest;
  if (zero === undefined || anchorMargin === undefined) return `${name}: Elo ${Math.round(elo)}`;
  const [low, high] = [elo - anchorMargin, elo + anchorMargin].map(Math.round);
  return `${name}: Elo ${Math.round(elo)} over ${zero.name} (95%: ${low} to ${high})`;
}

/** What happens now. @param loss as of `generationText`. */
export function progressText(live: LiveRun, loss: number | null): string {
  const { generation, generations, gamesDone, gamesTotal, stepsDone, stepsTotal, etaSeconds } = live;
  return [
    `generation ${generation}${generations === null ? '' : `/${generations}`}`,
    `${live.state === 'playing' ? '' : `${live.state}  `}games ${gamesDone}/${gamesTotal}`,
    `steps ${stepsDone}/${stepsTotal}`,
    `${live.gamesPerSecond.toFixed(1)} games/s`,
    `${Math.round(live.positionsPerSecond)} positions/s`,
    `${Math.round(live.evaluationsPerSecond)} evaluations/s`,
    `batch ${live.batchFill.toFixed(0)}`,
    ...(loss === null ? [] : [`loss ${loss.toFixed(3)}`]),
    ...(etaSeconds === null ? [] : [timeLeft(etaSeconds)]),
  ].join('  ');
}
