/** `tengen analyze`: KataGo's JSON analysis engine, for KaTrain, Ogatak and other programs that speak to one. */
import { availableParallelism } from 'node:os';
import { Argument, Option, type Command } from 'commander';
import { NET_SEARCH } from '#engine/search/parameters.ts';
import type { Provider } from '#nets/providers.ts';
import { defaultNetPath } from '#nets/weights.ts';
import { PERSPECTIVES, type Perspective } from '#selfplay/kata-analysis.ts';
import { MAX_VISITS } from '#selfplay/player.ts';
import { runAnalysisEngine } from './analysis-run.ts';
import { filePath, realNumber, wholeNumber } from './common.ts';
import { providerOption } from './game-options.ts';

type Flags = {
  readonly visits: number;
  readonly maxTime?: number;
  readonly threads: number;
  readonly perspective: Perspective;
  readonly pvLength: number;
  readonly seed: number;
  readonly provider: Provider;
  readonly quitWithoutWaiting?: boolean;
};

/** KataGo's example configuration. */
export const DEFAULT_VISITS = 500;

export function registerAnalyze(program: Command): void {
  program
    .command('analyze')
    .description("speak KataGo's JSON analysis protocol on stdin and stdout, for KaTrain, Ogatak and others")
    .addArgument(
      new Argument('[net]', "file of the net, Tengen's or KataGo's, or the folder of a run")
        .argParser(filePath)
        .default(defaultNetPath, 'the shipped net'),
    )
    .option(
      '--visits <n>',
      'root visits where a query does not say',
      wholeNumber(1, MAX_VISITS),
      DEFAULT_VISITS,
    )
    .option('--max-time <seconds>', 'for a turn where a query does not say', realNumber(0.001, 1e6))
    .option('--threads <n>', 'turns analysed at once', wholeNumber(1, 256), availableParallelism())
    .addOption(
      new Option('--perspective <side>', 'whose win rates and scores are told')
        .choices(PERSPECTIVES)
        .default('black'),
    )
    .option(
      '--pv-length <n>',
      'moves of a variation after its first',
      wholeNumber(1, 1000),
      NET_SEARCH.pvLength,
    )
    .option('--seed <n>', 'of the searches', wholeNumber(0, 2 ** 31 - 1), 1)
    .addOption(providerOption())
    .option('--quit-without-waiting', 'end with the input, whatever is still under way')
    .addHelpText(
      'after',
      `
Examples:
  tengen analyze
  tengen analyze runs/first --threads 4 --perspective side-to-move
  tengen analyze kata1-b18c384nbt.bin.gz --visits 200
  echo '{"id":"a","moves":[["B","C3"]],"rules":"chinese","boardXSize":9,"boardYSize":9}' | tengen analyze`,
    )
    .action(runAnalyze);
}

function runAnalyze(net: string, flags: Flags): Promise<void> {
  return runAnalysisEngine({
    net,
    threads: flags.threads,
    provider: flags.provider,
    seed: flags.seed,
    waits: flags.quitWithoutWaiting !== true,
    defaults: {
      visits: flags.visits,
      budgetMs: 1000 * (flags.maxTime ?? Infinity),
      perspective: flags.perspective,
      parameters: { pvLength: flags.pvLength },
    },
  });
}
