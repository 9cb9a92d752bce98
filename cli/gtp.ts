/** `tengen gtp`: any player as an engine for GTP programs. */
import { Argument, InvalidArgumentError, type Command } from 'commander';
import { makeRng } from '#engine/go/random.ts';
import { NET_SEARCH, PLAYOUT_SEARCH } from '#engine/search/parameters.ts';
import { applySettings } from '#selfplay/analysis-settings.ts';
import { GtpEngine } from '#selfplay/gtp-engine.ts';
import type { GtpEngineOptions } from '#selfplay/gtp-session.ts';
import { serveGtp } from '#selfplay/gtp-serve.ts';
import { kataModels } from '#selfplay/kata-models.ts';
import { openPlayer, ownershipOf } from '#selfplay/open-player.ts';
import { MAX_VISITS, PLAYER_HELP } from '#selfplay/player.ts';
import type { PlayerSpec } from '#selfplay/player.ts';
import { gameOf } from '#selfplay/search-game.ts';
import { SearchPool } from '#selfplay/search-pool.ts';
import { DEFAULT_VISITS } from './analyze.ts';
import { CliError, EXIT, realNumber, requireOpened, version, wholeNumber } from './common.ts';
import { addBoardOptions, parsePlayerOption, rulesOf } from './game-options.ts';
import type { BoardFlags } from './game-options.ts';
import { gtpConfig, impossibleSetting } from './gtp-config.ts';
import { addKataOptions, kataSettings, type KataFlags } from './katago-options.ts';
import { printError } from './report-error.ts';

type Flags = BoardFlags &
  KataFlags & {
    readonly seed: number;
    readonly resignBelow: number;
    readonly ponder?: true;
    readonly overrideName?: string;
    readonly overrideVersion: string;
  };

function oneWord(text: string): string {
  if (!/^[!-~]{1,100}$/.test(text))
    throw new InvalidArgumentError('Give one word, for example KataGo or 0.15.');
  return text;
}

export function registerGtp(program: Command): void {
  const command = program
    .command('gtp')
    .description('speak the Go Text Protocol on stdin and stdout, for Sabaki, GoGui and others')
    .addArgument(
      new Argument('[player]', `who plays: ${PLAYER_HELP}`)
        .argParser(parsePlayerOption)
        .default(parsePlayerOption('net@200'), 'net@200'),
    );
  addKataOptions(addBoardOptions(command))
    .option('--seed <n>', 'of the search', wholeNumber(0, 2 ** 31 - 1), 1)
    .option('--resign-below <rate>', 'resign below this win rate; 0 never', realNumber(0, 0.5), 0.03)
    .option('--ponder', "go on searching in the opponent's time")
    .option(
      '--override-name <text>',
      'the answer to "name", for programs that know others only: Lizzie wants KataGo',
      oneWord,
    )
    .option(
      '--override-version <text>',
      'the answer to "version", alike: Lizzie wants 0.15 of what is not KataGo',
      oneWord,
      version,
    )
    .addHelpText(
      'after',
      `
-model, -config and -override-config are KataGo's, with one dash or two; docs/gtp.md lists the settings.

Examples:
  tengen gtp
  tengen gtp net:runs/first/net.safetensors@800 --size 9
  tengen gtp net:kata1-b18c384nbt.bin.gz@400 --ponder
  tengen gtp -model kata1-b18c384nbt.bin.gz -config gtp.cfg
  gogui-twogtp -black "tengen gtp" -white "gnugo --mode gtp"`,
    )
    .action(runGtp);
}

async function runGtp(player: PlayerSpec, given: Flags, command: Command): Promise<void> {
  if (given.model !== undefined && command.args.length > 0)
    throw new CliError(EXIT.usage, 'Give a player or -model, not both.');
  const settings = kataSettings(given);
  const config = gtpConfig(settings);
  /** Options that were given count before settings, which may come with another program, and these before defaults. */
  const preferred = <T>(option: string, value: T, setting: T | undefined): T =>
    command.getOptionValueSource(option) === 'cli' ? value : (setting ?? value);
  const flags = {
    ...given,
    rules: preferred('rules', given.rules, config.rules),
    resignBelow: preferred('resignBelow', given.resignBelow, config.resignBelow),
  };
  const spec = configured(
    given.model === undefined ? player : { kind: 'net', path: given.model, visits: DEFAULT_VISITS },
    settings,
  );
  if (flags.size.width !== flags.size.height)
    throw new CliError(EXIT.usage, 'Give one --size; GTP programs set rectangles by rectangular_boardsize.');
  const pool = new SearchPool({ provider: flags.provider, maxVisits: MAX_VISITS });
  try {
    const opened = requireOpened(await openPlayer(spec, pool, { resignBelow: flags.resignBelow }));
    const engine = new GtpEngine({
      player: opened.player,
      name: flags.overrideName ?? (flags.model === undefined ? `Tengen ${opened.player.name}` : 'KataGo'),
      version: flags.overrideVersion,
      size: flags.size.width,
      rules: rulesOf(flags),
      rng: makeRng(flags.seed),
      lagMs: config.lagMs,
      ponders: flags.ponder ?? config.ponder ?? false,
      ...searchOf(spec, flags, pool),
      ownershipBlack: (position) => ownershipOf(spec, position, pool, flags.seed),
      now: () => performance.now(),
      onError: printError,
      onWarning: (sentence) => process.stderr.write(`tengen: ${sentence}\n`),
    });
    const wrong = engine.setParameters(settings);
    if (wrong !== null) throw impossibleSetting(wrong, settings);
    // LizGoban and other programs wait for these words of KataGo's.
    process.stderr.write('GTP ready, beginning main protocol loop\n');
    try {
      await serveGtp(engine, process.stdin, process.stdout);
    } finally {
      await opened.player.close();
    }
  } finally {
    await pool.close();
  }
}

/** The player with what KataGo's settings say of its search. */
function configured(spec: PlayerSpec, settings: ReadonlyMap<string, string>): PlayerSpec {
  if (spec.kind !== 'net' && spec.kind !== 'playouts') return spec;
  const { visits, parameters = {} } = spec;
  const read = applySettings(settings, {
    visits,
    budgetMs: Infinity,
    perspective: 'side-to-move',
    parameters,
  });
  if (!read.ok) throw new CliError(EXIT.badInput, `The setting ${read.message}.`);
  return { ...spec, visits: read.settings.visits, parameters: read.settings.parameters };
}

/** What the engine may ask and change of a player that searches. */
function searchOf(spec: PlayerSpec, flags: Flags, pool: SearchPool): Partial<GtpEngineOptions> {
  if (spec.kind !== 'net' && spec.kind !== 'playouts') return {};
  const defaults = spec.kind === 'net' ? NET_SEARCH : PLAYOUT_SEARCH;
  const search = {
    visits: spec.visits,
    parameters: { ...defaults, ...spec.parameters, resignBelow: flags.resignBelow },
  };
  if (spec.kind === 'playouts') return { search };
  const { path } = spec;
  return {
    search,
    net: {
      models: () => kataModels(path),
      rawOpinions: (position, symmetries) =>
        pool.rawOpinions({ game: gameOf(position), net: path, symmetries }),
    },
  };
}
