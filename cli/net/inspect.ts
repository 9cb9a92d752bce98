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
import { isImageSpec } from '#nets/spec.ts';
import type { AnySpec, ImageSpec } from '#nets/spec.ts';
import { alignedTable } from '#training/text-table.ts';
import { CliError, EXIT, emit } from '../common.ts';
import { loadAny } from './common.ts';

type Flags = {
  readonly size?: number;
  readonly image?: ImageSpec['image'];
  readonly classes?: number;
  readonly time: boolean;
  readonly json?: boolean;
};

const BOARD_SIDE = 9;
const CLASSES = 10;

export async function inspect(net: string, flags: Flags): Promise<void> {
  const opened = open(net, flags);
  const size = flags.size ?? BOARD_SIDE;
  const inspection = inspectNet(opened.spec, size);
  const { trunk } = opened.spec;
  // What such an equation takes depends on what it is given, and here it is given nothing in earnest.
  const isAdaptive = trunk.kind === 'ode' && trunk.solver.kind === 'dopri5';
  // Large nets take long to be timed, if they can be.
  if (flags.json !== true) emit(false, null, () => inspectionText(inspection, isAdaptive ? 'at least ' : ''));
  const time = isAdaptive ? DIFFERS : flags.time ? await timeOf(opened.make, size) : NOT_ASKED;
  emit(
    flags.json,
    { net, spec: opened.spec, ...inspection, milliseconds: time.milliseconds },
    () => `time             ${time.text}`,
  );
}

type Time = { readonly milliseconds: number | null; readonly text: string };

const DIFFERS: Time = {
  milliseconds: null,
  text: 'differs from position to position; on games: tengen net effort, tengen study',
};

const NOT_ASKED: Time = { milliseconds: null, text: 'not measured, as asked' };

async function timeOf(make: () => AnyNetFile, size: number): Promise<Time> {
  try {
    const net = make();
    const milliseconds = await millisecondsEach(net, ones(net.spec, size), () => performance.now());
    const text = `${milliseconds.toPrecision(3)} ms each in batches of ${TIMED_BATCH} (ONNX Runtime, one thread)`;
    return { milliseconds, text };
  } catch (error) {
    return { milliseconds: null, text: `not measured: ${(error as Error).message}` };
  }
}

/** The net of a file or run, or the one of that name, which is made when it is needed with weights that are none. */
function open(net: string, { size, image, classes }: Flags): { spec: AnySpec; make: () => AnyNetFile } {
  if (image !== undefined && size !== undefined) throw sizeOfImages('--image says how large images are');
  if (existsSync(parseAddress(net).file)) {
    if (image !== undefined || classes !== undefined)
      throw new CliError(
        EXIT.usage,
        `--image and --classes go with the name of an architecture alone: leave them out for ${net}, a net that is there.`,
      );
    const loaded = loadAny(netPath(net));
    if (isImageSpec(loaded.spec) && size !== undefined) throw sizeOfImages(`${net} is a net for images`);
    return { spec: loaded.spec, make: () => loaded };
  }
  if (image === undefined && classes !== undefined)
    throw new CliError(EXIT.usage, '--classes goes with --image alone: those of images are told apart.');
  const named = image === undefined ? namedSpec(net) : namedImageSpec(net, image, classes ?? CLASSES);
  if (named.ok) {
    const { spec } = named;
    return { spec, make: () => placeholderNet(spec) };
  }
  throw new CliError(EXIT.badInput, `${net}: there is no such file, and ${named.message}`);
}

const sizeOfImages = (why: string): CliError =>
  new CliError(EXIT.usage, `--size is of boards, and ${why}: leave it out.`);

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

/** "1,234, and 56 moving means and variances" */
export const parametersText = ({
  parameters,
  statistics,
}: Pick<Inspection, 'parameters' | 'statistics'>): string =>
  `${whole(parameters)}${statistics === 0 ? '' : `, and ${whole(statistics)} moving means and variances`}`;

/** @param bound "at least " where FLOPs and fields differ from position to position. */
function inspectionText(inspection: Inspection, bound: string): string {
  const { input, layers, flops, field } = inspection;
  const columns = ['layer', 'kind', 'output', 'parameters', 'FLOPs', 'receptive field', 'weights if dense'];
  return [
    alignedTable(columns, layers.map(row), { right: [3, 4, 6] }),
    '',
    `parameters       ${parametersText(inspection)}`,
    `FLOPs            ${bound}${whole(flops)} for ${input.join(' x ')} points: two for each multiply-add of convolutions, dense layers and attention`,
    `receptive field  ${[
      ...(field.side === null ? [] : [`${bound}${field.side} x ${field.side} points by windows`]),
      ...(field.whole ? ['everything through global pooling, attention or dense layers'] : []),
    ].join(', and ')}`,
  ].join('\n');
}
