// Slot stores as operators see them: what `toSlots` writes to.
import { fail } from '../errors/index.js';
import { describe, type KeyTypes, type Struct } from '../schema/index.js';
import type { KeyedTable, TableKey } from './keyed-table.js';

/** Where a slot store lies, and what it holds; a plain value. */
export interface SlotsTarget {
  readonly name: string;
  /** Word address of its region. */
  readonly address: number;
  readonly capacity: number;
  readonly recordWords: number;
  readonly key: KeyTypes | undefined;
}

/** A slot store that a stage can write to: records of type `T` by keys of type `K`, or by index. */
export interface SlotSink<K = unknown, T = unknown> {
  readonly kind: 'slots';
  readonly struct: Struct<T>;
  readonly target: SlotsTarget;
  /** Only a type. */
  readonly '~key'?: () => K;
}

/** Whether a value is a slot store. */
export function isSlotSink(value: unknown): value is SlotSink {
  return typeof value === 'object' && value !== null && (value as SlotSink).kind === 'slots';
}

/** A table of a step that stands for a slot store: all that the step may do with it is `set`. */
export interface SlotTable<K = unknown, V = unknown> extends KeyedTable<K, V> {
  readonly slots: SlotsTarget;
}

/**
 * Declares a slot store among the tables of a step.
 *
 * @throws {TypeError} SLOTS_UNUSABLE for something else.
 */
export function slotTable<K, T>(store: SlotSink<K, T>): SlotTable<K, T> {
  if (!isSlotSink(store)) {
    throw fail('SLOTS_UNUSABLE', { operator: 'toSlots', why: `${describe(store)} is no slot store` });
  }
  const { struct, target } = store;
  const types = target.key?.types ?? (['f64'] as const);
  const fields = types.map((type) => ({ kind: 'scalar', type }) as const);
  const key = (target.key?.tuple ? fields : fields[0]) as TableKey;
  return {
    kind: 'keyed-table',
    key,
    value: struct,
    maxKeys: target.capacity,
    isBounded: false,
    slots: target,
  };
}
