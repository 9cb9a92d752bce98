/** The nets of a search pool whose threads do not run them: each opened once, in session threads for all of them. */
import type { InferenceService, InferenceServiceResult } from '#nets/inference/inference-service.ts';
import type { Connection } from '#nets/inference/shared-evaluator.ts';
import type { NetRefusal } from '#nets/inference/trial.ts';
import type { Provider } from '#nets/providers.ts';
import { MAX_NETS } from './search-task.ts';
import type { PrepareResult } from './search-task.ts';

/** Sessions beyond this would keep so many leaves of one game waiting that its tree suffers. Our choice. */
const MAX_SESSIONS = 8;

export type SharedNetsOptions = {
  readonly sessions: number;
  readonly clients: number;
  readonly provider: Provider;
  /** Positions of one batch at most, and batches of a client at once; defaults of `openInferenceService`. */
  readonly maxBatch?: number;
  readonly lanes?: number;
  /** Tells every client thread of a net, or that it is about to be closed; resolves when the thread has heard. */
  readonly connect: (path: string, connections: readonly Connection[]) => Promise<void>;
  readonly disconnect: (path: string) => Promise<void>;
};

/**
 * How many sessions evaluate for `clients` search threads, or null where each thread has one of its own. On a CPU one
 * session a core, each with one thread, is fastest (`tengen bench search`): those of the search threads where they
 * occupy the cores, shared ones where a single game has them all. A GPU wants one session that is sent everything.
 */
export function sessionsFor(clients: number, cores: number, provider: Provider): number | null {
  if (provider !== 'cpu') return 1;
  return clients >= cores ? null : Math.min(cores, MAX_SESSIONS);
}

type UseResult<Value> = { ok: true; value: Value } | NetRefusal;

type Opened = { readonly result: Promise<InferenceServiceResult>; users: number };

export class SharedNets {
  private readonly options: SharedNetsOptions;
  /** In order of last use, oldest first. */
  private readonly opened = new Map<string, Opened>();

  constructor(options: SharedNetsOptions) {
    this.options = options;
  }

  /** Opens the net unless it is open, or says in one sentence why it cannot be used. */
  async open(path: string): Promise<PrepareResult> {
    const used = await this.use(path, () => Promise.resolve());
    return used.ok ? { ok: true } : used;
  }

  /** Runs a task of a client thread that evaluates with the net, which stays open so long. */
  async use<Value>(path: string, task: () => Promise<Value>): Promise<UseResult<Value>> {
    const net = this.opened.get(path) ?? { result: this.start(path), users: 0 };
    const forget = (): void => {
      if (this.opened.get(path) === net) this.opened.delete(path);
    };
    this.opened.delete(path);
    this.opened.set(path, net);
    net.users++;
    try {
      const result = await net.result.catch((error: unknown) => {
        forget();
        throw error;
      });
      if (result.ok) return { ok: true, value: await task() };
      // The file may be mended before it is asked for again.
      forget();
      return result;
    } catch (error) {
      // Opened anew when it is next asked for; who asked now is not kept waiting.
      if ((await hasEnded(net)) && this.opened.get(path) === net) this.drop(path, net).catch(() => undefined);
      throw error;
    } finally {
      net.users--;
      await this.closeUnused();
    }
  }

  /** Whether the net is open; one whose thread died is not, once whoever used it has heard. */
  isOpen(path: string): boolean {
    return this.opened.has(path);
  }

  /** Closes a net that nobody uses, if it is open. */
  async forget(path: string): Promise<void> {
    const net = this.opened.get(path);
    if (net !== undefined) await this.drop(path, net);
  }

  /** Only when no client thread evaluates any more. */
  async close(): Promise<void> {
    const nets = [...this.opened.values()];
    this.opened.clear();
    for (const net of nets) await closeService(net);
  }

  private async start(path: string): Promise<InferenceServiceResult> {
    const { connect, disconnect: _, ...options } = this.options;
    const { openInferenceService } = await import('#nets/inference/inference-service.ts');
    const result = await openInferenceService(path, options);
    if (!result.ok) return result;
    try {
      await connect(path, connectionsOf(result.service, options.clients));
    } catch (error) {
      // Threads of sessions that nobody closes would keep the process.
      await result.service.close();
      throw error;
    }
    return result;
  }

  /** Closes the nets used longest ago where there are too many, but none that is in use. */
  private async closeUnused(): Promise<void> {
    for (const [path, net] of this.opened) {
      if (this.opened.size <= MAX_NETS) return;
      if (net.users > 0) continue;
      await this.drop(path, net);
    }
  }

  private async drop(path: string, net: Opened): Promise<void> {
    this.opened.delete(path);
    try {
      await this.options.disconnect(path);
    } finally {
      await closeService(net);
    }
  }
}

/** Whether a thread of the net has died. */
async function hasEnded({ result }: Opened): Promise<boolean> {
  const opened = await result.catch(() => null);
  return opened?.ok === true && opened.service.hasEnded();
}

async function closeService({ result }: Opened): Promise<void> {
  const opened = await result.catch(() => null);
  if (opened?.ok === true) await opened.service.close();
}

function connectionsOf(service: InferenceService, clients: number): Connection[] {
  return Array.from({ length: clients }, (_, index) => service.connection(index));
}
