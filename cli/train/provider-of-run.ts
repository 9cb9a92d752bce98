/** What evaluates the nets of a self-play run: what is asked for, else what goes with the backend that trains. */
import type { Provider } from '#nets/providers.ts';
import { defaultNetPath } from '#nets/weights.ts';
import { CliError, EXIT } from '../common.ts';

/** @param backend as it describes itself: "torch: libtorch 2.1.0 on cuda:0". */
export const isOnCuda = (backend: string): boolean => backend.includes('cuda');

/** Tries a provider in a thread, as the run does. @returns why it does not run here, or null. */
async function providerProblem(provider: Provider): Promise<string | null> {
  const { openInferenceService } = await import('#nets/inference/inference-service.ts');
  const opened = await openInferenceService(defaultNetPath, { provider, sessions: 1, clients: 1 });
  if (!opened.ok) return opened.message;
  await opened.service.close();
  return null;
}

/**
 * @param backend as of `isOnCuda`. @param problemOf as `providerProblem`.
 * @returns the provider, with a sentence where it is not the one that would suit the backend.
 * @throws CliError where the provider that was asked for does not run here.
 */
export async function providerOfRun(
  asked: Provider | undefined,
  backend: string,
  problemOf = providerProblem,
): Promise<{ provider: Provider; note: string | null }> {
  const provider = asked ?? (isOnCuda(backend) ? 'cuda' : 'cpu');
  const problem = provider === 'cpu' ? null : await problemOf(provider);
  if (problem === null) return { provider, note: null };
  if (asked !== undefined) throw new CliError(EXIT.unavailable, problem);
  return { provider: 'cpu', note: `Games are played on the CPU, since ${problem}` };
}

/** What is to be said of a preset for GPUs where the backend computes on none; null elsewhere. */
export function missingGpu(preset: string, backend: string): string | null {
  return preset !== 'gpu' || /cuda|webgpu/.test(backend)
    ? null
    : `The preset gpu is for a GPU, and this run computes with ${backend}: it will take days. For this machine there is --preset cpu-night.`;
}
