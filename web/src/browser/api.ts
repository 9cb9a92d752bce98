/** The server's HTTP endpoints that the page uses. */
import { z } from 'zod';
import { httpError, levelInfo, sgfUploaded, type LevelInfo } from '../../../server/protocol/messages.ts';
import type { SavedGame } from '../state/saved.ts';
import { serverUrl } from './socket.ts';

/** The playing strengths on offer, weakest first. */
export async function fetchLevels(): Promise<LevelInfo[]> {
  const response = await fetch(serverUrl('/api/levels', 'http')).catch(() => {
    // A browser does not say why.
    throw new Error('The list of levels did not come from the server: trying again.');
  });
  if (!response.ok) throw new Error(`The list of levels could not be fetched (HTTP ${response.status}).`);
  return z.array(levelInfo).parse(await response.json());
}

type Uploaded = { ok: true; game: SavedGame } | { ok: false; message: string };

/** Hands over a record too long for the socket; the refusal is one sentence. */
export async function uploadSgf(record: Blob, level: string): Promise<Uploaded> {
  const url = serverUrl('/api/sgf', 'http');
  url.searchParams.set('level', level);
  const headers = { 'content-type': 'application/x-go-sgf' };
  let response: Response;
  try {
    response = await fetch(url, { method: 'POST', body: record, headers });
  } catch {
    // A browser does not say why.
    return { ok: false, message: 'The record did not reach the server: try again when it is back.' };
  }
  const body: unknown = await response.json().catch(() => null);
  const uploaded = sgfUploaded.safeParse(body);
  if (response.ok && uploaded.success)
    return { ok: true, game: { id: uploaded.data.gameId, secret: uploaded.data.secret } };
  const refusal = httpError.safeParse(body);
  const message = refusal.success ? refusal.data.error : `The upload failed (HTTP ${response.status}).`;
  return { ok: false, message };
}
