/** `tengen doctor`: what this machine can compute with, how fast, and how to get what is missing. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { BACKENDS } from '#nets/backend/backends.ts';
import { fastest, tryBackend, type Trial } from '#nets/backend/choose.ts';
import { PROVIDERS, type Provider } from '#nets/providers.ts';
import { addBackendOptions, type BackendFlags } from './backend-options.ts';
import { emit } from './common.ts';
import { readAnswer } from './provider-answer.ts';
import type { ProviderTrial } from './provider-answer.ts';

type TriedProvider = {
  readonly provider: Provider;
  readonly problem: string | null;
  /** Null where it does not start, or fails. */
  readonly trial: ProviderTrial | null;
};

/** Of a provider; drivers that hang are given up. A software one takes seconds. */
const TRIAL_TIMEOUT_MS = 120_000;

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
  // The first of them is cpu.
  let expected: ProviderTrial | null = null;
  const providers = PROVIDERS.map((provider) => {
    const { problem, trial } = tryProvider(provider, expected);
    expected ??= trial;
    return { provider, problem, evaluationsPerSecond: trial?.evaluationsPerSecond ?? 0 };
  });
  // As `chooseBackend`, which leaves the plain one out.
  const best = fastest(backends.filter(({ name }) => name !== 'cpu'));
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

/** Tries a provider and compares what it makes of a position with `expected` where that is known. */
function tryProvider(provider: Provider, expected: ProviderTrial | null): TriedProvider {
  const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
  const script = fileURLToPath(new URL(`./provider-trial${extension}`, import.meta.url));
  const answer = readAnswer(
    spawnSync(process.execPath, [script, provider], {
      stdio: ['ignore', 'pipe', 'ignore'],
      encoding: 'utf8',
      timeout: TRIAL_TIMEOUT_MS,
      killSignal: 'SIGKILL',
    }),
  );
  if (!answer.ok) {
    const problem = answer.starts ? `fails: ${answer.message}` : PROVIDER_HELP[provider];
    return { provider, problem, trial: null };
  }
  const { trial } = answer;
  const isRight =
    expected === null ||
    (Math.abs(trial.valueToPlay - expected.valueToPlay) < TOLERANCE &&
      trial.policyLogits.every((logit, move) => Math.abs(logit - expected.policyLogits[move]) < TOLERANCE));
  return {
    provider,
    problem: isRight ? null : 'it computes wrongly: its evaluation is not that of the cpu provider',
    trial,
  };
}
