/** Lines of KataGo's JSON analysis protocol as requests: queries and actions. https://github.com/lightvector/KataGo/blob/master/docs/Analysis_Engine.md */
import { z } from 'zod';
import { parseQuery, type AnalysisQuery } from './analysis-query.ts';
import type { ErrorResponse, WarningResponse } from './analysis-response.ts';

/** As it came: the answer says it again. */
type Echo = Readonly<Record<string, unknown>>;

export type AnalysisAction =
  | { readonly kind: 'query_version' | 'query_models' | 'clear_cache'; readonly echo: Echo }
  | {
      readonly kind: 'terminate';
      /** Null ends the queries of every id. */
      readonly id: string | null;
      /** Null ends every turn. */
      readonly turns: readonly number[] | null;
      readonly echo: Echo;
    };

export type AnalysisRequest =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'error'; readonly error: ErrorResponse }
  | { readonly kind: 'action'; readonly action: AnalysisAction }
  | { readonly kind: 'query'; readonly query: AnalysisQuery; readonly warnings: readonly WarningResponse[] };

const ACTIONS = ['query_version', 'query_models', 'clear_cache', 'terminate', 'terminate_all'];
/** Levels of lists and objects within a request; queries have four. What is much deeper overflows the stack that writes it. */
const MAX_NESTING = 64;
const turnNumbers = z.array(z.int());

/** Whether lists and objects are within each other no deeper than `max`. */
function isShallow(value: unknown, max: number): boolean {
  let level = [value];
  for (let depth = 0; depth <= max; depth++) {
    level = level
      .filter((it) => typeof it === 'object' && it !== null)
      .flatMap((it) => Object.values(it as object));
    if (level.length === 0) return true;
  }
  return false;
}

function parseAction(id: string, echo: Echo): AnalysisRequest {
  const fail = (field: string, error: string): AnalysisRequest => ({
    kind: 'error',
    error: { id, field, error },
  });
  const { action } = echo;
  if (action === 'query_version' || action === 'query_models' || action === 'clear_cache')
    return { kind: 'action', action: { kind: action, echo } };
  if (action !== 'terminate' && action !== 'terminate_all')
    return fail('action', `Actions are ${ACTIONS.join(', ')}`);
  const { terminateId } = echo;
  if (action === 'terminate' && typeof terminateId !== 'string')
    return fail('terminateId', 'Give the id of the queries to terminate, as text');
  const turns = turnNumbers.optional().safeParse(echo.turnNumbers);
  if (!turns.success) return fail('turnNumbers', 'Give a list of turn numbers, or leave it out for all');
  return {
    kind: 'action',
    action: {
      kind: 'terminate',
      id: action === 'terminate' ? (terminateId as string) : null,
      turns: turns.data ?? null,
      echo,
    },
  };
}

/** Reads one line. Whatever it holds, what comes back says how to answer it: nothing but an empty line goes without. */
export function parseAnalysisLine(line: string): AnalysisRequest {
  const text = line.trim();
  if (text === '') return { kind: 'nothing' };
  const fail = (error: string): AnalysisRequest => ({ kind: 'error', error: { error } });
  let input: unknown;
  try {
    input = JSON.parse(text);
  } catch (error) {
    return fail(`The line is not JSON: ${(error as Error).message}`);
  }
  if (typeof input !== 'object' || input === null || Array.isArray(input))
    return fail('The line is JSON but no object');
  const fields = input as Record<string, unknown>;
  const { id } = fields;
  if (typeof id !== 'string') return fail('The request has no "id" that is text');
  if (!isShallow(fields, MAX_NESTING))
    return {
      kind: 'error',
      error: {
        id,
        error: `Lists and objects may be within each other ${MAX_NESTING} deep, and here are deeper`,
      },
    };
  if (fields.action !== undefined) return parseAction(id, fields);
  const parsed = parseQuery(id, fields);
  return parsed.ok
    ? { kind: 'query', query: parsed.query, warnings: parsed.warnings }
    : { kind: 'error', error: { id, field: parsed.field, error: parsed.message } };
}
