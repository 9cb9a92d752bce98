/** A study as data: nets that are trained alike but for what is compared, how often, and what is measured of them. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { checkedJson } from '#nets/json.ts';
import { ConfigPart, NO_FIELDS, covered, isTree, merge } from '../config-tree.ts';
import type { Tree } from '../config-tree.ts';
import { refuseTwice } from '../distinct.ts';
import { withPath } from '../text-files.ts';

/** Fields of the config of a supervised run, nested as there; what they may be is checked with each run's whole config. */
const Options = ConfigPart.superRefine((options, context) => {
  for (const [field, where] of Object.entries(ELSEWHERE)) {
    const path = field.split('.');
    if (says(options, path)) context.addIssue({ code: 'custom', path, message: `${where}; leave it out` });
  }
}).default({});

/** Fields of the config that are said elsewhere. */
const ELSEWHERE = {
  seed: 'seeds says which',
  commit: 'each run keeps the one it began by',
  backend: '--backend says which',
  'data.kind': 'data of the study says which',
  'data.files': '--games says which',
  'data.folder': '--images says which',
} as const;

function says(options: Tree, path: readonly string[]): boolean {
  const found = path.reduce<unknown>((at, name) => (isTree(at) ? at[name] : undefined), options);
  return found !== undefined;
}

/** Where the config of a run has what a net of the study names in these fields. */
const NAMED = { start: ['start'], sampler: ['data', 'sampler'] } as const;

const Seeds = z.array(z.int().min(0)).min(1).superRefine(refuseTwice);

/** Part of the name of a folder. */
const Name = z.string().regex(/^[\w.+-]+$/, 'a name has letters, digits and . + - _ alone');

const Examples = z.int().min(1);

const StudyNet = z.strictObject({
  name: Name,
  /** Of this net's runs, beside or in the place of those of all. */
  options: Options,
  /** A net before this one, from whose weights of the same seed it begins. */
  start: Name.optional(),
  /** A net before this one, which of the same seed is the sampler of positions of games (`data.sampler` of the config). */
  sampler: Name.optional(),
  /** The net that this one is compared with in the place of the study's. */
  baseline: Name.optional(),
  /** Other ways to use the trained net, each a row of its own: what follows the # in an address (nets/address.ts). */
  playedAs: z.array(z.string()).superRefine(refuseTwice).default([]),
});

/** What is measured besides parameters, FLOPs, receptive field and speed. */
const Measures = z.strictObject({
  /** Losses on what was learned from and on what was not, and accuracy on the latter. */
  answers: z.boolean().default(true),
  /** The norm of the gradient by each layer's kernel, before the first step and after the last. */
  gradients: z.boolean().default(false),
  /** Shares of weights and of filters that are exactly 0. */
  sparsity: z.boolean().default(false),
});
export type Measures = z.infer<typeof Measures>;

export const Study = z
  .strictObject({
    title: z.string(),
    /** What the nets learn from, named on the command line. */
    data: z.enum(['games', 'images']),
    /** Points along a side of the board that FLOPs are for. */
    size: z.int().min(2).max(25).default(9),
    /** That each net is trained with. */
    seeds: Seeds.default([1, 2, 3]),
    /** That losses and accuracy are measured on, evenly spread over all; the default is more than the test games of 4,000 have. */
    examples: Examples.default(16_384),
    /** Of all runs. */
    options: Options,
    nets: z.array(StudyNet).min(1),
    /** The net that the others are compared with, seed by seed, where they are tested by the same examples; by default the first. */
    baseline: Name.optional(),
    measures: Measures.prefault({}),
    /** What is different where answers are wanted in minutes; options go over all others. */
    quick: z
      .strictObject({ seeds: Seeds.default([1]), options: Options, examples: Examples.default(2048) })
      .prefault({}),
  })
  .superRefine(({ data, options, nets, baseline, quick }, context) => {
    const checkBaseline = (named: string | undefined, path: (string | number)[]): void => {
      if (named !== undefined && !nets.some(({ name }) => name === named))
        context.addIssue({ code: 'custom', path, message: `there is no net ${named}` });
    };
    checkBaseline(baseline, ['baseline']);
    nets.forEach((net, i) => {
      checkBaseline(net.baseline, ['nets', i, 'baseline']);
      const before = nets.slice(0, i).map(({ name }) => name);
      const refuse = (field: string, message: string): void =>
        context.addIssue({ code: 'custom', path: ['nets', i, field], message });
      if (before.includes(net.name)) refuse('name', `${net.name} is there twice`);
      for (const field of ['start', 'sampler'] as const) {
        const named = net[field];
        if (named === undefined) continue;
        if (!before.includes(named)) refuse(field, `no net ${named} comes before`);
        const over = { options: net.options, 'quick.options': quick.options };
        for (const [where, part] of Object.entries(over))
          if (says(part, NAMED[field]))
            refuse(field, `${where} has another ${NAMED[field].join('.')}; leave out one of them`);
      }
      if (data === 'images' && net.sampler !== undefined)
        refuse('sampler', 'it goes with games alone; images are drawn alike');
      // Each is put over those before it.
      const parts = [
        { path: ['options'], part: options },
        { path: ['nets', i, 'options'], part: net.options },
        { path: ['quick', 'options'], part: quick.options },
        { path: [], part: { data: { kind: data } } },
      ];
      parts.forEach(({ path, part }, j) => {
        const lost = parts.slice(j + 1).flatMap((over) => covered(part, over.part));
        // What a net is may take the place of a net's name.
        for (const field of lost.filter((name) => name !== 'net'))
          context.addIssue({ code: 'custom', path: [...path, field], message: NO_FIELDS });
      });
    });
  });
export type Study = z.infer<typeof Study>;

/** The study as it is done in minutes. */
export function quickVersion(study: Study): Study {
  const { seeds, examples, options } = study.quick;
  const nets = study.nets.map((net) => ({ ...net, options: merge(net.options, options) }));
  return { ...study, seeds, examples, nets };
}

export type StudyFileResult =
  { readonly ok: true; readonly study: Study } | { readonly ok: false; readonly message: string };

/** @throws the system's error where the file cannot be read. */
export function readStudy(path: string): StudyFileResult {
  const study = withPath(path, () => checkedJson(Study, readFileSync(path, 'utf8')));
  return study.ok ? { ok: true, study: study.value } : { ok: false, message: `${path}: ${study.message}` };
}
