// A reader of a slot store: copies a slot's latest value and looks afterwards whether it may have been overwritten
// meanwhile. slot-writer.ts has the argument. It never waits: it tries again only when the writer has got on.
import { findSlot, usedSlots } from './slot-index.js';
import { type Slots, slotCopy, slotKey, versionCell } from './slots.js';

/** Cells of a pair of cache lines. */
const FENCE_CELLS = 32;

export class SlotReader {
  readonly slots: Slots;
  /** Copies that were thrown away. */
  retries = 0;
  /** For fences: memory of this reader's own, so that readers do not take a line from each other. */
  private readonly fence: Int32Array;

  constructor(slots: Slots) {
    this.slots = slots;
    const bytes = 4 * FENCE_CELLS;
    this.fence = new Int32Array(slots.memory.shared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes));
  }

  /** Slots that may have values: all of them, or those with keys. */
  get size(): number {
    return this.slots.key === undefined ? this.slots.capacity : usedSlots(this.slots);
  }

  /** The slot of a key, which lies at a word of some memory in its one form; -1 if it has none. */
  find(key: Int32Array, word: number): number {
    return findSlot(this.slots, key, word);
  }

  /** The word address of a slot's key; it never changes. */
  keyOf(slot: number): number {
    return slotKey(this.slots, slot);
  }

  /** The version of a slot: 0 as long as it has no value, another after each write. */
  version(slot: number): number {
    const { memory } = this.slots;
    return memory.cells.load(memory.i32, versionCell(this.slots, slot));
  }

  /**
   * Copies the latest value of a slot, whole, into cells of another memory.
   *
   * @returns Its version; 0 if it has no value, and then nothing was copied.
   */
  copy(slot: number, to: Int32Array, cell: number): number {
    const { slots, fence } = this;
    const { cells, i32 } = slots.memory;
    const at = versionCell(slots, slot);
    const count = 2 * slots.recordWords;
    for (;;) {
      const version = cells.load(i32, at);
      if (version === 0) return 0;
      const from = 2 * slotCopy(slots, slot, version);
      for (let i = 0; i < count; i++) to[cell + i] = i32[from + i] as number;
      cells.fence(fence, 0);
      if (cells.load(i32, at) === version) return version;
      this.retries++;
    }
  }
}
