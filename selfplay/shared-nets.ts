/** The nets of a search pool whose threads do not run them: each opened once, in session threads for all of them. */
import type { InferenceService, InferenceServiceResult } from '#nets/inference/inference-service.ts';
import type { Connection } from '#nets/inference/shared-evaluator.ts';
import type { Provider } from '#nets/providers.ts';
import type { PrepareResult } from './search-task.ts';

/** Nets kept open; each costs its weights in every session. */
const MAX_NETS = 4;
/** Sessions beyond this would keep so many leaves of one game waiting that its tree suffers. Our choice. */
const MAX_SESSIONS = 8;

export type SharedNetsOptions = {
  readonly sessions: number;
  readonly clients: number;
  readonly provider: Provider;
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

export class SharedNets {
  private readonly options: SharedNetsOptions;
  /** In order of last use, oldest first. */
  private readonly opened = new Map<string, Promise<InferenceServiceResult>>();

  constructor(options: SharedNetsOptions) {
    this.options = options;
  }

  /** Makes the net known to all client threads, unless it is. */
  async open(path: string): Promise<PrepareResult> {
    const opening = this.opened.get(path) ?? this.start(path);
    this.opened.delete(path);
    this.opened.set(path, opening);
    const result = await opening;
    // The file may be mended before it is asked for again.
    if (!result.ok && this.opened.get(path) === opening) this.opened.delete(path);
    return result.ok ? { ok: true } : result;
  }

  /** Only when no client thread evaluates any more. */
  async close(): Promise<void> {
    const services = await Promise.all(this.opened.values());
    this.opened.clear();
    for (const result of services) if (result.ok) await result.service.close();
  }

  private async start(path: string): Promise<InferenceServiceResult> {
    const { sessions, clients, provider, connect } = this.options;
    if (this.opened.size >= MAX_NETS) await this.closeOldest();
    const { openInferenceService } = await import('#nets/inference/inference-service.ts');
    const result = await openInferenceService(path, { sessions, clients, provider });
    if (result.ok) await connect(path, connectionsOf(result.service, clients));
    return result;
  }

  private async closeOldest(): Promise<void> {
    const [oldest] = this.opened;
    if (oldest === undefined) return;
    const [path, opening] = oldest;
    this.opened.delete(path);
    const result = await opening;
    await this.options.disconnect(path);
    if (result.ok) await result.service.close();
  }
}

function connectionsOf(service: InferenceService, clients: number): Connection[] {
  return Array.from({ length: clients }, (_, index) => service.connection(index));
}
