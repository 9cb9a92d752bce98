/** `tengen match A B`: plays two players against each other and says how strong one is. */
import { availableParallelism } from 'node:os';
import { Argument, InvalidArgumentError, type Command } from 'commander';
import { playMatch } from '#selfplay/match.ts';
import type { MatchGame, Table } from '#selfplay/match.ts';
import { namesOfTwo, openPlayer } from '#selfplay/open-player.ts';
import { MAX_VISITS, PLAYER_HELP } from '#selfplay/player.ts';
import type { Player, PlayerSpec } from '#selfplay/player.ts';
import { SequentialTest, formatSprt } from '#selfplay/rating/sequential-test.ts';
import type { SprtBounds } from '#selfplay/rating/sprt.ts';
import { SearchPool } from '#selfplay/search-pool.ts';
import { formatStatistics, matchStatistics } from '#selfplay/statistics.ts';
import { CliError, EXIT, filePath, realNumber, requireOpened, wholeNumber } from './common.ts';
import { addBoardOptions, parsePlayerOption, rulesOf } from './game-options.ts';
import type { BoardFlags } from './game-options.ts';
import { prepareFolder, reportMatch, writeGame } from './match-report.ts';
import { makeProgress } from './progress.ts';
import { explain } from './report-error.ts';

type Flags = BoardFlags & {
  readonly games?: number;
  readonly sprt?: SprtBounds;
  readonly openingPlies: number;
  readonly seed: number;
  readonly concurrency: number;
  readonly moveTime?: number;
  readonly resignBelow: number;
  readonly sgfDir?: string;
  readonly json?: boolean;
};

const DEFAULT_GAMES = 40;
const DEFAULT_SPRT_GAMES = 1000;
/** A player stronger by this loses one game of 300; no match tells greater differences apart. */
const MAX_ELO = 1000;

/** A commander argument parser for "0,50". */
function parseSprt(text: string): SprtBounds {
  const parts = text.split(',');
  const [elo0, elo1] = parts.map((part) => (part.trim() === '' ? NaN : Number(part)));
  if (parts.length !== 2 || !(Math.abs(elo0) <= MAX_ELO && Math.abs(elo1) <= MAX_ELO && elo0 < elo1))
    throw new InvalidArgumentError(
      `Give two differences in Elo, the smaller first, from -${MAX_ELO} to ${MAX_ELO}, for example 0,50.`,
    );
  return { elo0, elo1, alpha: 0.05, beta: 0.05 };
}

