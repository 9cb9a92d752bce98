/** The arguments of the GTP commands that analyse: a colour, an interval, and pairs as Leela Zero and KataGo know them. */
import type { Color } from '#engine/go/color.ts';
import type { Move, MoveRestriction } from '#engine/go/view.ts';
import { parseColor } from '#engine/record/gtp.ts';
import type { SearchOptions } from '#engine/search/restrictions.ts';
import { parseReal, parseWhole } from './gtp-answer.ts';

/** Which program's words are spoken: Leela Zero's have no scores, no ownership and no root. */
export type AnalysisStyle = 'lz' | 'kata';

export type AnalysisWishes = {
  readonly color: Color;
  /** Milliseconds from line to line; Infinity for none before the end. */
  readonly intervalMs: number;
  /** Moves to tell of, also of unvisited ones where there are not enough; and how many at most. */
  readonly minMoves: number;
  readonly maxMoves: number;
  readonly restrictions: SearchOptions;
  readonly ownership: boolean;
  readonly movesOwnership: boolean;
  readonly pvVisits: boolean;
  readonly rootInfo: boolean;
};

export type ParsedWishes =
  { readonly ok: true; readonly wishes: AnalysisWishes } | { readonly ok: false; readonly message: string };

/** What KataGo knows to tell and we do not: asked for, it is left out. */
const NOT_TOLD = ['ownershipStdev', 'movesOwnershipStdev', 'pvEdgeVisits', 'noResultValue'];
/** Shortest interval: lines faster than a screen are no use. Our choice. */
const LEAST_INTERVAL_MS = 10;

/**
 * `[COLOR] [CENTISECONDS] [KEY VALUE ...]`, with `avoid COLOR VERTEX,... DEPTH` and `allow` alike.
 * @param toPlay taken where there is no colour. @param vertex the move a text names, null for none.
 */
export function parseWishes(
  args: readonly string[],
  style: AnalysisStyle,
  toPlay: Color,
  vertex: (text: string) => Move | null,
): ParsedWishes {
  const rest = [...args];
  const color = parseColor(rest[0]);
  if (color !== null) rest.shift();
  let intervalMs = Infinity;
  let [minMoves, maxMoves] = [0, Infinity];
  const restrictions = { avoid: [] as MoveRestriction[], allow: [] as MoveRestriction[] };
  const told = { ownership: false, movesOwnership: false, pvVisits: false, rootInfo: false };
  const refuse = (what: string): ParsedWishes => ({
    ok: false,
    message: `cannot use '${what}' in an analysis`,
  });
  if (parseReal(rest[0]) !== null) rest.unshift('interval');
  while (rest.length > 0) {
    const [key, value = ''] = rest.splice(0, 2);
    if (key === 'interval') {
      const centiseconds = parseReal(value);
      if (centiseconds === null || centiseconds < 0) return refuse(`${key} ${value}`);
      intervalMs = Math.max(LEAST_INTERVAL_MS, centiseconds * 10);
    } else if (key === 'minmoves' || key === 'maxmoves') {
      const count = parseWhole(value);
      if (count === null) return refuse(`${key} ${value}`);
      if (key === 'minmoves') minMoves = count;
      else maxMoves = count;
    } else if (key === 'avoid' || key === 'allow') {
      const [vertices = '', depth = ''] = rest.splice(0, 2);
      const restriction = parseRestriction(value, vertices, depth, vertex);
      if (restriction === null) return refuse(`${key} ${value} ${vertices} ${depth}`);
      restrictions[key].push(restriction);
    } else if (style === 'kata' && (Object.hasOwn(told, key) || NOT_TOLD.includes(key))) {
      if (!/^(true|false)$/i.test(value)) return refuse(`${key} ${value}`);
      if (Object.hasOwn(told, key)) told[key as keyof typeof told] = /^true$/i.test(value);
    } else return refuse(key);
  }
  return {
    ok: true,
    wishes: {
      color: color ?? toPlay,
      intervalMs,
      minMoves,
      maxMoves,
      restrictions: { avoidMoves: restrictions.avoid, allowMoves: restrictions.allow },
      ...told,
    },
  };
}

function parseRestriction(
  colorText: string,
  vertices: string,
  depthText: string,
  vertex: (text: string) => Move | null,
): MoveRestriction | null {
  const color = parseColor(colorText);
  // As with KataGo nothing between commas is nothing: some programs write "E5,".
  const moves = vertices
    .split(',')
    .filter((text) => text !== '')
    .map(vertex);
  const untilDepth = parseWhole(depthText);
  if (color === null || untilDepth === null || untilDepth === 0 || moves.includes(null)) return null;
  return { color, moves: moves as Move[], untilDepth };
}
