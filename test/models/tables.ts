// The model of a step's tables: plain records in an array, and a Map from keys to their places in it
import type { KeyedTable, KeyedTables, Table } from '../../src/operator/index.js';
import type { ScalarField } from '../../src/schema/index.js';
import { coerceScalar, stored } from './coerce.js';
import { comparable } from './keyed-state.js';
import type { Seen } from './options.js';

/** Keys of these types are taken as the numbers that they are. */
const AS_THEY_ARE = new Set(['i53', 'u53']);

class ModelTable implements Table<unknown, unknown> {
  private readonly places = new Map<unknown, number>();
  private readonly entries: ({ readonly key: unknown; value: unknown } | undefined)[] = [];
  private readonly free: number[] = [];

  constructor(private readonly table: KeyedTable) {}

  get size(): number {
    return this.places.size;
  }

  has(key: unknown): boolean {
    return this.places.has(comparable(this.key(key)));
  }

  get(key: unknown): unknown {
    const place = this.places.get(comparable(this.key(key)));
    return place === undefined ? undefined : this.entries[place]?.value;
  }

  set(given: unknown, record: unknown): void {
    const key = this.key(given);
    const value = stored(this.table.value, record);
    let place = this.places.get(comparable(key));
    if (place === undefined) {
      if (this.size === this.table.maxKeys)
        throw new RangeError(`Cannot keep another key: the table holds ${this.size}`);
      place = this.free.pop() ?? this.entries.length;
      this.places.set(comparable(key), place);
    }
    this.entries[place] = { key, value };
  }

  delete(given: unknown): boolean {
    const key = comparable(this.key(given));
    const place = this.places.get(key);
    if (place === undefined) return false;
    this.places.delete(key);
    this.entries[place] = undefined;
    this.free.push(place);
    return true;
  }

  forEach(visit: (record: unknown, key: unknown) => void): void {
    for (let place = 0; place < this.entries.length; place++) {
      const entry = this.entries[place];
      if (entry !== undefined) visit(entry.value, entry.key);
    }
  }

  deleteWhere(test: (record: unknown, key: unknown) => unknown): number {
    let deleted = 0;
    this.forEach((record, key) => {
      if (test(record, key) && this.delete(key)) deleted++;
    });
    return deleted;
  }

  /** A key as the table holds it. */
  private key(given: unknown): unknown {
    const { key } = this.table;
    const part = ({ type }: ScalarField, value: unknown): unknown => {
      const held = AS_THEY_ARE.has(type) ? value : coerceScalar(type, value);
      return Object.is(held, -0) ? 0 : held;
    };
    return Array.isArray(key)
      ? key.map((field, i) => part(field, (given as unknown[])[i]))
      : part(key as ScalarField, given);
  }
}

/** The tables of a step, empty, under their names. */
export function tablesOf(tables: KeyedTables = {}): Seen {
  return Object.fromEntries(Object.entries(tables).map(([name, table]) => [name, new ModelTable(table)]));
}
