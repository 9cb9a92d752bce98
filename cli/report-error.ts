/** Whatever was thrown as one sentence on stderr and an exit code. */
import { inspect } from 'node:util';
import { CliError, EXIT, printable } from './common.ts';

/** What the system's refusals mean to people; the files named are input, what the machine lacks is not. */
const SYSTEM_ERRORS: Readonly<Record<string, readonly [sentence: string, exitCode: number]>> = {
  ENOENT: ['there is no such file or folder', EXIT.badInput],
  EACCES: ['access is denied', EXIT.badInput],
  EPERM: ['this is not permitted', EXIT.badInput],
  EISDIR: ['this is a folder, not a file', EXIT.badInput],
  ENOTDIR: ['a part of this path is a file, not a folder', EXIT.badInput],
  EEXIST: ['something else is there already', EXIT.badInput],
  ENAMETOOLONG: ['the name is too long', EXIT.badInput],
  ELOOP: ['the symbolic links go in a circle', EXIT.badInput],
  ENOSPC: ['the disk is full', EXIT.unavailable],
  EDQUOT: ['the disk quota is used up', EXIT.unavailable],
  EFBIG: ['the file may not grow further', EXIT.unavailable],
  EROFS: ['the file system is read-only', EXIT.unavailable],
  EMFILE: ['too many files are open', EXIT.unavailable],
  EIO: ['the device failed', EXIT.unavailable],
};

function systemError(error: unknown): (typeof SYSTEM_ERRORS)[string] | undefined {
  return SYSTEM_ERRORS[(error as NodeJS.ErrnoException | null)?.code ?? ''];
}

/** One sentence; the system's refusals begin with the path where one is known. */
export function explain(error: unknown): string {
  const known = systemError(error);
  if (known === undefined) return error instanceof Error ? error.message : String(error);
  const { code, path } = error as NodeJS.ErrnoException;
  return `${path === undefined ? '' : `${path}: `}${known[0]} (${code})`;
}

export function exitCodeOf(error: unknown): number {
  return error instanceof CliError ? error.exitCode : (systemError(error)?.[1] ?? EXIT.failure);
}

/** Prints the error as one sentence; a bug, or any error where TENGEN_DEBUG is set, says more on the next lines. */
export function printError(error: unknown): void {
  const sentence = printable(explain(error));
  // What the code foresees it throws as an Error with a sentence; a TypeError, say, it does not.
  const isBug = sentence.startsWith('internal:') || !(error instanceof Error) || error.name !== 'Error';
  process.stderr.write(`tengen: ${sentence}${/[.!?]$/.test(sentence) ? '' : '.'}\n`);
  if (process.env.TENGEN_DEBUG) process.stderr.write(`${inspect(error)}\n`);
  else if (isBug && systemError(error) === undefined)
    process.stderr.write(
      'This is a bug in Tengen; run the command again with TENGEN_DEBUG=1 to see where.\n',
    );
}
