/** The records of layers in a KataGo model file: each is checked against its place in the net, and its weights kept by name. */
import type { WeightArray } from '../file.ts';
import type { RecordReader } from './reader.ts';
import { LIMITS } from './spec.ts';
import type { Activation } from './spec.ts';

const ACTIVATION_TOKENS: ReadonlyMap<string, Activation> = new Map([
  ['ACTIVATION_IDENTITY', 'identity'],
  ['ACTIVATION_RELU', 'relu'],
  ['ACTIVATION_MISH', 'mish'],
  ['ACTIVATION_SILU', 'silu'],
]);

export class Records {
  readonly reader: RecordReader;
  readonly version: number;
  readonly weights = new Map<string, WeightArray>();

  constructor(reader: RecordReader, version: number) {
    this.reader = reader;
    this.version = version;
  }

  private keep(name: string, shape: readonly number[], values: Float32Array): void {
    this.weights.set(name, { shape, values });
  }

  private kernel(name: string, from: number, to: number | null, size: number | null) {
    const { reader } = this;
    reader.name('the convolution');
    const rows = reader.int('its number of rows', 1, LIMITS.kernel);
    if (rows % 2 === 0) reader.fail(`it has ${rows} rows; only odd ones can be read`);
    if (size !== null && rows !== size) reader.fail(`it has ${rows} rows, not ${size}`);
    reader.expect('its number of columns', rows);
    reader.expect('its number of input channels', from);
    const filters = to ?? reader.int('its number of output channels', 1, LIMITS.channels);
    if (to !== null) reader.expect('its number of output channels', to);
    reader.expect('its dilation', 1);
    reader.expect('its dilation', 1);
    this.keep(
      `${name}/kernel`,
      [rows, rows, from, filters],
      reader.floats('weights', rows * rows * from * filters),
    );
    return { rows, filters };
  }

  /** @returns rows and columns of the kernel, which is square. */
  conv(name: string, from: number, to: number, size: number | null = null): number {
    return this.kernel(name, from, to, size).rows;
  }

  /** A convolution that has as many output channels as it likes. @returns how many. */
  newConv(name: string, from: number, size: number | null): number {
    return this.kernel(name, from, null, size).filters;
  }

  /** As `newConv`, with the size of its kernel. */
  anyConv(name: string, from: number): { rows: number; filters: number } {
    return this.kernel(name, from, null, null);
  }

  /** Kept as one scale and one shift a channel: a = scale / sqrt(variance + epsilon), b = bias - a mean. */
  norm(name: string, channels: number): void {
    const { reader } = this;
    reader.name('the norm');
    reader.expect('its number of channels', channels);
    const epsilon = reader.number('its epsilon', 0, 1);
    const [hasScale, hasBias] = [reader.flag('its scale flag'), reader.flag('its bias flag')];
    const mean = reader.floats('mean', channels);
    const variance = reader.floats('variance', channels);
    // Adding the epsilon could hide it.
    if (variance.some((value) => value < 0)) reader.fail('it has a variance that is negative');
    const gamma = hasScale ? reader.floats('scale', channels) : null;
    const beta = hasBias ? reader.floats('bias', channels) : null;
    const scale = variance.map((v, c) => (gamma?.[c] ?? 1) / Math.sqrt(v + epsilon));
    const shift = mean.map((m, c) => (beta?.[c] ?? 0) - scale[c] * m);
    if (![...scale, ...shift].every(Number.isFinite))
      reader.fail('its scale or shift comes to no finite number');
    this.keep(`${name}/scale`, [channels], scale);
    this.keep(`${name}/shift`, [channels], shift);
  }

  rms(name: string, channels: number): { epsilon: number; spatial: boolean } {
    const { reader } = this;
    reader.name('the norm');
    reader.expect('its number of channels', channels);
    const epsilon = reader.number('its epsilon', 0, 1);
    const spatial = reader.flag('its spatial flag');
    reader.expect('its size of a group of channels', 0);
    this.keep(`${name}/gamma`, [channels], reader.floats('scale', channels));
    this.keep(`${name}/beta`, [channels], reader.floats('bias', channels));
    return { epsilon, spatial };
  }

  /** The norm before a transformer's block. @returns its epsilon. */
  blockNorm(name: string, channels: number): number {
    const { reader } = this;
    reader.name('the norm');
    reader.expect('its number of channels', channels);
    const epsilon = reader.number('its epsilon', 0, 1);
    this.keep(name, [channels], reader.floats('weights', channels));
    return epsilon;
  }

  private columns(name: string, from: number, to: number | null): number {
    const { reader } = this;
    reader.name('the matrix');
    reader.expect('its number of inputs', from);
    const columns = to ?? reader.int('its number of outputs', 1, LIMITS.channels);
    if (to !== null) reader.expect('its number of outputs', to);
    this.keep(name, [from, columns], reader.floats('weights', from * columns));
    return columns;
  }

  matrix(name: string, from: number, to: number): void {
    this.columns(name, from, to);
  }

  newMatrix(name: string, from: number): number {
    return this.columns(name, from, null);
  }

  bias(name: string, channels: number): void {
    const { reader } = this;
    reader.name('the bias');
    reader.expect('its number of channels', channels);
    this.keep(name, [channels], reader.floats('weights', channels));
  }

  frequencies(name: string, kvHeads: number, pairs: number): void {
    const { reader } = this;
    reader.name('the frequencies');
    reader.expect('its number of heads', kvHeads);
    reader.expect('its number of pairs', pairs);
    reader.expect('its number of axes', 2);
    this.keep(name, [kvHeads, pairs, 2], reader.floats('weights', kvHeads * pairs * 2));
  }

  activation(): Activation {
    const { reader } = this;
    reader.name('the activation');
    if (this.version < 11) return 'relu';
    const token = reader.token('its kind');
    return ACTIVATION_TOKENS.get(token) ?? reader.fail(`its kind is ${token}, which is none that is known`);
  }
}
