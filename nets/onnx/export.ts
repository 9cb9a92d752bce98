/** A net file as an ONNX graph: NCHW, norms folded, any batch and board size. */
import { buildNet } from '../architectures/net.ts';
import { FEATURE_SETS } from '../features/feature-set.ts';
import type { NetFile } from '../file.ts';
import { playedSpec } from '../spec.ts';
import { Boards } from './board.ts';
import { GraphBuilder } from './graph.ts';
import { onnxLayers } from './layers.ts';
import { modelBytes } from './proto.ts';

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

/**
 * Serialises the net. Inputs `planes` [B, P, H, W] and `globals` [B, G]; outputs `policy` [B, H * W + 1] logits,
 * `value` [B, 1], `score` [B, 1], `ownership` [B, H * W] and, from KataGo's heads, `stdev` [B, 1], equal to those of
 * `buildModel`. A head of the opponent's reply is left out.
 */
export function toOnnx(net: NetFile, { fullBoards = false, raw = false }: OnnxOptions = {}): Uint8Array {
  const builder = new GraphBuilder();
  const { graph } = builder;
  const boards = new Boards(builder, !fullBoards);
  const outputs = buildNet(onnxLayers(net, builder, boards, raw), playedSpec(net.spec));
  const { planes, globals } = FEATURE_SETS[net.spec.featureSet];
  graph.inputs.push(
    { name: 'planes', shape: ['B', planes, 'H', 'W'] },
    { name: 'globals', shape: ['B', globals] },
  );
  const widths = { policy: 'A', value: 1, score: 1, ownership: 'HW', stdev: 1, reply: 'A' };
  for (const [name, value] of Object.entries(outputs)) {
    if (value === null) continue;
    builder.op('Identity', [value.emit()], [], name);
    graph.outputs.push({ name, shape: ['B', widths[name as keyof typeof widths]] });
  }
  return modelBytes(graph);
}
