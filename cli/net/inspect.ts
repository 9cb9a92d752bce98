/** `tengen net inspect`: the layers of a net, what each puts out, costs and sees. */
import { inspectNet } from '#nets/inspect/inspect.ts';
import type { InspectedLayer, Inspection, SeenField } from '#nets/inspect/inspect.ts';
import { millisecondsEach, TIMED_BATCH } from '#nets/inspect/speed.ts';
import { alignedTable } from '#training/text-table.ts';
import { emit } from '../common.ts';
import { loadAny, netPath } from './common.ts';

export async function inspect(net: string, { size, json }: { size: number; json?: boolean }): Promise<void> {
  const path = netPath(net);
  const loaded = loadAny(path);
  const inspection = inspectNet(loaded.spec, size);
  const milliseconds = await millisecondsEach(loaded, size, () => performance.now());
  emit(json, { net: path, ...inspection, milliseconds }, () => inspectionText(inspection, milliseconds));
}

const whole = (value: number): string => value.toLocaleString('en');

/** "9 x 9", "whole board", or both. */
function fieldText({ side, whole: isWhole }: SeenField): string {
  const parts = [...(side === null ? [] : [`${side} x ${side}`]), ...(isWhole ? ['whole board'] : [])];
  return parts.length === 0 ? 'none' : parts.join(', ');
}

function row(layer: InspectedLayer): string[] {
  const { name, word, output, parameters, flops, field, kernelParameters, denseParameters } = layer;
  return [
    name,
    word,
    output.join(' x '),
    parameters === 0 ? '' : whole(parameters),
    flops === 0 ? '' : whole(flops),
    fieldText(field),
    denseParameters === null
      ? ''
      : `${whole(denseParameters)} (${whole(Math.round(denseParameters / kernelParameters))} x)`,
  ];
}

function inspectionText(inspection: Inspection, milliseconds: number): string {
  const { input, layers, parameters, statistics, flops, field } = inspection;
  const columns = ['layer', 'kind', 'output', 'parameters', 'FLOPs', 'receptive field', 'weights if dense'];
  return [
    alignedTable(columns, layers.map(row), { right: [3, 4, 6] }),
    '',
    `parameters       ${whole(parameters)}${statistics === 0 ? '' : `, and ${whole(statistics)} moving means and variances`}`,
    `FLOPs            ${whole(flops)} for ${input.join(' x ')} points: two for each multiply-add of convolutions, dense layers and attention`,
    `receptive field  ${field.side} x ${field.side} points by convolutions${field.whole ? ', and the whole board through global pooling or attention' : ''}`,
    `time             ${milliseconds.toPrecision(3)} ms a position in batches of ${TIMED_BATCH} (ONNX Runtime, one thread)`,
  ].join('\n');
}
