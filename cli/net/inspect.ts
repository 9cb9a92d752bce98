/** `tengen net inspect`: the layers of a net, what each puts out, costs and sees. */
import { existsSync } from 'node:fs';
import { parseAddress } from '#nets/address.ts';
import { namedImageSpec, namedSpec } from '#nets/architectures/named.ts';
import type { AnyNetFile } from '#nets/file.ts';
import { fieldText, inspectNet } from '#nets/inspect/inspect.ts';
import type { InspectedLayer, Inspection } from '#nets/inspect/inspect.ts';
import { placeholderNet } from '#nets/inspect/placeholder.ts';
import { TIMED_BATCH, millisecondsEach, ones } from '#nets/inspect/speed.ts';
import { netPath } from '#nets/net-files.ts';
import type { ImageSpec } from '#nets/spec.ts';
import { alignedTable } from '#training/text-table.ts';
import { CliError, EXIT, emit } from '../common.ts';
import { loadAny } from './common.ts';

type Flags = {
  readonly size: number;
  readonly image?: ImageSpec['image'];
  readonly classes: number;
  readonly json?: boolean;
};

export async function inspect(net: string, flags: Flags): Promise<void> {
  const opened = open(net, flags);
  const inspection = inspectNet(opened.spec, flags.size);
  const { trunk } = opened.spec;
  // Such an equation takes as long as what it is given asks, and here it is given nothing in earnest.
  const isAdaptive = trunk.kind === 'ode' && trunk.solver.kind === 'dopri5';
  const milliseconds = isAdaptive
    ? null
    : await millisecondsEach(opened, ones(opened.spec, flags.size), () => performance.now());
  emit(flags.json, { net, ...inspection, milliseconds }, () => inspectionText(inspection, milliseconds));
}

/** The net of a file or run, or the one of that name with weights that are none. */
function open(net: string, { image, classes }: Flags): AnyNetFile {
  if (existsSync(parseAddress(net).file)) return loadAny(netPath(net));
  const named = image === undefined ? namedSpec(net) : namedImageSpec(net, image, classes);
  if (named.ok) return placeholderNet(named.spec);
  throw new CliError(EXIT.badInput, `${net}: there is no such file, and ${named.message}`);
}

const whole = (value: number): string => value.toLocaleString('en');

function row(layer: InspectedLayer): string[] {
  const { name, word, output, parameters, flops, field, kernelParameters, denseParameters } = layer;
  return [
    name,
    word,
    output.join(' x '),
    parameters === 0 ? '' : whole(parameters),
    flops === 0 ? '' : whole(flops),
    fieldText(field, 'everything') || 'none',
    denseParameters === null
      ? ''
      : `${whole(denseParameters)} (${whole(Math.round(denseParameters / kernelParameters))} x)`,
  ];
}

/** @param milliseconds null where that and the FLOPs differ from position to position. */
function inspectionText(inspection: Inspection, milliseconds: number | null): string {
  const { input, layers, parameters, statistics, flops, field } = inspection;
  const columns = ['layer', 'kind', 'output', 'parameters', 'FLOPs', 'receptive field', 'weights if dense'];
  return [
    alignedTable(columns, layers.map(row), { right: [3, 4, 6] }),
    '',
    `parameters       ${whole(parameters)}${statistics === 0 ? '' : `, and ${whole(statistics)} moving means and variances`}`,
    `FLOPs            ${milliseconds === null ? 'at least ' : ''}${whole(flops)} for ${input.join(' x ')} points: two for each multiply-add of convolutions, dense layers and attention`,
    `receptive field  ${[
      ...(field.side === null ? [] : [`${field.side} x ${field.side} points by windows`]),
      ...(field.whole ? ['everything through global pooling, attention or dense layers'] : []),
    ].join(', and ')}`,
    milliseconds === null
      ? 'time             differs from position to position; on games: tengen net effort, tengen study'
      : `time             ${milliseconds.toPrecision(3)} ms each in batches of ${TIMED_BATCH} (ONNX Runtime, one thread)`,
  ].join('\n');
}
