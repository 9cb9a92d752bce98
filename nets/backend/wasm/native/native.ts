/** Kernels of our own in the memory of tfjs's WASM backend: the instance, where its tensors lie, and room to work in. */
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { assemble } from './wat.ts';
import { convText, copyText, outerText } from './conv-kernels.ts';
import { normText } from './norm-kernels.ts';
import { poolText } from './pool-kernels.ts';

/** What is used here of a global whose types TypeScript counts to the DOM. */
type Memory = { readonly buffer: ArrayBuffer };
type Module = object;
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => Module;
  readonly Instance: new (module: Module, imports: object) => { readonly exports: Record<string, Kernel> };
  validate(bytes: Uint8Array): boolean;
};

/** A byte offset in the memory. */
export type Pointer = number;
type Kernel = (...given: readonly number[]) => void;
type Heap = {
  readonly asm: { readonly memory: Memory };
  _malloc(bytes: number): Pointer;
  _free(pointer: Pointer): void;
};

/** Room is asked for in steps of this many bytes, or growing nets would move it at every layer. */
const ROOM_STEP = 1 << 20;

const kernelsText = (fused: boolean): string =>
  [convText(fused), outerText(fused), copyText, normText, poolText].join('\n');

/** With multiply-add in one rounding where this engine has it: twice as fast, and part of WebAssembly since 2024. */
function compile(): Module {
  const fused = assemble(kernelsText(true));
  return new WebAssembly.Module(WebAssembly.validate(fused) ? fused : assemble(kernelsText(false)));
}

let module: Module | null = null;
const natives = new WeakMap<object, Native>();

export class Native {
  readonly kernels: Readonly<Record<string, Kernel>>;
  private readonly backend: BackendWasm;
  private readonly heap: Heap;
  private room: { pointer: Pointer; bytes: number } = { pointer: 0, bytes: 0 };

  private constructor(backend: BackendWasm) {
    this.backend = backend;
    this.heap = backend.wasm as unknown as Heap;
    module ??= compile();
    const { memory } = this.heap.asm;
    this.kernels = new WebAssembly.Instance(module, { env: { memory } }).exports;
  }

  /** The kernels in the memory of this backend. */
  static of(backend: unknown): Native {
    const own = backend as BackendWasm;
    const native = natives.get(own) ?? new Native(own);
    natives.set(own, native);
    return native;
  }

  pointer({ dataId }: TensorInfo): Pointer {
    return this.backend.dataIdMap.get(dataId).memoryOffset;
  }

  make(shape: readonly number[]): TensorInfo {
    return this.backend.makeOutput([...shape], 'float32');
  }

  /** Room for so many bytes each, with any content; valid until the next call. */
  workspace(...bytes: readonly number[]): Pointer[] {
    const aligned = bytes.map((count) => (count + 63) & ~63);
    const total = aligned.reduce((sum, count) => sum + count, 0);
    if (total > this.room.bytes) {
      if (this.room.bytes > 0) this.heap._free(this.room.pointer);
      const wanted = Math.ceil(total / ROOM_STEP) * ROOM_STEP;
      this.room = { pointer: this.heap._malloc(wanted) >>> 0, bytes: wanted };
    }
    let next = this.room.pointer;
    return aligned.map((count) => (next += count) - count);
  }

  /** Views of the memory; whatever allocates may make them void. */
  floats(pointer: Pointer, count: number): Float32Array {
    return new Float32Array(this.heap.asm.memory.buffer, pointer, count);
  }

  integers(pointer: Pointer, count: number): Int32Array {
    return new Int32Array(this.heap.asm.memory.buffer, pointer, count);
  }
}
