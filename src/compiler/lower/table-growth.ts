// How the index of a table grows in a module: buckets get longer or are split, its directory doubles.
import {
  BUCKET_DEPTH,
  BUCKET_KEYS,
  bucketCells,
  bucketKeys,
  KEYS_A_CELL,
  LIST_CELLS,
  SIZE_FULL,
  SIZE_MASK,
  SIZES,
  TABLE_COUNT,
  TABLE_DIRECTORY,
  TABLE_MASK,
} from '../../operator/table-layout.js';
import type { Builder } from './builder.js';
import {
  add,
  and,
  cellAt,
  eq,
  giveBack,
  gt,
  le,
  loopWhile,
  lt,
  mul,
  or,
  select,
  setCell,
  shl,
  shr,
  sub,
  value,
  when,
} from './cells.js';
import type { Address, ModuleParts } from './context.js';
import { define } from './define.js';
import { call, type DefinedFunction, type Expression, get, i32, type Local, local } from './ir.js';
import {
  allocate,
  bytesOf,
  directoryCell,
  type Indexed,
  putSlot,
  release,
  type Slots,
  slotsOf,
} from './table-slots.js';

/** Narrow slots whose hashes are computed ahead: entries lie anywhere, and their loads overlap where nothing else waits for them. */
const CHUNK = bucketCells(SIZE_FULL);

/** `bucket(size, depth, table)`: a new one, as its cell in the directory; 0 if there is no room. */
function newBucket(module: ModuleParts): DefinedFunction {
  return define(
    module,
    'bucket',
    { size: 'i32', depth: 'i32', table: 'i32' },
    'i32',
    (b, { size, depth, table }) => {
      const at = local('i32', 'at');
      b.set(at, call(allocate(module), shr(bytesOf(get(size)), 3), get(table)));
      when(b, eq(at, 0), () => giveBack(b, 0));
      b.set(at, shl(at, 3));
      setCell(b, at, BUCKET_DEPTH, depth);
      giveBack(b, or(at, size));
    },
  );
}

/** `lead(head, hash, depth, zero, one)`: what the directory has for all hashes that are like this one in `depth` bits. */
function lead(module: ModuleParts): DefinedFunction {
  const params = { head: 'i32', hash: 'i32', depth: 'i32', zero: 'i32', one: 'i32' } as const;
  return define(module, 'lead', params, undefined, (b, { head, hash, depth, zero, one }) => {
    const [i, step, at] = [local('i32', 'i'), local('i32', 'step'), local('i32', 'at')];
    b.set(step, shl(1, depth));
    b.set(i, and(hash, sub(step, 1)));
    b.set(at, cellAt(head, TABLE_DIRECTORY));
    loopWhile(
      b,
      () => le(i, cellAt(head, TABLE_MASK)),
      () => {
        setCell(b, add(at, shl(i, 2)), 0, select(and(i, step), one, zero));
        b.set(i, add(i, step));
      },
    );
  });
}

/** `widen(head, table)`: doubles the directory; 0 if there is no room. */
function widen(module: ModuleParts): DefinedFunction {
  return define(module, 'widen', { head: 'i32', table: 'i32' }, 'i32', (b, { head, table }) => {
    const [cells, old, wider] = [local('i32', 'cells'), local('i32', 'old'), local('i32', 'wider')];
    b.set(cells, add(cellAt(head, TABLE_MASK), 1));
    b.set(old, cellAt(head, TABLE_DIRECTORY));
    b.set(
      wider,
      call(allocate(module), select(lt(cells, LIST_CELLS / 2), LIST_CELLS / 2, cells), get(table)),
    );
    when(b, eq(wider, 0), () => giveBack(b, 0));
    const bytes = shl(cells, 2);
    b.set(wider, shl(wider, 3));
    b.add({ op: 'copy', to: get(wider), from: get(old), bytes });
    b.add({ op: 'copy', to: add(wider, bytes), from: get(old), bytes });
    setCell(b, head, TABLE_DIRECTORY, wider);
    setCell(b, head, TABLE_MASK, sub(shl(cells, 1), 1));
    b.add({ op: 'run', call: call(release(module), shr(old, 3)) });
    giveBack(b, 1);
  });
}

