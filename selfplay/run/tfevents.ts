/**
 * TensorBoard's event files: TFRecord framing (tensorflow/core/lib/io/record_writer.h) around Event messages
 * (tensorflow/core/util/event.proto), scalars only.
 */
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

export type Scalar = {
  readonly tag: string;
  readonly step: number;
  /** Seconds since 1970. */
  readonly wallTime: number;
  readonly value: number;
};

/** Of CRC-32C (Castagnoli, RFC 3720), bits reflected. */
const POLYNOMIAL = 0x82f63b78;
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
  return crc;
});

export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ TABLE[(crc ^ byte) & 0xff];
  return ~crc >>> 0;
}

/** As record_writer.h stores checksums: rotated and shifted, lest a record that holds records match by chance. */
export function maskedCrc(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

/** uint64 length, masked CRC of it, data, masked CRC of the data; little endian. */
function record(data: Uint8Array): Buffer {
  const head = Buffer.alloc(12);
  head.writeBigUInt64LE(BigInt(data.length), 0);
  head.writeUInt32LE(maskedCrc(head.subarray(0, 8)), 8);
  const foot = Buffer.alloc(4);
  foot.writeUInt32LE(maskedCrc(data));
  return Buffer.concat([head, data, foot]);
}

/** Event: wall_time = 1, step = 2, file_version = 3, summary = 5. */
function versionEvent(wallTime: number): Uint8Array {
  const w = new BinaryWriter();
  w.tag(1, WireType.Bit64).double(wallTime);
  w.tag(3, WireType.LengthDelimited).string('brain.Event:2');
  return w.finish();
}

/** Summary: value = 1; Summary.Value: tag = 1, simple_value = 2. */
function scalarEvent({ tag, step, wallTime, value }: Scalar): Uint8Array {
  const scalar = new BinaryWriter();
  scalar.tag(1, WireType.LengthDelimited).string(tag);
  scalar.tag(2, WireType.Bit32).float(value);
  const summary = new BinaryWriter();
  summary.tag(1, WireType.LengthDelimited).bytes(scalar.finish());
  const w = new BinaryWriter();
  w.tag(1, WireType.Bit64).double(wallTime);
  w.tag(2, WireType.Varint).int64(step);
  w.tag(5, WireType.LengthDelimited).bytes(summary.finish());
  return w.finish();
}

/** A whole event file. @param startTime seconds since 1970. */
export function eventFile(startTime: number, scalars: readonly Scalar[]): Buffer {
  return Buffer.concat([
    record(versionEvent(startTime)),
    ...scalars.map((scalar) => record(scalarEvent(scalar))),
  ]);
}
