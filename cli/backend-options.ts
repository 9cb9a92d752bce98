/** Options of every command that computes with tensors, and starting what they ask for. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import { BACKENDS, type BackendName } from '#nets/backend/backends.ts';
import { chooseBackend } from '#nets/backend/choose.ts';
import { CliError, EXIT, wholeNumber } from './common.ts';

export type BackendFlags = {
  readonly backend: BackendName | 'auto';
  readonly device?: string;
  readonly threads?: number;
};

function deviceName(text: string): string {
  if (!/^(cpu|cuda(:\d{1,2})?)$/.test(text))
    throw new InvalidArgumentError('Devices are cpu, cuda, cuda:1 and so on.');
  return text;
}

/** Adds --backend, --device and --threads. */
export function addBackendOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--backend <name>', 'what computes; auto takes the fastest that computes correctly')
        .choices(['auto', ...BACKENDS])
        .default('auto'),
    )
    .option(
      '--device <name>',
      'of the torch backend: cpu, cuda, cuda:1 (default: cuda where there is one)',
      deviceName,
    )
    .option('--threads <n>', 'of the torch backend on a CPU (default 1)', wholeNumber(1, 256));
}

/** Starts the backend asked for and says on stderr which it is. @returns that: "torch: libtorch 1.13.0 on cpu, 1 threads". */
export async function startTensors({ backend, device, threads }: BackendFlags): Promise<string> {
  if (backend !== 'auto' && backend !== 'torch' && (device ?? threads) !== undefined)
    throw new CliError(EXIT.usage, `--device and --threads go with --backend torch, not ${backend}.`);
  const options = {
    ...(device === undefined ? {} : { device }),
    ...(threads === undefined ? {} : { threads }),
  };
  try {
    const [best] = await chooseBackend(backend, options, () => performance.now());
    const description = `${best.name}: ${best.description}`;
    process.stderr.write(`computing with ${description}\n`);
    if (best.name !== 'torch' && threads !== undefined)
      process.stderr.write(`--threads counts for the torch backend alone; ${best.name} has its own\n`);
    return description;
  } catch (error) {
    throw new CliError(EXIT.unavailable, (error as Error).message, { cause: error });
  }
}
