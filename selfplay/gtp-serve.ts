/** Lines in, answers out, one at a time, while further lines are already read: they end an analysis, and `quit` ends everything. */
import type { Readable, Writable } from 'node:stream';
import { formatFailure, parseCommand } from '#engine/record/gtp.ts';
import type { GtpEngine, GtpReply } from './gtp-engine.ts';
import { LineInput, type Line } from './line-input.ts';

/** How long a command may still take once the controller wants to leave, in milliseconds. Our choice: a player of a few thousand visits is not cut short where a script ends in `quit`. */
const LEAVE_MS = 5000;
/** Characters of a line at most; every point of 25x25 to be avoided by name takes 3000. Our choice. */
const MAX_LINE_CHARS = 1 << 16;
/** Lines read ahead of their answers, and their characters; no more are read until those are fewer. Our choice. */
const MAX_WAITING = 4096;
const MAX_WAITING_CHARS = 1 << 20;

/** GoGui's way to say that it waits no longer for what it has asked; a comment, which gets no answer. */
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
      const [stop, interrupt] = [new AbortController(), new AbortController()];
      let timer: NodeJS.Timeout | undefined;
      const leave = (): void => {
        timer = setTimeout(() => stop.abort(), leaveMs);
      };
      reader.onInterrupt = () => interrupt.abort();
      if (line.isInterrupted) interrupt.abort();
      if (reader.leaving.aborted) leave();
      else reader.leaving.addEventListener('abort', leave, { once: true });
      const channel = {
        write: (text: string) =>
          void isWritten(text).then((isRead) => {
            if (isRead) return;
            stop.abort();
            reader.close();
          }),
        isBehind: () => output.writableNeedDrain,
        nextLine: reader.waiting(),
        stop: stop.signal,
        interrupt: interrupt.signal,
      };
      const reply = line.isCut ? refusal(line.text) : await engine.handle(line.text, channel);
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

/** What is answered to a line of which only the beginning is there; nothing where that is a comment. */
function refusal(beginning: string): GtpReply | null {
  const command = parseCommand(beginning);
  if (command === null) return null;
  return {
    text: formatFailure(command.id, `the line is longer than ${MAX_LINE_CHARS} characters`),
    quit: false,
  };
}

/** A line, and whether its answer was waited for no longer when it was still to be handled. */
type ReadLine = Line & { isInterrupted: boolean };

/** The lines of an input, read ahead as they come. */
class LineReader {
  /** Called when the controller waits no longer for the answer to the line handled last. */
  onInterrupt: () => void = () => undefined;
  private readonly lines: ReadLine[] = [];
  private waitingChars = 0;
  private readonly input: LineInput;
  private isEnded = false;
  private arrived = new AbortController();
  private readonly left = new AbortController();

  constructor(input: Readable) {
    this.input = new LineInput(input, MAX_LINE_CHARS, {
      onLine: (line) => {
        if (INTERRUPT.test(line.text)) this.interrupt();
        this.lines.push({ ...line, isInterrupted: false });
        this.waitingChars += line.text.length;
        if (!line.isCut && parseCommand(line.text)?.name === 'quit') this.left.abort();
        if (this.lines.length >= MAX_WAITING || this.waitingChars >= MAX_WAITING_CHARS) this.input.pause();
        this.arrived.abort();
      },
      onEnd: () => {
        this.isEnded = true;
        this.left.abort();
        this.arrived.abort();
      },
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

  /** Means whatever was read before. */
  private interrupt(): void {
    this.onInterrupt();
    for (const line of this.lines) line.isInterrupted = true;
  }

  /** Null after the last. */
  async next(): Promise<ReadLine | null> {
    const signal = this.waiting();
    if (!signal.aborted)
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    const line = this.lines.shift();
    this.waitingChars -= line?.text.length ?? 0;
    if (this.lines.length < MAX_WAITING / 2 && this.waitingChars < MAX_WAITING_CHARS / 2) this.input.resume();
    return line ?? null;
  }

  close(): void {
    this.input.close();
  }
}
