/** The folder in which training runs lie, one folder each: which there are, and where one of a given name is. */
import { opendir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { alarmsOf } from '#selfplay/run/alarms.ts';
import { readLastLine } from '#selfplay/run/line-file.ts';
import { reading } from '#selfplay/run/plain-file.ts';
import { MetricsLine } from '#selfplay/run/run-lines.ts';
import { readLive, readRatings } from '#selfplay/run/run-reader.ts';
import type { RunList, RunSummary } from '#server/protocol/training.ts';

/** Entries of the folder that are looked at, and runs that are told. */
const MAX_ENTRIES = 2000;
const MAX_RUNS = 200;
/** For so long everyone who asks gets the same list. */
const LIST_MS = 1000;

/** Whether the text is the name of one folder: no path, no hidden one, nothing that a file system takes otherwise. */
function isFolderName(name: string): boolean {
  return name.length <= 255 && /^[^./\\:\0][^/\\:\0]*$/.test(name);
}

async function changedAt(path: string): Promise<number> {
  try {
    return (await stat(path)).mtimeMs;
  } catch {
    return 0;
  }
}

export class RunLibrary {
  private readonly root: string;
  private readonly now: () => number;
  private known: { readonly at: number; readonly list: Promise<RunList> } | null = null;

  /** @param now milliseconds since 1970. */
  constructor(root: string, now: () => number) {
    this.root = root;
    this.now = now;
  }

  /** The folder of a run, or null where there is none of this name. */
  async find(name: string): Promise<string | null> {
    if (!isFolderName(name)) return null;
    const folder = join(this.root, name);
    return (await changedAt(join(folder, 'config.json'))) > 0 ? folder : null;
  }

  /** The runs that changed last, newest first. */
  list(): Promise<RunList> {
    if (this.known === null || this.now() - this.known.at > LIST_MS)
      this.known = { at: this.now(), list: this.readList() };
    return this.known.list;
  }

  private async readList(): Promise<RunList> {
    const { names, more } = await this.entries();
    const found: { name: string; folder: string; changedAt: number }[] = [];
    for (const name of names) {
      const folder = await this.find(name);
      if (folder === null) continue;
      const files = ['config.json', 'metrics.jsonl', 'live.json'];
      const times = await Promise.all(files.map((file) => changedAt(join(folder, file))));
      found.push({ name, folder, changedAt: Math.max(...times) });
    }
    found.sort((a, b) => b.changedAt - a.changedAt);
    const runs: RunSummary[] = [];
    for (const run of found.slice(0, MAX_RUNS)) runs.push(await this.summarise(run));
    return { runs, more: more || found.length > MAX_RUNS };
  }

  private async entries(): Promise<{ names: string[]; more: boolean }> {
    const names: string[] = [];
    try {
      for await (const entry of await opendir(this.root)) {
        if (names.length === MAX_ENTRIES) return { names, more: true };
        names.push(entry.name);
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
    return { names, more: false };
  }

  private async summarise(run: { name: string; folder: string; changedAt: number }): Promise<RunSummary> {
    const [live, ratings, last] = await Promise.all([
      readLive(run.folder),
      readRatings(run.folder),
      reading('metrics.jsonl', () => readLastLine(join(run.folder, 'metrics.jsonl'), MetricsLine)),
    ]);
    // What cannot be read is told on the page of the run.
    const state = live.ok ? live.value : null;
    const book = ratings.ok ? ratings.value : null;
    const metrics = last.ok ? last.value : null;
    return {
      name: run.name,
      // The games in play are many and not for a list.
      live: state === null ? null : { ...state, inPlay: [] },
      metrics,
      best: book?.players.find(({ name }) => name === book.best) ?? null,
      changedAt: run.changedAt,
      alarms: alarmsOf(state, metrics, this.now()),
    };
  }
}