const chunks = new WeakMap<ModuleParts, Address>();

/** Scratch memory for the hashes of a chunk, one for all tables of a module. */
function chunkOf(module: ModuleParts): Expression {
  let chunk = chunks.get(module);
  if (chunk === undefined) {
    chunk = module.scratch(4 * CHUNK);
    chunks.set(module, chunk);
  }
  return add(chunk.address, chunk.offset);
}

/** `hashes<n>(start, end)`: the hashes of narrow slots, to the chunk; 0 for free ones. */
function hashes(table: Indexed): DefinedFunction {
  const { module, n } = table;
  return define(module, `hashes${n}`, { start: 'i32', end: 'i32' }, undefined, (b, { start, end }) => {
    const [to, found, hash] = [local('i32', 'to'), local('i32', 'found'), local('i32', 'hash')];
    b.set(to, chunkOf(module));
    loopWhile(
      b,
      () => lt(start, end),
      () => {
        b.set(found, cellAt(start));
        b.set(hash, i32(0));
        when(b, value(found), () => b.set(hash, get(table.hashOf(b, table.entryOf(b, found)))));
        setCell(b, to, 0, hash);
        b.set(start, add(start, 4));
        b.set(to, add(to, 4));
      },
    );
  });
}

/** Has the hashes of slots ready: those of wide ones are. */
function hashAll(table: Indexed, b: Builder, from: Local, to: Local): void {
  if (table.layout.slotCells === 1) b.add({ op: 'run', call: call(hashes(table), get(from), get(to)) });
}

/** Calls `body` for each slot from `start` to `end` that is taken, with its hash: a narrow one's as the chunk has it. */
function forHashed(
  { module, layout }: Indexed,
  b: Builder,
  start: Local,
  end: Local,
  body: (found: Local, hash: Local) => void,
): void {
  const [slot, at] = [local('i32', 'slot'), local('i32', 'at')];
  const [found, hash] = [local('i32', 'found'), local('i32', 'hash')];
  const isWide = layout.slotCells === 2;
  b.set(slot, get(start));
  if (!isWide) b.set(at, chunkOf(module));
  loopWhile(
    b,
    () => lt(slot, end),
    () => {
      b.set(found, cellAt(slot));
      b.set(hash, isWide ? cellAt(slot, 1) : cellAt(at));
      when(b, value(found), () => body(found, hash));
      b.set(slot, add(slot, 4 * layout.slotCells));
      if (!isWide) b.set(at, add(at, 4));
    },
  );
}

/** Goes through slots chunk by chunk, and has their hashes ready. */
function byChunks(
  table: Indexed,
  b: Builder,
  { start, end }: Slots,
  body: (from: Local, to: Local) => void,
): void {
  const [from, to] = [local('i32', 'from'), local('i32', 'to')];
  b.set(from, get(start));
  loopWhile(
    b,
    () => lt(from, end),
    () => {
      b.set(to, add(from, 4 * CHUNK));
      when(b, gt(to, end), () => b.set(to, get(end)));
      hashAll(table, b, from, to);
      body(from, to);
      b.set(from, get(to));
    },
  );
}

