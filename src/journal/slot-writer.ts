// The one writer of a slot store. It writes the new value into the copy that does not hold the latest one, and then
// publishes it with one read-modify-write of the slot's version. It waits for nobody.
//
// Why a reader never takes a torn value. It loads a version v, copies what v names, fences, and takes the copy only if the
// version is still v. The writer overwrites that copy with the value of v + 2, and begins to after it has published v + 1
// and fenced. So if the reader's copy has a byte of v + 2, the writer's fence came before that byte and the reader's fence
// after it, and the reader's second load sees v + 1 or later. If it has none, it has the value of v, all of it: its bytes were
// stored before v, which the reader had loaded. (Versions have 32 bits: a reader would have to be stopped in the middle of a
// copy while exactly 2^32 values are written, all to the same slot.)
//
// The fence is the publication itself: an exchange, then a load of the same cell. On x86 an exchange is a full barrier.
// On ARM64 its store is a release, so the value's bytes, stored before, do not move below it; the load that follows is an
// acquire that is never reordered with an earlier store-release, and nothing after an acquire, the next value's bytes
// included, moves above it (see `fence` of memory/atomics.ts). A writer that dies anywhere leaves every slot readable.
//
// Who follows changes counts itself in WATCHERS and looks at all versions afterwards; the writer looks at WATCHERS after its
// publication: one of the two sees the other. While there are any, the writer lets the cell of the slot's block grow, after
// the version, and then wakes those that sleep (slot-watch.ts).
import { fail } from '../errors/index.js';
import { type KeyWord, keyWord, NAN_HALVES } from '../schema/index.js';
import { SlotKeys } from './slot-index.js';
import { wakeWatchers } from './slot-watch.js';
import { BLOCK_SLOTS, type Slots, slotCopy, versionCell, WATCHERS } from './slots.js';

/** The next version; never 0, and always in the other copy. */
function after(version: number): number {
  return (version + 1) | 0 || 2;
}

export class SlotWriter {
  readonly slots: Slots;
  private readonly keys: SlotKeys | undefined;
  private readonly keyForms: readonly KeyWord[];
  /** A key in its one form. */
  private readonly key: Int32Array;

  /** To be made by the thread that has claimed the store, or for which it was claimed. */
  constructor(slots: Slots) {
    this.slots = slots;
    this.keys = slots.key && new SlotKeys(slots);
    this.keyForms = slots.key?.types.map(keyWord) ?? [];
    this.key = new Int32Array(2 * slots.keyWords);
  }

  /**
   * The slot of a key in one form, at a word address of some memory.
   *
   * @throws {RangeError} SLOTS_FULL if it is new and all slots are taken.
   */
  slotOf(key: Int32Array, word: number): number {
    const slot = (this.keys as SlotKeys).slotFor(key, word);
    if (slot < 0) throw fail('SLOTS_FULL', { store: this.slots.name, capacity: this.slots.capacity });
    return slot;
  }

  /** The word address where the next value of a slot is to be written, before it is published. */
  next(slot: number): number {
    const { slots } = this;
    // Its own: only this thread stores versions.
    const version = slots.memory.i32[versionCell(slots, slot)] as number;
    return slotCopy(slots, slot, after(version));
  }

  /** Makes the value that was written to {@link next} the latest of the slot. */
  publish(slot: number): void {
    const { slots, keys } = this;
    const { cells, i32 } = slots.memory;
    const at = versionCell(slots, slot);
    cells.exchange(i32, at, after(i32[at] as number));
    cells.load(i32, at);
    if (keys !== undefined) keys.show(slot);
    if (cells.load(i32, slots.cell + WATCHERS) !== 0) this.tell(slot);
  }

  /**
   * Stores a record, both given by word addresses in the memory of the store: the index as a double, or the key.
   *
   * @throws {RangeError} SLOT_RANGE for an index that the store does not have; SLOTS_FULL for a key more than it has slots.
   */
  store(key: number, record: number): void {
    const { slots } = this;
    const { i32, f64 } = slots.memory;
    const slot = this.keys === undefined ? this.checked(f64[key] as number) : this.slotOf(this.form(key), 0);
    const to = 2 * this.next(slot);
    const from = 2 * record;
    for (let i = 0; i < 2 * slots.recordWords; i++) i32[to + i] = i32[from + i] as number;
    this.publish(slot);
  }

  /** An index, if the store has it. */
  checked(index: number): number {
    const { name, capacity } = this.slots;
    if (Number.isInteger(index) && index >= 0 && index < capacity) return index;
    throw fail('SLOT_RANGE', { store: name, index, capacity });
  }

  /** The key at a word address in its one form. */
  private form(word: number): Int32Array {
    const { key, keyForms } = this;
    const { i32, f64 } = this.slots.memory;
    for (let i = 0; i < keyForms.length; i++) {
      const at = 2 * (word + i);
      const form = keyForms[i];
      const noNumber = form === 'double' && Number.isNaN(f64[word + i] as number);
      key[2 * i] = noNumber ? NAN_HALVES.low : (i32[at] as number);
      key[2 * i + 1] = noNumber ? NAN_HALVES.high : form === 'half' ? 0 : (i32[at + 1] as number);
    }
    return key;
  }

  private tell(slot: number): void {
    const { memory, cell, blocks } = this.slots;
    memory.cells.add(memory.i32, blocks + Math.floor(slot / BLOCK_SLOTS), 1);
    wakeWatchers(memory, cell);
  }
}
