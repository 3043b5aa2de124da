// toSlots: keeps the latest record of each key in a slot store.
import {
  checkOptions,
  defineOperator,
  type Fused,
  type OperatorOptions,
  type SlotSink,
  slotTable,
  type Using,
  type UsingValues,
} from '../src/operator/index.js';

/** Options of {@link toSlots}. */
export interface ToSlotsOptions<T, V, U extends UsingValues = UsingValues> extends OperatorOptions<U> {
  /** What is stored of a record: an object literal with the fields of the store's layout. The record itself unless told. */
  readonly value?: (record: Readonly<T>, using: Using<U>) => NoInfer<V>;
}

/**
 * Stores each record in a slot store, as the latest value of its key, and lets it pass unchanged.
 *
 * ```text
 * --{id:1,v:3}--{id:2,v:5}--{id:1,v:4}--|
 *   toSlots(latest, (r) => r.id)
 * --{id:1,v:3}--{id:2,v:5}--{id:1,v:4}--|
 * ```
 *
 * One record out for each record in: the same record. It keeps no state of its own; the store, which any thread may read at
 * any time, keeps its values after the end. Who sees a record that came out also finds it, or a later one, in the store. The end
 * and errors of its input pass; an index that the store does not have (SLOT_RANGE), a key more than it has slots
 * (SLOTS_FULL) and what a function throws end the stage.
 *
 * @param store A store of the stage's engine, made with `engine.slots()`. The stage becomes its one writer, until its pipeline is
 *   taken down.
 * @param key The key of a record, of the type that the store's keys have; its index from 0, for a store by index.
 * @param options `value`, what is stored of a record where that is not the record itself; `using`.
 * @throws {TypeError} SLOTS_UNUSABLE for something else than a slot store. By `stage()`: SLOTS_UNUSABLE for a store of another
 *   engine; for a function that is not self-contained (CAPTURED_VARIABLE, UNKNOWN_GLOBAL, FUNCTION_REFUSED, …), KEY_UNUSABLE if `key` returns something else,
 *   LAYOUT_MISMATCH, FIELDS_DIFFER if what is stored has other fields than the store's layout.
 * @throws {Error} By `stage()`: SLOTS_WRITTEN if somebody else writes to the store.
 *
 * @example
 * ```ts readings
 * const latest = engine.slots(Reading, 1_000, { key: u32 });
 * readings.stage(toSlots(latest, (r) => r.sensorId));
 * const now = () => [...latest.snapshot().values()].map((r) => r.value); // whenever it is called
 * ```
 *
 * RxJS has no namesake; it would be `tap` with a `Map` outside. For what a stage keeps by key anyway see `stage.state(key)`.
 */
export function toSlots<T, K, V, U extends UsingValues = {}>(
  store: SlotSink<K, V>,
  key: (record: Readonly<T>, using: Using<U>) => NoInfer<K>,
  options: ToSlotsOptions<T, V, U> = {},
): Fused<T, T> {
  checkOptions('toSlots', options, ['value', 'using']);
  const { value, using } = options;
  type Tables = { store: ReturnType<typeof slotTable<K, V>> };
  const shared = { name: 'toSlots', tables: { store: slotTable(store) }, using };
  if (value === undefined) {
    return defineOperator<T, T, never, { key: typeof key }, {}, Tables>({
      ...shared,
      functions: { key },
      step: (record, _state, emit, { key, store }) => {
        store.set(key(record), record as never);
        emit(record as T);
      },
    });
  }
  return defineOperator<T, T, never, { key: typeof key; value: typeof value }, {}, Tables>({
    ...shared,
    functions: { key, value },
    step: (record, _state, emit, { key, value, store }) => {
      store.set(key(record), value(record));
      emit(record as T);
    },
  });
}
