/** What is said of values that a schema refuses. */
import { expect, test } from 'vitest';
import { z } from 'zod';
import { checked } from '#nets/checked.ts';

const Schema = z.strictObject({
  name: z.string().max(3).optional(),
  size: z.int().min(2).max(25),
  rate: z.number().positive().lt(1).optional(),
  kind: z.enum(['games', 'images']).optional(),
  seeds: z.array(z.int()).min(1).optional(),
  head: z
    .discriminatedUnion('type', [
      z.strictObject({ type: z.literal('policy') }),
      z.strictObject({ type: z.literal('value') }),
    ])
    .optional(),
  groups: z.union([z.literal(1), z.literal(2)]).optional(),
  side: z.union([z.int(), z.string()]).optional(),
  own: z
    .string()
    .refine((text) => text !== 'x', 'not x, please')
    .optional(),
});

test('what fits is read', () => {
  expect(checked(Schema, { size: 9 })).toEqual({ ok: true, value: { size: 9 } });
});

test.each([
  [[], 'it has to be an object, { ... }'],
  [{}, 'field size: it is missing, and has to be a number'],
  [{ size: '9' }, 'field size: it has to be a number'],
  [{ size: 9.5 }, 'field size: it has to be a whole number'],
  [{ size: 1 }, 'field size: it has to be at least 2'],
  [{ size: 26 }, 'field size: it has to be at most 25'],
  [{ size: 9, name: 'long' }, 'field name: it has to be at most 3 characters long'],
  [{ size: 9, rate: 0 }, 'field rate: it has to be more than 0'],
  [{ size: 9, rate: 1 }, 'field rate: it has to be less than 1'],
  [{ size: 9, kind: 'dogs' }, 'field kind: it has to be games or images'],
  [{ size: 9, seeds: [] }, 'field seeds: it has to have at least 1 of its kind'],
  [{ size: 9, seeds: 1 }, 'field seeds: it has to be a list'],
  [{ size: 9, seeds: [1, 'x'] }, 'field seeds.1: it has to be a number'],
  [{ size: 9, head: { type: 'score' } }, 'field head.type: it has to be policy or value'],
  [{ size: 9, colour: 1 }, 'there is nothing named "colour" here; check the spelling, or leave it out'],
  [{ size: 9, groups: 4 }, 'field groups: it has to be 1 or 2'],
  [{ size: 9, side: true }, 'field side: it has to be a number or a text'],
  [{ size: 9, own: 'x' }, 'field own: not x, please'],
])('%j: %s', (given, message) => {
  expect(checked(Schema, given)).toEqual({ ok: false, message });
});
