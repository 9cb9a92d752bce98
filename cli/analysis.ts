/** `tengen analysis`: the analysis engine with KataGo's own options, for programs that start `katago analysis` themselves. */
import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import { defaultNetPath } from '#nets/weights.ts';
import { applySettings } from '#selfplay/analysis-settings.ts';
import { runAnalysisEngine } from './analysis-run.ts';
import { DEFAULT_VISITS } from './analyze.ts';
import { CliError, EXIT } from './common.ts';
import { addKataOptions, kataSettings, type KataFlags } from './katago-options.ts';

/** KataGo's numAnalysisThreads, and the option that says the same. */
const MAX_THREADS = 256;

type Flags = KataFlags & {
  readonly analysisThreads?: string;
  readonly quitWithoutWaiting?: true;
};

export function registerAnalysis(program: Command): void {
  const command = program
    .command('analysis')
    .description("analyze with KataGo's own options, for programs that start `katago analysis`")
    .allowUnknownOption()
    .allowExcessArguments()
    // "-h" is also how "-human-model" begins.
    .helpOption('--help', 'display help for command');
  addKataOptions(command)
    .option('--analysis-threads <n>', 'turns analysed at once')
    .option('--quit-without-waiting', 'end with the input, whatever is still under way')
    .addHelpText(
      'after',
      `
One dash will do. Of a configuration file the settings that docs/analysis.md lists are read, and numAnalysisThreads; the rest is passed over, as other options are.

Example:
  tengen analysis -config analysis.cfg -model net.safetensors -analysis-threads 4`,
    )
    .action(runAnalysis);
}

async function runAnalysis(flags: Flags, { args: ignored }: Command): Promise<void> {
  if (ignored.length > 0) process.stderr.write(`tengen: passed over: ${ignored.join(' ')}\n`);
  const settings = kataSettings(flags);
  const threads = Number(
    flags.analysisThreads ?? settings.get('numAnalysisThreads') ?? availableParallelism(),
  );
  if (!Number.isInteger(threads) || threads < 1 || threads > MAX_THREADS)
    throw new CliError(EXIT.usage, `Give a whole number of analysis threads from 1 to ${MAX_THREADS}.`);
  const read = applySettings(settings, {
    visits: DEFAULT_VISITS,
    budgetMs: Infinity,
    perspective: 'side-to-move',
    parameters: {},
  });
  if (!read.ok) throw new CliError(EXIT.badInput, `The setting ${read.message}.`);
  await runAnalysisEngine({
    net: flags.model ?? defaultNetPath,
    threads,
    provider: 'cpu',
    seed: 1,
    waits: flags.quitWithoutWaiting !== true,
    defaults: read.settings,
  });
}
