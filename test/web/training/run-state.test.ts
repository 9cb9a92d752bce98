/** What the page makes of a run: news put together, axes, curves, the ladder, figures and words. */
import { describe, expect, it } from 'vitest';
import type { GenerationLine, MetricsLine } from '#selfplay/run/run-lines.ts';
import { LiveState } from '#selfplay/run/run-lines.ts';
import type { RunNews } from '#server/protocol/training.ts';
import { curvesOf } from '../../../web/src/state/training/curves.ts';
import { bestNet, eloWords, ladderOf, netsOf } from '../../../web/src/state/training/ladder.ts';
import { makeAxis } from '../../../web/src/state/training/run-axis.ts';
import { mayHaveGames, NO_DATA, withNews, type RunData } from '../../../web/src/state/training/run-data.ts';
import {
  alarmsOfRun,
  briefWords,
  figuresOf,
  generationWords,
  supervisedWords,
  timeWords,
} from '../../../web/src/state/training/run-words.ts';

const page = <T>(rows: T[], changes = {}): RunNews['metrics'] & { rows: T[] } =>
  ({ rows, cursor: '1-0', restarted: false, more: false, damaged: 0, ...changes }) as never;
const news = (changes: Partial<RunNews>): RunNews => ({
  now: 0,
  live: null,
  ratings: null,
  metrics: page([]),
  generations: page([]) as never,
  matches: page([]) as never,
  notes: [],
  ...changes,
});
const line = (step: number, runSeconds: number, loss: number | null = 1): MetricsLine => ({
  step,
  runSeconds,
  totalLoss: loss,
});
const generation = (index: number, games: number, runSeconds: number): GenerationLine => ({
  generation: index,
  games,
  runSeconds,
  seconds: 50,
  blackWins: games / 2,
});

/** Two generations of 100 and 300 games in 100 s each, with a line of metrics every 50 s. */
const run: RunData = {
  ...NO_DATA,
  metrics: [line(10, 50, 4), line(20, 100, 3), line(40, 150, 2), line(80, 200, 1)],
  generations: [generation(0, 100, 100), generation(1, 300, 200)],
  ratings: {
    players: [
      { name: 'random', generation: null, elo: 0, low: 0, high: 0, games: 9 },
      { name: 'G2', generation: 2, elo: 300, low: 250, high: 350, games: 9 },
      { name: 'G0', generation: 0, elo: 10, low: -40, high: 60, games: 9 },
      { name: 'G1', generation: 1, elo: 200, low: 150, high: 250, games: 9 },
    ],
    best: 'G2',
  },
};

describe('news', () => {
  it('is put after what was there, or in its place where the run was cut back', () => {
    const first = withNews(NO_DATA, news({ metrics: page([line(1, 1), line(2, 2)]) }));
    const second = withNews(first, news({ metrics: page([line(3, 3)]) }));
    expect(second.metrics.map(({ step }) => step)).toEqual([1, 2, 3]);
    const third = withNews(second, news({ metrics: page([line(2, 2)], { restarted: true }) }));
    expect(third.metrics.map(({ step }) => step)).toEqual([2]);
  });

  it('without new lines leaves the very arrays, so that nothing is drawn anew', () => {
    const same = withNews(run, news({}));
    expect(same.metrics).toBe(run.metrics);
    expect(same.generations).toBe(run.generations);
  });

  it('counts damaged lines until the file is another', () => {
    const first = withNews(NO_DATA, news({ metrics: page([], { damaged: 1 }) }));
    const second = withNews(
      first,
      news({ metrics: page([], { damaged: 2 }), notes: ['ratings.json: not valid JSON at line 1.'] }),
    );
    expect(second.notes).toEqual([
      'ratings.json: not valid JSON at line 1.',
      expect.stringMatching(/^metrics\.jsonl: 3 lines/),
    ]);
    expect(withNews(second, news({ metrics: page([], { restarted: true }) })).notes).toEqual([]);
  });
});

