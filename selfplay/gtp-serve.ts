/** Lines in, answers out, one at a time, until `quit` or the end of the input. */
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { GtpEngine } from './gtp-engine.ts';

/** Resolves when the controller has quit or ended the input, with everything answered, or no longer reads. */
export async function serveGtp(engine: GtpEngine, input: Readable, output: Writable): Promise<void> {
  const lines = createInterface({ input, terminal: false });
  try {
    for await (const line of lines) {
      const reply = await engine.handle(line);
      if (reply === null) continue;
      const isRead = await new Promise<boolean>((resolve) =>
        output.write(reply.text, (error) => resolve(error === null || error === undefined)),
      );
      if (reply.quit || !isRead) return;
    }
  } finally {
    // Leaving the loop does not: an input still open would keep the process.
    lines.close();
  }
}
