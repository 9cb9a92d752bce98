/** The ladders of boards, remembered: a search meets the boards of its last two moves again at every leaf. */
import type { Board } from './board.ts';
import { LadderReader } from './ladder.ts';

type Memory = {
  readonly reader: LadderReader;
  /** [slots]: what the slot's map shows, by the board's hash and its ko; a slot not used yet has no map. */
  readonly hashHi: Uint32Array;
  readonly hashLo: Uint32Array;
  readonly koPoint: Int16Array;
  readonly maps: Uint8Array[];
};

export class LadderMaps {
  private readonly slots: number;
  private readonly memories = new Map<number, Memory>();

  /** @param slots boards remembered for each size, a power of two; more take the place of others. */
  constructor(slots: number) {
    this.slots = slots;
  }

  /** uint8 [area], the flags of `LadderReader.read`; valid until the next call. */
  of(board: Board): Uint8Array {
    const { reader, hashHi, hashLo, koPoint, maps } = this.memoryFor(board);
    const slot = (board.hashLo ^ (board.koPoint + 1)) & (this.slots - 1);
    const known = maps[slot];
    if (
      known !== undefined &&
      hashHi[slot] === board.hashHi &&
      hashLo[slot] === board.hashLo &&
      koPoint[slot] === board.koPoint
    )
      return known;
    const map = (maps[slot] ??= new Uint8Array(board.area));
    reader.read(board, map);
    hashHi[slot] = board.hashHi;
    hashLo[slot] = board.hashLo;
    koPoint[slot] = board.koPoint;
    return map;
  }

  private memoryFor({ width, height }: Board): Memory {
    const key = width * 32 + height;
    let memory = this.memories.get(key);
    if (memory === undefined) {
      memory = {
        reader: new LadderReader(width, height),
        hashHi: new Uint32Array(this.slots),
        hashLo: new Uint32Array(this.slots),
        koPoint: new Int16Array(this.slots),
        maps: [],
      };
      this.memories.set(key, memory);
    }
    return memory;
  }
}