describe('an axis', () => {
  it('of time is the time, of steps and games what was reached then, in straight lines between', () => {
    expect(makeAxis(run, 'time').ofTime(77)).toBe(77);
    const steps = makeAxis(run, 'step');
    expect([0, 25, 50, 125, 200, 999].map(steps.ofTime)).toEqual([0, 5, 10, 30, 80, 80]);
    const games = makeAxis(run, 'games');
    expect([0, 50, 100, 150, 200].map(games.ofTime)).toEqual([0, 50, 100, 250, 400]);
    expect(run.metrics.map(games.ofMetrics)).toEqual([50, 100, 250, 400]);
    expect(run.metrics.map(steps.ofMetrics)).toEqual([10, 20, 40, 80]);
  });

  it('of games goes on with those of the generation under way, but counts none twice', () => {
    const live = (generationNow: number): LiveState =>
      LiveState.parse({ at: 0, state: 'playing', generation: generationNow, gamesDone: 40, runSeconds: 220 });
    expect(makeAxis({ ...run, live: live(2) }, 'games').ofTime(210)).toBe(420);
    expect(makeAxis({ ...run, live: live(1) }, 'games').ofTime(210)).toBe(400);
  });

  it('leaves out lines that do not tell their time, as those of supervised training', () => {
    expect(makeAxis(run, 'games').ofMetrics({ step: 3 })).toBeNull();
    expect(makeAxis({ ...run, generations: [] }, 'games').ofMetrics(line(10, 50))).toBeNull();
    expect(makeAxis(run, 'step').ofMetrics({ step: 3 })).toBe(3);
  });
});

describe('curves', () => {
  it('are all that metrics and generations tell, with losses first', () => {
    const curves = curvesOf(run, makeAxis(run, 'step'));
    expect(curves.map(({ id }) => id)).toEqual(['totalLoss', 'blackWinShare', 'gamesPerSecond']);
    expect(curves[0].points).toEqual({ x: [10, 20, 40, 80], y: [4, 3, 2, 1] });
    expect(curves[1].points).toEqual({ x: [20, 80], y: [0.5, 0.5] });
    expect(curves[2].points.y).toEqual([7200, 21600]);
  });

  it('name what they do not know after itself, whatever it is called, and are not endless', () => {
    const odd = JSON.parse(
      '{"step":1,"runSeconds":1,"heldOutTop1":0.4,"constructor":2,"__proto__":3}',
    ) as MetricsLine;
    const titles = curvesOf({ ...NO_DATA, metrics: [odd] }, makeAxis(NO_DATA, 'step')).map(
      ({ title }) => title,
    );
    expect(titles).toContain('Held out top1');
    const many = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`m${i}`, i]));
    expect(
      curvesOf({ ...NO_DATA, metrics: [{ step: 1, ...many }] }, makeAxis(NO_DATA, 'step')).length,
    ).toBeLessThan(100);
  });

  it('of supervised training come in one order, what is held out in words and accuracies in percent', () => {
    const metrics = [
      { step: 1, learningRate: 1, heldOutValue: 1, totalLoss: 2, heldOutAccuracy: 0.9712, classesLoss: 3 },
    ];
    const curves = curvesOf({ ...NO_DATA, metrics }, makeAxis(NO_DATA, 'step'));
    expect(curves.map(({ title }) => title)).toEqual([
      'Class loss',
      'Total loss',
      'Held-out accuracy',
      'Held-out value loss',
      'Learning rate',
    ]);
    expect(curves[2].format(0.9712)).toBe('97.1%');
    for (const { id, hint } of curves) expect(hint).not.toContain(id);
  });

  it('have a gap where a number was none', () => {
    const curves = curvesOf(
      { ...NO_DATA, metrics: [line(1, 1, null), line(2, 2, 5)] },
      makeAxis(NO_DATA, 'step'),
    );
    expect(curves[0].points.y).toEqual([null, 5]);
  });
});

