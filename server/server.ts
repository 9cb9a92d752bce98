/** Puts the parts together: one HTTP server with the page, the API and the websocket of one store and one search. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GameHub } from './game/hub.ts';
import { exposureProblem } from './net/access.ts';
import { makeApp } from './net/app.ts';
import { serveSockets } from './net/sockets.ts';
import { GameReader } from './training/game-reader.ts';
import { RunLibrary } from './training/run-library.ts';
import type { GameSearch } from './search/game-search.ts';
import { boundedSearch } from './search/queue.ts';
import type { GameStore } from './store/game-store.ts';

/** Searches that may wait or run at once, and how long one may take from asking to answer. */
const SEARCH_LIMITS = { maxPending: 64, deadlineMs: 120_000 };

export type ServerOptions = {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly token: string | null;
  readonly store: GameStore;
  readonly search: GameSearch;
  /** The built page. */
  readonly webFolder: string;
  /** The folder in which training runs lie, one folder each; it need not exist. */
  readonly runsFolder: string;
  readonly nextSeed: () => number;
  readonly logError: (error: unknown, what: string) => void;
};

export type RunningServer = {
  /** Where a browser finds the page, token included. */
  readonly url: string;
  readonly port: number;
  /** Finishes what is under way, says goodbye to every connection, and closes the search and the store. */
  close(): Promise<void>;
};

export type StartResult =
  { readonly ok: true; readonly server: RunningServer } | { readonly ok: false; readonly message: string };

function listenProblem(error: NodeJS.ErrnoException, host: string, port: number): string | null {
  if (error.code === 'EADDRINUSE')
    return `Port ${port} on ${host} is in use: stop the other program, or choose another port with --port.`;
  if (error.code === 'EACCES') return `Port ${port} needs special rights: choose one above 1023 with --port.`;
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND')
    return `${host} is not an address of this machine: choose another with --host.`;
  return null;
}

export async function startServer(options: ServerOptions): Promise<StartResult> {
  const { host, port, token, store, webFolder, runsFolder, nextSeed, logError } = options;
  const access = { host, token };
  const exposed = exposureProblem(access);
  if (exposed !== null) return { ok: false, message: exposed };
  const search = boundedSearch(options.search, SEARCH_LIMITS);
  const hub = new GameHub({ store, search, nextSeed, logError });
  const now = (): number => performance.now();
  const games = new GameReader(logError);
  const runs = { library: new RunLibrary(runsFolder, Date.now), games, now: Date.now };
  const app = makeApp({ hub, hasNet: search.hasNet, access, webFolder, runs, now, logError });
  const server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000 }, app);
  const closeSockets = serveSockets(server, access, { hub, now, logError });
  const failure = await new Promise<NodeJS.ErrnoException | null>((resolve) => {
    server.once('error', resolve);
    server.listen(port, host, () => resolve(null));
  });
  if (failure !== null) {
    const message = listenProblem(failure, host, port);
    if (message === null) throw failure;
    return { ok: false, message };
  }
  server.on('error', (error) => logError(error, 'listening'));
  const bound = (server.address() as AddressInfo).port;
  const shownHost = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
  const query = token === null ? '' : `?token=${encodeURIComponent(token)}`;
  return {
    ok: true,
    server: {
      url: `http://${shownHost}:${bound}/${query}`,
      port: bound,
      async close() {
        const closed = new Promise<void>((resolve) => server.close(() => resolve()));
        await closeSockets();
        hub.close();
        server.closeIdleConnections();
        await closed;
        await Promise.all([search.close(), games.close()]);
        store.close();
      },
    },
  };
}
