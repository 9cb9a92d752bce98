/** `tengen serve`: the page to play on, and the server behind it. */
import { randomInt } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { InvalidArgumentError, type Command } from 'commander';
import { pino } from 'pino';
import { parseAddress } from '#nets/address.ts';
import type { Provider } from '#nets/providers.ts';
import { defaultNetPath } from '#nets/weights.ts';
import { providerOption } from './game-options.ts';
import { SearchPool } from '#selfplay/search-pool.ts';
import { exposureProblem } from '#server/net/access.ts';
import { isPageBuilt } from '#server/net/app.ts';
import { poolSearch } from '#server/search/pool-search.ts';
import { startServer } from '#server/server.ts';
import type { RunningServer } from '#server/server.ts';
import { openSqliteStore } from '#server/store/sqlite-store.ts';
import { CliError, EXIT, filePath, refuse, wholeNumber } from './common.ts';

/** Time that connections and searches get to end; then the process ends all the same. */
const DRAIN_MS = 10_000;

type ServeOptions = {
  port: number;
  host: string;
  net?: string | false;
  data: string;
  runs: string;
  token?: string;
  threads: number;
  provider: Provider;
};

/** The built page lies in the repository, beside or above this file. */
function webFolder(): string {
  const here = import.meta.url.endsWith('.ts') ? '../dist/web' : '../../web';
  return fileURLToPath(new URL(here, import.meta.url));
}

/** An address as sockets take it: "[::1]", as in a URL, is "::1". */
function hostAddress(text: string): string {
  if (text === '') throw new InvalidArgumentError('Give an address, for example 127.0.0.1.');
  return text.replace(/^\[(.*)\]$/, '$1');
}

function tokenText(text: string): string {
  if (text === '') throw new InvalidArgumentError('An empty --token protects nothing.');
  return text;
}

/** The net to play with: the one asked for, else the shipped one where it exists. */
function chooseNet(net: string | false | undefined): string | null {
  if (net === false) return null;
  if (net !== undefined) {
    if (!existsSync(parseAddress(net).file))
      throw new CliError(EXIT.badInput, `${net}: there is no such net file; check --net.`);
    return net;
  }
  return existsSync(defaultNetPath) ? defaultNetPath : null;
}

/** @throws CliError for options that cannot be meant so, before anything is opened. */
function refuseWrong({ host, token, runs }: ServeOptions): void {
  const exposed = exposureProblem({ host, token: token ?? null });
  if (exposed !== null) throw new CliError(EXIT.usage, exposed);
  if (statSync(runs, { throwIfNoEntry: false })?.isDirectory() === false)
    throw new CliError(EXIT.badInput, `${runs}: this is no folder; give --runs the one in which runs lie`);
}

async function serve(options: ServeOptions): Promise<void> {
  refuseWrong(options);
  const log = pino({ level: 'warn' }, pino.destination({ fd: 2, sync: true }));
  const logError = (error: unknown, what: string): void => log.error({ err: error }, what);
  const net = chooseNet(options.net);
  const opened = openSqliteStore(options.data);
  if (!opened.ok) throw new CliError(EXIT.unavailable, opened.message);
  const pool = new SearchPool({ threads: options.threads, provider: options.provider });
  if (net !== null) {
    const prepared = await pool.prepare(net);
    if (!prepared.ok) {
      await pool.close();
      refuse(prepared);
    }
  }
  const started = await startServer({
    host: options.host,
    port: options.port,
    token: options.token ?? null,
    store: opened.store,
    search: poolSearch(pool, net),
    webFolder: webFolder(),
    runsFolder: options.runs,
    nextSeed: () => randomInt(2 ** 32),
    logError,
  });
  if (!started.ok) {
    await pool.close();
    opened.store.close();
    throw new CliError(EXIT.unavailable, started.message);
  }
  const { server } = started;
  process.stdout.write(`Tengen is ready at ${server.url}\n`);
  if (net === null) process.stderr.write('No net was given: only the levels without one are offered.\n');
  if (!isPageBuilt(webFolder()))
    process.stderr.write('The page is not built yet: run `npm run build:web`.\n');
  await stopped(server);
}

/** Resolves when the first SIGTERM or SIGINT has drained the server; a second one ends the process at once. */
async function stopped(server: RunningServer): Promise<void> {
  const signal = await new Promise<NodeJS.Signals>((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
  const exitCode = signal === 'SIGINT' ? EXIT.interrupted : EXIT.ok;
  // Left to the system, which does not wait for the threads as an exit would.
  for (const again of ['SIGTERM', 'SIGINT'] as const) process.removeAllListeners(again);
  setTimeout(() => process.exit(exitCode), DRAIN_MS).unref();
  await server.close();
  process.exitCode = exitCode;
}

export function registerServe(program: Command): void {
  program
    .command('serve')
    .description('serve the page on which to play in a browser')
    .option('--port <number>', 'port to listen on (0 takes any free one)', wholeNumber(0, 65535), 8080)
    .option(
      '--host <address>',
      'address to listen on; others than loopback need --token',
      hostAddress,
      '127.0.0.1',
    )
    .option(
      '--net <file>',
      "net to play with, Tengen's or KataGo's, or the folder of a run (default: the shipped one)",
      filePath,
    )
    .option('--no-net', 'play without a net')
    .addOption(providerOption())
    .option('--data <folder>', 'where games are kept', filePath, 'runs/games')
    .option('--runs <folder>', 'where training runs lie, shown at /training', filePath, 'runs')
    .option('--token <text>', 'key that browsers must give as ?token=', tokenText)
    .option('--threads <number>', 'search threads', wholeNumber(1, 64), 1)
    .addHelpText(
      'after',
      `
Examples:
  tengen serve
  tengen serve --port 9000 --net runs/first
  tengen serve --host 0.0.0.0 --token "$(openssl rand -hex 16)"`,
    )
    .action(serve);
}
