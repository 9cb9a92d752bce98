/** When to give up: as often as the games that were played on say it would have been right. */
import type { SelfPlayGame } from '#selfplay/shards/self-play-game.ts';

/** Games played on before anybody may resign: with fewer, a share of 5% is a guess. Our choice. */
const ENOUGH_GAMES = 60;
/** Nobody with a better win rate resigns. AlphaGo Zero's thresholds lay near 0.05 (Silver et al. 2017, Methods). */
const HIGHEST = 0.1;

/**
 * The win rate below which a side resigns: the highest at which no more than `falseShare` of the games that were played
 * on would have been given away by their winner, or for a draw; 0, never, while there are too few of these games.
 */
export function resignThreshold(games: Iterable<SelfPlayGame>, falseShare: number): number {
  const lowest: number[] = [];
  for (const game of games) if (game.playedOn) lowest.push(game.winnersLowest);
  if (falseShare === 0 || lowest.length < ENOUGH_GAMES) return 0;
  lowest.sort((a, b) => a - b);
  return Math.min(HIGHEST, lowest[Math.floor(falseShare * lowest.length)] ?? HIGHEST);
}
