/** The analysis engine on stdin and stdout, whichever command started it. */
import type { Provider } from '#nets/providers.ts';
import { AnalysisEngine } from '#selfplay/analysis-engine.ts';
import { serveAnalysis } from '#selfplay/analysis-serve.ts';
import type { AnalysisSettings } from '#selfplay/analysis-settings.ts';
import { kataModels } from '#selfplay/kata-models.ts';
import { MAX_VISITS } from '#selfplay/player.ts';
import { SearchPool } from '#selfplay/search-pool.ts';
import { EXIT, requireOpened, version } from './common.ts';
import { printError } from './report-error.ts';

type AnalysisRun = {
  readonly net: string;
  readonly threads: number;
  readonly provider: Provider;
  readonly seed: number;
  /** Whether what is under way when the input ends is still answered. */
  readonly waits: boolean;
  readonly defaults: AnalysisSettings;
};

/** Serves stdin and stdout until the input ends, nobody reads, or the process is told to end. */
export async function runAnalysisEngine(run: AnalysisRun): Promise<void> {
  const { net, threads, provider, seed, defaults } = run;
  const quit = new AbortController();
  const interrupted = (): void => {
    process.exitCode = EXIT.interrupted;
    quit.abort();
  };
  process.once('SIGINT', interrupted);
  process.once('SIGTERM', interrupted);
  const unread = (): void => quit.abort();
  process.stdout.once('error', unread);
  const pool = new SearchPool({ provider, threads, maxVisits: MAX_VISITS });
  try {
    requireOpened(await pool.prepare(net));
    const engine = new AnalysisEngine({
      pool,
      slots: threads,
      net,
      models: () => kataModels(net),
      version,
      defaults,
      seed,
      write: (line) => void process.stdout.write(`${line}\n`),
      onError: printError,
    });
    // Programs wait for these words of KataGo's.
    process.stderr.write('Started, ready to begin handling requests\n');
    await serveAnalysis(engine, process.stdin, run.waits, quit.signal);
  } finally {
    process.removeListener('SIGINT', interrupted);
    process.removeListener('SIGTERM', interrupted);
    process.stdout.removeListener('error', unread);
    await pool.close();
  }
}
