/** The shape of an analysis query: every field that KataGo's engine reads, and the sentence that refuses it. */
import { z } from 'zod';
import { MAX_KOMI_POINTS } from '#engine/go/rules.ts';
import { MAX_BOARD_SIDE, MIN_BOARD_SIDE } from '#engine/go/size.ts';
import { parseColor } from './gtp.ts';

/** Priorities lie between plus and minus this, which is 2^62. KataGo's limit. */
const MAX_PRIORITY = 2 ** 62;
/** KataGo's limits of `maxVisits`, of `analysisPVLen` and of an `untilDepth`; the smaller ones below are its too. */
const MAX_VISITS = 2 ** 50;
const MAX_PV_LENGTH = 1000;
const MAX_DEPTH = 1_000_000_000;

/** Moves of a game, and stones before them, at most: all turns of so many take 70 MB. Our choice. */
const MAX_PLIES = 4096;

/** zod's own integers end at 2^53, below what priorities may be. */
const integer = (min: number, max: number) => z.number().min(min).max(max).refine(Number.isInteger);
const side = integer(MIN_BOARD_SIDE, MAX_BOARD_SIDE);
const seconds = z.number().min(0.001).max(1_000_000);
const priority = integer(-MAX_PRIORITY, MAX_PRIORITY);
const plies = z.array(z.tuple([z.string(), z.string()])).max(MAX_PLIES);
const player = z.string().refine((text) => parseColor(text) !== null);
const restrictions = z.array(
  z.object({ player, moves: z.array(z.string()), untilDepth: integer(1, MAX_DEPTH) }),
);

const SIDE = `Give a whole number from ${MIN_BOARD_SIDE} to ${MAX_BOARD_SIDE}`;
const PLIES = `Give a list of at most ${MAX_PLIES} [player, vertex] pairs such as ["B", "D4"]`;
const TURNS = 'Give a list of turn numbers';
const BOOLEAN = 'Give true or false';
const SECONDS = 'Give seconds from 0.001 to 1000000';
const PRIORITY = 'Give a whole number from -2^62 to 2^62';
const RESTRICTIONS = 'Give a list of objects with player, moves and untilDepth (from 1)';

/** Fields are checked in this order, and the first that is wrong is the one named. */
const querySchema = z.object({
  boardXSize: side,
  boardYSize: side,
  initialStones: plies.optional(),
  moves: plies,
  initialPlayer: player.optional(),
  // KataGo is silent on none, which leaves whoever waits for an answer waiting.
  analyzeTurns: z.array(z.int()).min(1).optional(),
  priorities: z.array(priority).optional(),
  rules: z.union([z.string(), z.record(z.string(), z.unknown())]),
  komi: z
    .number()
    .min(-MAX_KOMI_POINTS)
    .max(MAX_KOMI_POINTS)
    .refine((komi) => Number.isInteger(2 * komi))
    .optional(),
  // The documentation writes the number 0, the engine reads the text.
  whiteHandicapBonus: z.union([z.literal(0), z.enum(['0', 'N', 'N-1'])]).optional(),
  overrideSettings: z.record(z.string(), z.unknown()).optional(),
  maxVisits: integer(1, MAX_VISITS).optional(),
  analysisPVLen: integer(1, MAX_PV_LENGTH).optional(),
  rootFpuReductionMax: z.number().min(0).max(2).optional(),
  rootPolicyTemperature: z.number().min(0.01).max(100).optional(),
  includeMovesOwnership: z.boolean().optional(),
  includeMovesOwnershipStdev: z.boolean().optional(),
  includeOwnership: z.boolean().optional(),
  includeOwnershipStdev: z.boolean().optional(),
  includePolicy: z.boolean().optional(),
  includePVVisits: z.boolean().optional(),
  includeNoResultValue: z.boolean().optional(),
  reportDuringSearchEvery: seconds.optional(),
  firstReportDuringSearchAfter: seconds.optional(),
  priority: priority.optional(),
  allowMoves: restrictions.optional(),
  avoidMoves: restrictions.optional(),
});

export type QueryFields = z.infer<typeof querySchema>;

const MESSAGES: Readonly<Record<keyof QueryFields, string>> = {
  boardXSize: SIDE,
  boardYSize: SIDE,
  initialStones: PLIES,
  moves: PLIES,
  initialPlayer: 'Give "B" or "W"',
  analyzeTurns: TURNS,
  priorities: 'Give a list of whole numbers, one for each of analyzeTurns',
  rules: 'Give the name of rules, such as "chinese" or "tromp-taylor", or an object that spells them out',
  komi: `Give a multiple of 0.5 from -${MAX_KOMI_POINTS} to ${MAX_KOMI_POINTS}`,
  whiteHandicapBonus: 'Give "0", "N" or "N-1"',
  overrideSettings: 'Give an object of settings',
  maxVisits: 'Give a whole number from 1 to 2^50',
  analysisPVLen: `Give a whole number from 1 to ${MAX_PV_LENGTH}`,
  rootFpuReductionMax: 'Give a number from 0 to 2',
  rootPolicyTemperature: 'Give a number from 0.01 to 100',
  includeMovesOwnership: BOOLEAN,
  includeMovesOwnershipStdev: BOOLEAN,
  includeOwnership: BOOLEAN,
  includeOwnershipStdev: BOOLEAN,
  includePolicy: BOOLEAN,
  includePVVisits: BOOLEAN,
  includeNoResultValue: BOOLEAN,
  reportDuringSearchEvery: SECONDS,
  firstReportDuringSearchAfter: SECONDS,
  priority: PRIORITY,
  allowMoves: RESTRICTIONS,
  avoidMoves: RESTRICTIONS,
};

export type CheckedFields =
  | { readonly ok: true; readonly fields: QueryFields }
  | { readonly ok: false; readonly field: string; readonly message: string };

/** The fields of a query with their types and ranges checked, or the first that is wrong. */
export function checkFields(input: Readonly<Record<string, unknown>>): CheckedFields {
  const parsed = querySchema.safeParse(input);
  if (parsed.success) return { ok: true, fields: parsed.data };
  const field = parsed.error.issues[0].path[0] as keyof QueryFields;
  return { ok: false, field, message: MESSAGES[field] };
}

/** The keys of a query that are not read here, besides `id`. */
export function unknownFields(input: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(input).filter((key) => key !== 'id' && !Object.hasOwn(querySchema.shape, key));
}
