/** What was measured of a finished run, kept in its folder so that it is measured once. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { parseJson } from '#nets/json.ts';
import { writeJsonFile } from '../text-files.ts';

const LayerGradient = z.strictObject({ layer: z.string(), atStart: z.number(), atEnd: z.number() });
export type LayerGradient = z.infer<typeof LayerGradient>;

const MeasuredWay = z.strictObject({
  /** How the net is used; null for as it was trained. */
  way: z.string().nullable(),
  /** Why there are no losses and no accuracy, where so used it is an equation that cannot be solved. */
  diverged: z.string().nullable(),
  /** Its receptive field, see nets/inspect. */
  field: z.strictObject({ side: z.number().nullable(), whole: z.boolean() }),
  figures: z.record(z.string(), z.number()),
});
export type MeasuredWay = z.infer<typeof MeasuredWay>;

const Measured = z.strictObject({
  /** Why there is nothing to measure, where training failed. */
  diverged: z.string().nullable(),
  ways: z.array(MeasuredWay),
  /** Of each layer, where they were asked for. */
  gradients: z.array(LayerGradient),
});
export type Measured = z.infer<typeof Measured>;

const Kept = z.strictObject({
  /** What was asked for: it is measured again where that has changed. */
  asked: z.string(),
  measured: Measured,
});

const pathIn = (folder: string): string => join(folder, 'measured.json');

/** Null where this has not been measured. */
export function readMeasured(folder: string, asked: string): Measured | null {
  const path = pathIn(folder);
  if (!existsSync(path)) return null;
  const kept = Kept.safeParse(parseJson(readFileSync(path, 'utf8')));
  return kept.success && kept.data.asked === asked ? kept.data.measured : null;
}

export function writeMeasured(folder: string, asked: string, measured: Measured): void {
  writeJsonFile(pathIn(folder), { asked, measured });
}
