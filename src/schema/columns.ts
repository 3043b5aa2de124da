// Records given as columns: one array or typed array for each field. All is checked before anything is written.
import { fail } from '../errors/index.js';
import {
  type ColumnFunctions,
  type ColumnLeaf,
  columnSource,
  columnsOf,
  type FirstUnfit,
  scalarOf,
  typedArrayFits,
} from './column-source.js';
import { describe } from './describe.js';
import type { FieldType, FixedArray, ScalarName, Struct } from './fields.js';
import { generate } from './generate.js';
import { countLeaves } from './layout.js';
import { problemOf } from './refuse.js';
import type { Texts } from './texts.js';

/** The columns of a struct's records. */
export type Columns<T> = { readonly [K in keyof T]: Column<T[K]> };

/**
 * The column of a field: a value for each record, in an array or a typed array. Nested structs are columns within
 * columns. Fixed arrays have an array for each record; those of scalars may also be one typed array, record after record.
 */
export type Column<V> = [V] extends [number]
  ? ArrayLike<number>
  : [V] extends [bigint]
    ? ArrayLike<bigint>
    : [V] extends [boolean]
      ? ArrayLike<boolean>
      : [V] extends [string]
        ? ArrayLike<string>
        : V extends FixedArray<infer E> | readonly (infer E)[]
          ? ArrayLike<ArrayLike<E>> | ([E] extends [number | bigint] ? ArrayLike<E> & ArrayBufferView : never)
          : Columns<V>;

/** Columns that have been checked; to be written before they change. */
export interface ColumnBatch {
  /** How many records they hold. */
  readonly length: number;
  /** Writes `count` records, from the one numbered `from`, to consecutive slots from the word address `p` on. */
  write(p: number, from: number, count: number): void;
}

/** Checks columns and interns their texts; `where` is what messages call the struct. */
export type ColumnChecker = (columns: unknown, where: string) => ColumnBatch;

/** Generates what takes columns of a struct. */
export function createColumnChecker(struct: Struct, env: { texts: Texts }): ColumnChecker {
  const leaves = columnsOf(struct);
  type Make = (env: object) => ColumnFunctions;
  const what = `the columns of ${struct.name}`;
  const { unfits, encode } = generate<Make>(what, ['env'], columnSource(struct, leaves))(env);
  const checks = leaves.map((leaf, i) => checkOf(leaf, unfits[i] as FirstUnfit));
  // Small batches come often: nothing is made of a leaf in a call.
  return (columns, where) => {
    let rows: number | undefined;
    for (const check of checks) rows = countRows(check, columns, rows, where);
    const length = rows as number;
    for (const check of checks) checkLeaf(check, columnAt(check, columns), length, where);
    for (const check of checks) {
      const { type, hasTexts } = check;
      if (!hasTexts) continue;
      const column = columnAt(check, columns);
      for (let row = 0; row < length; row++) internTexts(type, column[row], env.texts);
    }
    return { length, write: (p, from, count) => encode(p, columns, from, count) };
  };
}

/** What of a column is known before it comes. */
interface ColumnCheck extends ColumnLeaf {
  /** The scalar that it, or the elements of its arrays, are. */
  readonly scalar: ScalarName | undefined;
  /** Elements of a typed array that has the scalars of an array field one record after the other. */
  readonly perRow: number;
  readonly hasTexts: boolean;
  readonly firstUnfit: FirstUnfit;
}

function checkOf(leaf: ColumnLeaf, firstUnfit: FirstUnfit): ColumnCheck {
  const { path, type, offset } = leaf;
  const perRow = type.kind === 'array' ? countLeaves(type) : 1;
  return { path, type, offset, scalar: scalarOf(type), perRow, hasTexts: hasTexts(type), firstUnfit };
}

function columnAt({ path }: ColumnLeaf, columns: unknown): ArrayLike<unknown> {
  let column = columns;
  for (const part of path) column = (column as Record<string, unknown> | null | undefined)?.[part];
  return column as ArrayLike<unknown>;
}

/** Whether a column has the scalars of an array field one record after the other. */
function isFlat({ type, scalar }: ColumnCheck, column: ArrayLike<unknown>): boolean {
  return type.kind === 'array' && scalar !== undefined && ArrayBuffer.isView(column);
}

/** @param rows How many the columns before it have. */
function countRows(check: ColumnCheck, columns: unknown, rows: number | undefined, struct: string): number {
  const column: ArrayLike<unknown> | null | undefined = columnAt(check, columns);
  if (typeof column !== 'object' || typeof column?.length !== 'number') {
    throw fail('COLUMN_MISSING', { struct, field: nameOf(check), value: describe(column) });
  }
  const length = isFlat(check, column) ? column.length / check.perRow : column.length;
  const expected = rows ?? Math.floor(length);
  if (length !== expected)
    throw fail('COLUMN_LENGTH', { struct, field: nameOf(check), length, rows: expected });
  return expected;
}

function checkLeaf(check: ColumnCheck, column: ArrayLike<unknown>, rows: number, where: string): void {
  const { type, scalar, firstUnfit } = check;
  const flat = isFlat(check, column);
  if (type.kind === 'scalar' || flat) {
    if (typedArrayFits(column, scalar as ScalarName)) return;
    const perRow = flat ? check.perRow : 1;
    const bad = firstUnfit(column, rows * perRow);
    if (bad < 0) return;
    const record = `${where} (row ${Math.floor(bad / perRow)})`;
    const path = flat ? `${nameOf(check)}[${bad % perRow}]` : nameOf(check);
    const problem = problemOf({ kind: 'scalar', type: scalar as ScalarName }, column[bad], record, path);
    throw problem ?? fail('RECORD_CHANGED', { struct: record });
  }
  for (let row = 0; row < rows; row++) {
    const problem = problemOf(type, column[row], `${where} (row ${row})`, nameOf(check));
    if (problem !== undefined) throw problem;
  }
}

function nameOf({ path }: ColumnLeaf): string {
  return path.join('.');
}

function hasTexts(type: FieldType): boolean {
  if (type.kind === 'scalar') return type.type === 'text';
  if (type.kind === 'array') return hasTexts(type.element);
  return type.struct.layout.fields.some((field) => hasTexts(field.type));
}

// Texts are interned only when all columns are right, and before any record is written: the table may be full.
function internTexts(type: FieldType, value: unknown, texts: Texts): void {
  if (type.kind === 'scalar') {
    if (type.type === 'text') texts.intern(value as string);
  } else if (type.kind === 'array') {
    for (let i = 0; i < type.length; i++) internTexts(type.element, (value as ArrayLike<unknown>)[i], texts);
  } else {
    for (const field of type.struct.layout.fields) {
      internTexts(field.type, (value as Record<string, unknown>)[field.name], texts);
    }
  }
}
