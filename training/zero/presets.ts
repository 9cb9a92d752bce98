/** Ready-made runs, by the time and the machine that they are for. */
import type { z } from 'zod';
import type { ZeroConfig } from './config.ts';

/** Of runs that begin from nothing. */
export const PRESETS = ['smoke', 'cpu-night', 'gpu'] as const;
export type PresetName = (typeof PRESETS)[number] | 'distil';

type Preset = {
  readonly config: z.input<typeof ZeroConfig>;
  /** What it is for and how long it takes, for people. */
  readonly about: string;
};

export const PRESET: Readonly<Record<PresetName, Preset>> = {
  smoke: {
    about: '5x5 in about two minutes on two cores: enough to see a net learn',
    config: {
      selfPlay: {
        boards: [{ size: 5, komi: 0.5 }],
        komiStdev: 0.5,
        komiWideShare: 0,
        visits: 16,
        cheapVisits: 4,
      },
      net: { blocks: 2, channels: 16 },
      learner: { learningRate: 0.03, averageDecay: 0.98, warmup: 20 },
      window: { smallest: 8_000 },
      judge: { every: 4, games: 20, visits: 16 },
      generations: 8,
      gamesPerGeneration: 150,
      batch: 64,
    },
  },
  'cpu-night': {
    about: '9x9 for a night of about eight hours on two cores; stop it whenever the net is strong enough',
    config: { net: { blocks: 4, channels: 32 }, generations: 400 },
  },
  gpu: {
    about: '9x9 with a larger net on a GPU, for an hour or more; stop it whenever the net is strong enough',
    config: {
      selfPlay: { visits: 32, cheapVisits: 8 },
      net: { blocks: 6, channels: 96 },
      window: { smallest: 100_000 },
      gamesPerGeneration: 2000,
      batch: 512,
      generations: 100,
    },
  },
  distil: {
    about: "9x9 by a teacher's games; stop it whenever the net is strong enough",
    config: {
      selfPlay: { visits: 16, fullShare: 0.25, cheapVisits: 1, recordCheap: true, recordOwnership: true },
      net: { blocks: 5, channels: 48 },
      window: { smallest: 200_000 },
      gamesPerGeneration: 200,
      trainPerPosition: 3,
      valueFromSearch: 0.8,
      generations: 300,
    },
  },
};
