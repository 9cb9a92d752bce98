/** The HTTP side: the page, the levels, and games as SGF. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import express from 'express';
import type { ErrorRequestHandler, Express, Request, RequestHandler } from 'express';
import helmet from 'helmet';
import { MAX_SGF_BYTES } from '#engine/record/sgf-parse.ts';
import type { Refusal } from '../game/game.ts';
import type { GameHub } from '../game/hub.ts';
import { availableLevels } from '../levels.ts';
import { runRoutes, type RunServices } from '../training/routes.ts';
import { hasToken, refuseForeign } from './access.ts';
import type { AccessRules } from './access.ts';
import { makeAddressLimit } from './rate-limit.ts';
import { refuse } from './refuse.ts';

export type AppServices = {
  readonly hub: GameHub;
  readonly hasNet: boolean;
  readonly access: AccessRules;
  /** The built page. */
  readonly webFolder: string;
  readonly runs: RunServices;
  readonly now: () => number;
  readonly logError: (error: unknown, what: string) => void;
};

const READ_LIMIT = { burst: 300, perSecond: 50 };
const WRITE_LIMIT = { burst: 10, perSecond: 0.2 };
/** What runs have told is read from files and parsed: a page asks every two seconds, and a little faster when it opens a run. */
const RUNS_LIMIT = { burst: 200, perSecond: 25 };

/** The fault is the request's, unless the store has failed (503: try again) or lost the game (500). */
function statusOf({ code }: Refusal): number {
  return code === 'storage' ? 503 : code === 'damaged-game' ? 500 : 400;
}

function securityHeaders(): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        // Compiling WebAssembly is allowed, evaluating strings is not.
        scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        workerSrc: ["'self'", 'blob:'],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    // Isolated from other origins, so that WASM threads work.
    crossOriginOpenerPolicy: { policy: 'same-origin' },
    crossOriginEmbedderPolicy: { policy: 'require-corp' },
    // The server itself speaks plain HTTP; whoever puts TLS before it sets this there.
    strictTransportSecurity: false,
  });
}

/** The id of `/api/games/:id.sgf`, or null where it has not the form of one. */
function gameIdOf(request: Request): string | null {
  const id = String(request.params.id);
  return /^[A-Za-z0-9_-]{8,40}$/.test(id) ? id : null;
}

export function makeApp(services: AppServices): Express {
  const { hub, hasNet, access, webFolder, runs, now, logError } = services;
  const mayRead = makeAddressLimit(READ_LIMIT, now);
  const mayReadRuns = makeAddressLimit(RUNS_LIMIT, now);
  const mayWrite = makeAddressLimit(WRITE_LIMIT, now);
  const app = express();
  app.disable('x-powered-by');
  app.use(securityHeaders());
  app.use((request, response, next) => {
    const foreign = refuseForeign(request, access);
    if (foreign !== null) return refuse(response, 403, foreign);
    if (!mayRead(request.ip ?? '')) return refuse(response, 429, 'Too many requests: slow down.');
    next();
  });
  app.get('/healthz', (_, response) => {
    response.json({ ok: true });
  });
  app.use('/api', (request, response, next) => {
    // `request.url` has lost the mount path, but not the query.
    if (!hasToken(request, access)) return refuse(response, 401, 'Give the access token as ?token=.');
    next();
  });
  app.get('/api/levels', (_, response) => {
    response.json(availableLevels(hasNet).map(({ id, label, description }) => ({ id, label, description })));
  });
  app.get('/api/games/:id.sgf', (request, response) => {
    const id = gameIdOf(request);
    const found = id === null ? null : hub.sgfOf(id);
    if (found === null) return refuse(response, 404, 'There is no such game on this server.');
    if (!found.ok) return refuse(response, statusOf(found), found.message);
    response.type('application/x-go-sgf').attachment(`tengen-${id}.sgf`).send(found.sgf);
  });
  app.post(
    '/api/sgf',
    (request, response, next) => {
      if (mayWrite(request.ip ?? '')) return next();
      refuse(response, 429, 'Too many uploads: wait some seconds.');
    },
    express.raw({ type: () => true, limit: MAX_SGF_BYTES }),
    (request, response) => {
      const level = request.query.level;
      if (typeof level !== 'string') return refuse(response, 400, 'level: say which, as ?level=ID.');
      if (!(request.body instanceof Buffer)) return refuse(response, 400, 'The body must be the SGF text.');
      const step = hub.upload(request.body, level);
      if (!step.ok) return refuse(response, statusOf(step), step.message);
      const { id: gameId, secret } = step.game.state;
      response.status(201).json({ gameId, secret });
    },
  );
  app.use(
    '/api/runs',
    (request, response, next) => {
      if (mayReadRuns(request.ip ?? '')) return next();
      refuse(response, 429, 'Too many requests: slow down.');
    },
    runRoutes(runs),
  );
  app.use('/api', (_, response) => refuse(response, 404, 'There is nothing at this address.'));
  app.use('/assets', express.static(join(webFolder, 'assets'), { immutable: true, maxAge: '1y' }));
  // "/training" is training.html.
  app.use(express.static(webFolder, { extensions: ['html'] }));
  app.get(['/', '/training'], (_, response) => {
    response.status(503).type('text/plain').send('The page is not built yet: run `npm run build:web`.\n');
  });
  app.use((_, response) => {
    response.status(404).type('text/plain').send('There is nothing at this address.\n');
  });
  app.use(errorHandler(logError));
  return app;
}

/** Refusals of the body parser keep their status; anything else is a bug, logged and not shown. */
function errorHandler(logError: AppServices['logError']): ErrorRequestHandler {
  return (error: { status?: number; type?: string }, _request, response, next) => {
    if (response.headersSent) return next(error);
    if (error.type === 'entity.too.large')
      return refuse(
        response,
        413,
        `The file is larger than ${MAX_SGF_BYTES / 2 ** 20} MiB, which no game record needs.`,
      );
    if (error.status !== undefined && error.status >= 400 && error.status < 500)
      return refuse(response, error.status, 'The request could not be read.');
    logError(error, 'http');
    refuse(response, 500, 'Something went wrong on the server.');
  };
}

/** Whether `npm run build:web` has been run. */
export function isPageBuilt(webFolder: string): boolean {
  return existsSync(join(webFolder, 'index.html'));
}
