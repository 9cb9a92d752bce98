/** The real server, without a net, behind a freshly built page. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { SearchPool } from '#selfplay/search-pool.ts';
import { poolSearch } from '#server/search/pool-search.ts';
import { startServer } from '#server/server.ts';
import { memoryStore } from '#server/store/game-store.ts';

export type TestServer = {
  readonly url: string;
  /** What the server logged; a good run ends with none. */
  readonly errors: string[];
  close(): Promise<void>;
};

/** @param runsFolder where training runs lie. */
export async function startTestServer(runsFolder = '/nonexistent'): Promise<TestServer> {
  // Apart from dist/web, which someone may be serving.
  const webFolder = await mkdtemp(join(tmpdir(), 'tengen-web-'));
  const configFile = fileURLToPath(new URL('../../web/vite.config.ts', import.meta.url));
  await build({ configFile, logLevel: 'error', build: { outDir: webFolder, emptyOutDir: true } });
  const errors: string[] = [];
  let seed = 0;
  const started = await startServer({
    host: '127.0.0.1',
    port: 0,
    token: null,
    store: memoryStore(),
    search: poolSearch(new SearchPool({ threads: 1 }), null),
    webFolder,
    runsFolder,
    nextSeed: () => ++seed,
    logError: (error, what) => errors.push(`${what}: ${String(error)}`),
  });
  if (!started.ok) throw new Error(started.message);
  const { server } = started;
  return {
    url: server.url,
    errors,
    close: async () => {
      await server.close();
      await rm(webFolder, { recursive: true });
    },
  };
}
