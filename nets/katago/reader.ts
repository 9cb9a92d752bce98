/** Reads the tokens and arrays of a KataGo model file, and says where it went wrong. */

/** What is wrong with a file, for `parseKataGo` to turn into a sentence. */
export class Malformed extends Error {}

/** Longest name or number in a file; KataGo's are far shorter. */
const MAX_TOKEN = 256;
/** Blanks before a binary array that KataGo's reader skips. */
const MAX_BLANKS = 100;
const MARK = '@BIN@';
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

const isBlank = (byte: number): boolean => byte === 32 || (byte >= 9 && byte <= 13);

export class RecordReader {
  private readonly bytes: Buffer;
  private at = 0;
  private record = 'the header';

  constructor(bytes: Uint8Array) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** @throws Malformed, naming the record and the byte it has got to. */
  fail(what: string): never {
    throw new Malformed(`${this.record}, at byte ${this.at}: ${what}`);
  }

  /** Bytes not read yet: no array can need more. */
  private get left(): number {
    return this.bytes.length - this.at;
  }

  private skipBlanks(): void {
    while (this.at < this.bytes.length && isBlank(this.bytes[this.at])) this.at++;
  }

  token(what: string): string {
    this.skipBlanks();
    const from = this.at;
    let to = from;
    while (to < this.bytes.length && !isBlank(this.bytes[to])) {
      if (this.bytes[to] < 33 || this.bytes[to] > 126 || to - from === MAX_TOKEN)
        this.fail(`${what} is missing`);
      to++;
    }
    if (to === from) this.fail(`the file ends before ${what}`);
    this.at = to;
    return this.bytes.toString('latin1', from, to);
  }

  /** The name that a record begins with; refusals name it from here on. */
  name(what: string): string {
    this.record = what;
    const name = this.token('its name');
    this.record = `${what} ${name}`;
    return name;
  }

  int(what: string, min: number, max: number): number {
    const token = this.token(what);
    const value = /^-?\d{1,15}$/.test(token) ? Number(token) : NaN;
    if (!(value >= min && value <= max)) this.fail(`${what} is ${token}, not a number from ${min} to ${max}`);
    return value;
  }

  /** What the file must repeat here, such as the width of what came before. */
  expect(what: string, expected: number): void {
    const token = this.token(what);
    if (token !== String(expected)) this.fail(`${what} is ${token}, not ${expected}`);
  }

  flag(what: string): boolean {
    return this.int(what, 0, 1) === 1;
  }

  number(what: string, min: number, max: number): number {
    const token = this.token(what);
    const value = NUMBER.test(token) ? Number(token) : NaN;
    if (!(value >= min && value <= max)) this.fail(`${what} is ${token}, not a number from ${min} to ${max}`);
    return value;
  }

  /** Fields that later versions may use; as long as they are 0 they mean nothing. */
  spare(count: number): void {
    for (let i = 0; i < count; i++) this.expect('a spare field, which must be 0,', 0);
  }

  /** An array, little-endian after a mark or as decimal text; nothing is allocated for more than the file can hold. */
  floats(what: string, count: number): Float32Array {
    const from = this.at;
    this.skipBlanks();
    const mark = this.bytes.toString('latin1', this.at, this.at + MARK.length);
    const values = mark === MARK ? this.binary(what, count, from) : this.text(what, count);
    const wrong = values.findIndex((value) => !Number.isFinite(value));
    if (wrong >= 0) this.fail(`number ${wrong} of its ${what} is not finite`);
    return values;
  }

  private binary(what: string, count: number, from: number): Float32Array {
    if (this.at - from > MAX_BLANKS) this.fail(`too many blanks before its ${what}`);
    this.at += MARK.length;
    if (4 * count > this.left)
      this.fail(`the file ends inside its ${what}, ${4 * count} bytes of which were due`);
    // A copy, because the bytes may not be aligned to four.
    const bytes = new Uint8Array(this.bytes.subarray(this.at, this.at + 4 * count));
    this.at += 4 * count;
    return new Float32Array(bytes.buffer);
  }

  private text(what: string, count: number): Float32Array {
    // A digit and a blank each, but for the last.
    if (2 * count - 1 > this.left)
      this.fail(`the file ends inside its ${what}, ${count} numbers of which were due`);
    const values = new Float32Array(count);
    for (let i = 0; i < count; i++) values[i] = this.number(`number ${i} of its ${what}`, -3.4e38, 3.4e38);
    return values;
  }

  end(): void {
    this.skipBlanks();
    if (this.left > 0) this.fail(`${this.left} bytes follow the end of the net`);
  }
}
