/** A net file as an ONNX graph: NCHW, norms folded, any batch and board size. */
import { buildClassifier, buildNet } from '../architectures/net.ts';
import { FEATURE_SETS } from '../features/feature-set.ts';
import type { AnyNetFile, NetFile } from '../file.ts';
import { isImageSpec, playedSpec } from '../spec.ts';
import type { ImageSpec } from '../spec.ts';
import { GraphBuilder } from './graph.ts';
import { onnxLayers } from './layers.ts';
import { modelBytes } from './proto.ts';
import type { Graph } from './proto.ts';
import { seeBoards, seeImages } from './seen.ts';
import type { Value } from './value.ts';

export type OnnxOptions = {
  /** Promises that every board fills the buffer, which saves all masks. Default false. */
  readonly fullBoards?: boolean;
  /**
   * Adds what else KataGo's heads say: `outcome` [B, 3] (probabilities of win, loss and no result), `scoreMean` [B, 1] in
   * units of 20 points, `varianceTime` [B, 1] in moves, and where the net has them the errors of a short-term forecast
   * `valueError` [B, 1] and `scoreError` [B, 1] in units of 20 points. Default false.
   */
  readonly raw?: boolean;
};

/** Serialises the graph of a net. */
export const toOnnx = (net: AnyNetFile, options: OnnxOptions = {}): Uint8Array =>
  modelBytes(onnxGraph(net, options));

/**
 * The graph of a net. Of boards: inputs `planes` [B, P, H, W] and `globals` [B, G]; outputs `policy` [B, H * W + 1] logits,
 * `value` [B, 1], `score` [B, 1], `ownership` [B, H * W] and, from KataGo's heads, `stdev` [B, 1]. Of images: input `image`
 * [B, C, H, W], output `classes` [B, classes] logits. Where a differential equation is solved adaptively, `evaluations` [B, 1]
 * are those of its slope, NaN where the solver could not go on. All equal to those of `buildModel`; heads that only training has are
 * left out.
 */
export function onnxGraph(net: AnyNetFile, options: OnnxOptions = {}): Graph {
  const { spec } = net;
  const builder = new GraphBuilder();
  if (isImageSpec(spec)) addClassifier(builder, { ...net, spec });
  else addBoardNet(builder, { ...net, spec }, options);
  return builder.graph;
}

function addBoardNet(builder: GraphBuilder, net: NetFile, options: OnnxOptions): void {
  const { fullBoards = false, raw = false } = options;
  const seen = seeBoards(builder, FEATURE_SETS[net.spec.featureSet], fullBoards);
  const layers = onnxLayers(net, builder, seen, raw);
  const { auxiliary: _auxiliary, ...outputs } = buildNet(layers, playedSpec(net.spec));
  const widths = { policy: 'A', value: 1, score: 1, ownership: 'HW', stdev: 1, reply: 'A' };
  for (const [name, value] of Object.entries(outputs))
    if (value !== null) addOutput(builder, name, value, widths[name as keyof typeof widths]);
}

function addClassifier(builder: GraphBuilder, net: NetFile<ImageSpec>): void {
  const layers = onnxLayers(net, builder, seeImages(builder, net.spec.image), false);
  const { classes } = buildClassifier(layers, playedSpec(net.spec));
  addOutput(builder, 'classes', classes, net.spec.heads.classes);
}

function addOutput(builder: GraphBuilder, name: string, value: Value, width: number | string): void {
  builder.op('Identity', [value.emit()], [], name);
  builder.graph.outputs.push({ name, shape: ['B', width] });
}
