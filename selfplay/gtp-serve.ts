/** Lines in, answers out, one at a time, until `quit` or the end of the input. */
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { GtpEngine } from './gtp-engine.ts';

/** Resolves when the controller has quit or closed its end, with everything answered. */
export async function serveGtp(engine: GtpEngine, input: Readable, output: Writable): Promise<void> {
  for await (const line of createInterface({ input, terminal: false })) {
    const reply = await engine.handle(line);
    if (reply === null) continue;
    await new Promise<void>((resolve) => output.write(reply.text, () => resolve()));
    if (reply.quit) return;
  }
}