export function registerMatch(program: Command): void {
  const command = program
    .command('match')
    .description('play two players against each other and estimate the difference in strength')
    .addArgument(new Argument('<a>', `a player: ${PLAYER_HELP}`).argParser(parsePlayerOption))
    .addArgument(new Argument('<b>', 'the other player').argParser(parsePlayerOption))
    .option(
      '--games <n>',
      `games to play (default: ${DEFAULT_GAMES}); with --sprt at most (default: ${DEFAULT_SPRT_GAMES})`,
      wholeNumber(1, 1_000_000),
    )
    .option(
      '--sprt <elo0,elo1>',
      'stop once it is decided whether A is elo0 or elo1 stronger than B, wrong in 5% of cases',
      parseSprt,
    );
  addBoardOptions(command)
    .option('--opening-plies <n>', 'random moves before the players take over', wholeNumber(0, 50), 2)
    .option('--seed <n>', 'of openings and searches', wholeNumber(0, 2 ** 31 - 1), 1)
    .option(
      '--concurrency <n>',
      'games played at once',
      wholeNumber(1, 64),
      Math.max(1, Math.min(2, availableParallelism())),
    )
    .option(
      '--move-time <s>',
      'most seconds for a move; results then depend on the machine',
      realNumber(0.01, 3600),
    )
    .option('--resign-below <rate>', 'own players resign below this win rate', realNumber(0, 0.5), 0.03)
    .option('--sgf-dir <dir>', 'write every game there; not a folder with games of another match', filePath)
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  tengen match net:runs/a@200 playouts@1000 --games 40
  tengen match net@200 gtp:"gnugo --mode gtp --level 10 --chinese-rules --capture-all-dead" --komi 7
  tengen match net:new.safetensors@100 net@100 --sprt 0,50

Colours alternate, and each random opening is played twice, once either way round. Games end by two passes and are
counted as they stand: let GTP engines capture dead stones first (GNU Go: --capture-all-dead).
With --sprt a pair of games with the same opening is one observation (Wald's test for pentanomial results).
Ctrl-C prints the result of the games that are finished.`,
    )
    .action(runMatch);
}

async function runMatch(a: PlayerSpec, b: PlayerSpec, flags: Flags): Promise<void> {
  const { size, seed, openingPlies } = flags;
  const rules = rulesOf(flags);
  const asked = flags.games ?? (flags.sprt === undefined ? DEFAULT_GAMES : DEFAULT_SPRT_GAMES);
  if (flags.sprt !== undefined && asked < 2)
    throw new CliError(EXIT.usage, '--sprt is decided by pairs of games; give --games 2 or more.');
  const [nameOfA, nameOfB] = namesOfTwo(a, b);
  const settings = { a: nameOfA, b: nameOfB, games: asked, size, rules, openingPlies, seed };
  const test = flags.sprt === undefined ? null : new SequentialTest(flags.sprt);
  if (flags.sgfDir !== undefined) prepareFolder(flags.sgfDir);
  const interrupt = new AbortController();
  const onInterrupt = (): void => interrupt.abort();
  process.once('SIGINT', onInterrupt);
  process.once('SIGTERM', onInterrupt);
  const decided = new AbortController();
  const tableCount = Math.min(flags.concurrency, asked);
  const pool = new SearchPool({ provider: flags.provider, threads: tableCount, maxVisits: MAX_VISITS });
  const players: Player[] = [];
  const open = async (spec: PlayerSpec): Promise<Player> => {
    const { resignBelow } = flags;
    const { player } = requireOpened(await openPlayer(spec, pool, { resignBelow }, interrupt.signal));
    players.push(player);
    return player;
  };
  const games: MatchGame[] = [];
  const progress = makeProgress('{value}/{total}: {statistics}');
  let failure: Error | null = null;
  const play = async (): Promise<void> => {
    const tables: Table[] = [];
    for (let i = 0; i < tableCount; i++) tables.push({ first: await open(a), second: await open(b) });
    await playMatch(tables, {
      ...size,
      rules,
      seed,
      games: asked,
      openingPlies,
      signal: AbortSignal.any([interrupt.signal, decided.signal]),
      ...(flags.moveTime === undefined ? {} : { budgetMs: 1000 * flags.moveTime }),
      onGame: (game) => {
        games.push(game);
        if (flags.sgfDir !== undefined) writeGame(flags.sgfDir, game, settings);
        test?.add(game.index, game.points);
        if (test !== null && test.state.decision !== 'continue') decided.abort();
        progress.update(games.length, asked, {
          statistics: [
            formatStatistics(matchStatistics(games.map(({ points }) => points))),
            ...(test === null ? [] : [formatSprt(test)]),
          ].join('; '),
        });
      },
    });
  };
  try {
    await play().catch((error: unknown) => {
      if (error instanceof CliError || !(error instanceof Error)) throw error;
      if (!interrupt.signal.aborted && !decided.signal.aborted) failure = error;
    });
    progress.stop();
    // Before anything is closed: whatever goes wrong from here on, the games are not lost.
    reportMatch(games, settings, test, flags.json);
  } finally {
    process.removeListener('SIGINT', onInterrupt);
    process.removeListener('SIGTERM', onInterrupt);
    progress.stop();
    await Promise.all(players.map((player) => player.close()));
    await pool.close();
  }
  if (interrupt.signal.aborted) process.exitCode = EXIT.interrupted;
  if (failure !== null)
    throw new CliError(
      EXIT.unavailable,
      `The match stopped after ${games.length} of ${asked} games: ${explain(failure)}`,
      { cause: failure },
    );
}
