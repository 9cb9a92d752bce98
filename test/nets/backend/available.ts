/** Which tensor backends this machine has, asked once a test file. */
import { startBackend, type BackendName } from '#nets/backend/backends.ts';

/** Why each of `names` is missing, or null where it is there; the last that is there is current. */
export async function missing(names: readonly BackendName[]): Promise<Map<BackendName, string | null>> {
  const reasons = new Map<BackendName, string | null>();
  for (const name of names) {
    const started = await startBackend(name);
    reasons.set(name, started.ok ? null : started.message);
  }
  return reasons;
}
