// One memory for each engine, seen through typed arrays.
import { fail } from '../errors/index.js';
import { type Cells, localCells, sharedCells } from './atomics.js';

/** Bytes in a word, the unit of every address: records start on a word and occupy whole words. */
export const WORD_BYTES = 8;
/** The default size of an engine's memory. Its pages cost nothing until they are used. */
export const DEFAULT_MEMORY_BYTES = 1024 * 1024 * 1024;

/** Bytes in a page of WebAssembly's. */
export const PAGE_BYTES = 65_536;
const MIN_BYTES = 1024 * 1024;
const MAX_BYTES = 65_536 * PAGE_BYTES;

/** A WebAssembly memory and its typed arrays. It has its full size from the start, so that none of them ever detaches. */
export interface Memory {
  readonly wasm: WebAssembly.Memory;
  readonly buffer: ArrayBufferLike;
  readonly shared: boolean;
  /** How the 32-bit cells of this memory are read and written. */
  readonly cells: Cells;
  readonly i8: Int8Array;
  readonly u8: Uint8Array;
  readonly i16: Int16Array;
  readonly u16: Uint16Array;
  readonly i32: Int32Array;
  readonly u32: Uint32Array;
  readonly f32: Float32Array;
  readonly f64: Float64Array;
  readonly i64: BigInt64Array;
  readonly u64: BigUint64Array;
}

/** Whether memory can be shared between threads here: in a page, only if it is cross-origin isolated. */
export const canShareMemory =
  typeof SharedArrayBuffer !== 'undefined' &&
  (globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated !== false;

/**
 * A new memory.
 *
 * @param bytes From 1 MiB to 4 GiB; rounded up to whole pages of 64 KiB, which the system commits when they are touched.
 * @param shared Whether other threads shall see it.
 * @throws {RangeError} MEMORY_SIZE for a size out of range.
 * @throws {Error} SHARED_MEMORY_UNAVAILABLE where memory can't be shared.
 */
export function createMemory(bytes: number, shared: boolean): Memory {
  if (!(Number.isInteger(bytes) && bytes >= MIN_BYTES && bytes <= MAX_BYTES))
    throw fail('MEMORY_SIZE', { bytes });
  if (shared && !canShareMemory) throw fail('SHARED_MEMORY_UNAVAILABLE', {});
  const pages = Math.ceil(bytes / PAGE_BYTES);
  return openMemory(new WebAssembly.Memory({ initial: pages, maximum: pages, shared }));
}

/** The memory of another thread, opened in this one. */
export function openMemory(wasm: WebAssembly.Memory): Memory {
  const buffer: ArrayBufferLike = wasm.buffer;
  const shared = canShareMemory && buffer instanceof SharedArrayBuffer;
  return {
    wasm,
    buffer,
    shared,
    cells: shared ? sharedCells : localCells,
    i8: new Int8Array(buffer),
    u8: new Uint8Array(buffer),
    i16: new Int16Array(buffer),
    u16: new Uint16Array(buffer),
    i32: new Int32Array(buffer),
    u32: new Uint32Array(buffer),
    f32: new Float32Array(buffer),
    f64: new Float64Array(buffer),
    i64: new BigInt64Array(buffer),
    u64: new BigUint64Array(buffer),
  };
}
