/** `tengen net eval --images`: how well nets tell test images apart. */
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { modelFromNet } from '#nets/convert.ts';
import type { NetFile } from '#nets/file.ts';
import type { ImageSpec } from '#nets/spec.ts';
import { asItPlays, evaluateOnImages, inViews, withDropout } from '#training/images/evaluate.ts';
import type { AskedNet, ImageAccuracy } from '#training/images/evaluate.ts';
import type { View } from '#training/images/views.ts';
import { startTensors, type BackendFlags } from '../backend-options.ts';
import { CliError, EXIT, emit } from '../common.ts';
import { makeProgress } from '../progress.ts';
import { requireDropout } from './common.ts';
import { qualityLines } from './quality-lines.ts';
import { loadForImages } from './shown-images.ts';

export type ImageFlags = BackendFlags & {
  /** See `loadForImages`. */
  readonly classes?: number[];
  /** Draws of dropout whose mean is measured. */
  readonly mcDropout?: number;
  /** In which each image is seen, and whose mean is measured. */
  readonly views?: readonly View[];
  readonly json?: boolean;
};

const badInput = (message: string): CliError => new CliError(EXIT.badInput, message);

export async function evaluateImages(
  paths: readonly string[],
  folder: string,
  flags: ImageFlags,
): Promise<void> {
  const { images, nets: files } = loadForImages(paths, folder, { part: 'test', classes: flags.classes });
  await startTensors(flags);
  const nets = files.map((net, i) => openNet(paths[i], net, flags));
  if (new Set(nets.map(({ spec }) => spec.heads.classes)).size > 1)
    throw badInput(`${paths.join(' ')}: these nets know different numbers of classes`);
  const progress = makeProgress('image {value}/{total}');
  const accuracy = await evaluateOnImages(nets, images, progress.update);
  progress.stop();
  emit(flags.json, { net: paths.join(' '), ...accuracy }, () => accuracyTable(accuracy, paths));
}

/** @throws CliError where the net has no dropout to draw, or makes no model. */
function openNet(path: string, net: NetFile<ImageSpec>, flags: ImageFlags): AskedNet {
  if (flags.mcDropout !== undefined) requireDropout(path, net.spec);
  const made = modelFromNet(net);
  if (!made.ok) throw badInput(`${path}: ${made.message}`);
  return { spec: net.spec, ways: waysToAsk(made.model, flags) };
}

function waysToAsk(model: LayersModel, flags: ImageFlags): AskedNet['ways'] {
  if (flags.mcDropout !== undefined) return withDropout(model, flags.mcDropout);
  return flags.views === undefined ? asItPlays(model) : inViews(model, flags.views);
}

function accuracyTable(accuracy: ImageAccuracy, nets: readonly string[]): string {
  const percent = (share: number): string => `${(100 * share).toFixed(2)}%`;
  const { images, errors, error, error95, majorityError } = accuracy;
  return [
    `images              ${images}`,
    `errors              ${errors}, ${percent(error)} (95%: ${percent(error95.low)} to ${percent(error95.high)}); always the commonest class ${percent(majorityError)}`,
    ...qualityLines(accuracy, nets),
  ].join('\n');
}
