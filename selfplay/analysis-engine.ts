/** KataGo's JSON analysis engine over any search: lines in at any time, answers out as they are ready. */
import { parseAnalysisLine, type AnalysisAction } from '#engine/record/analysis-request.ts';
import type { AnalysisQuery, AnalysisTurn } from '#engine/record/analysis-query.ts';
import { formatAnalysis } from '#engine/record/analysis-response.ts';
import { NET_SEARCH } from '#engine/search/parameters.ts';
import { leavesMove } from '#engine/search/restrictions.ts';
import { AnalysisQueue, type Job } from './analysis-queue.ts';
import { reportAnalysis } from './analysis-report.ts';
import { readSettings, type AnalysisSettings } from './analysis-settings.ts';
import type { KataModel } from './kata-models.ts';
import { positionOf } from './search-game.ts';
import type { SearchPool } from './search-pool.ts';
import type { Analysis } from './search-task.ts';

/** The release of KataGo whose protocol this is: programs read from it which fields they may send. */
const PROTOCOL_VERSION = '1.15.3';

export type AnalysisEngineOptions = {
  readonly pool: Pick<SearchPool, 'analyse' | 'forgetEvaluations'>;
  /** Turns analysed at once; as many as the pool has threads. */
  readonly slots: number;
  /** A net file, or null for playouts. */
  readonly net: string | null;
  /** For `query_models`. */
  readonly models: () => readonly KataModel[];
  /** Of Tengen. */
  readonly version: string;
  readonly defaults: AnalysisSettings;
  readonly seed: number;
  /** Takes one line without its end. */
  readonly write: (line: string) => void;
  /** Told of searches that fail, besides the program that asked. */
  readonly onError?: (error: unknown) => void;
};

export class AnalysisEngine {
  private readonly options: AnalysisEngineOptions;
  private readonly queue: AnalysisQueue;
  private isClosed = false;

  constructor(options: AnalysisEngineOptions) {
    this.options = options;
    this.queue = new AnalysisQueue(options.slots);
  }

  /** Answers a line at once, or queues what it asks for. Never throws for what a line holds. */
  handle(line: string): void {
    const request = parseAnalysisLine(line);
    if (request.kind === 'error') this.write(request.error);
    else if (request.kind === 'action') this.act(request.action);
    else if (request.kind === 'query') {
      const { query, warnings } = request;
      const read = readSettings(query, this.options.defaults);
      if (!read.ok) {
        this.write({ id: query.id, field: 'overrideSettings', error: read.message });
        return;
      }
      for (const warning of warnings) this.write(warning);
      if (read.unknown.length > 0)
        this.write({
          id: query.id,
          field: 'overrideSettings',
          warning: `Unknown config params: ${read.unknown.join(',')}`,
        });
      this.queue.add(query.turns.map((turn) => this.jobOf(query, turn, read.settings)));
    }
  }

  /** Answers what is no line at all with an error. */
  refuse(error: string): void {
    this.write({ error });
  }

  /** Resolves once everything asked for so far is answered. */
  whenIdle(): Promise<void> {
    return this.queue.whenIdle();
  }

  /** Ends every analysis without further answers. */
  close(): void {
    this.isClosed = true;
    this.queue.end(() => true);
  }

  private write(response: object): void {
    this.writeLine(JSON.stringify(response));
  }

  private writeLine(line: string): void {
    if (!this.isClosed) this.options.write(line);
  }

  private act(action: AnalysisAction): void {
    const { models, version } = this.options;
    switch (action.kind) {
      case 'query_version':
        this.write({
          ...action.echo,
          version: PROTOCOL_VERSION,
          git_hash: '<omitted>',
          engine: `Tengen ${version}`,
        });
        return;
      case 'query_models':
        this.write({ ...action.echo, models: models() });
        return;
      case 'terminate': {
        const { id, turns } = action;
        this.queue.end(
          (job) => (id === null || job.id === id) && (turns === null || turns.includes(job.turn)),
        );
        this.write(action.echo);
        return;
      }
      case 'clear_cache':
        // Nothing else is kept: each turn is searched on a tree of its own.
        this.options.pool.forgetEvaluations();
        this.write(action.echo);
    }
  }

  private jobOf(query: AnalysisQuery, turn: AnalysisTurn, settings: AnalysisSettings): Job {
    const head = { id: query.id, turnNumber: turn.turn };
    return {
      id: query.id,
      turn: turn.turn,
      priority: turn.priority,
      run: (stop) => this.analyse(query, turn, settings, stop),
      cancel: () => this.write({ ...head, isDuringSearch: false, noResults: true }),
    };
  }

  private async analyse(
    query: AnalysisQuery,
    { turn, game }: AnalysisTurn,
    settings: AnalysisSettings,
    stop: AbortSignal,
  ): Promise<void> {
    const { pool, net, seed, onError } = this.options;
    const { avoidMoves, allowMoves, reportDuringSearchEvery } = query;
    const options = { avoidMoves, allowMoves };
    try {
      const position = positionOf(game);
      if (!leavesMove(options, position)) {
        const field = avoidMoves.length > 0 ? 'avoidMoves' : 'allowMoves';
        this.write({
          id: query.id,
          turnNumber: turn,
          isDuringSearch: false,
          field,
          error: 'These leave no legal move, not even a pass',
        });
        return;
      }
      const { perspective, parameters } = settings;
      const symmetryPruning = parameters.rootSymmetryPruning ?? NET_SEARCH.rootSymmetryPruning;
      const asked = { ...query, perspective, symmetryPruning };
      const report = (found: Analysis, isDuringSearch: boolean): void =>
        this.writeLine(
          formatAnalysis(reportAnalysis(query.id, turn, isDuringSearch, found, position, asked)),
        );
      const visits = Math.min(settings.visits, settings.playouts ?? Infinity);
      const analysis = await pool.analyse(game, {
        net,
        seed,
        visits,
        parameters,
        options,
        stop,
        ...(settings.budgetMs === Infinity ? {} : { budgetMs: settings.budgetMs }),
        ...(reportDuringSearchEvery === undefined
          ? {}
          : { reportEveryMs: 1000 * reportDuringSearchEvery, onReport: (soFar) => report(soFar, true) }),
      });
      if (analysis.isFull && analysis.rootVisits < visits)
        // Before the answer: once that is there programs forget the query.
        this.write({
          id: query.id,
          turnNumber: turn,
          field: 'maxVisits',
          warning: `The tree was full after ${analysis.rootVisits} visits; maxMegabytes in overrideSettings, now ${parameters.maxMegabytes ?? NET_SEARCH.maxMegabytes}, gives it more memory`,
        });
      report(analysis, false);
    } catch (error) {
      if (this.isClosed) return;
      onError?.(error);
      this.write({ id: query.id, turnNumber: turn, isDuringSearch: false, error: (error as Error).message });
    }
  }
}
