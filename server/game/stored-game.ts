/** A game as it is kept on disk: plain data from which everything else is recomputed. */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { phase, recordInfo, rulesName, side } from '#server/protocol/messages.ts';

const color = z.union([z.literal(1), z.literal(2)]);
const points = z.array(z.int().nonnegative());

export const storedGame = z
  .strictObject({
    id: z.string(),
    secret: z.string(),
    width: side,
    height: side,
    rules: rulesName,
    komi: z.number(),
    handicap: z.int(),
    setup: z.strictObject({ black: points, white: points }),
    /** Who plays first. */
    toPlay: color,
    humanColor: color,
    /** Level id. */
    level: z.string(),
    moves: z.array(z.strictObject({ color, move: z.int().nonnegative() })),
    recordInfo: recordInfo.default(null),
    phase,
    dead: points,
    /** Whether the dead stones of this counting were proposed, or marked by the person, already. */
    deadProposed: z.boolean(),
    /** SGF result; null while the game goes on, and where a record does not say it. */
    result: z.string().nullable(),
    /** Black's win rate by ply, as far as it was analysed. */
    winrates: z.array(z.number().nullable()),
    /** The last accepted (ply, nonce) pairs, oldest first: a repeated send of one is acknowledged, not played. */
    accepted: z.array(z.strictObject({ ply: z.int(), nonce: z.string() })),
  })
  // Everything else that could lie off the board is found when the game is replayed.
  .refine(
    ({ dead, width, height }) => dead.every((p) => p < width * height),
    'a dead stone is off the board',
  );
export type StoredGame = z.infer<typeof storedGame>;

/** How many accepted sends are remembered: a page has one move in flight. */
export const ACCEPTED_KEPT = 32;

/** A public name and the key to play, neither guessable. */
export function newCredentials(): { id: string; secret: string } {
  return { id: randomBytes(9).toString('base64url'), secret: randomBytes(24).toString('base64url') };
}
