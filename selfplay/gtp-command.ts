/** What a command of the GTP engine is: arguments in, an answer out, perhaps with lines on the way. */
import type { Answer } from './gtp-answer.ts';

/** The way to the controller while a command runs. */
export type GtpChannel = {
  readonly write: (text: string) => void;
  /** Whether the controller is behind with reading, so that what can be left out should be. */
  readonly isBehind: () => boolean;
  /** Aborts once the next line, or the end of the input, has been read. */
  readonly nextLine: AbortSignal;
  /** Aborts once the controller leaves, and waits for no more than has been found. */
  readonly stop: AbortSignal;
  /** Aborts once the controller asks for what has been found. */
  readonly interrupt: AbortSignal;
};

/** An answer in the making. */
export type AnswerStream = Pick<GtpChannel, 'nextLine'> & {
  /** Aborts once nobody waits for more than has been found. */
  readonly stop: AbortSignal;
  /** Begins, if that is not done yet, a successful answer whose lines follow one by one. */
  begin(): void;
  /** A line of such an answer, left out where the controller is behind. */
  line(text: string): void;
};

export type Command = (args: readonly string[], stream: AnswerStream) => Answer | Promise<Answer>;

export type Commands = Readonly<Record<string, Command>>;
