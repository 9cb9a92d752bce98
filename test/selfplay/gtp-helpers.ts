/** A GTP engine for tests whose player costs nothing, and a controller that speaks to it line by line. */
import type { Position } from '#engine/go/position.ts';
import { makeRng } from '#engine/go/random.ts';
import { makeRules } from '#engine/go/rules.ts';
import type { GtpChannel } from '#selfplay/gtp-command.ts';
import { GtpEngine } from '#selfplay/gtp-engine.ts';
import type { GtpEngineOptions } from '#selfplay/gtp-session.ts';

/** Plays the first legal point that is not pass. */
export const firstPoint: GtpEngineOptions['player'] = {
  genMove: (position) => Promise.resolve({ move: position.legalMoves()[0] }),
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

/** Where the controller has sent its next line before it reads, and never hurries. */
function channelTo(write: (text: string) => void): GtpChannel {
  return {
    write,
    isBehind: () => false,
    nextLine: AbortSignal.abort(),
    stop: new AbortController().signal,
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
