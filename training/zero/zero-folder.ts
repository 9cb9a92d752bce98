/** The folder of a self-play run: what is in it, and how far the run has come by what is there. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomically } from '#nets/atomic-file.ts';
import { parseJson } from '#nets/json.ts';
import { makeFolder } from '#nets/make-folder.ts';
import { GenerationStatistics, RatedMatch, ToldProgress, TrainingMetrics } from '#selfplay/run/run-files.ts';
import type { LiveRun, Ratings } from '#selfplay/run/run-files.ts';
import {
  appendJsonLine,
  filterJsonLines,
  readConfigFile,
  readJsonLines,
  writeJsonFile,
} from '../text-files.ts';
import { ofTrainer } from '../of-trainer.ts';
import { ZeroConfig } from './config.ts';

const LINES = {
  'metrics.jsonl': TrainingMetrics,
  'generations.jsonl': GenerationStatistics,
  'matches.jsonl': RatedMatch,
} as const;

const StoredConfig = ofTrainer(['train zero', 'train distil'], ZeroConfig);

/** "G000012": generation 12 in the names of files, in an order that sorts. */
const generationName = (generation: number): string => `G${String(generation).padStart(6, '0')}`;

export class ZeroFolder {
  readonly path: string;
  readonly configPath: string;
  readonly checkpointPath: string;
  readonly generationsPath: string;
  /** The net to use: the best so far. */
  readonly netPath: string;
  readonly gamesPath: string;

  /** Touches nothing: a run refused for its input leaves no folder behind. */
  constructor(path: string) {
    this.path = path;
    this.configPath = join(path, 'config.json');
    this.checkpointPath = join(path, 'checkpoint.safetensors');
    this.generationsPath = join(path, 'generations.jsonl');
    this.netPath = join(path, 'net.safetensors');
    this.gamesPath = join(path, 'games');
  }

  /** @throws the system's error where that is impossible. */
  create(): void {
    makeFolder(this.gamesPath);
    makeFolder(join(this.path, 'nets'));
  }

  /** The net that plays generation `generation`. */
  netOf(generation: number): string {
    return join(this.path, 'nets', `${generationName(generation)}.safetensors`);
  }

  /** Where the games of the generation in play are. */
  partOf(generation: number): string {
    return join(this.gamesPath, `${generationName(generation)}.part`);
  }

  /** The config stored here, null where there is none, or a sentence where it cannot be used. */
  readConfig(): ZeroConfig | null | string {
    const config = readConfigFile(this.configPath, StoredConfig);
    if (config === null && existsSync(this.checkpointPath))
      return `${this.configPath}: it is missing, though there is a checkpoint; put it back, or choose a new --out`;
    return config;
  }

  writeConfig(config: ZeroConfig): void {
    writeJsonFile(this.configPath, config);
  }

  appendMetrics(line: TrainingMetrics): void {
    appendJsonLine(join(this.path, 'metrics.jsonl'), line);
  }

  appendGeneration(line: GenerationStatistics): void {
    appendJsonLine(this.generationsPath, line);
  }

  appendMatch(line: RatedMatch): void {
    appendJsonLine(join(this.path, 'matches.jsonl'), line);
  }

  /** One line for each finished generation, from 0. @returns a sentence where the file is damaged. */
  generations(): GenerationStatistics[] | string {
    const path = this.generationsPath;
    const lines = readJsonLines(path, GenerationStatistics);
    if (typeof lines === 'string') return lines;
    const wrong = lines.findIndex(({ generation }, index) => generation !== index);
    return wrong < 0
      ? lines
      : `${path}: line ${wrong + 1} is of generation ${lines[wrong].generation}, and has to be of ${wrong}; put a sound copy there, or choose a new --out`;
  }

  matches(): RatedMatch[] | string {
    return readJsonLines(join(this.path, 'matches.jsonl'), RatedMatch);
  }

  /** Forgets what was written of generations that are done again. @returns a sentence where a file is damaged, else null. */
  forgetFrom(generation: number, file: keyof typeof LINES): string | null {
    return filterJsonLines<{ generation: number }>(
      join(this.path, file),
      LINES[file],
      (line) => line.generation < generation,
    );
  }

  writeRatings(ratings: Ratings): void {
    writeJsonFile(join(this.path, 'ratings.json'), ratings);
  }

  /** How far the run told that it was; nothing where that cannot be read. */
  told(): ToldProgress {
    const path = join(this.path, 'live.json');
    try {
      return ToldProgress.safeParse(parseJson(readFileSync(path, 'utf8'))).data ?? {};
    } catch {
      return {};
    }
  }

  writeLive(live: LiveRun): void {
    writeFileAtomically(join(this.path, 'live.json'), Buffer.from(JSON.stringify(live)));
  }
}