/** `grow<n>(hash)`: makes the bucket of a hash longer, or splits it; 0 if there is no room. */
export function grow(table: Indexed): DefinedFunction {
  const { module, n, head, layout } = table;
  return define(module, `grow${n}`, { hash: 'i32' }, 'i32', (b, { hash }) => {
    const [cell, size, depth] = [local('i32', 'cell'), local('i32', 'size'), local('i32', 'depth')];
    b.set(cell, cellAt(directoryCell(head, hash)));
    b.set(size, and(cell, SIZE_MASK));
    const slots = slotsOf(b, cell);
    b.set(depth, cellAt(slots.bucket, BUCKET_DEPTH));
    const splitIt = (): void => giveBack(b, call(split(table), get(cell), get(hash)));
    when(b, eq(size, SIZE_FULL), () => {
      const mask = cellAt(head, TABLE_MASK);
      when(b, le(shl(1, depth), mask), splitIt);
      when(b, le(mul(add(mask, 1), 2 * KEYS_A_CELL), cellAt(head, TABLE_COUNT)), () => {
        when(b, eq(call(widen(module), head, i32(n)), 0), () => giveBack(b, 0));
        splitIt();
      });
    });
    const longer = local('i32', 'longer');
    let longerSize = add(size, 1);
    for (const size_ of SIZES.slice(1).reverse()) longerSize = select(lt(size, size_), size_, longerSize);
    b.set(longer, call(newBucket(module), longerSize, get(depth), i32(n)));
    when(b, eq(longer, 0), () => giveBack(b, 0));
    const into = slotsOf(b, longer);
    byChunks(table, b, slots, (from, to) =>
      forHashed(table, b, from, to, (found, h) => putSlot(b, longer, into, found, h, layout)),
    );
    setCell(b, into.bucket, BUCKET_KEYS, cellAt(slots.bucket, BUCKET_KEYS));
    b.add({ op: 'run', call: call(lead(module), head, get(hash), get(depth), get(longer), get(longer)) });
    b.add({ op: 'run', call: call(release(module), shr(slots.bucket, 3)) });
    giveBack(b, 1);
  });
}

/** `split<n>(cell, hash)`: splits the bucket of a hash by one more bit; 0 if there is no room. */
function split(table: Indexed): DefinedFunction {
  const { module, n, head, layout } = table;
  return define(module, `split${n}`, { cell: 'i32', hash: 'i32' }, 'i32', (b, { cell, hash }) => {
    const { bucket, start, end } = slotsOf(b, cell);
    const [depth, ones] = [local('i32', 'depth'), local('i32', 'ones')];
    const [zero, one] = [local('i32', 'zero'), local('i32', 'one')];
    b.set(depth, cellAt(bucket, BUCKET_DEPTH));
    hashAll(table, b, start, end);
    const bitOf = (h: Local): Expression => and(shr(h, depth), 1);
    b.set(ones, i32(0));
    forHashed(table, b, start, end, (_, h) => b.set(ones, add(ones, bitOf(h))));
    const room = bucketKeys(layout.split, layout);
    const half = (keys: Expression): Expression =>
      call(newBucket(module), select(lt(keys, room), layout.split, SIZE_FULL), add(depth, 1), i32(n));
    const zeros = local('i32', 'zeros');
    b.set(zeros, sub(cellAt(bucket, BUCKET_KEYS), ones));
    b.set(zero, half(get(zeros)));
    when(b, eq(zero, 0), () => giveBack(b, 0));
    b.set(one, half(get(ones)));
    when(b, eq(one, 0), () => {
      b.add({ op: 'run', call: call(release(module), shr(and(zero, ~SIZE_MASK), 3)) });
      giveBack(b, 0);
    });
    const [low, high] = [slotsOf(b, zero), slotsOf(b, one)];
    const [bit, target] = [local('i32', 'bit'), local('i32', 'target')];
    const into = { start: local('i32', 'intoStart'), end: local('i32', 'intoEnd') };
    forHashed(table, b, start, end, (found, h) => {
      b.set(bit, bitOf(h));
      b.set(target, select(get(bit), one, zero));
      b.set(into.start, select(get(bit), high.start, low.start));
      b.set(into.end, select(get(bit), high.end, low.end));
      putSlot(b, target, into, found, h, layout);
    });
    setCell(b, low.bucket, BUCKET_KEYS, zeros);
    setCell(b, high.bucket, BUCKET_KEYS, ones);
    b.add({ op: 'run', call: call(lead(module), head, get(hash), get(depth), get(zero), get(one)) });
    b.add({ op: 'run', call: call(release(module), shr(bucket, 3)) });
    giveBack(b, 1);
  });
}
