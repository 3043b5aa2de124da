// Keyed tables of a step's own, beside its state.
import type { Infer, ScalarField, Struct } from '../schema/index.js';
import { checkOptions } from './options.js';

/** What a table's keys are: a scalar field type, or a tuple of 1 to 32 of them. */
export type TableKey = ScalarField | readonly [ScalarField, ...ScalarField[]];

/** The keys of a table as functions see them. */
export type TableKeyOf<K extends TableKey> = K extends readonly ScalarField[]
  ? { readonly [I in keyof K]: K[I] extends ScalarField ? Infer<K[I]> : never }
  : K extends ScalarField
    ? Infer<K>
    : never;

/** A keyed table as the `tables` of a step declare it; made by {@link keyedTable}. */
export interface KeyedTable<K = unknown, V = unknown> {
  readonly kind: 'keyed-table';
  readonly key: TableKey;
  readonly value: Struct<V>;
  readonly maxKeys: number;
  /** Whether `maxKeys` was given. */
  readonly isBounded: boolean;
  /** Only a type. */
  readonly '~key'?: () => K;
}

/** The tables of a step, by name. */
// biome-ignore lint/suspicious/noExplicitAny: tables of all kinds.
export type KeyedTables = Readonly<Record<string, KeyedTable<any, any>>>;

/**
 * A keyed table within a step. Its records are seen in place, as the state is: what is assigned to their fields is stored. A
 * record that was got from it is valid during the step, as long as its key is not deleted.
 */
export interface Table<K, V> {
  /** How many keys it has. */
  readonly size: number;
  has(key: K): boolean;
  /** The record of a key, in place; `undefined` if there is none. */
  get(key: K): V | undefined;
  /**
   * Stores a copy of a record.
   *
   * @throws {RangeError} TABLE_FULL for one key more than `maxKeys`, which ends the stage.
   */
  set(key: K, record: Readonly<V>): void;
  /** Deletes a key; false if there was none. */
  delete(key: K): boolean;
  /**
   * Visits all records: in the order in which their keys came, except that a key that came after one was deleted stands in the
   * place of the one that was deleted last. Records may be deleted on the way; those that are added may be visited or not.
   */
  forEach(visit: (record: V, key: K) => void): void;
  /** Deletes all records for which `test` returns something truthy, visiting them as `forEach` does. Returns how many. */
  deleteWhere(test: (record: V, key: K) => unknown): number;
}

/** The tables of a step, as it sees them. */
export type TablesOf<D> = {
  readonly [N in keyof D]: D[N] extends KeyedTable<infer K, infer V> ? Table<K, V> : never;
};

/** How many keys a keyed state or table may hold unless told. */
export const DEFAULT_MAX_KEYS = 1_048_576;

/**
 * Declares a keyed table, for the `tables` option of `step` and of definitions: records of one layout by key, in the engine's
 * memory. The step gets it in its last parameter, by its name.
 *
 * For each key it takes 8 bytes for each part of the key and the record, padded to 8 bytes, and 5 to 22 bytes of index.
 * What is deleted makes room for further keys; the memory goes back when the stage does.
 *
 * @param table `key`: the field type of the keys, or a tuple of 1 to 32 of them. NaN equals NaN, and -0 equals 0; numbers of integer
 *   types up to 32 bits wrap as in a record, `f32` are rounded, and `i53` and `u53` are taken as they are. `value`: the layout of the
 *   records. `maxKeys`: how many keys it may hold, from 1 to 2^28; 1,048,576 unless told.
 * @returns A description; each stage that is given it has a table of its own.
 *
 * @example The best ask of an order book
 * ```ts
 * import { createEngine, f64, keyedTable, struct, u32, u64 } from 'roda-rx';
 * import { step } from 'roda-rx/operators';
 *
 * const Order = struct({ id: u64, price: f64, quantity: f64 });
 * const engine = createEngine({ placement: 'inline' });
 * const changes = engine.source(Order);
 * const best = changes.stage(
 *   step(
 *     (change, _state, emit, { asks }) => {
 *       if (change.quantity === 0) asks.delete(change.id);
 *       else asks.set(change.id, change);
 *       let price = Infinity;
 *       asks.forEach((ask) => { price = Math.min(price, ask.price); });
 *       emit({ price, orders: asks.size });
 *     },
 *     {
 *       out: struct({ price: f64, orders: u32 }),
 *       tables: { asks: keyedTable({ key: u64, value: Order, maxKeys: 100_000 }) },
 *     },
 *   ),
 * );
 * const seen: string[] = [];
 * best.subscribe(({ price, orders }) => seen.push(`${price} of ${orders}`));
 * for (const [id, price, quantity] of [[1n, 9, 5], [2n, 8, 5], [2n, 8, 0]] as const) changes.next({ id, price, quantity });
 * await engine.close();
 * if (seen.join() !== '9 of 1,8 of 2,9 of 1') throw new Error(`saw ${seen}`);
 * ```
 */
export function keyedTable<const K extends TableKey, V>(table: {
  readonly key: K;
  readonly value: Struct<V>;
  readonly maxKeys?: number;
}): KeyedTable<TableKeyOf<K>, V> {
  checkOptions('keyedTable', table, ['key', 'value', 'maxKeys']);
  const { key, value, maxKeys = DEFAULT_MAX_KEYS } = table;
  return { kind: 'keyed-table', key, value, maxKeys, isBounded: table.maxKeys !== undefined };
}

/** Whether a value was made by {@link keyedTable}. */
export function isKeyedTable(value: unknown): value is KeyedTable {
  return typeof value === 'object' && value !== null && (value as KeyedTable).kind === 'keyed-table';
}
