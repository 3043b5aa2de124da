// The index of a keyed slot store: from a key to its slot, for one thread that adds keys and many that look for them.
//
// Open addressing, searched linearly. Keys are never taken out, and a key's words never change once its slot is in the
// index, so a search that meets a cell with a slot may trust it for good. The writer stores the key and the slot's first
// value before the cell, with one atomic store; a reader loads the cell atomically before it looks at the key.
//
// Hash and comparison take the halves of the key's words, which have one form for equal keys (schema/key-words.ts). The hash
// is that of keyed tables (operator/table-layout.ts).
import { HAS_WRITER, type Slots, slotKey, USED, versionCell } from './slots.js';

const SEED = 0x9e3779b9;
const ROUND = 0x85ebca6b;
const FINISH = 0xc2b2ae35;

function hashOf(i32: Int32Array, word: number, words: number): number {
  let h = SEED | 0;
  for (let i = 2 * word; i < 2 * (word + words); i++) {
    h = Math.imul(h ^ (i32[i] as number), ROUND);
    h ^= h >>> 13;
  }
  h ^= h >>> 16;
  h = Math.imul(h, FINISH);
  return h ^ (h >>> 15);
}

function equal(a: Int32Array, word: number, b: Int32Array, other: number, words: number): boolean {
  for (let i = 0; i < 2 * words; i++) if (a[2 * word + i] !== b[2 * other + i]) return false;
  return true;
}

/**
 * The slot of a key, or -1.
 *
 * @param key A memory that has the words of the key, from `word` on.
 */
export function findSlot(slots: Slots, key: Int32Array, word: number): number {
  const found = search(slots, key, word);
  return found >= 0 ? found : -1;
}

/** The slot of a key, or, if it has none, the cell of the index for it: -1 - cell. */
function search(slots: Slots, key: Int32Array, word: number): number {
  const { memory, index, indexMask, keyWords } = slots;
  const { cells, i32 } = memory;
  for (let at = hashOf(key, word, keyWords) & indexMask; ; at = (at + 1) & indexMask) {
    const slot = cells.load(i32, index + at) - 1;
    if (slot < 0) return -1 - (index + at);
    if (equal(key, word, i32, slotKey(slots, slot), keyWords)) return slot;
  }
}

/** Takes the store for its one writer; false if another has it. */
export function claimSlots({ memory, cell }: Slots): boolean {
  return memory.cells.compareExchange(memory.i32, cell + HAS_WRITER, 0, 1) === 0;
}

/** Lets another thread write; in the place of one that died, too. */
export function releaseSlots({ memory, cell }: Slots): void {
  memory.cells.store(memory.i32, cell + HAS_WRITER, 0);
}

/** How many slots have keys. */
export function usedSlots({ memory, cell }: Slots): number {
  return memory.cells.load(memory.i32, cell + USED);
}

/** The writer's side of the index. */
export class SlotKeys {
  private readonly slots: Slots;
  private used: number;
  /** The cell for the key that was not found. */
  private vacant = 0;

  constructor(slots: Slots) {
    this.slots = slots;
    this.used = usedSlots(slots);
    // A writer that died may have put a slot into the index and not counted it.
    const { memory } = slots;
    if (this.used === slots.capacity || memory.i32[versionCell(slots, this.used)] === 0) return;
    if (findSlot(slots, memory.i32, slotKey(slots, this.used)) === this.used) this.count();
  }

  /** The slot of a key; for a new one the next slot, with the key, to be published once it has a value; -1 if all are taken. */
  slotFor(key: Int32Array, word: number): number {
    const { slots, used } = this;
    const found = search(slots, key, word);
    if (found >= 0) return found;
    if (used === slots.capacity) return -1;
    this.vacant = -1 - found;
    const { i32 } = slots.memory;
    const at = 2 * slotKey(slots, used);
    for (let i = 0; i < 2 * slots.keyWords; i++) i32[at + i] = key[2 * word + i] as number;
    return used;
  }

  /** Shows a slot to readers, if it is the next new one. To be called after its value has been published. */
  show(slot: number): void {
    if (slot !== this.used) return;
    const { cells, i32 } = this.slots.memory;
    cells.store(i32, this.vacant, slot + 1);
    this.count();
  }

  private count(): void {
    const { memory, cell } = this.slots;
    memory.cells.store(memory.i32, cell + USED, ++this.used);
  }
}
