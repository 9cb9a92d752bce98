/** The net file: safetensors with the spec and provenance as JSON in its metadata, checked before any weight is copied. */
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { z } from 'zod';
import { parseAddress, turned } from './address.ts';
import { SmallMap } from './architectures/windows.ts';
import { writeFileAtomically } from './atomic-file.ts';
import { parseJson } from './json.ts';
import { parseKataGo } from './katago/parse.ts';
import { looksLikeKataGo } from './katago/unpack.ts';
import { isKernel } from './kernels.ts';
import { netPath } from './net-files.ts';
import { ImageSpec, NetSpec, isImageSpec } from './spec.ts';
import type { AnySpec } from './spec.ts';
import { weightShapes, weightsOfSpec, weightsProblem } from './weight-shapes.ts';

export type WeightArray = { readonly shape: readonly number[]; readonly values: Float32Array };

/** What is known of a net's making; free text for people and numbers for tables. */
export const Provenance = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
export type Provenance = z.infer<typeof Provenance>;

/** A net with its weights; for boards unless its spec says otherwise. */
export type NetFile<Spec extends AnySpec = NetSpec> = {
  readonly spec: Spec;
  /** By the names of `buildModel`, in its order. */
  readonly weights: ReadonlyMap<string, WeightArray>;
  readonly provenance: Provenance;
};

export type AnyNetFile = NetFile<AnySpec>;

export type NetFileResult<Spec extends AnySpec = NetSpec> =
  { ok: true; net: NetFile<Spec> } | { ok: false; message: string };

const MAX_FILE_BYTES = 512 * 2 ** 20;
const MAX_HEADER_BYTES = 2 ** 20;
const FORMAT = 'tengen-net-1';

const TensorEntry = z.strictObject({
  dtype: z.enum(['F32', 'F16']),
  shape: z.array(z.int().min(1).max(1_000_000)).max(4),
  data_offsets: z.tuple([z.int().min(0), z.int().min(0)]),
});
const Metadata = z.strictObject({
  format: z.literal(FORMAT),
  spec: z.string(),
  provenance: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

type TensorEntry = z.infer<typeof TensorEntry>;

/** How weights are written. */
export type NetFileOptions = {
  /** Whether kernels are stored in half precision; all else, which is little and where variances may overrun it, never is. */
  readonly halves?: boolean;
};

const BYTES_OF: Readonly<Record<TensorEntry['dtype'], number>> = { F32: 4, F16: 2 };

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1);

/** The bytes of a weight. @throws Error with a sentence where a value is too large for half precision, at 65,520. */
function bytesOf(name: string, values: Float32Array, dtype: TensorEntry['dtype']): Uint8Array {
  const stored = dtype === 'F32' ? values : Float16Array.from(values);
  const overrun = stored.findIndex((value, i) => !Number.isFinite(value) && Number.isFinite(values[i]));
  if (overrun !== -1)
    throw new Error(
      `weight ${name} holds ${values[overrun]}, which is too large for half precision; store this net in full`,
    );
  return new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength);
}

/**
 * Serialises a net. Layout: uint64 header length, JSON header, data (the safetensors format, little-endian).
 * @throws Error with a sentence where half precision is asked for and cannot hold a value.
 */
export function makeNetFile(net: AnyNetFile, { halves = false }: NetFileOptions = {}): Uint8Array {
  const header: Record<string, TensorEntry> = {};
  const parts: Uint8Array[] = [];
  let end = 0;
  for (const [name, { shape, values }] of net.weights) {
    if (values.length !== sizeOf(shape))
      throw new Error(`internal: weight ${name} has ${values.length} values`);
    const dtype = halves && isKernel(shape) ? 'F16' : 'F32';
    parts.push(bytesOf(name, values, dtype));
    const from = end;
    end += BYTES_OF[dtype] * values.length;
    header[name] = { dtype, shape: [...shape], data_offsets: [from, end] };
  }
  const data = Buffer.concat(parts);
  const sha256 = createHash('sha256').update(data).digest('hex');
  const [spec, provenance] = [JSON.stringify(net.spec), JSON.stringify(net.provenance)];
  const metadata: z.infer<typeof Metadata> = { format: FORMAT, spec, provenance, sha256 };
  const json = JSON.stringify({ __metadata__: metadata, ...header });
  const text = Buffer.from(json + ' '.repeat((8 - (Buffer.byteLength(json) % 8)) % 8));
  const out = new Uint8Array(8 + text.length + data.length);
  new DataView(out.buffer).setBigUint64(0, BigInt(text.length), true);
  out.set(text, 8);
  out.set(data, 8 + text.length);
  return out;
}

/** What is wrong with the tensors' entries for `dataBytes` of data, or null. They must follow one another without gaps. */
function layoutProblem(entries: Readonly<Record<string, unknown>>, dataBytes: number): string | null {
  let end = 0;
  for (const [name, raw] of Object.entries(entries)) {
    const entry = TensorEntry.safeParse(raw);
    if (!entry.success)
      return `tensor ${name} has an invalid ${entry.error.issues[0].path.join('.') || 'entry'}`;
    const [from, to] = entry.data.data_offsets;
    if (from !== end || to - from !== BYTES_OF[entry.data.dtype] * sizeOf(entry.data.shape))
      return `tensor ${name} has offsets that do not match its shape`;
    if (to > dataBytes) return `the data ends before tensor ${name} does; the file may be cut off`;
    end = to;
  }
  return end === dataBytes ? null : `${dataBytes - end} bytes follow the last tensor`;
}

