/** A tfjs backend whose tensors live in libtorch. */
import { DataStorage, KernelBackend, engine, util } from '@tensorflow/tfjs-core';
import type { DataType, TensorInfo, backend_util } from '@tensorflow/tfjs-core';
import { SCALAR_TYPE, aten, scoped, upload } from './aten.ts';
import type { Addon, Handle, Values } from './addon.ts';

type DataId = TensorInfo['dataId'];
type BackendValues = backend_util.BackendValues;

type Stored = {
  /** Null for strings, which stay in JavaScript. */
  readonly handle: Handle | null;
  readonly strings: Uint8Array[] | null;
  readonly shape: readonly number[];
  readonly dtype: DataType;
  refCount: number;
};

const toInt32 = aten('to.dtype');
const reshape = aten('reshape');

const DTYPES: ReadonlyMap<number, DataType> = new Map([
  [SCALAR_TYPE.float32, 'float32'],
  [SCALAR_TYPE.int32, 'int32'],
  [SCALAR_TYPE.bool, 'bool'],
]);

/** tfjs may hand over any array of numbers; libtorch copies memory. */
function asValues(values: BackendValues, dtype: DataType): Values {
  if (dtype === 'float32')
    return values instanceof Float32Array ? values : Float32Array.from(values as Int32Array);
  if (dtype === 'int32')
    return values instanceof Int32Array ? values : Int32Array.from(values as Float32Array);
  if (dtype === 'bool') return values instanceof Uint8Array ? values : Uint8Array.from(values as Int32Array);
  throw new Error(`The torch backend has no tensors of ${dtype}: use float32, int32 or bool.`);
}

const isSameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((side, i) => side === b[i]);

export class TorchBackend extends KernelBackend {
  readonly addon: Addon;
  private readonly data: DataStorage<Stored>;
  private readonly ids = new Set<DataId>();

  constructor(addon: Addon) {
    super();
    this.addon = addon;
    this.data = new DataStorage<Stored>(this, engine());
  }

  /** Keeps a tensor that operators made; 64-bit integers and doubles become what tfjs has. */
  keep(handle: Handle): TensorInfo {
    let kept = handle;
    let [type, ...shape] = this.addon.layoutOf(handle);
    const narrow =
      type === SCALAR_TYPE.int64
        ? SCALAR_TYPE.int32
        : type === SCALAR_TYPE.float64
          ? SCALAR_TYPE.float32
          : type;
    if (narrow !== type) {
      [kept] = scoped(() => [toInt32(handle, narrow)]);
      this.addon.free(handle);
      type = narrow;
    }
    const dtype = DTYPES.get(type);
    if (dtype === undefined) throw new Error(`internal: an operator made a tensor of ScalarType ${type}`);
    return this.store({ handle: kept, strings: null, shape, dtype, refCount: 1 });
  }

  /** The handle of a tensor, in the shape that it has for the caller; only for use within `scoped`. */
  handleOf(info: TensorInfo): Handle {
    const { handle, shape } = this.data.get(info.dataId);
    if (handle === null)
      throw new Error('The torch backend computes with numbers only; this is a tensor of strings.');
    return isSameShape(shape, info.shape) ? handle : reshape(handle, info.shape);
  }

  private store(stored: Stored): TensorInfo {
    const dataId = {};
    this.ids.add(dataId);
    this.data.set(dataId, stored);
    return { dataId, shape: [...stored.shape], dtype: stored.dtype };
  }

  override write(values: BackendValues, shape: number[], dtype: DataType): DataId {
    const dataId = {};
    this.move(dataId, values, shape, dtype, 1);
    return dataId;
  }

  override move(
    dataId: DataId,
    values: BackendValues,
    shape: number[],
    dtype: DataType,
    refCount: number,
  ): void {
    this.ids.add(dataId);
    if (dtype === 'string') {
      this.data.set(dataId, { handle: null, strings: values as Uint8Array[], shape, dtype, refCount });
      return;
    }
    const [handle] = scoped(() => [upload(asValues(values, dtype), shape)]);
    this.data.set(dataId, { handle, strings: null, shape, dtype, refCount });
  }

  override readSync(dataId: DataId): BackendValues {
    const { handle, strings } = this.data.get(dataId);
    return handle === null ? (strings as Uint8Array[]) : this.addon.download(handle);
  }

  override read(dataId: DataId): Promise<BackendValues> {
    return Promise.resolve(this.readSync(dataId));
  }

  override disposeData(dataId: DataId, force = false): boolean {
    if (!this.data.has(dataId)) return true;
    const stored = this.data.get(dataId);
    stored.refCount--;
    if (!force && stored.refCount > 0) return false;
    if (stored.handle !== null) this.addon.free(stored.handle);
    this.data.delete(dataId);
    this.ids.delete(dataId);
    return true;
  }

  override refCount(dataId: DataId): number {
    return this.data.has(dataId) ? this.data.get(dataId).refCount : 0;
  }

  override incRef(dataId: DataId): void {
    this.data.get(dataId).refCount++;
  }

  override numDataIds(): number {
    return this.data.numDataIds();
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: false };
  }

  override timerAvailable(): boolean {
    return true;
  }

  override async time(f: () => void): Promise<{ kernelMs: number }> {
    const start = util.now();
    f();
    return { kernelMs: util.now() - start };
  }

  override dispose(): void {
    for (const dataId of this.ids) this.disposeData(dataId, true);
  }

  override floatPrecision(): 32 {
    return 32;
  }

  override epsilon(): number {
    return 1e-7;
  }
}
