/** One game of self-play, from what is drawn for it to what it teaches. */
import { BLACK, WHITE, opponent, signFor } from '#engine/go/color.ts';
import type { Color } from '#engine/go/color.ts';
import { makeRng } from '#engine/go/random.ts';
import { scorePosition } from '#engine/go/scoring.ts';
import type { Move } from '#engine/go/view.ts';
import { stonesOf } from '#engine/record/game-record.ts';
import type { GameMoves } from '#engine/record/game-record.ts';
import type { Evaluator } from '#engine/search/evaluator.ts';
import { mix } from '#engine/search/hash.ts';
import { Search } from '#engine/search/search.ts';
import { isSettled } from '#engine/search/settled.ts';
import type { LiveGame } from '../run/run-files.ts';
import { asRecorded } from '../shards/rounding.ts';
import type { SearchedPosition, SelfPlayGame } from '../shards/self-play-game.ts';
import type { SelfPlayConfig } from './config.ts';
import { drawGame } from './game-draws.ts';
import { cheapSearch, fullSearch } from './move-search.ts';
import { openingMove } from './opening.ts';
import { searchedPosition } from './searched-position.ts';

export type GameSetting = {
  /** Of the run; with generation and index it determines all that is drawn. */
  readonly seed: number;
  readonly generation: number;
  readonly index: number;
  /** SHA-256 of the net's file. */
  readonly net: string;
  /** Win rate below which a side resigns; 0 never. */
  readonly resignBelow: number;
  /** Games whose positions may be started from. */
  readonly starts?: readonly GameMoves[];
  /** Told of the game after each move; what it is told changes as the game goes on. */
  readonly onMove?: (game: LiveGame) => void;
  /** Ends the game: it rejects with the signal's reason. */
  readonly signal?: AbortSignal;
};

/**
 * Plays a game of the evaluator against itself. The same config, setting and answers give the same game, bit for bit.
 * Playout cap randomisation: only moves that are searched in full are learned from (Wu 2019, section 3.1).
 */
export async function playSelfPlayGame(
  evaluator: Evaluator,
  config: SelfPlayConfig,
  setting: GameSetting,
): Promise<SelfPlayGame> {
  const { seed, generation, index, net, onMove, signal } = setting;
  const rng = makeRng(mix(mix(mix(1, seed), generation), index));
  const { start, openingPlies, playOn } = drawGame(config, setting.starts ?? [], rng);
  const { rules, toPlay } = start;
  const { width, height, area } = start.board;
  const setup = { black: stonesOf(start.board, BLACK), white: stonesOf(start.board, WHITE) };
  let position = start;
  const resignBelow = playOn ? 0 : setting.resignBelow;
  const search = new Search(evaluator, fullSearch(config, 0, area, resignBelow));
  const moves: Move[] = [];
  const positions: SearchedPosition[] = [];
  /** The lowest win rate of each side at its own moves, once it might have resigned. */
  const lowest = { [BLACK]: 1, [WHITE]: 1 };
  const live = { index, width, height, setup, blackFirst: toPlay === BLACK, moves };

  const play = (move: Move, winrateBlack: number): void => {
    const played = position.play(move);
    if (!played.ok) throw new Error(`internal: self-play chose move ${move}, which is ${played.reason}`);
    position = played.position;
    moves.push(move);
    onMove?.({ ...live, winrateBlack });
  };

  /** Searches for a move, remembers what is learned from it, and plays it. @returns who resigned, or null. */
  const searchAndPlay = async (): Promise<Color | null> => {
    const isFull = rng.nextFloat() < config.fullShare;
    search.parameters = (isFull ? fullSearch : cheapSearch)(config, moves.length, area, resignBelow);
    const visits = isFull ? config.visits : config.cheapVisits;
    const result = await search.search(position, { visits }, rng.nextInt(2 ** 31));
    const { winrateBlack, rootVisits } = result;
    const mover = position.toPlay;
    const winrate = mover === BLACK ? winrateBlack : 1 - winrateBlack;
    const mayResign = position.moveNumber >= search.parameters.resignAfter * area && rootVisits > 1;
    if (mayResign) lowest[mover] = Math.min(lowest[mover], winrate);
    if (result.move === 'resign') return mover;
    if (isFull || config.recordCheap)
      positions.push(searchedPosition(moves.length, result, config.recordOwnership));
    play(result.move, winrateBlack);
    return null;
  };

  let resigned: Color | null = null;
  let end: SelfPlayGame['end'] | null = null;
  while (end === null) {
    signal?.throwIfAborted();
    if (moves.length < openingPlies)
      play(await openingMove(evaluator, position, config.openingTemperature, rng), 0.5);
    else resigned = await searchAndPlay();
    if (resigned !== null) end = 'resignation';
    else if (position.isOver) end = 'passes';
    else if (isSettled(position)) end = 'settled';
    else if (moves.length >= config.moveLimitShare * area) end = 'move-limit';
  }

  const score = resigned === null ? scorePosition(position) : null;
  const outcomeBlack = Math.sign(score?.scoreBlack ?? signFor(opponent(resigned ?? BLACK))) as -1 | 0 | 1;
  return asRecorded({
    generation,
    index,
    net,
    width,
    height,
    rules,
    setup,
    toPlay,
    moves: Int16Array.from(moves),
    end,
    outcomeBlack,
    scoreBlack: score?.scoreBlack ?? null,
    ownershipBlack: score?.ownership ?? null,
    playedOn: resignBelow === 0,
    winnersLowest: lowestOf(outcomeBlack, lowest),
    positions,
  });
}

/** The lowest win rate of a side that did not lose. */
function lowestOf(outcomeBlack: -1 | 0 | 1, lowest: Readonly<Record<Color, number>>): number {
  if (outcomeBlack === 0) return Math.min(lowest[BLACK], lowest[WHITE]);
  return lowest[outcomeBlack > 0 ? BLACK : WHITE];
}
