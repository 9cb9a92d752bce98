/** Lines in, answers out, one at a time, while further lines are already read: they end an analysis, and `quit` ends everything. */
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { parseCommand } from '#engine/record/gtp.ts';
import type { GtpEngine } from './gtp-engine.ts';

/** How long a command may still take once the controller wants to leave, in milliseconds. Our choice: a player of a few thousand visits is not cut short where a script ends in `quit`. */
const LEAVE_MS = 5000;
/** Lines read ahead of their answers; no more are read until those are fewer. Our choice. */
const MAX_WAITING = 4096;

/** GoGui's way to say that it waits no longer; a comment, which gets no answer. */
const INTERRUPT = /^# *interrupt\s*$/;

/**
 * Resolves when the controller has quit or ended the input, with everything answered, or no longer reads.
 * @param leaveMs how long each command may take once `quit` or the end of the input has been read.
 */
export async function serveGtp(
  engine: GtpEngine,
  input: Readable,
  output: Writable,
  leaveMs = LEAVE_MS,
): Promise<void> {
  const reader = new LineReader(input);
  const isWritten = (text: string): Promise<boolean> =>
    new Promise((resolve) => output.write(text, (error) => resolve(error === null || error === undefined)));
  try {
    for (let line = await reader.next(); line !== null; line = await reader.next()) {
      const stop = new AbortController();
      let timer: NodeJS.Timeout | undefined;
      const leave = (): void => {
        timer = setTimeout(() => stop.abort(), leaveMs);
      };
      reader.onInterrupt = () => stop.abort();
      if (reader.leaving.aborted) leave();
      else reader.leaving.addEventListener('abort', leave, { once: true });
      const reply = await engine.handle(line, {
        write: (text) =>
          void isWritten(text).then((isRead) => {
            if (isRead) return;
            stop.abort();
            reader.close();
          }),
        isBehind: () => output.writableNeedDrain,
        nextLine: reader.waiting(),
        stop: stop.signal,
      });
      clearTimeout(timer);
      reader.leaving.removeEventListener('abort', leave);
      if (reply === null) continue;
      if (!(await isWritten(reply.text)) || reply.quit) return;
    }
  } finally {
    // An input still open would keep the process.
    reader.close();
    await engine.close();
  }
}

/** The lines of an input, read as they come. */
class LineReader {
  /** Called when the controller waits no longer for the answer to the line read last. */
  onInterrupt: () => void = () => undefined;
  private readonly lines: string[] = [];
  private readonly reading;
  private isEnded = false;
  private arrived = new AbortController();
  private readonly left = new AbortController();

  constructor(input: Readable) {
    this.reading = createInterface({ input, terminal: false });
    this.reading.on('line', (line) => {
      if (INTERRUPT.test(line)) this.onInterrupt();
      this.lines.push(line);
      if (parseCommand(line)?.name === 'quit') this.left.abort();
      if (this.lines.length >= MAX_WAITING) this.reading.pause();
      this.arrived.abort();
    });
    this.reading.on('close', () => {
      this.isEnded = true;
      this.left.abort();
      this.arrived.abort();
    });
  }

  /** Aborts once a `quit` or the end of the input has been read. */
  get leaving(): AbortSignal {
    return this.left.signal;
  }

  /** Aborts once there is a next line, or will be none. */
  waiting(): AbortSignal {
    if (this.lines.length === 0 && !this.isEnded && this.arrived.signal.aborted)
      this.arrived = new AbortController();
    return this.arrived.signal;
  }

  /** Null after the last. */
  async next(): Promise<string | null> {
    const signal = this.waiting();
    if (!signal.aborted)
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    const line = this.lines.shift();
    if (this.lines.length < MAX_WAITING / 2 && !this.isEnded) this.reading.resume();
    return line ?? null;
  }

  close(): void {
    this.reading.close();
  }
}
