/** Messages to and from bytes: msgpack, checked for shape before it is decoded and against the schemas after. */
import { FLOAT32_OPTIONS, Packr } from 'msgpackr';
import type { z } from 'zod';
import { checkFrame } from './frame.ts';
import type { ClientMessage, ServerMessage } from './messages.ts';
import { clientMessage, serverMessage } from './messages.ts';

// Records are msgpackr's own extension of the format; without them frames are plain msgpack. Floats travel as
// float32: win rates and ownership need no more, and komi and scores (multiples of 0.5) are exact in it.
const packr = new Packr({ useRecords: false, useFloat32: FLOAT32_OPTIONS.ALWAYS });

export function encodeFrame(message: ClientMessage | ServerMessage): Uint8Array<ArrayBuffer> {
  // Copied because msgpackr hands out views of a buffer that it goes on using.
  return new Uint8Array(packr.pack(message));
}

/** The message, or one sentence saying what is wrong with the frame. */
export type Decoded<T> = { ok: true; message: T } | { ok: false; error: string };

function decode<T>(bytes: Uint8Array, schema: z.ZodType<T>): Decoded<T> {
  const problem = checkFrame(bytes);
  if (problem !== null) return { ok: false, error: problem };
  let value: unknown;
  try {
    value = packr.unpack(bytes);
  } catch (error) {
    return { ok: false, error: `The frame is not msgpack: ${String(error)}.` };
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return { ok: true, message: parsed.data };
  const issue = parsed.error.issues[0];
  const field = issue.path.length > 0 ? issue.path.map(String).join('.') : 'message';
  return { ok: false, error: `${field}: ${issue.message}.`.slice(0, 300) };
}

export function decodeClientFrame(bytes: Uint8Array): Decoded<ClientMessage> {
  return decode(bytes, clientMessage);
}

export function decodeServerFrame(bytes: Uint8Array): Decoded<ServerMessage> {
  return decode(bytes, serverMessage);
}
