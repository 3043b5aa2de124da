// Buckets and slots of a table's index in a module: where a hash is looked for, and what a slot holds. The layout is that of
// operator/table-layout.ts; emit-js/table-index-source.ts does the same in JavaScript.
import {
  BUCKET_HEADER,
  BUCKET_KEYS,
  FULL_DENOMINATOR,
  SIZE_FULL,
  SIZE_LOG,
  SIZE_MASK,
  TABLE_DIRECTORY,
  TABLE_MASK,
  type TableLayout,
} from '../../operator/table-layout.js';
import type { Builder } from './builder.js';
import {
  add,
  addToCell,
  and,
  cellAt,
  eq,
  gt,
  le,
  loopWhile,
  mul,
  ne,
  or,
  select,
  setCell,
  shl,
  shr,
  sub,
  when,
  xor,
} from './cells.js';
import type { ModuleParts } from './context.js';
import { define } from './define.js';
import {
  type DefinedFunction,
  type Expression,
  get,
  type ImportedFunction,
  type Local,
  local,
} from './ir.js';

/** `allocate(words, table)`: a word address, or 0 if there is no room. */
export function allocate(module: ModuleParts): ImportedFunction {
  return module.importFunction('allocate', ['i32', 'i32'], 'i32');
}

/** `release(word address)`. */
export function release(module: ModuleParts): ImportedFunction {
  return module.importFunction('release', ['i32'], undefined);
}

/** A bucket's slots, of what the directory has for it: byte addresses, bound to locals. */
export interface Slots extends Bounds {
  readonly bucket: Local;
}

/** From the first slot of a bucket to behind its last. */
export interface Bounds {
  readonly start: Local;
  readonly end: Local;
}

export function slotsOf(b: Builder, cell: Local): Slots {
  const [bucket, start, end] = [local('i32', 'bucket'), local('i32', 'start'), local('i32', 'end')];
  b.set(bucket, and(cell, ~SIZE_MASK));
  b.set(start, add(bucket, 4 * BUCKET_HEADER));
  b.set(end, add(bucket, bytesOf(and(cell, SIZE_MASK))));
  return { bucket, start, end };
}

/** The bytes of a bucket, of its size code. */
export function bytesOf(size: Expression): Expression {
  return select(le(size, SIZE_FULL), shl(size, 6), shl(1, sub(size, SIZE_LOG - 2)));
}

/** The byte address of the slot from where a hash is looked for, in a bucket of what the directory has for it. */
export function homeOf(h: Local, cell: Local, layout: TableLayout): Expression {
  const { slotCells } = layout;
  const cells = sub(shl(and(cell, SIZE_MASK), 4), BUCKET_HEADER);
  const slots = slotCells === 1 ? cells : shr(cells, 1);
  const distance = shl(shr(mul(shr(h, 16), slots), 16), slotShift(layout));
  return add(add(and(cell, ~SIZE_MASK), 4 * BUCKET_HEADER), distance);
}

/** A slot has 2^so many bytes. */
export function slotShift({ slotCells }: TableLayout): number {
  return slotCells + 1;
}

/** Whether the slot at a byte address, of which the first cell is known and is not 0, may be that of a hash. */
export function mayBeOf(slot: Local, found: Local, h: Local, layout: TableLayout): Expression {
  const { slotCells, idMask, tagShift } = layout;
  if (slotCells === 2) return eq(cellAt(slot, 1), h);
  return eq(and(xor(found, shl(h, tagShift)), ~idMask), 0);
}

/** The first cell of the slot of an id, for a hash. */
export function foundOf(id: Local, h: Local, { slotCells, idMask, tagShift }: TableLayout): Expression {
  return slotCells === 2 ? add(id, 1) : or(and(shl(h, tagShift), ~idMask), add(id, 1));
}

/** The id of a slot, of its first cell. */
export function idOf(found: Local, { slotCells, idMask }: TableLayout): Expression {
  return sub(slotCells === 2 ? found : and(found, idMask), 1);
}

/** Writes a slot, of its first cell. */
export function setSlot(
  b: Builder,
  slot: Local,
  found: Local | Expression,
  h: Local,
  layout: TableLayout,
): void {
  setCell(b, slot, 0, found);
  if (layout.slotCells === 2) setCell(b, slot, 1, h);
}

/** Goes on to the slot after one. */
export function next(b: Builder, slot: Local, { start, end }: Bounds, { slotCells }: TableLayout): void {
  b.set(slot, add(slot, 4 * slotCells));
  when(b, eq(slot, end), () => b.set(slot, get(start)));
}

/** Whether no key may be added to a bucket. */
export function isFull({ bucket, start, end }: Slots, layout: TableLayout): Expression {
  const keys = add(cellAt(bucket, BUCKET_KEYS), 1);
  return gt(mul(keys, FULL_DENOMINATOR), mul(shr(sub(end, start), slotShift(layout)), layout.full));
}

/** The byte address of the directory's cell for a hash. */
export function directoryCell(head: Expression, h: Local | Expression): Expression {
  return add(cellAt(head, TABLE_DIRECTORY), shl(and(h, cellAt(head, TABLE_MASK)), 2));
}

/** Puts a slot into a bucket that has room for it, without counting it. */
export function putSlot(
  b: Builder,
  cell: Local,
  slots: Bounds,
  found: Local,
  hash: Local,
  layout: TableLayout,
): void {
  const slot = local('i32', 'slot');
  b.set(slot, homeOf(hash, cell, layout));
  loopWhile(
    b,
    () => ne(cellAt(slot), 0),
    () => next(b, slot, slots, layout),
  );
  setSlot(b, slot, found, hash, layout);
}

/** `place(cell, found, hash)`, or `placeWide`: puts a slot into a bucket that has room for it. */
export function place(module: ModuleParts, layout: TableLayout): DefinedFunction {
  return define(
    module,
    layout.slotCells === 2 ? 'placeWide' : 'place',
    { cell: 'i32', found: 'i32', hash: 'i32' },
    undefined,
    (b, { cell, found, hash }) => {
      const slots = slotsOf(b, cell);
      putSlot(b, cell, slots, found, hash, layout);
      addToCell(b, slots.bucket, BUCKET_KEYS, 1);
    },
  );
}

/** What the index needs of its table. */
export interface Indexed {
  readonly module: ModuleParts;
  /** The table's number, in names and for `allocate`. */
  readonly n: number;
  /** The header's byte address. */
  readonly head: Expression;
  readonly layout: TableLayout;
  /** Binds the byte address of the entry of a slot. */
  entryOf(b: Builder, found: Local): Local;
  /** Binds the hash of the key of an entry. */
  hashOf(b: Builder, entry: Local): Local;
}
