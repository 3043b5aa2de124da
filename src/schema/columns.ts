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
  return (columns, where) => {
    const bound = leaves.map((leaf, i) => bindLeaf(leaf, columns, where, unfits[i] as FirstUnfit));
    const rows = countRows(bound, where);
    for (const leaf of bound) checkLeaf(leaf, rows, where);
    for (const { type, column } of bound) {
      if (hasTexts(type)) for (let row = 0; row < rows; row++) internTexts(type, column[row], env.texts);
    }
    return { length: rows, write: (p, from, count) => encode(p, columns, from, count) };
  };
}

interface BoundLeaf extends ColumnLeaf {
  readonly column: ArrayLike<unknown>;
  /** Whether the column has the scalars of an array field one record after the other. */
  readonly flat: boolean;
  readonly firstUnfit: FirstUnfit;
}

function bindLeaf(leaf: ColumnLeaf, columns: unknown, where: string, firstUnfit: FirstUnfit): BoundLeaf {
  let column = columns;
  for (const part of leaf.path) column = (column as Record<string, unknown> | null | undefined)?.[part];
  if (
    typeof (column as { length?: unknown } | null | undefined)?.length !== 'number' ||
    typeof column !== 'object'
  ) {
    throw fail('COLUMN_MISSING', { struct: where, field: nameOf(leaf), value: describe(column) });
  }
  const flat = leaf.type.kind === 'array' && scalarOf(leaf.type) !== undefined && ArrayBuffer.isView(column);
  return { ...leaf, column: column as ArrayLike<unknown>, flat, firstUnfit };
}

function countRows(bound: readonly BoundLeaf[], struct: string): number {
  let rows: number | undefined;
  for (const leaf of bound) {
    const length = leaf.flat ? leaf.column.length / countLeaves(leaf.type) : leaf.column.length;
    rows ??= Math.floor(length);
    if (length !== rows) throw fail('COLUMN_LENGTH', { struct, field: nameOf(leaf), length, rows });
  }
  return rows as number;
}

function checkLeaf(leaf: BoundLeaf, rows: number, where: string): void {
  const { type, column, flat, firstUnfit } = leaf;
  if (type.kind === 'scalar' || flat) {
    const scalar = scalarOf(type) as ScalarName;
    if (typedArrayFits(column, scalar)) return;
    const perRow = flat ? countLeaves(type) : 1;
    const bad = firstUnfit(column, rows * perRow);
    if (bad < 0) return;
    const record = `${where} (row ${Math.floor(bad / perRow)})`;
    const path = flat ? `${nameOf(leaf)}[${bad % perRow}]` : nameOf(leaf);
    const problem = problemOf({ kind: 'scalar', type: scalar }, column[bad], record, path);
    throw problem ?? fail('RECORD_CHANGED', { struct: record });
  }
  for (let row = 0; row < rows; row++) {
    const problem = problemOf(type, column[row], `${where} (row ${row})`, nameOf(leaf));
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