/** The window of a net for images that fits no map of theirs, or null. */
function smallMap(spec: AnySpec): string | null {
  try {
    weightShapes(spec);
    return null;
  } catch (error) {
    if (error instanceof SmallMap) return error.message;
    throw error;
  }
}

/** Reads a net from the bytes of a file; never throws on bad bytes. */
export function parseNetFile(bytes: Uint8Array): NetFileResult<AnySpec> {
  const fail = (message: string): NetFileResult<AnySpec> => ({ ok: false, message });
  if (bytes.length > MAX_FILE_BYTES) return fail('the net is larger than 512 MiB');
  if (bytes.length < 8) return fail('the file is too short to be a net');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerBytes = Number(view.getBigUint64(0, true));
  if (headerBytes > MAX_HEADER_BYTES) return fail('it is not a safetensors file (impossible header length)');
  if (8 + headerBytes > bytes.length) return fail('the file ends inside its header; it may be cut off');
  const header = parseJson(Buffer.from(bytes.subarray(8, 8 + headerBytes)).toString('utf8'));
  if (typeof header !== 'object' || header === null)
    return fail('it is not a safetensors file (header is not JSON)');
  const { __metadata__: rawMetadata, ...entries } = header as Record<string, unknown>;
  const metadata = Metadata.safeParse(rawMetadata);
  if (!metadata.success)
    return fail(
      `it is not a Tengen net (metadata field ${metadata.error.issues[0].path.join('.') || '__metadata__'})`,
    );
  const json = parseJson(metadata.data.spec);
  const isOfImages = typeof json === 'object' && json !== null && 'image' in json;
  const spec = (isOfImages ? ImageSpec : NetSpec).safeParse(json);
  if (!spec.success)
    return fail(`its spec is invalid at ${spec.error.issues[0].path.join('.') || 'the top'}`);
  const small = smallMap(spec.data);
  if (small !== null) return fail(`its spec is invalid: ${small}`);
  const provenance = Provenance.safeParse(parseJson(metadata.data.provenance));
  if (!provenance.success) return fail('its provenance is not a flat record');
  const data = bytes.subarray(8 + headerBytes);
  const problem = layoutProblem(entries, data.length);
  if (problem !== null) return fail(problem);
  if (createHash('sha256').update(data).digest('hex') !== metadata.data.sha256)
    return fail('the weights do not match their checksum');
  const weights = new Map<string, WeightArray>();
  for (const [name, entry] of Object.entries(entries as Record<string, TensorEntry>)) {
    // A copy, because the bytes may not be aligned; `slice` of a Buffer would not copy.
    const { buffer } = Uint8Array.from(data.subarray(...entry.data_offsets));
    const values =
      entry.dtype === 'F32' ? new Float32Array(buffer) : Float32Array.from(new Float16Array(buffer));
    if (!values.every(Number.isFinite)) return fail(`tensor ${name} holds a value that is not finite`);
    if (name.endsWith('/moving_variance') && values.some((value) => value < 0))
      return fail(`tensor ${name} holds a negative variance`);
    weights.set(name, { shape: entry.shape, values });
  }
  return { ok: true, net: { spec: spec.data, weights, provenance: provenance.data } };
}

/**
 * Reads the file of a net that plays Go, ours or one of KataGo's; the message of a refusal begins with the path.
 * @param path an address; see `nets/address.ts`. The folder of a run stands for its net.
 */
export function loadNet(path: string): NetFileResult {
  const loaded = loadAnyNet(path);
  if (!loaded.ok) return loaded;
  const { spec } = loaded.net;
  if (!isImageSpec(spec)) return { ok: true, net: { ...loaded.net, spec } };
  return { ok: false, message: `${path}: this is a net for images, which plays no Go` };
}

/** As `loadNet`, but nets for images too. */
export function loadAnyNet(path: string): NetFileResult<AnySpec> {
  const loaded = loadState(path);
  if (!loaded.ok) return loaded;
  const problem = weightsProblem(loaded.net.spec, loaded.net.weights);
  return problem === null ? loaded : { ok: false, message: `${path}: ${problem}` };
}

/** As `loadAnyNet`, but whatever the weights: a checkpoint has more than those of its net. */
export function loadState(path: string): NetFileResult<AnySpec> {
  const fail = (message: string): NetFileResult<AnySpec> => ({ ok: false, message: `${path}: ${message}` });
  const { file, dial } = parseAddress(path);
  let bytes: Uint8Array;
  try {
    const stat = statSync(file, { throwIfNoEntry: false });
    if (stat === undefined) return fail('there is no such net file');
    if (stat.isDirectory()) return loadState(netPath(path));
    if (!stat.isFile()) return fail('this is not a file; name a net such as RUN/net.safetensors');
    if (stat.size > MAX_FILE_BYTES) return fail('the net is larger than 512 MiB');
    bytes = readFileSync(file);
  } catch (error) {
    return fail(`cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`);
  }
  const result = looksLikeKataGo(bytes) ? parseKataGo(bytes) : parseNetFile(bytes);
  if (!result.ok) return fail(result.message);
  if (dial === null) return result;
  const trunk = turned(result.net.spec.trunk, dial);
  if (typeof trunk === 'string') return fail(trunk);
  const spec = { ...result.net.spec, trunk };
  return { ok: true, net: { ...result.net, spec, weights: weightsOfSpec(spec, result.net.weights) } };
}

export function saveNet(path: string, net: AnyNetFile, options?: NetFileOptions): void {
  writeFileAtomically(path, makeNetFile(net, options));
}