describe('the ladder', () => {
  it('has the strongest first, and nets where the generation before them had ended', () => {
    expect(ladderOf(run).map(({ name }) => name)).toEqual(['G2', 'G1', 'G0', 'random']);
    expect(bestNet(run)?.name).toBe('G2');
    expect(netsOf(run, makeAxis(run, 'games')).map(({ name, x }) => [name, x])).toEqual([
      ['G0', 0],
      ['G1', 100],
      ['G2', 400],
    ]);
  });

  it('leaves out nets of which nothing tells where they stand', () => {
    const torn = { ...run, generations: run.generations.slice(1) };
    expect(netsOf(torn, makeAxis(torn, 'step')).map(({ name }) => name)).toEqual(['G0', 'G2']);
    const lost = { ...run, generations: [] };
    expect(netsOf(lost, makeAxis(lost, 'step')).map(({ name }) => name)).toEqual(['G0']);
    expect(mayHaveGames({ ...lost, now: 1 })).toBe(true);
  });
});

describe('words', () => {
  it('of Elo say how well the distance from random play is known, where the run tells that', () => {
    const player = { name: 'G2', generation: 2, elo: 1234.4, low: 1200, high: 1270, games: 9 };
    expect([eloWords(player), eloWords({ ...player, anchorMargin: 60.2 })]).toEqual(['1,234', '1,234 ± 60']);
  });

  const live = (changes: object): LiveState =>
    LiveState.parse({
      at: 0,
      state: 'playing',
      generation: 12,
      generations: 24,
      gamesDone: 3,
      gamesTotal: 10,
      runSeconds: 3000,
      etaSeconds: 7500,
      gamesPerSecond: 2,
      ...changes,
    });

  it('tell how far a run is and how long it takes', () => {
    expect(generationWords(live({}))).toBe('Generation 12 of 24');
    expect(generationWords(live({ generations: null }))).toBe('Generation 12');
    expect(generationWords(live({ state: 'finished', generation: 23 }))).toBe('24 generations');
    expect(timeWords(live({}))).toBe('50 min so far, about 2 h 5 min to go');
    expect(timeWords(live({ state: 'stopped' }))).toBe('ran for 50 min');
    expect(briefWords(live({}))).toBe('Generation 12 of 24, 3 of 10 games');
  });

  it('tell the speed of the moment while the run is at work, and that of all of it afterwards', () => {
    const names = (state: string): string[] =>
      figuresOf({ ...run, live: live({ state }) }).map(({ name }) => name);
    expect(names('playing')).toEqual(['Elo of G2', 'Games / h', 'Games', 'Steps']);
    expect(names('finished')).toEqual(['Elo of G2', 'Games / h', 'Games', 'Positions', 'Steps']);
    const perHour = (state: string): string => figuresOf({ ...run, live: live({ state }) })[1].value;
    expect([perHour('playing'), perHour('finished')]).toEqual(['7,200', '14.4k']);
  });

  it('tell how far a supervised run is, which may have no games', () => {
    const data: RunData = { ...NO_DATA, now: 1, metrics: [{ step: 1200 }] };
    const config = { data: { kind: 'games', files: ['a.sgf'] }, steps: 20_000, batch: 64 };
    expect(supervisedWords(config, data)).toBe('Supervised run, 1,200 of 20,000 steps');
    for (const other of [undefined, { selfPlay: {}, steps: 5 }, { problem: 'no such file' }])
      expect(supervisedWords(other, data)).toBeNull();
    expect([data, NO_DATA, run, { ...data, live: live({}) }].map(mayHaveGames)).toEqual([
      false,
      true,
      true,
      true,
    ]);
  });

  it('tell of a stall by the clock of the server, and of the newest numbers that are none', () => {
    const stalled = { ...run, live: live({ at: 1000 }), now: 100_000, metrics: [line(1, 1, null)] };
    expect(alarmsOfRun(stalled)).toHaveLength(2);
    expect(alarmsOfRun({ ...stalled, now: 20_000, metrics: [line(1, 1, null), line(2, 2)] })).toEqual([]);
  });
});
