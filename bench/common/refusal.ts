/** Why a bench cannot run, for `tengen bench` to make an exit code of. */
import type { NetRefusal } from '#nets/inference/trial.ts';

export class BenchRefusal extends Error {
  readonly reason: NetRefusal['reason'] | 'usage';

  constructor(reason: BenchRefusal['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
}

/** What was opened. @throws BenchRefusal where nothing was. */
export function requireOpened<Opened extends { readonly ok: true }>(result: Opened | NetRefusal): Opened {
  if (result.ok) return result;
  throw new BenchRefusal(result.reason, result.message);
}
