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
import type { RunNews } from '#server/protocol/training.ts';
import { refuse } from '../net/refuse.ts';
import type { RunLibrary } from './run-library.ts';

/** A query parameter as one text, or null. */
function textOf(request: Request, name: string): string | null {
  const value = request.query[name];
  return typeof value === 'string' ? value : null;
}

async function newsOf(folder: string, request: Request, now: number): Promise<RunNews> {
  const [live, ratings, metrics, generations, matches] = await Promise.all([
    readLive(folder),
    readRatings(folder),
    readMetrics(folder, textOf(request, 'metrics')),
    readGenerations(folder, textOf(request, 'generations')),
    readMatches(folder, textOf(request, 'matches')),
  ]);
  return {
    now,
    live: live.ok ? live.value : null,
    ratings: ratings.ok ? ratings.value : null,
    metrics,
    generations,
    matches,
    notes: [live, ratings].flatMap((read) => (read.ok ? [] : [read.message])),
  };
}

/** @param now milliseconds since 1970. */
export function runRoutes(library: RunLibrary, now: () => number): Router {
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
  return router;
}
