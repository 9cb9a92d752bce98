/** Running a self-play run: who computes, what the terminal shows, and how it ends. */
import { existsSync } from 'node:fs';
import type { LiveRun, TrainingMetrics } from '#selfplay/run/run-files.ts';
import { LIVE_EVERY_MS } from '#selfplay/run/live-games.ts';
import type { Provider } from '#nets/providers.ts';
import { SelfPlayPool } from '#selfplay/zero/pool.ts';
import { inputProblem } from '#training/zero/input-problem.ts';
import { RunProgress } from '#training/zero/progress.ts';
import { trainZero } from '#training/zero/run.ts';
import { ZeroFolder } from '#training/zero/zero-folder.ts';
import type { BackendFlags } from '../backend-options.ts';
import { CliError, EXIT, emit } from '../common.ts';
import { makeProgress } from '../progress.ts';
import { backendChange, startAsBefore } from './backend-of-run.ts';
import { claim, interruption, refuseLocked } from './common.ts';
import { liveTeller } from './live-teller.ts';
import { isOnCuda, missingGpu, providerOfRun } from './provider-of-run.ts';
import { zeroConfig } from './zero-config.ts';
import type { ZeroFlags } from './zero-config.ts';
import { aboutText, generationText, progressText, ratingText } from './zero-text.ts';

type Flags = ZeroFlags &
  BackendFlags & {
    readonly out: string;
    readonly provider?: Provider;
    readonly workers: number;
    readonly concurrentGames: number;
    readonly json?: boolean;
  };

/** A run that is there knows its teacher. */
export async function runDistil(flags: Flags): Promise<void> {
  const folder = new ZeroFolder(flags.out);
  const stored = folder.readConfig();
  if (stored === null && flags.teacher === undefined)
    throw new CliError(
      EXIT.usage,
      `Name the net that plays with --teacher NET: there is no run in ${folder.path} yet to go on with.`,
    );
  if (stored !== null && typeof stored !== 'string' && stored.teacher === null)
    throw new CliError(
      EXIT.badInput,
      `${folder.configPath}: this folder is of train zero; name another folder`,
    );
  return runZero(flags);
}

export async function runZero(flags: Flags): Promise<void> {
  const folder = new ZeroFolder(flags.out);
  refuseLocked(folder.path);
  const isNew = !existsSync(folder.configPath);
  // What is wrong with the options is said before a backend is looked for.
  const asked = zeroConfig(folder, flags);
  const backend = await startAsBefore(flags, asked.backend);
  const byMachine = isOnCuda(backend) ? 'gpu' : 'cpu-night';
  const preset = flags.teacher === undefined ? (flags.preset ?? byMachine) : 'distil';
  const config = asked.by(preset, backend);
  const problem = inputProblem(config, existsSync(folder.checkpointPath));
  if (problem !== null) throw new CliError(EXIT.badInput, problem);
  const { provider, note: aboutProvider } = await providerOfRun(flags.provider, backend);
  const { signal } = interruption('stopping; finished games are kept');
  folder.create();
  claim(folder.path, isNew ? folder.configPath : undefined);
  folder.writeConfig(config);
  if (isNew) process.stderr.write(`${folder.path}: ${aboutText(preset, config)}\n`);
  const pool = new SelfPlayPool({
    workers: flags.workers,
    concurrentGames: flags.concurrentGames,
    provider,
  });
  const progress = new RunProgress(() => performance.now(), folder.told());
  const line = makeProgress('{text}');
  let loss: number | null = null;
  const note = (sentence: string): void => {
    progress.alarm(sentence);
    line.stop();
    process.stderr.write(`${sentence}\n`);
  };
  const tell = liveTeller((live) => folder.writeLive(live), note);
  const show = (): void => {
    const live = progress.read(Date.now());
    tell(live);
    line.update(live.generation, config.generations ?? live.generation + 1, {
      text: progressText(live, loss),
    });
  };
  const timer = setInterval(show, LIVE_EVERY_MS);
  const end = (state: LiveRun['state']): void => {
    clearInterval(timer);
    progress.enter(state);
    show();
    line.stop();
  };
  const notes = [backendChange(config.backend, backend), missingGpu(preset, backend), aboutProvider];
  for (const sentence of notes) if (sentence !== null) note(sentence);
  try {
    const result = await trainZero({
      config,
      folder,
      pool,
      backend,
      progress,
      signal,
      onMetrics: (metrics: TrainingMetrics) => void (loss = metrics.totalLoss),
      onGeneration: (generation) => {
        line.stop();
        process.stderr.write(`${generationText(generation, loss)}\n`);
      },
      onMatch: ({ first, second, wins, losses, draws }) => {
        line.stop();
        process.stderr.write(`${first} against ${second}: ${wins}-${losses}-${draws}\n`);
      },
      onRatings: (ratings) => {
        const text = ratingText(ratings);
        if (text === null) return;
        line.stop();
        process.stderr.write(`${text}\n`);
      },
      onNote: note,
    });
    if (!result.ok) {
      progress.alarm(result.message);
      throw new CliError(result.reason === 'damaged' ? EXIT.badInput : EXIT.failure, result.message);
    }
    end(result.finished ? 'finished' : 'stopped');
    const { generation, finished } = result;
    const net = folder.netPath;
    emit(flags.json, { run: folder.path, net, finished, generation, seconds: progress.runSeconds() }, () =>
      finished
        ? `finished ${generation} generations: ${net}`
        : `stopped in generation ${generation}; the same command goes on`,
    );
    if (!finished) process.exitCode = EXIT.interrupted;
  } catch (error) {
    end('failed');
    throw error;
  } finally {
    await pool.close();
  }
}
