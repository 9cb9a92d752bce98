/** The HTTP endpoints that show training runs: they only read, in small pieces, from files whose names they know. */
import { Router, type Request, type Response } from 'express';
import {
  readConfig,
  readGenerations,
  readLive,
  readMatches,
  readMetrics,
  readRatings,
} from '#selfplay/run/run-reader.ts';
import type { LinePage } from '#selfplay/run/line-file.ts';
import type { Reading } from '#selfplay/run/plain-file.ts';
import type { LiveState } from '#selfplay/run/run-lines.ts';
import type { RunNews } from '#server/protocol/training.ts';
import { refuse } from '../net/refuse.ts';
import type { GameReader } from './game-reader.ts';
import type { Found } from './games-task.ts';
import type { RunLibrary } from './run-library.ts';

/** A query parameter as one text, or null. */
function textOf(request: Request, name: string): string | null {
  const value = request.query[name];
  return typeof value === 'string' ? value : null;
}

/** No wall has room for more games in play, and on a GPU there are thousands. */
const MAX_IN_PLAY = 96;

function withFewGames(live: LiveState): LiveState {
  return { ...live, inPlay: live.inPlay?.slice(0, MAX_IN_PLAY) };
}

/** Of what cannot be read nothing is new: who asks goes on where he was. */
const pageOf = <T>(read: Reading<LinePage<T>>, cursor: string | null): LinePage<T> =>
  read.ok ? read.value : { rows: [], cursor: cursor ?? '0-0', restarted: false, more: false, damaged: 0 };

async function newsOf(folder: string, request: Request, now: number): Promise<RunNews> {
  const cursors = {
    metrics: textOf(request, 'metrics'),
    generations: textOf(request, 'generations'),
    matches: textOf(request, 'matches'),
  };
  const reads = await Promise.all([
    readLive(folder),
    readRatings(folder),
    readMetrics(folder, cursors.metrics),
    readGenerations(folder, cursors.generations),
    readMatches(folder, cursors.matches),
  ]);
  const [live, ratings, metrics, generations, matches] = reads;
  return {
    now,
    live: live.ok && live.value !== null ? withFewGames(live.value) : null,
    ratings: ratings.ok ? ratings.value : null,
    metrics: pageOf(metrics, cursors.metrics),
    generations: pageOf(generations, cursors.generations),
    matches: pageOf(matches, cursors.matches),
    notes: reads.flatMap((read) => (read.ok ? [] : [read.message])),
  };
}

const STATUS = { absent: 404, unreadable: 500, busy: 503 } as const;

function answer<T>(response: Response, found: Found<T>): void {
  if (found.ok) response.json(found.value);
  else refuse(response, STATUS[found.why], found.message);
}

/** A whole number from 0 to a million, or null. */
function parseCount(text: string): number | null {
  return /^\d{1,6}$/.test(text) ? Number(text) : null;
}

export type RunServices = {
  readonly library: RunLibrary;
  readonly games: GameReader;
  /** Milliseconds since 1970. */
  readonly now: () => number;
};

export function runRoutes({ library, games, now }: RunServices): Router {
  const router = Router();

  /** Answers with what `read` makes of the run's folder, or 404. */
  function get(
    path: string,
    read: (folder: string, request: Request, response: Response) => Promise<void>,
  ): void {
    router.get(`/:run${path}`, async (request, response) => {
      const folder = await library.find(String(request.params.run));
      if (folder === null) return refuse(response, 404, 'There is no such run on this server.');
      await read(folder, request, response);
    });
  }

  router.use((_, response, next) => {
    response.set('cache-control', 'no-store');
    next();
  });
  router.get('/', async (_, response) => {
    response.json(await library.list());
  });
  get('/news', async (folder, request, response) => {
    response.json(await newsOf(folder, request, now()));
  });
  get('/config', async (folder, _, response) => {
    const config = await readConfig(folder);
    if (!config.ok) return refuse(response, 500, config.message);
    response.json({ config: config.value });
  });
  get('/shards', async (folder, _, response) => {
    answer(response, await games.read('shards', { folder }));
  });
  get('/shards/:shard', async (folder, request, response) => {
    const from = parseCount(textOf(request, 'from') ?? '0');
    if (from === null) return refuse(response, 400, 'from: say which game comes first, as ?from=0.');
    answer(response, await games.read('games', { folder, shard: String(request.params.shard), from }));
  });
  get('/shards/:shard/:place', async (folder, request, response) => {
    const place = parseCount(String(request.params.place));
    if (place === null) return refuse(response, 404, 'There is no such game in this file.');
    answer(response, await games.read('game', { folder, shard: String(request.params.shard), place }));
  });
  return router;
}
