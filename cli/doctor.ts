/** `tengen doctor`: what this machine can compute with, how fast, and how to get what is missing. */
import type { Command } from 'commander';
import { Position } from '#engine/go/position.ts';
import { RULE_PRESETS } from '#engine/go/rules.ts';
import { SYMMETRY_COUNT } from '#engine/go/symmetry.ts';
import { evaluateAll } from '#engine/search/evaluator.ts';
import type { Evaluation } from '#engine/search/evaluator.ts';
import { BACKENDS } from '#nets/backend/backends.ts';
import { tryBackend, type Trial } from '#nets/backend/choose.ts';
import { openEvaluator } from '#nets/evaluator.ts';
import { PROVIDERS, type Provider } from '#nets/providers.ts';
import { defaultNetPath } from '#nets/weights.ts';
import { addBackendOptions, type BackendFlags } from './backend-options.ts';
import { emit } from './common.ts';

type ProviderTrial = {
  readonly provider: Provider;
  readonly problem: string | null;
  /** Of the shipped net on 9x9. */
  readonly evaluationsPerSecond: number;
};

/** Positions of one timed evaluation, and how many evaluations are timed after one to warm up. */
const BATCH = 32;
const ROUNDS = 5;
/** In logits and values; a GPU may round to ten bits. */
const TOLERANCE = 1e-2;

/** What a provider that does not start lacks. */
const PROVIDER_HELP: Readonly<Record<Provider, string>> = {
  cpu: 'does not run: install onnxruntime-node again (npm ci)',
  webgpu: 'no GPU answers: install its Vulkan, Metal or D3D12 driver',
  cuda: 'its libraries are not there: on Linux run node_modules/onnxruntime-node/script/install.js with CUDA 12 and cuDNN 9',
};

const now = (): number => performance.now();

export function registerDoctor(program: Command): void {
  const command = program.command('doctor').description('what this machine computes with, and how fast');
  addBackendOptions(command)
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExamples:\n  tengen doctor\n  tengen doctor --backend torch --threads 2')
    .action(doctor);
}

async function doctor({ backend, device, threads, json }: BackendFlags & { json?: boolean }): Promise<void> {
  const options = {
    ...(device === undefined ? {} : { device }),
    ...(threads === undefined ? {} : { threads }),
  };
  const backends: Trial[] = [];
  for (const name of backend === 'auto' ? BACKENDS : [backend])
    backends.push(await tryBackend(name, options, now));
  const providers: ProviderTrial[] = [];
  let expected: Evaluation | null = null;
  for (const provider of PROVIDERS) {
    const { first, ...trial } = await tryProvider(provider, expected);
    // The first of them is cpu.
    expected ??= first;
    providers.push(trial);
  }
  const best = backends
    .filter(({ problem }) => problem === null)
    .reduce<Trial | null>(
      (fast, it) => (fast === null || it.positionsPerSecond > fast.positionsPerSecond ? it : fast),
      null,
    );
  emit(json, { node: process.version, backends, auto: best?.name ?? null, providers }, () =>
    [
      `Node ${process.version}, ${process.platform} ${process.arch}`,
      '',
      'Training and tensors (positions/s of training and evaluations/s of a small net on 9x9):',
      ...backends.map((trial) =>
        line(trial.name, trial.problem, trial.description, [
          trial.positionsPerSecond,
          trial.evaluationsPerSecond,
        ]),
      ),
      `  auto takes ${best?.name ?? 'none'}`,
      '',
      'Play, by ONNX Runtime (evaluations/s of the shipped net on 9x9, one thread):',
      ...providers.map((trial) => line(trial.provider, trial.problem, '', [trial.evaluationsPerSecond])),
    ].join('\n'),
  );
  // Dawn keeps threads of its own alive.
  process.exit();
}

function line(
  name: string,
  problem: string | null,
  description: string | null,
  speeds: readonly number[],
): string {
  const figures = speeds.map((speed) => Math.round(speed).toLocaleString('en').padStart(8)).join('');
  return problem === null
    ? `  ${name.padEnd(11)}${figures}  ${description ?? ''}`
    : `  ${name.padEnd(11)} ${problem}`;
}

/** Opens the shipped net with a provider, compares it with `expected` where that is known, and times it. */
async function tryProvider(
  provider: Provider,
  expected: Evaluation | null,
): Promise<ProviderTrial & { first: Evaluation | null }> {
  const opened = await openEvaluator(defaultNetPath, { provider, maxBatch: BATCH });
  if (!opened.ok) return { provider, problem: PROVIDER_HELP[provider], evaluationsPerSecond: 0, first: null };
  const { evaluator } = opened;
  const position = Position.start({ width: 9, height: 9, rules: RULE_PRESETS.chinese });
  const requests = Array.from({ length: BATCH }, (_, i) => ({ position, symmetry: i % SYMMETRY_COUNT }));
  const [first] = await evaluateAll(evaluator, requests);
  const times: number[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    const start = now();
    await evaluateAll(evaluator, requests);
    times.push(now() - start);
  }
  await evaluator.close();
  const isRight =
    expected === null ||
    (Math.abs(first.valueToPlay - expected.valueToPlay) < TOLERANCE &&
      first.policyLogits.every((logit, move) => Math.abs(logit - expected.policyLogits[move]) < TOLERANCE));
  return {
    provider,
    problem: isRight ? null : 'it computes wrongly: its evaluation is not that of the cpu provider',
    evaluationsPerSecond: (1000 * BATCH) / times.toSorted((a, b) => a - b)[ROUNDS >> 1],
    first,
  };
}
