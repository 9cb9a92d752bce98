/** Bytes of IDX files, for tests that need images. */

export function idx(shape: readonly number[], values: readonly number[]): Uint8Array {
  const header = new DataView(new ArrayBuffer(4 + 4 * shape.length));
  header.setUint8(2, 8);
  header.setUint8(3, shape.length);
  shape.forEach((side, i) => header.setUint32(4 + 4 * i, side));
  return Uint8Array.of(...new Uint8Array(header.buffer), ...values);
}
