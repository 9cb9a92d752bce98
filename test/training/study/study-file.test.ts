/** Study files: what is refused and in which words, and the runs that come of them. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sum } from 'simple-statistics';
import { describe, expect, test } from 'vitest';
import { namedImageSpec } from '#nets/architectures/named.ts';
import { inspectNet } from '#nets/inspect/inspect.ts';
import { imageSpec } from '#training/spec-of-config.ts';
import { planRuns } from '#training/study/plan.ts';
import type { PlanOptions } from '#training/study/plan.ts';
import { SHIPPED_STUDIES, studyPath } from '#training/study/shipped.ts';
import { Study, quickVersion, readStudy } from '#training/study/study-file.ts';

const file = join(mkdtempSync(join(tmpdir(), 'tengen-')), 'study.json');

const NETS = [{ name: 'narrow', options: { net: '1x4' } }];
const study = { title: 'Widths', data: 'games', nets: NETS };

function refusalOf(text: string): string {
  writeFileSync(file, text);
  const read = readStudy(file);
  return read.ok ? 'none' : read.message.replace(file, 'FILE');
}

test.each([
  ['{\n', /^FILE: not valid JSON at line 2$/],
  [JSON.stringify({ ...study, nets: [] }), /^FILE: field nets: /],
  [JSON.stringify({ ...study, colour: 'red' }), /^FILE: .*"colour"/],
  [JSON.stringify({ ...study, nets: [{ name: 'a/b' }] }), /^FILE: field nets\.0\.name: a name has letters/],
  [
    JSON.stringify({ ...study, nets: [...NETS, ...NETS] }),
    /^FILE: field nets\.1\.name: narrow is there twice/,
  ],
  [
    JSON.stringify({ ...study, nets: [{ name: 'tuned', start: 'narrow' }, ...NETS] }),
    /^FILE: field nets\.0\.start: no net narrow comes before/,
  ],
  [
    JSON.stringify({ ...study, nets: [...NETS, { name: 'drawn', sampler: 'drawn' }] }),
    /^FILE: field nets\.1\.sampler: no net drawn comes before/,
  ],
  [
    JSON.stringify({ ...study, options: { data: [1] } }),
    /^FILE: field options\.data: it has to be an object/,
  ],
  [
    JSON.stringify({
      ...study,
      options: { net: '1x4', learner: { schedule: 'cosine' } },
      nets: [{ name: 'a', options: { net: { trunk: {} }, learner: { schedule: { kind: 'constant' } } } }],
    }),
    /^FILE: field options\.learner\.schedule: it has to be an object/,
  ],
  [
    JSON.stringify({
      ...study,
      nets: [{ name: 'a', options: { learner: 'adamw' } }],
      quick: { options: { learner: { warmup: 1 } } },
    }),
    /^FILE: field nets\.0\.options\.learner: it has to be an object/,
  ],
  [JSON.stringify({ ...study, options: { seed: 7 } }), /^FILE: field options\.seed: seeds says which/],
  [
    JSON.stringify({ ...study, nets: [{ name: 'a', options: { seed: 7 } }] }),
    /^FILE: field nets\.0\.options\.seed: seeds says which/,
  ],
  [
    JSON.stringify({ ...study, quick: { options: { seed: 7 } } }),
    /^FILE: field quick\.options\.seed: seeds says which/,
  ],
  ...['commit', 'backend', 'data.kind', 'data.files', 'data.folder'].map((field): [string, RegExp] => {
    const options = field.split('.').reduceRight<unknown>((under, name) => ({ [name]: under }), 'x');
    return [
      JSON.stringify({ ...study, options }),
      RegExp(`^FILE: field options\\.${field}: .+; leave it out$`),
    ];
  }),
  ...[{ start: null }, { data: { sampler: 'x' } }].flatMap((options, i): [string, RegExp][] => {
    const [named, field] = [
      ['start', 'start'],
      ['sampler', 'data.sampler'],
    ][i];
    const nets = [...NETS, { name: 'next', [named]: 'narrow' }];
    const refusal = (where: string): RegExp =>
      RegExp(`^FILE: field nets\\.1\\.${named}: ${where} has another ${field}; leave out one of them$`);
    return [
      [JSON.stringify({ ...study, nets: [NETS[0], { ...nets[1], options }] }), refusal('options')],
      [JSON.stringify({ ...study, nets, quick: { options } }), refusal('quick.options')],
    ];
  }),
  [
    JSON.stringify({ ...study, nets: [{ name: 'a', playedAs: ['steps=2', 'steps=2'] }] }),
    /^FILE: field nets\.0\.playedAs: steps=2 is there twice$/,
  ],
  [JSON.stringify({ ...study, seeds: [1, 2, 1] }), /^FILE: field seeds: 1 is there twice$/],
  [
    JSON.stringify({ ...study, data: 'images', nets: [...NETS, { name: 'drawn', sampler: 'narrow' }] }),
    /^FILE: field nets\.1\.sampler: it goes with games alone/,
  ],
  [JSON.stringify({ ...study, baseline: 'wide' }), /^FILE: field baseline: there is no net wide$/],
])('the file %s is refused by its field', (text, sentence) => {
  expect(refusalOf(text)).toMatch(sentence);
});

test('a byte order mark before a study is no mistake', () => {
  expect(refusalOf(`\uFEFF${JSON.stringify(study)}`)).toBe('none');
});

const OPTIONS: PlanOptions = {
  out: 'out',
  data: { kind: 'games', files: ['x'] },
  commit: undefined,
};

const parse = (given: object): Study => Study.parse({ ...study, ...given });

function configsOf(given: Study): object[] {
  const plan = planRuns(given, OPTIONS);
  if (!plan.ok) throw new Error(plan.message);
  return plan.runs.map(({ folder, config }) => ({ folder, ...config }));
}

test('each net is a run with each seed; options of nets go over those of all, and the quick ones over both', () => {
  const given = parse({
    seeds: [4, 5],
    options: { steps: 90, batch: 8, learner: { momentum: 0.8, warmup: 7 } },
    nets: [{ name: 'a', options: { batch: 16, learner: { warmup: 9 } } }, { name: 'b' }],
    quick: { seeds: [6], options: { steps: 30 } },
  });
  expect(configsOf(given)).toMatchObject([
    { folder: 'out/a-s4', seed: 4, steps: 90, batch: 16, learner: { momentum: 0.8, warmup: 9 } },
    { folder: 'out/b-s4', seed: 4, steps: 90, batch: 8, learner: { momentum: 0.8, warmup: 7 } },
    { folder: 'out/a-s5' },
    { folder: 'out/b-s5' },
  ]);
  expect(configsOf(quickVersion(given))).toMatchObject([
    { folder: 'out/a-s6', steps: 30, batch: 16 },
    { folder: 'out/b-s6', steps: 30 },
  ]);
});

test('a net may begin from another of the same seed, or have it choose what to learn from', () => {
  const nets = [{ name: 'first' }, { name: 'second', start: 'first' }, { name: 'third', sampler: 'first' }];
  expect(configsOf(parse({ nets, seeds: [1, 2] }))).toMatchObject([
    { start: null, data: { sampler: null } },
    { start: 'out/first-s1/net.safetensors', data: { sampler: null } },
    { start: null, data: { sampler: 'out/first-s1/net.safetensors' } },
    { start: null },
    { start: 'out/first-s2/net.safetensors' },
    { data: { sampler: 'out/first-s2/net.safetensors' } },
  ]);
});

test('an option that a run does not have is refused by its net and field', () => {
  const nets = [{ name: 'a', options: { learner: { warmup: -1 } } }];
  const plan = planRuns(parse({ nets }), OPTIONS);
  expect(plan).toMatchObject({
    ok: false,
    message: expect.stringMatching(/^net a: field learner\.warmup: /),
  });
});

test.each([
  [{ options: { net: 'resnt-20' } }, /^net a: there is no net resnt-20; names like it are resnet-20/],
  [{ options: { learner: 'adamw' } }, /^net a: field learner: it has to be an object/],
  [{ options: { net: 'plain-8:4', trunk: { norm: 'no' } } }, /^net a: field trunk\.norm: /],
  [{ options: { net: 'ode:4' }, playedAs: ['rtol=9'] }, /^net a: #rtol=9 is no tolerance/],
  [
    { options: { net: '1x4', learner: { freeze: ['trunk/x'] } } },
    /^net a: field learner\.freeze: it has no layer trunk\/x/,
  ],
  [
    { options: { steps: 25, learner: { schedule: { kind: 'cyclic', cycles: 10 } } } },
    /^net a: field learner\.schedule\.cycles: the 23 steps after the warm-up make 8 cycles of 3; /,
  ],
  [{ options: { net: 'resnet-8:4', heads: { auxiliary: true } } }, /^net a: field heads\.auxiliary: /],
  [{ options: { net: 'ode:4' }, playedAs: ['slowly'] }, /^net a: there is no way to play as slowly/],
])('the net %j is refused before anything is trained', (net, sentence) => {
  const plan = planRuns(parse({ nets: [{ name: 'a', ...net }] }), OPTIONS);
  expect(plan).toMatchObject({ ok: false, message: expect.stringMatching(sentence) });
});

test('a net to begin from with another trunk is refused before it is trained; other heads are not', () => {
  const planOf = (options: object): ReturnType<typeof planRuns> =>
    planRuns(parse({ nets: [...NETS, { name: 'tuned', start: 'narrow', options }] }), OPTIONS);
  expect(planOf({ net: '1x8' })).toMatchObject({
    ok: false,
    message: expect.stringMatching(
      /^net tuned: field start: narrow: its trunk does not fit \(weight trunk\//,
    ),
  });
  expect(planOf({ net: '1x4', heads: { valueHidden: 5 } })).toMatchObject({ ok: true });
});

test('what is wrong with the quick version alone is told without --quick too', () => {
  const plan = planRuns(parse({ quick: { options: { batch: 1 } } }), OPTIONS);
  expect(plan).toMatchObject({
    ok: false,
    message: expect.stringMatching(/^with --quick, net narrow: field batch: /),
  });
});

test('a net that is spelled out says for which images it is, and what a named one is for is left to the data', () => {
  const image = { height: 32, width: 32, channels: 3 };
  const named = namedImageSpec('lenet-5', image, 10);
  if (!named.ok) throw new Error(named.message);
  const nets = [
    { name: 'colours', options: { net: named.spec } },
    { name: 'tuned', start: 'colours', options: { net: 'lenet-5' } },
  ];
  const given = parse({ data: 'images', nets });
  expect(planRuns(given, { ...OPTIONS, data: { kind: 'images', folder: 'x' } })).toMatchObject({ ok: true });
});

describe.each(SHIPPED_STUDIES)('the shipped study %s', (name) => {
  test('can be planned, in full and quick', () => {
    const read = readStudy(studyPath(name) as string);
    if (!read.ok) throw new Error(read.message);
    const data =
      read.study.data === 'games' ? { kind: 'games', files: ['x'] } : { kind: 'images', folder: 'x' };
    expect(planRuns(read.study, { ...OPTIONS, data })).toMatchObject({ ok: true });
  });
});

/** FLOPs that two minutes of one core allow LeNets by WebAssembly: 115 x 10^9 took 57 s. */
const QUICK_FLOPS = 250e9;

test.each(['mnist', 'augmentation-digits', 'transfer-digits'])('%s --quick is quick', (name) => {
  const read = readStudy(studyPath(name) as string);
  if (!read.ok) throw new Error(read.message);
  const quick = quickVersion(read.study);
  const plan = planRuns(quick, { ...OPTIONS, data: { kind: 'images', folder: 'x' } });
  if (!plan.ok) throw new Error(plan.message);
  const flops = plan.runs.map(({ config }) => {
    const learned = imageSpec(config, { height: 28, width: 28, channels: 1 }, 10);
    if (!learned.ok) throw new Error(learned.message);
    // Forward, and back to the weights and to what comes in.
    return 3 * config.steps * config.batch * inspectNet(learned.spec, quick.size).flops;
  });
  expect(sum(flops)).toBeLessThan(QUICK_FLOPS);
});
