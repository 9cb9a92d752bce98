/** What every command shares: the version, exit codes, number options with readable refusals, and output for people or machines. */
import { readFileSync } from 'node:fs';
import { InvalidArgumentError } from 'commander';

/** Of this package. */
export const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

export const EXIT = { ok: 0, failure: 1, usage: 2, badInput: 3, unavailable: 4, interrupted: 130 } as const;

/** An error that is the user's to mend: printed as one sentence, without a stack. */
export class CliError extends Error {
  readonly exitCode: number;

  constructor(exitCode: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

const REFUSED = {
  usage: EXIT.usage,
  'bad-net': EXIT.badInput,
  'no-provider': EXIT.unavailable,
  'no-engine': EXIT.unavailable,
} as const;

/** Why something cannot be begun, in a sentence. */
type Refusal = { readonly ok: false; readonly reason: keyof typeof REFUSED; readonly message: string };

/** @throws CliError with the exit code of the reason. */
export function refuse({ reason, message }: Pick<Refusal, 'reason' | 'message'>): never {
  throw new CliError(REFUSED[reason], message);
}

/** The player or net that was opened. @throws CliError where none was. */
export function requireOpened<Result extends { readonly ok: true } | Refusal>(
  result: Result,
): Extract<Result, { readonly ok: true }> {
  return result.ok ? (result as Extract<Result, { readonly ok: true }>) : refuse(result);
}

/** A commander argument parser for whole numbers in [min, max]. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isInteger(value) || value < min || value > max)
      throw new InvalidArgumentError(`Give a whole number from ${min} to ${max}.`);
    return value;
  };
}

/** A commander argument parser for numbers in [min, max]. */
export function realNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isFinite(value) || value < min || value > max)
      throw new InvalidArgumentError(`Give a number from ${min} to ${max}.`);
    return value;
  };
}

/** A commander argument parser for the path of a file or folder. */
export function filePath(text: string): string {
  if (text === '') throw new InvalidArgumentError('Give a path.');
  // Commander hands on whatever follows an option that wants a value, other options too.
  if (text.startsWith('-'))
    throw new InvalidArgumentError(`Give a path before the next option; a file of that name is ./${text}.`);
  return text;
}

/** A commander argument parser for options with several paths. */
export function filePaths(text: string, before: string[] = []): string[] {
  return [...before, filePath(text)];
}

/** Text of unknown origin for a terminal: control characters, which could command it, become visible escapes. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

/** Prints `value` as one JSON object when `json` is set, else the text made for people. */
export function emit(json: boolean | undefined, value: unknown, text: () => string): void {
  process.stdout.write(`${json === true ? JSON.stringify(value) : text()}\n`);
}

/** Says on stderr that records are not read, and why. */
export function tellLeftOut(count: number, reason: string): void {
  process.stderr.write(`left out ${count} ${count === 1 ? 'record' : 'records'}: ${reason}\n`);
}

/** A commander argument parser for "0-4" or "3,5,8". */
export function parseClasses(text: string): number[] {
  const isLabel = (label: number): boolean => Number.isInteger(label) && label >= 0 && label < 256;
  const [, ...ends] = /^(\d+)-(\d+)$/.exec(text) ?? [];
  const [from, to] = ends.map(Number);
  const isRange = ends.length > 0 && isLabel(from) && isLabel(to) && from <= to;
  const classes = isRange
    ? Array.from({ length: to - from + 1 }, (_, i) => from + i)
    : text.split(',').map(Number);
  if (classes.length < 2 || !classes.every(isLabel) || new Set(classes).size < classes.length)
    throw new InvalidArgumentError('Give two or more labels from 0 to 255, each once, such as 0-4 or 3,5,8.');
  return classes;
}
