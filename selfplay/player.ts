/** Whatever chooses moves: the interface, and the one spelling of players everywhere. */
import type { Position } from '#engine/go/position.ts';
import type { Rng } from '#engine/go/random.ts';
import type { Move } from '#engine/go/view.ts';
import { SearchParameters } from '#engine/search/parameters.ts';
import type { SearchOptions } from '#engine/search/restrictions.ts';
import { PLAINLY } from '#nets/checked.ts';
import { defaultNetPath } from '#nets/weights.ts';
import { splitCommandLine } from './gtp-controller.ts';
import type { Analysis } from './search-task.ts';

export type GenMoveOptions = {
  readonly rng: Rng;
  /** Time for this move; visits still limit it. */
  readonly budgetMs?: number;
  readonly signal?: AbortSignal;
  /** Ends the thinking, so that the player moves by what it has found; one that cannot rejects. */
  readonly stop?: AbortSignal;
  /** Ties the moves of one game together, so that a search can keep its tree. Default: all of one player's moves. */
  readonly gameId?: string;
  /** The rest is for players that search; others do not look at it. Visits in place of the player's own. */
  readonly visits?: number;
  /** In place of some of the player's own. */
  readonly parameters?: Partial<SearchParameters>;
  readonly restrictions?: SearchOptions;
  /** Told what the search thinks so far, each time this many milliseconds have passed. */
  readonly reportEveryMs?: number;
  readonly onReport?: (analysis: Analysis) => void;
};

export type PlayerMove = {
  readonly move: Move | 'resign';
  /** What a search saw; undefined where none was made. */
  readonly stats?: Analysis;
};

export interface Player {
  readonly name: string;
  /** Rejects with a readable sentence where the player fails, with `IllegalMoveError` where it answers nonsense. */
  genMove(position: Position, options: GenMoveOptions): Promise<PlayerMove>;
  /** Searches on until it is stopped or can keep no more; players that do not search have none. */
  analyse?(position: Position, options: GenMoveOptions): Promise<Analysis>;
  close(): Promise<void>;
}

export type SearchSpec = {
  /** One visit plays by the policy alone. */
  readonly visits: number;
  /** What differs from the defaults of its kind. */
  readonly parameters?: Partial<SearchParameters>;
};

export type PlayerSpec =
  | { readonly kind: 'random' }
  | ({ readonly kind: 'playouts' } & SearchSpec)
  | ({ readonly kind: 'net'; readonly path: string } & SearchSpec)
  | { readonly kind: 'gtp'; readonly command: string };

export type ParsedPlayer =
  { readonly ok: true; readonly spec: PlayerSpec } | { readonly ok: false; readonly message: string };

export const PLAYER_HELP =
  'net (the shipped net), net@200, net:FILE (or the folder of a run), net:FILE@200 (200 visits a move), net:A+B@200 (the mean of two nets), net@16,gumbel and net@200,cPuct=1.5 (search parameters), playouts@1000, random, gtp:COMMAND';

/** Root visits that no search makes more of. Our choice: a tree of this size takes 1 GB on 9x9 and 5 GB on 19x19, so that `maxMegabytes` ends it before. */
export const MAX_VISITS = 1_000_000;

/** Reads "net:FILE", "net:FILE@200", "net@200,cPuct=1.5", "playouts@1000", "random" or "gtp:COMMAND"; "net" alone is the shipped net. */
export function parsePlayer(text: string): ParsedPlayer {
  const fail = (message: string): ParsedPlayer => ({ ok: false, message });
  if (text === 'random') return { ok: true, spec: { kind: 'random' } };
  if (text.startsWith('gtp:')) {
    const command = text.slice(4).trim();
    return (splitCommandLine(command)[0] ?? '') === ''
      ? fail(`The player "${text}" has no command; write for example gtp:"gnugo --mode gtp".`)
      : { ok: true, spec: { kind: 'gtp', command } };
  }
  const [, head, search] = /^(.*?)(?:@([^@/\\]*))?$/s.exec(text) as unknown as [
    string,
    string,
    string | undefined,
  ];
  const [count, ...settings] = search?.split(',') ?? [];
  const visits = count === undefined ? null : Number(count);
  if (visits !== null && !(/^\d+$/.test(count ?? '') && visits >= 1 && visits <= MAX_VISITS))
    return fail(
      `The player "${text}" asks for "${count}" visits; give a whole number from 1 to ${MAX_VISITS} after the @.`,
    );
  const parsed = parseSettings(settings);
  if (!parsed.ok) return fail(`The player "${text}": ${parsed.message}`);
  const { changes } = parsed;
  if (head === 'playouts')
    return visits === null
      ? fail('The player "playouts" needs its visits; write for example playouts@1000.')
      : { ok: true, spec: { kind: 'playouts', visits, ...changes } };
  if (head === 'net')
    return { ok: true, spec: { kind: 'net', path: defaultNetPath, visits: visits ?? 1, ...changes } };
  if (head.startsWith('net:')) {
    const path = head.slice(4);
    return path === ''
      ? fail('The player "net:" names no file; write for example net:my.safetensors@200.')
      : { ok: true, spec: { kind: 'net', path, visits: visits ?? 1, ...changes } };
  }
  return fail(`"${text}" is no player; players are ${PLAYER_HELP}.`);
}

type Changes = Pick<SearchSpec, 'parameters'>;

/** Reads "cPuct=1.5" and the like; "gumbel" is short for "algorithm=gumbel". No changes where there is nothing to read. */
function parseSettings(
  settings: readonly string[],
): { ok: true; changes: Changes } | { ok: false; message: string } {
  if (settings.length === 0) return { ok: true, changes: {} };
  const named: Record<string, unknown> = {};
  for (const setting of settings) {
    const [name, value] = setting === 'gumbel' ? ['algorithm', 'gumbel'] : setting.split('=', 2);
    named[name] = readValue(value);
  }
  const parsed = SearchParameters.safeParse(named, PLAINLY);
  // What is left to its default here may have another in a player's kind of search.
  if (parsed.success) return { ok: true, changes: { parameters: named as Partial<SearchParameters> } };
  const [{ path, message }] = parsed.error.issues;
  return {
    ok: false,
    message: `${path.length > 0 ? `search parameter ${path.join('.')}: ` : ''}${message}.`,
  };
}

/** A number or a truth value where the text is one. */
function readValue(text = ''): unknown {
  if (text === 'true' || text === 'false') return text === 'true';
  return text === '' || Number.isNaN(Number(text)) ? text : Number(text);
}
