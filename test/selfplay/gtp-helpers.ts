/** A GTP engine for tests whose player costs nothing, and a controller that speaks to it line by line. */
import type { Position } from '#engine/go/position.ts';
import { makeRng } from '#engine/go/random.ts';
import { NET_SEARCH } from '#engine/search/parameters.ts';
import { makeRules } from '#engine/go/rules.ts';
import type { GtpChannel } from '#selfplay/gtp-command.ts';
import { gameOf } from '#selfplay/search-game.ts';
import type { KataModel } from '#selfplay/kata-models.ts';
import { GtpEngine } from '#selfplay/gtp-engine.ts';
import type { GtpEngineOptions, GtpNet } from '#selfplay/gtp-session.ts';
import { findings } from './fake-analyser.ts';

type Player = GtpEngineOptions['player'];

/** Plays the first legal point that is not pass. */
export const firstPoint: Player = {
  genMove: (position) => Promise.resolve({ move: position.legalMoves()[0] }),
};

/** Searches 20 visits at once, reports them once, and has nothing to add when it is stopped. */
export const searcher: Required<Player> = {
  genMove: async (position, options) => {
    const stats = await searcher.analyse(position, options);
    return { move: stats.move, stats };
  },
  analyse: (position, { visits = 20, onReport }) => {
    const analysis = findings(gameOf(position), visits);
    onReport?.(analysis);
    return Promise.resolve(analysis);
  },
};

/** A net that likes points in their order, and sees every symmetry a little better for White. */
const rawOpinions: GtpNet['rawOpinions'] = ({ board }, symmetries) =>
  Promise.resolve(
    symmetries.map((symmetry) => ({
      evaluation: {
        policyLogits: Float32Array.from({ length: board.area + 1 }, (_, move) => -move / 4),
        valueToPlay: symmetry / 8,
        scoreToPlay: symmetry,
        scoreStdev: NaN,
        ownershipToPlay: new Float32Array(board.area).fill(symmetry / 8),
      },
      heads: null,
    })),
  );

export const MODEL: KataModel = {
  name: '/nets/a.safetensors',
  internalName: 'a.safetensors',
  maxBatchSize: 32,
  usesHumanSLProfile: false,
  version: 15,
  usingFP16: 'false',
};

/** Every stone owns its point, and nobody the others. */
function ownershipOfStones(position: Position): Promise<Float32Array> {
  return Promise.resolve(Float32Array.from(position.board.stones, (stone) => [0, 1, -1][stone]));
}

export function makeEngine(options: Partial<GtpEngineOptions> = {}): GtpEngine {
  return new GtpEngine({
    player: firstPoint,
    name: 'Tengen',
    version: '1',
    size: 9,
    rules: makeRules('chinese', { komi: 7 }),
    rng: makeRng(1),
    now: () => 0,
    ownershipBlack: ownershipOfStones,
    ...options,
  });
}

/** An engine with every command there is. */
export function makeFullEngine(options: Partial<GtpEngineOptions> = {}): GtpEngine {
  const search = { visits: 20, parameters: { ...NET_SEARCH, rootSymmetryPruning: false } };
  return makeEngine({
    player: searcher,
    net: { models: () => [MODEL], rawOpinions },
    search,
    ...options,
  });
}

/** Where the controller has sent its next line before it reads, and never hurries. */
function channelTo(write: (text: string) => void): GtpChannel {
  return {
    write,
    isBehind: () => false,
    nextLine: AbortSignal.abort(),
    stop: new AbortController().signal,
    interrupt: new AbortController().signal,
  };
}

/** All that the engine writes to one line, without the final empty line; null where that is nothing. */
export async function answerTo(engine: GtpEngine, line: string): Promise<string | null> {
  let written = '';
  const reply = await engine.handle(
    line,
    channelTo((text) => (written += text)),
  );
  return reply === null ? null : (written + reply.text).trimEnd();
}

/** The answers to the lines. */
export async function talk(engine: GtpEngine, ...lines: string[]): Promise<string[]> {
  const answers: string[] = [];
  for (const line of lines) answers.push((await answerTo(engine, line)) ?? '(nothing)');
  return answers;
}
