/** The server's endpoints about training runs. */
import type { z } from 'zod';
import { httpError } from '../../../server/protocol/messages.ts';
import {
  gameList,
  runConfig,
  runList,
  runNews,
  shardList,
  trainingGame,
  type GameList,
  type RunList,
  type RunNews,
  type ShardList,
  type TrainingGame,
} from '../../../server/protocol/training.ts';
import type { Cursors } from '../state/training/run-feed.ts';
import { serverUrl } from './socket.ts';

/** @throws Error with one sentence. */
async function fetchJson<T>(
  path: string,
  schema: z.ZodType<T>,
  query: Cursors | { from?: number } = {},
  signal?: AbortSignal,
): Promise<T> {
  const url = serverUrl(`/api/runs${path}`, 'http');
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
  let response: Response;
  try {
    response = await fetch(url, signal === undefined ? {} : { signal });
  } catch (cause) {
    // A browser does not say why.
    throw new Error('The server does not answer.', { cause });
  }
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) {
    const refusal = httpError.safeParse(body);
    throw new Error(refusal.success ? refusal.data.error : `The server refused (HTTP ${response.status}).`);
  }
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw new Error('The server speaks another version: reload this page.');
  return parsed.data;
}

const runPath = (run: string): string => `/${encodeURIComponent(run)}`;
const shardPath = (run: string, shard: string): string =>
  `${runPath(run)}/shards/${encodeURIComponent(shard)}`;

export const fetchRuns = (): Promise<RunList> => fetchJson('', runList);

export const fetchNews = (run: string, cursors: Cursors, signal: AbortSignal): Promise<RunNews> =>
  fetchJson(`${runPath(run)}/news`, runNews, cursors, signal);

export const fetchConfig = async (run: string): Promise<unknown> =>
  (await fetchJson(`${runPath(run)}/config`, runConfig)).config;

export const fetchShards = (run: string): Promise<ShardList> =>
  fetchJson(`${runPath(run)}/shards`, shardList);

export const fetchGames = (run: string, shard: string, from: number): Promise<GameList> =>
  fetchJson(shardPath(run, shard), gameList, { from });

export const fetchGame = (run: string, shard: string, place: number): Promise<TrainingGame> =>
  fetchJson(`${shardPath(run, shard)}/${place}`, trainingGame);
