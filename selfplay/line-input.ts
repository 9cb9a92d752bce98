/** The lines of an input as they come, each to a limit: what a line has beyond it is thrown away as it is read. */
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

export type Line = {
  /** Without its end; only the beginning, `maxChars` long, where the line is cut. */
  readonly text: string;
  readonly isCut: boolean;
};

/** Cuts bytes into the lines of their UTF-8 text, which end in "\n" and may hold "\r". */
export class LineSplitter {
  private readonly maxChars: number;
  private readonly decoder = new StringDecoder('utf8');
  private text = '';
  /** Whether the line under way has been given out, so that the rest of it is passed over. */
  private isPastLimit = false;

  constructor(maxChars: number) {
    this.maxChars = maxChars;
  }

  /** The lines that `bytes` end; one that is too long at once, not only at its end. */
  push(bytes: Buffer): Line[] {
    return this.add(this.decoder.write(bytes));
  }

  /** The last line, where no end of a line follows it. */
  end(): Line[] {
    const lines = this.add(this.decoder.end());
    if (this.text !== '') lines.push({ text: this.text, isCut: false });
    this.text = '';
    return lines;
  }

  private add(text: string): Line[] {
    const lines: Line[] = [];
    for (let from = 0, end = 0; end >= 0; from = end + 1) {
      end = text.indexOf('\n', from);
      const part = text.slice(from, end < 0 ? text.length : end);
      if (!this.isPastLimit) {
        // No more than the limit is ever kept, however much comes at once.
        this.isPastLimit = this.text.length + part.length > this.maxChars;
        this.text += part.slice(0, this.maxChars - this.text.length);
        if (this.isPastLimit || end >= 0) {
          lines.push({ text: this.text, isCut: this.isPastLimit });
          this.text = '';
        }
      }
      if (end >= 0) this.isPastLimit = false;
    }
    return lines;
  }
}

export type LineListener = {
  readonly onLine: (line: Line) => void;
  /** After the last line, or `close`. */
  readonly onEnd: () => void;
};

/** Reads an input to its end, or until it is closed. */
export class LineInput {
  private readonly input: Readable;
  private readonly splitter: LineSplitter;
  private readonly listener: LineListener;
  private isClosed = false;

  constructor(input: Readable, maxChars: number, listener: LineListener) {
    this.input = input;
    this.splitter = new LineSplitter(maxChars);
    this.listener = listener;
    input.on('data', this.onData).on('end', this.onEnd).on('close', this.close);
  }

  /** No lines come until `resume`, but for those of the chunk that is being read. */
  pause(): void {
    this.input.pause();
  }

  resume(): void {
    if (!this.isClosed) this.input.resume();
  }

  readonly close = (): void => {
    if (this.isClosed) return;
    this.isClosed = true;
    this.input.off('data', this.onData).off('end', this.onEnd).off('close', this.close).pause();
    this.listener.onEnd();
  };

  private readonly onData = (chunk: Buffer | string): void => {
    for (const line of this.splitter.push(Buffer.from(chunk))) {
      if (this.isClosed) return;
      this.listener.onLine(line);
    }
  };

  private readonly onEnd = (): void => {
    for (const line of this.splitter.end()) this.listener.onLine(line);
    this.close();
  };
}
