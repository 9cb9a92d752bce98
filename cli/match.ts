/** `tengen match A B`: plays two players against each other and says how strong one is. */
import { accessSync, constants, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Argument, type Command } from 'commander';
import { BLACK } from '#engine/go/color.ts';
import type { Rules } from '#engine/go/rules.ts';
import { formatRules } from '#engine/record/rules-text.ts';
import { makeSgf } from '#engine/record/sgf.ts';
import { sgfFromGame } from '#engine/record/sgf-game.ts';
import { playMatch } from '#selfplay/match.ts';
import type { MatchGame, Table } from '#selfplay/match.ts';
import { openPlayer, playerName } from '#selfplay/open-player.ts';
import { MAX_VISITS, PLAYER_HELP } from '#selfplay/player.ts';
import type { Player, PlayerSpec } from '#selfplay/player.ts';
import { SearchPool } from '#selfplay/search-pool.ts';
import { formatStatistics, matchStatistics } from '#selfplay/statistics.ts';
import { CliError, EXIT, emit, filePath, realNumber, wholeNumber } from './common.ts';
import { addBoardOptions, parsePlayerOption, rulesOf } from './game-options.ts';
import type { BoardFlags } from './game-options.ts';
import { makeProgress } from './progress.ts';
import { explain } from './report-error.ts';

type Flags = BoardFlags & {
  readonly games: number;
  readonly openingPlies: number;
  readonly seed: number;
  readonly concurrency: number;
  readonly moveTime?: number;
  readonly resignBelow: number;
  readonly sgfDir?: string;
  readonly json?: boolean;
};

export function registerMatch(program: Command): void {
  const command = program
    .command('match')
    .description('play two players against each other and estimate the difference in strength')
    .addArgument(new Argument('<a>', `a player: ${PLAYER_HELP}`).argParser(parsePlayerOption))
    .addArgument(new Argument('<b>', 'the other player').argParser(parsePlayerOption))
    .option('--games <n>', 'games to play', wholeNumber(1, 1_000_000), 40);
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
  tengen match net:runs/a/net.safetensors@200 playouts@1000 --games 40
  tengen match net@200 gtp:"gnugo --mode gtp --level 10 --chinese-rules --capture-all-dead" --komi 7

Colours alternate, and each random opening is played twice, once either way round. Games end by two passes and are
counted as they stand: let GTP engines capture dead stones first (GNU Go: --capture-all-dead).
Ctrl-C prints the result of the games that are finished.`,
    )
    .action(runMatch);
}

async function runMatch(a: PlayerSpec, b: PlayerSpec, flags: Flags): Promise<void> {
  const { size, seed } = flags;
  const rules = rulesOf(flags);
  if (flags.sgfDir !== undefined) prepareFolder(flags.sgfDir);
  const interrupt = new AbortController();
  const onInterrupt = (): void => interrupt.abort();
  process.once('SIGINT', onInterrupt);
  process.once('SIGTERM', onInterrupt);
  const tableCount = Math.min(flags.concurrency, flags.games);
  const pool = new SearchPool({ provider: flags.provider, threads: tableCount, maxVisits: MAX_VISITS });
  const players: Player[] = [];
  const open = async (spec: PlayerSpec): Promise<Player> => {
    const opened = await openPlayer(spec, pool, { resignBelow: flags.resignBelow }, interrupt.signal);
    if (!opened.ok)
      throw new CliError(spec.kind === 'gtp' ? EXIT.unavailable : EXIT.badInput, opened.message);
    players.push(opened.player);
    return opened.player;
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
      games: flags.games,
      openingPlies: flags.openingPlies,
      signal: interrupt.signal,
      ...(flags.moveTime === undefined ? {} : { budgetMs: 1000 * flags.moveTime }),
      onGame: (game) => {
        games.push(game);
        if (flags.sgfDir !== undefined) writeGame(flags.sgfDir, game, playerName(a), playerName(b), rules);
        progress.update(games.length, flags.games, {
          statistics: formatStatistics(matchStatistics(games.map(({ points }) => points))),
        });
      },
    });
  };
  try {
    await play().catch((error: unknown) => {
      if (error instanceof CliError || !(error instanceof Error)) throw error;
      if (!interrupt.signal.aborted) failure = error;
    });
    progress.stop();
    // Before anything is closed: whatever goes wrong from here on, the games are not lost.
    report(games, playerName(a), playerName(b), flags, rules);
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
      `The match stopped after ${games.length} of ${flags.games} games: ${explain(failure)}`,
      { cause: failure },
    );
}

function report(games: MatchGame[], a: string, b: string, flags: Flags, rules: Rules): void {
  games.sort((first, second) => first.index - second.index);
  const statistics = matchStatistics(games.map((game) => game.points));
  const ends = (end: MatchGame['end']): number => games.filter((game) => game.end === end).length;
  const asBlack = games.filter((game) => game.firstIsBlack);
  const pointsAsBlack = asBlack.reduce((sum, game) => sum + game.points, 0);
  emit(
    flags.json,
    {
      a,
      b,
      asked: flags.games,
      ...flags.size,
      rules: formatRules(rules),
      komi: rules.komi,
      openingPlies: flags.openingPlies,
      seed: flags.seed,
      ...statistics,
      asBlack: { games: asBlack.length, points: pointsAsBlack },
      ends: {
        passes: ends('passes'),
        resignation: ends('resignation'),
        moveLimit: ends('move-limit'),
        illegalMove: ends('illegal-move'),
      },
      results: games.map(({ index, firstIsBlack, result, moves }) => ({
        game: index + 1,
        black: firstIsBlack ? 'a' : 'b',
        result,
        moves: moves.length,
      })),
    },
    () =>
      [
        `${a} against ${b}, ${flags.size.width}x${flags.size.height}, ${formatRules(rules)} rules, komi ${rules.komi}`,
        `${games.length} games: ${formatStatistics(statistics)}`,
        `as Black ${pointsAsBlack} of ${asBlack.length}; ${ends('passes')} games ended by passes, ${ends('resignation')} by resignation, ${ends('move-limit')} at the move limit, ${ends('illegal-move')} by an illegal move`,
      ].join('\n'),
  );
}

/** Makes the folder where it is missing, and sees to it that the games can be written and overwrite no others. */
function prepareFolder(folder: string): void {
  mkdirSync(folder, { recursive: true });
  accessSync(folder, constants.W_OK | constants.X_OK);
  const old = readdirSync(folder).find((name) => /^game-.*\.sgf$/.test(name));
  if (old !== undefined)
    throw new CliError(
      EXIT.badInput,
      `${folder} already holds the games of a match (${old}); choose another --sgf-dir.`,
    );
}

function writeGame(folder: string, game: MatchGame, a: string, b: string, rules: Rules): void {
  const [playerBlack, playerWhite] = game.firstIsBlack ? [a, b] : [b, a];
  const { width, height } = game.position.board;
  const { moves, result, index } = game;
  const record = { width, height, rules, moves, result, playerBlack, playerWhite, toPlay: BLACK } as const;
  const file = join(folder, `game-${String(index + 1).padStart(4, '0')}.sgf`);
  try {
    writeFileSync(file, makeSgf([sgfFromGame(record)]));
  } catch (error) {
    // A full disk is found out about only when writing, where the system no longer knows the name.
    throw Object.assign(error as Error, { path: file });
  }
}
