/** The lines of the Go Text Protocol, version 2: commands, answers, colours and vertices. https://www.lysator.liu.se/~gunnar/gtp/gtp2-spec-draft2/ */
import { BLACK, WHITE, type Color } from '#engine/go/color.ts';

export type GtpCommand = {
  /** The number before the command, to be repeated in the answer; '' where there is none. */
  readonly id: string;
  readonly name: string;
  readonly args: readonly string[];
};

export type GtpResponse = { readonly ok: boolean; readonly id: string; readonly text: string };

/** Section 3.1: control characters vanish, a tab is a space, and a line ends at "#". */
function preprocess(line: string): string {
  return line
    .replaceAll('\t', ' ')
    .replace(/[^\P{Cc}\n]/gu, '')
    .replace(/#.*/s, '')
    .trim();
}

/** Reads one line; null for a line without a command, which gets no answer. */
export function parseCommand(line: string): GtpCommand | null {
  const [first, ...rest] = preprocess(line).split(/ +/);
  if (first === '') return null;
  const hasId = /^\d+$/.test(first);
  if (hasId && rest.length === 0) return { id: first, name: '', args: [] };
  return hasId ? { id: first, name: rest[0], args: rest.slice(1) } : { id: '', name: first, args: rest };
}

/** One line for a command, as a controller sends it. */
export function formatCommand(command: GtpCommand): string {
  return [command.id, command.name, ...command.args].filter((part) => part !== '').join(' ');
}

/** "=id text" and an empty line, which ends every answer. */
export function formatSuccess(id: string, text: string): string {
  return formatResponse({ ok: true, id, text });
}

/** The beginning of an answer whose lines come one by one; an empty line ends it. */
export function formatBegun(id: string): string {
  return `=${id}\n`;
}

export function formatFailure(id: string, text: string): string {
  return formatResponse({ ok: false, id, text });
}

function formatResponse({ ok, id, text }: GtpResponse): string {
  // An empty line would end the answer early.
  const body = text
    .replace(/\r/g, '')
    .replace(/\n{2,}/g, '\n')
    .replace(/\n$/, '');
  return `${ok ? '=' : '?'}${id}${body === '' ? '' : ` ${body}`}\n\n`;
}

/** Reads an answer without the empty line that ends it; null if it is none. */
export function parseResponse(block: string): GtpResponse | null {
  const parts = /^([=?])(\d*)(?:[ \t]([\s\S]*)|(\n[\s\S]*))?$/.exec(block.replace(/\r/g, '').trim());
  if (parts === null) return null;
  return { ok: parts[1] === '=', id: parts[2], text: (parts[3] ?? parts[4] ?? '').trim() };
}

/** "b", "black", "w" or "white" in any case. */
export function parseColor(text: string | undefined): Color | null {
  if (text === undefined) return null;
  if (/^b(lack)?$/i.test(text)) return BLACK;
  return /^w(hite)?$/i.test(text) ? WHITE : null;
}

export function formatColor(color: Color): 'black' | 'white' {
  return color === BLACK ? 'black' : 'white';
}
