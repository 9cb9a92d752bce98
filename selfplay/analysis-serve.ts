/** The analysis engine between two streams, until the end of the input or an interruption. */
import type { Readable } from 'node:stream';
import type { AnalysisEngine } from './analysis-engine.ts';
import { LineInput, type Line } from './line-input.ts';

/** Characters of a line at most. A query about every turn of a game of a thousand moves has 20,000. Our choice. */
const MAX_LINE_CHARS = 1 << 20;

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
  const quitting = new Promise<void>((resolve) => {
    if (quit.aborted) resolve();
    else quit.addEventListener('abort', () => resolve(), { once: true });
  });
  const { promise: ended, resolve: onEnd } = Promise.withResolvers<void>();
  const onLine = ({ text, isCut }: Line): void => {
    if (isCut) engine.refuse(`The line is longer than ${MAX_LINE_CHARS} characters`);
    else engine.handle(text);
  };
  const lines = new LineInput(input, MAX_LINE_CHARS, { onLine, onEnd });
  try {
    await Promise.race([ended, quitting]);
    if (waits) await Promise.race([engine.whenIdle(), quitting]);
  } finally {
    lines.close();
    engine.close();
  }
}
