// Bytes in memory: copied, short stretches by loads and stores.
import type { Builder } from './builder.js';
import { type Address, addressOf } from './context.js';
import { sameExpression } from './environment.js';
import { i32, type LoadOp, type StoreOp } from './ir.js';

/** Longer stretches go by `memory.copy`, which is a call. */
const MAX_UNROLLED_BYTES = 256;

const CHUNKS: readonly (readonly [bytes: number, load: LoadOp, store: StoreOp])[] = [
  [8, 'i64.load', 'i64.store'],
  [4, 'i32.load', 'i32.store'],
  [2, 'i32.load16_u', 'i32.store16'],
  [1, 'i32.load8_u', 'i32.store8'],
];

/** Calls `visit` for pieces that cover `bytes`, the largest first. */
function eachChunk(bytes: number, visit: (at: number, load: LoadOp, store: StoreOp) => void): void {
  let at = 0;
  for (const [size, load, store] of CHUNKS) for (; at + size <= bytes; at += size) visit(at, load, store);
}

/** Copies bytes to a place that is the same or does not overlap. */
export function copyBytes(builder: Builder, to: Address, from: Address, bytes: number): void {
  if (isSameAddress(to, from)) return;
  if (bytes > MAX_UNROLLED_BYTES) {
    builder.add({ op: 'copy', to: addressOf(to), from: addressOf(from), bytes: i32(bytes) });
    return;
  }
  eachChunk(bytes, (at, load, store) => {
    const value = { op: 'load', code: load, address: from.address, offset: from.offset + at } as const;
    builder.add({ op: 'store', code: store, address: to.address, offset: to.offset + at, value });
  });
}

export const isSameAddress = (a: Address, b: Address): boolean =>
  a.offset === b.offset && sameExpression(a.address, b.address);

/** Whether two stretches can be told not to overlap. */
export function areApart(a: Address, aBytes: number, b: Address, bBytes: number): boolean {
  return (
    sameExpression(a.address, b.address) && (a.offset + aBytes <= b.offset || b.offset + bBytes <= a.offset)
  );
}
