/** How strong the new net is: matches against anchors and past nets, the ladder they make, and the best net promoted. */
import { existsSync, readFileSync } from 'node:fs';
import { writeFileAtomically } from '#nets/atomic-file.ts';
import type { RatedMatch, Ratings } from '#selfplay/run/run-files.ts';
import { defaultAnchors } from '#selfplay/rating/anchors.ts';
import type { Anchor } from '#selfplay/rating/anchors.ts';
import { tally } from '#selfplay/rating/judge-request.ts';
import type { JudgePlayer, JudgeSetting, JudgedGame } from '#selfplay/rating/judge-request.ts';
import { chooseOpponents } from '#selfplay/rating/opponents.ts';
import { generationOfName, netName, rateMatches } from '#selfplay/rating/rating-book.ts';
import type { SelfPlayPool } from '#selfplay/zero/pool.ts';
import type { ZeroConfig } from './config.ts';
import type { RunProgress } from './progress.ts';
import type { ZeroFolder } from './zero-folder.ts';

/** Random moves before the players take over, so that games differ: `tengen match`'s. */
const OPENING_PLIES = 2;

export type JudgeOptions = {
  readonly config: ZeroConfig;
  readonly folder: ZeroFolder;
  readonly pool: SelfPlayPool;
  readonly progress: RunProgress;
  readonly onMatch: (match: RatedMatch) => void;
  /** Told of the ladder after the matches of a net. */
  readonly onRatings: (ratings: Ratings) => void;
  readonly onNote: (sentence: string) => void;
  readonly signal: AbortSignal;
};

/**
 * Plays what is still to be played of the matches of the net that generation `generation` will play with, if one is due
 * and the gate has not kept one that was judged, and promotes the best net: the strongest by rating
 * where nets are judged, otherwise the newest.
 * @throws Error where the matches of the run cannot be read.
 */
export async function judgeNet(options: JudgeOptions, generation: number): Promise<void> {
  const { config, folder, pool, progress, onMatch, onRatings, onNote, signal } = options;
  const { every, games, visits } = config.judge;
  const isLast = generation === config.generations;
  if (every === 0 || (generation % every !== 0 && !isLast)) {
    if (every === 0 || !existsSync(folder.netPath)) promote(folder, generation);
    return;
  }
  const setting = settingOf(config, generation);
  const anchors = await defaultAnchors(setting.size, setting.rules);
  const all = folder.matches();
  if (typeof all === 'string') throw new Error(all);
  if (knownAs(folder, generation, all) !== generation) return;
  // Of those before, so that a judgement that was interrupted goes on with the same opponents.
  const before = rateMatches(all.filter((match) => match.generation < generation));
  const chosen = chooseOpponents({
    generation,
    every,
    ratings: before,
    anchors: anchors.map(({ name }) => name),
    hasNet: (other) => existsSync(folder.netOf(other)),
  });
  const opponents = new Set(
    chosen.map((name) => {
      const other = generationOfName(name);
      return other === null ? name : netName(knownAs(folder, other, all));
    }),
  );
  progress.enter('judging');
  const first = netName(generation);
  for (const second of opponents) {
    if (all.some((match) => match.generation === generation && match.second === second)) continue;
    const opponent = playerOf(second, anchors, folder);
    const playing = pool.judge({
      first: { kind: 'net', path: folder.netOf(generation) },
      second: opponent,
      games,
      ...setting,
      visits,
      signal,
      onLive: progress.live,
      onAlarm: onNote,
    });
    // A program of others that fails ends no run.
    const played = await (opponent.kind === 'gtp' ? orNothing(playing, second, onNote) : playing);
    if (signal.aborted) return;
    if (played === null) continue;
    const match = { generation, first, second, ...tally(played), runSeconds: progress.runSeconds() };
    folder.appendMatch(match);
    all.push(match);
    onMatch(match);
  }
  const ratings = rateMatches(all);
  folder.writeRatings(ratings);
  onRatings(ratings);
  promote(folder, generationOfName(ratings.best ?? first) ?? generation);
}

/**
 * Where the run has a gate: the net that generation `generation + 1` is to play with has to beat the one of `generation`,
 * or that plays on. Done again after an interruption it comes to the same.
 */
export async function passGate(
  { config, folder, pool, progress, onNote, signal }: JudgeOptions,
  generation: number,
): Promise<void> {
  const { gate, games, visits } = config.judge;
  if (gate === 0) return;
  const [candidate, current] = [folder.netOf(generation + 1), folder.netOf(generation)];
  // It has not passed before an interruption.
  if (isSameNet(folder, generation, generation + 1)) return;
  progress.enter('judging');
  const played = await pool.judge({
    first: { kind: 'net', path: candidate },
    second: { kind: 'net', path: current },
    ...settingOf(config, generation),
    games,
    visits,
    signal,
    onLive: progress.live,
    onAlarm: onNote,
  });
  if (signal.aborted) return;
  const points = played.reduce((sum, game) => sum + game.points, 0);
  if (points >= gate * games) return;
  writeFileAtomically(candidate, readFileSync(current));
  const [playing] = sameNets(folder, generation);
  onNote(
    `${netName(generation + 1)} did not pass (${points}-${games - points}); ${netName(playing)} plays on`,
  );
}

/** Whether both nets are there and one is the other, kept by the gate: what is learned differs, if only in its provenance. */
function isSameNet(folder: ZeroFolder, one: number, other: number): boolean {
  const [first, second] = [folder.netOf(one), folder.netOf(other)];
  return existsSync(first) && existsSync(second) && readFileSync(first).equals(readFileSync(second));
}

/** The generations up to this one that play with its net, from the first on. */
function sameNets(folder: ZeroFolder, generation: number): number[] {
  const same = [generation];
  while (isSameNet(folder, same[0] - 1, generation)) same.unshift(same[0] - 1);
  return same;
}

/** The generation whose name the net of this one has on the ladder: of those that play with it the first that was judged. */
function knownAs(folder: ZeroFolder, generation: number, matches: readonly RatedMatch[]): number {
  const isJudged = (other: number): boolean => matches.some((match) => match.generation === other);
  return sameNets(folder, generation).find(isJudged) ?? generation;
}

/** The games, or null and a note where the opponent failed. */
function orNothing(
  playing: Promise<JudgedGame[]>,
  opponent: string,
  onNote: (sentence: string) => void,
): Promise<JudgedGame[] | null> {
  return playing.catch((error: unknown) => {
    onNote(`The match against ${opponent} is left out: ${(error as Error).message}`);
    return null;
  });
}

/** On what the nets of a run are compared: its first board and rules. */
function settingOf(
  { selfPlay, seed }: ZeroConfig,
  generation: number,
): Pick<JudgeSetting, 'size' | 'komi' | 'rules' | 'seed' | 'openingPlies'> {
  const { size, komi } = selfPlay.boards[0];
  return { size, komi, rules: selfPlay.rules[0], seed: seed + generation, openingPlies: OPENING_PLIES };
}

function playerOf(name: string, anchors: readonly Anchor[], folder: ZeroFolder): JudgePlayer {
  const generation = generationOfName(name);
  if (generation !== null) return { kind: 'net', path: folder.netOf(generation) };
  const anchor = anchors.find((each) => each.name === name);
  if (anchor === undefined) throw new Error(`internal: no opponent ${name}`);
  return anchor.player;
}

/** Makes the net of a generation the one to use. */
function promote(folder: ZeroFolder, generation: number): void {
  writeFileAtomically(folder.netPath, readFileSync(folder.netOf(generation)));
}
