/** The page where training is watched: joins the address, the feeds of runs and the elements. */
import { html, LitElement, nothing, type CSSResult, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { toCsv } from '../../../selfplay/run/csv.ts';
import type { RunList, TrainingGame } from '../../../server/protocol/training.ts';
import { downloadText } from '../browser/download.ts';
import { sharedStorage } from '../browser/storage.ts';
import {
  fetchConfig,
  fetchGame,
  fetchGames,
  fetchNews,
  fetchRuns,
  fetchShards,
} from '../browser/training-api.ts';
import '../elements/page-header.ts';
import '../elements/training/config-panel.ts';
import '../elements/training/curves-view.ts';
import '../elements/training/games-view.ts';
import '../elements/training/ladder-table.ts';
import '../elements/training/run-chooser.ts';
import '../elements/training/run-list.ts';
import '../elements/training/run-status.ts';
import { loadSmoothing, saveSmoothing } from '../state/saved.ts';
import { GamesShelf } from '../state/training/games-shelf.ts';
import { ladderOf } from '../state/training/ladder.ts';
import { replaySgf } from '../state/training/replay-sgf.ts';
import { makeRoute, parseRoute, VIEWS, type Route, type View } from '../state/training/route.ts';
import { areRatingsUnreadable, mayHaveGames, type RunData } from '../state/training/run-data.ts';
import { RunFeed } from '../state/training/run-feed.ts';
import { sharedStyles } from '../styles/shared.ts';
import { trainingPageStyles } from './training-page-styles.ts';

const LIST_PACE_MS = 5000;
/** What there is to show of a run without games. */
const VIEWS_WITHOUT_GAMES: readonly View[] = ['curves', 'settings'];
const VIEW_LABELS: Readonly<Record<View, string>> = {
  curves: 'Curves',
  strength: 'Strength',
  games: 'Games',
  settings: 'Settings',
};

@customElement('tengen-training-page')
export class TrainingPage extends LitElement {
  static override styles: CSSResult[] = [sharedStyles, trainingPageStyles];

  @state() private route: Route = parseRoute(location.hash);
  @state() private list: RunList | null = null;
  /** Why the list of runs could not be fetched, or ''. */
  @state() private problem = '';
  @state() private smoothing = loadSmoothing(sharedStorage);
  @state() private announcement = '';
  /** Settings by run; undefined until they have come. */
  @state() private configs: ReadonlyMap<string, unknown> = new Map();
  /** Why those of a run have not come, by run. */
  @state() private configProblems: ReadonlyMap<string, string> = new Map();
  /** Runs whose settings are on their way. */
  private readonly configsAsked = new Set<string>();
  private feed: RunFeed | null = null;
  private otherFeed: RunFeed | null = null;
  private shelf: GamesShelf | null = null;
  private listTimer: ReturnType<typeof setInterval> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('hashchange', this.onRoute);
    document.addEventListener('visibilitychange', this.onVisibility);
    this.onRoute();
    this.onVisibility();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('hashchange', this.onRoute);
    document.removeEventListener('visibilitychange', this.onVisibility);
    this.pause();
  }

  override render(): TemplateResult {
    const { run } = this.route;
    return html`
      <tengen-page-header path="/training"></tengen-page-header>
      <main
        @route-chosen=${({ detail }: CustomEvent<Partial<Route>>) => this.go(detail)}
        @smoothing-chosen=${({ detail }: CustomEvent<number>) => this.setSmoothing(detail)}
        @table-save-requested=${({ detail }: CustomEvent<RunData>) => this.saveTable(detail)}
        @game-save-requested=${({ detail }: CustomEvent<TrainingGame>) => this.saveGame(detail)}
        @announced=${({ detail }: CustomEvent<string>) => (this.announcement = detail)}
      >
        ${this.problem === '' || this.isTold(this.problem) ? nothing : html`<p class="problem" role="alert">${this.problem} Trying again…</p>`}
        ${
          run === null
            ? html`<h2>Runs</h2>
                <tengen-run-list .list=${this.list}></tengen-run-list>`
            : this.renderRun(run)
        }
      </main>
      <div class="visually-hidden" role="status" aria-live="polite">${this.announcement}</div>
    `;
  }

  private renderRun(run: string): TemplateResult {
    if (this.feed === null) return html`${nothing}`;
    const { data, phase } = this.feed.store.value;
    // Of a run that is not there, or does not answer, nothing is known that could be shown.
    const isUnknown = phase === 'lost' && data.now === 0;
    const views = mayHaveGames(data) ? VIEWS : VIEWS_WITHOUT_GAMES;
    const shown = views.find((view) => view === this.route.view) ?? 'curves';
    return html`
      <tengen-run-chooser
        .route=${this.route}
        .names=${this.list?.runs.map(({ name }) => name) ?? []}
      ></tengen-run-chooser>
      ${this.renderOtherProblem()} ${this.renderConfigProblems()}
      <tengen-run-status
        .feed=${this.feed.store.value}
        .config=${this.configs.get(run)}
        .isConfigMissing=${this.configProblems.has(run)}
      ></tengen-run-status>
      ${isUnknown ? nothing : this.renderViews(views, shown)}
      ${isUnknown ? nothing : this.renderView(run, shown, data)}
    `;
  }

  private renderViews(views: readonly View[], shown: View): TemplateResult {
    return html`<nav class="views" aria-label="Views of the run">
      ${views.map(
        (view) =>
          html`<a href=${makeRoute({ ...this.route, view })} aria-current=${view === shown ? 'page' : 'false'}
            >${VIEW_LABELS[view]}</a
          >`,
      )}
    </nav>`;
  }

  /** Whether the feed of a run that is shown says this already. */
  private isTold(problem: string): boolean {
    return [this.feed, this.otherFeed].some((feed) => feed?.store.value.problem === problem);
  }

  private renderOtherProblem(): TemplateResult | typeof nothing {
    const problem = this.otherFeed?.store.value.problem ?? '';
    if (problem === '') return nothing;
    return html`<p class="problem" role="alert">${this.otherFeed?.name}: ${problem}</p>`;
  }

  private renderConfigProblems(): readonly TemplateResult[] {
    return this.runsShown().flatMap((name) => {
      const problem = this.configProblems.get(name);
      return problem === undefined || problem === this.problem || this.isTold(problem)
        ? []
        : [html`<p class="problem" role="alert">Settings of ${name}: ${problem} Trying again…</p>`];
    });
  }

  private renderView(run: string, view: View, data: RunData): TemplateResult {
    const { compare, over } = this.route;
    switch (view) {
      case 'curves':
        return html`<tengen-curves-view
          .run=${run}
          .data=${data}
          .otherRun=${compare}
          .otherData=${this.otherFeed?.store.value.data ?? null}
          .over=${mayHaveGames(data) ? over : 'step'}
          .smoothing=${this.smoothing}
        ></tengen-curves-view>`;
      case 'strength':
        return html`<tengen-ladder-table
          .players=${ladderOf(data)}
          .best=${data.ratings?.best ?? null}
          .played=${data.matches}
          .isUnreadable=${areRatingsUnreadable(data)}
        ></tengen-ladder-table>`;
      case 'games':
        return html`<tengen-games-view
          .shelf=${this.shelf}
          .generations=${data.generations}
          .generation=${data.live?.generation ?? 0}
          .inPlay=${data.live?.inPlay ?? []}
        ></tengen-games-view>`;
      case 'settings':
        return html`<tengen-config-panel
          .run=${run}
          .config=${this.configs.get(run)}
          .otherRun=${compare}
          .otherConfig=${compare === null ? undefined : this.configs.get(compare)}
          .missing=${[...this.configProblems.keys()]}
        ></tengen-config-panel>`;
    }
  }

  /** Shows something else, and puts it into the address. */
  private go(change: Partial<Route>): void {
    location.hash = makeRoute({ ...this.route, ...change });
  }

  private readonly onRoute = (): void => {
    this.route = parseRoute(location.hash);
    const { run, compare } = this.route;
    document.title = run === null ? 'Training · Tengen' : `${run} · Tengen`;
    this.feed = this.follow(this.feed, run);
    this.otherFeed = this.follow(this.otherFeed, compare);
    if (this.shelf?.run !== run)
      this.shelf = run === null ? null : new GamesShelf(run, { fetchShards, fetchGames, fetchGame });
    for (const name of this.runsShown()) if (!this.configs.has(name)) void this.loadConfig(name);
  };

  private runsShown(): readonly string[] {
    const { run, compare } = this.route;
    return [run, compare].filter((name) => name !== null);
  }

  /** The feed of this run: the one there is, where it is that. */
  private follow(feed: RunFeed | null, name: string | null): RunFeed | null {
    if (feed?.name === name) return feed;
    feed?.stop();
    if (name === null) return null;
    const later = (delayMs: number, callback: () => void): void => void setTimeout(callback, delayMs);
    const started = new RunFeed(name, { fetchNews, later });
    started.store.subscribe(() => this.requestUpdate());
    if (!document.hidden) started.start();
    return started;
  }

  /** Asks for the settings of a run, unless they are on their way. */
  private async loadConfig(name: string): Promise<void> {
    if (this.configsAsked.has(name)) return;
    this.configsAsked.add(name);
    let problem: string | null = null;
    try {
      const config = await fetchConfig(name);
      // The same ones again draw nothing anew.
      if (JSON.stringify(config) !== JSON.stringify(this.configs.get(name)))
        this.configs = new Map([...this.configs, [name, config]]);
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error);
    }
    this.configsAsked.delete(name);
    if (problem === (this.configProblems.get(name) ?? null)) return;
    const others = [...this.configProblems].filter(([run]) => run !== name);
    this.configProblems = new Map(problem === null ? others : [...others, [name, problem]]);
  }

  private async loadList(): Promise<void> {
    try {
      this.list = await fetchRuns();
      this.problem = '';
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
    }
  }

  /** A page that nobody sees asks for nothing. */
  private readonly onVisibility = (): void => {
    if (document.hidden) return this.pause();
    this.feed?.start();
    this.otherFeed?.start();
    clearInterval(this.listTimer);
    this.listTimer = setInterval(this.refresh, LIST_PACE_MS);
    this.refresh();
  };

  /** Settings too: a run may go on with others, or be begun anew under its name. */
  private readonly refresh = (): void => {
    void this.loadList();
    for (const name of this.runsShown()) void this.loadConfig(name);
  };

  private pause(): void {
    clearInterval(this.listTimer);
    this.feed?.stop();
    this.otherFeed?.stop();
  }

  private setSmoothing(smoothing: number): void {
    this.smoothing = smoothing;
    saveSmoothing(sharedStorage, smoothing);
  }

  private saveTable({ metrics }: RunData): void {
    downloadText(`${this.route.run}-metrics.csv`, toCsv(metrics), 'text/csv');
  }

  private saveGame(game: TrainingGame): void {
    const run = this.route.run ?? '';
    downloadText(
      `${run}-g${game.generation}-${game.index}.sgf`,
      replaySgf(game, run),
      'application/x-go-sgf',
    );
  }
}
