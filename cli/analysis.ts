/** `tengen analysis`: the analysis engine with KataGo's own options, for programs that start `katago analysis` themselves. */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import { parseKataConfig, parseKataOverrides } from '#engine/record/katago-config.ts';
import { defaultNetPath } from '#nets/weights.ts';
import { applySettings } from '#selfplay/analysis-settings.ts';
import { runAnalysisEngine } from './analysis-run.ts';
import { DEFAULT_VISITS } from './analyze.ts';
import { CliError, EXIT } from './common.ts';

/** KataGo's numAnalysisThreads, and the option that says the same. */
const MAX_THREADS = 256;

type Options = {
  net: string;
  waits: boolean;
  threads: string | undefined;
  readonly settings: Map<string, string>;
  /** Options that say nothing here. */
  readonly ignored: string[];
};

export function registerAnalysis(program: Command): void {
  program
    .command('analysis')
    .description("analyze with KataGo's own options, for programs that start `katago analysis`")
    .argument(
      '[options...]',
      '-model FILE, -config FILE, -override-config KEY=VALUE,..., -analysis-threads N, ...',
    )
    .allowUnknownOption()
    // "-h" is also how "-human-model" begins.
    .helpOption('--help', 'display help for command')
    .addHelpText(
      'after',
      `
Of a configuration file the settings that docs/analysis.md lists are read, and numAnalysisThreads; the rest is passed over.

Example:
  tengen analysis -config analysis.cfg -model net.safetensors -analysis-threads 4`,
    )
    .action(runAnalysis);
}

function readConfig(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    // What fails in the middle of reading does not know of which file.
    throw Object.assign(error as Error, { path });
  }
}

/** KataGo takes its options with one dash or two. */
function readOptions(args: readonly string[]): Options {
  const options: Options = {
    net: defaultNetPath,
    waits: true,
    threads: undefined,
    settings: new Map(),
    ignored: [],
  };
  const add = (settings: Iterable<[string, string]>): void => {
    for (const [key, value] of settings) options.settings.set(key, value);
  };
  for (let i = 0; i < args.length; i++) {
    const name = args[i].replace(/^-+/, '');
    const value = (): string => {
      const given = args.at(++i);
      if (given === undefined) throw new CliError(EXIT.usage, `The option ${args[i - 1]} needs a value.`);
      return given;
    };
    if (name === 'model') options.net = value();
    else if (name === 'config') add(parseKataConfig(readConfig(value())));
    else if (name === 'override-config') add(parseKataOverrides(value()));
    else if (name === 'analysis-threads') options.threads = value();
    else if (name === 'quit-without-waiting') options.waits = false;
    else options.ignored.push(args[i]);
  }
  return options;
}

async function runAnalysis(args: readonly string[]): Promise<void> {
  const { net, waits, settings, threads: threadsOption, ignored } = readOptions(args);
  if (ignored.length > 0) process.stderr.write(`tengen: passed over: ${ignored.join(' ')}\n`);
  const threads = Number(threadsOption ?? settings.get('numAnalysisThreads') ?? availableParallelism());
  if (!Number.isInteger(threads) || threads < 1 || threads > MAX_THREADS)
    throw new CliError(EXIT.usage, `Give a whole number of analysis threads from 1 to ${MAX_THREADS}.`);
  const read = applySettings(settings, {
    visits: DEFAULT_VISITS,
    budgetMs: Infinity,
    perspective: 'side-to-move',
    parameters: {},
  });
  if (!read.ok) throw new CliError(EXIT.badInput, `The setting ${read.message}.`);
  await runAnalysisEngine({ net, threads, provider: 'cpu', seed: 1, waits, defaults: read.settings });
}
