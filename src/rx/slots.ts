// A slot store as users see it.
import { Observable } from 'rxjs';
import { openSlotStore, type SlotsHandle, type SlotStore as Store } from '../engine/index.js';
import type { SlotSink, SlotsTarget } from '../operator/index.js';
import type { Struct } from '../schema/index.js';

/** One slot's new value. */
export interface SlotChange<K, T> {
  /** Its key; its index in a store without keys. */
  readonly key: K;
  readonly value: T;
}

/**
 * A bounded store of latest values, by index or by key, in the engine's memory. One writes, a stage (`toSlots`) or the code that
 * calls {@link set}; any thread reads, without locks, and never sees a value in part. Made with `engine.slots()`, opened in
 * another thread with {@link openSlots}.
 *
 * A write copies the record and publishes it with one atomic read-modify-write, and never waits. A read copies the record and
 * tries again in the case that the very slot was written meanwhile.
 */
export class SlotStore<K, T> implements SlotSink<K, T> {
  readonly kind = 'slots';
  /** @internal */
  readonly core: Store<K, T>;

  /** Only a type. */
  declare readonly '~key'?: () => K;

  /** @internal */
  constructor(core: Store<K, T>) {
    this.core = core;
  }

  /** Its name, as in messages. */
  get name(): string {
    return this.core.slots.name;
  }

  /** The layout of its records. */
  get struct(): Struct<T> {
    return this.core.struct;
  }

  /** How many slots it has: the most keys of a keyed store. */
  get capacity(): number {
    return this.core.slots.capacity;
  }

  /** How many keys it has; of a store by index, its capacity. */
  get size(): number {
    return this.core.size;
  }

  /** Where it lies, for operators that write to it. */
  get target(): SlotsTarget {
    return this.core.handle.shape;
  }

  /**
   * What another thread opens it with ({@link openSlots}): a value to be posted. The memory of an inline engine belongs to one
   * thread and can't be posted.
   */
  get handle(): SlotsHandle<K, T> {
    return this.core.handle;
  }

  /**
   * Stores a copy of a record, as the latest value of a slot. The first call makes the caller the store's one writer, until
   * {@link release}.
   *
   * @param key Its key, or from 0 its index.
   * @throws {Error} SLOTS_WRITTEN if somebody else writes.
   * @throws {TypeError} SLOT_KEY for a key of another type; what a source's `next` throws for a record that doesn't fit.
   * @throws {RangeError} SLOT_RANGE for an index that it does not have; SLOTS_FULL for a key more than it has slots. The store
   *   is then as it was.
   */
  set(key: K, record: T): void {
    this.core.set(key, record);
  }

  /** The latest value of a slot, a plain object; undefined if it has none. Throws SLOT_KEY, SLOT_RANGE as {@link set} does. */
  get(key: K): T | undefined {
    return this.core.get(key);
  }

  /**
   * The latest values of all slots that have one, in the order of indices or in which keys came. Each value is whole, and
   * one that its slot had during the call; while the store is written, values of different slots may be of different moments.
   */
  snapshot(): Map<K, T> {
    return this.core.snapshot();
  }

  /**
   * The slots that change, each with its latest value: what is overwritten before it was delivered is left out, so a slow
   * subscriber costs the writer nothing. Does not complete, and does not hold the process. While anybody subscribes a write
   * takes a second read-modify-write, and wakes the subscribers that sleep.
   *
   * @param options `from: 'start'` begins with the values that are there already.
   */
  changes(options: { readonly from?: 'start' } = {}): Observable<SlotChange<K, T>> {
    return new Observable((subscriber) =>
      this.core.listen((key, value) => subscriber.next({ key, value }), options.from === 'start'),
    );
  }

  /** Lets another thread, or a stage, write from now on; does nothing unless {@link set} was called here. */
  release(): void {
    this.core.releaseOwn();
  }
}

/**
 * Opens a slot store in a thread that its handle was posted to.
 *
 * @param handle The `handle` of a store.
 *
 * @example
 * ```ts
 * import { createEngine, f64, openSlots, struct, u32 } from 'roda-rx';
 *
 * const engine = createEngine();
 * const prices = engine.slots(struct({ price: f64 }), 100, { key: u32 });
 * prices.set(7, { price: 9.5 });
 * const opened = openSlots(prices.handle); // usually in a worker, which got the handle in a message
 * if (opened.get(7)?.price !== 9.5) throw new Error('not found');
 * await engine.close();
 * ```
 */
export function openSlots<K, T>(handle: SlotsHandle<K, T>): SlotStore<K, T> {
  return new SlotStore(openSlotStore(handle));
}
