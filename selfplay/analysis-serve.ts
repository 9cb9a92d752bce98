/** The analysis engine between two streams, until the end of the input or an interruption. */
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { AnalysisEngine } from './analysis-engine.ts';

/**
 * Resolves at the end of the input with everything answered, or as soon as `quit` aborts or nobody reads the answers.
 * @param waits false ends what is under way when the input ends.
 */
export async function serveAnalysis(
  engine: AnalysisEngine,
  input: Readable,
  waits: boolean,
  quit: AbortSignal,
): Promise<void> {
  const lines = createInterface({ input, terminal: false });
  const onQuit = (): void => lines.close();
  quit.addEventListener('abort', onQuit, { once: true });
  try {
    if (!quit.aborted) for await (const line of lines) engine.handle(line);
    if (waits && !quit.aborted)
      await Promise.race([
        engine.whenIdle(),
        new Promise<void>((resolve) => quit.addEventListener('abort', () => resolve(), { once: true })),
      ]);
  } finally {
    quit.removeEventListener('abort', onQuit);
    lines.close();
    engine.close();
  }
}
