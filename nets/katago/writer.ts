/** The records of layers as a KataGo model file has them: what `Records` reads. */
import type { NetFile } from '../file.ts';
import { weightOf } from '../weight-of.ts';
import type { Activation } from './spec.ts';

/** Variance and epsilon of a norm that only scales and shifts, as KataGo writes it. */
const EPSILON = '1e-20';

export class RecordWriter {
  private readonly net: NetFile;
  private readonly version: number;
  private readonly parts: (string | Float32Array)[] = [];

  constructor(net: NetFile, version: number) {
    this.net = net;
    this.version = version;
  }

  private weight(name: string): Float32Array {
    return weightOf(this.net, name).values;
  }

  put(...tokens: (string | number | boolean)[]): void {
    for (const token of tokens) this.parts.push(String(typeof token === 'boolean' ? Number(token) : token));
  }

  spare(count: number): void {
    for (let i = 0; i < count; i++) this.put(0);
  }

  conv(name: string, size: number, from: number, to: number): void {
    this.put(name, size, size, from, to, 1, 1);
    this.parts.push(this.weight(`${name}/kernel`));
  }

  norm(name: string, channels: number): void {
    this.put(name, channels, EPSILON, true, true);
    this.parts.push(new Float32Array(channels), new Float32Array(channels).fill(1));
    this.parts.push(this.weight(`${name}/scale`), this.weight(`${name}/shift`));
  }

  rms(name: string, channels: number, epsilon: number, spatial: boolean): void {
    this.put(name, channels, epsilon, spatial, 0);
    this.parts.push(this.weight(`${name}/gamma`), this.weight(`${name}/beta`));
  }

  blockNorm(name: string, channels: number, epsilon: number): void {
    this.put(name, channels, epsilon);
    this.parts.push(this.weight(name));
  }

  matrix(name: string, from: number, to: number): void {
    this.put(name, from, to);
    this.parts.push(this.weight(name));
  }

  bias(name: string, channels: number): void {
    this.put(name, channels);
    this.parts.push(this.weight(name));
  }

  frequencies(name: string, kvHeads: number, pairs: number): void {
    this.put(name, kvHeads, pairs, 2);
    this.parts.push(this.weight(name));
  }

  /** @param name of the layer that it follows. */
  activation(name: string, activation: Activation): void {
    this.put(`${name}/activation`);
    if (this.version >= 11) this.put(`ACTIVATION_${activation.toUpperCase()}`);
  }

  /** A token a line; arrays after a mark as little-endian float32, or as decimal text. */
  bytes(isText: boolean): Uint8Array {
    const bytes = (values: Float32Array): Uint8Array =>
      new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    return Buffer.concat(
      this.parts.flatMap((part) => {
        if (typeof part === 'string') return [Buffer.from(`${part}\n`)];
        if (isText) return [Buffer.from(`${part.join(' ')}\n`)];
        return [Buffer.from('@BIN@'), bytes(part), Buffer.from('\n')];
      }),
    );
  }
}
