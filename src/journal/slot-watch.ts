// Following the changes of a slot store: which slots have another version than they had, and how to sleep until some have.
//
// A watcher counts itself, and then looks at all versions. Afterwards it looks at the cells of blocks first, and at the
// versions of those that have grown; a cell grows after the version that it stands for.
//
// All watchers of a store sleep on one cell. Were that a bell of two states, as threads have (bell.ts), a watcher that was
// rung for between its last look and its sleep could find the bell set anew by another, and sleep on. So they sleep on a count
// of rings, which they load first: whoever was rung for since then does not fall asleep. Then a watcher says in
// WATCHERS_SLEEP that it is about to, and looks a last time; the writer looks there after its change, so one of the two sees
// the other. When it rings it takes that word back before it counts: a watcher that gave its word too early for the writer to
// leave it has loaded the old count.
import { canSleepAsync, type Memory, sleepAsync } from '../memory/index.js';
import type { SlotReader } from './slot-reader.js';
import { BLOCK_SLOTS, RINGS, WATCHERS, WATCHERS_SLEEP } from './slots.js';

/** Longest sleep: a safety net, since rings wake it. */
const PARK_MS = 1_000;
/** The same where threads can't be woken without blocking. */
const POLL_MS = 20;

/** Watchers of memories that one thread has to itself. */
const local = new WeakMap<Memory, Map<number, Set<() => void>>>();

/** Wakes the watchers of a store that sleep; `cell` is the first of its region. */
export function wakeWatchers(memory: Memory, cell: number): void {
  if (!memory.shared) {
    wakeLocally(memory, cell);
    return;
  }
  const { cells, i32 } = memory;
  if (cells.load(i32, cell + WATCHERS_SLEEP) === 0) return;
  cells.store(i32, cell + WATCHERS_SLEEP, 0);
  cells.add(i32, cell + RINGS, 1);
  cells.notify(i32, cell + RINGS);
}

function wakeLocally(memory: Memory, cell: number): void {
  const waiting = local.get(memory)?.get(cell);
  if (waiting === undefined) return;
  local.get(memory)?.delete(cell);
  for (const wake of waiting) wake();
}

export class SlotWatch {
  private readonly reader: SlotReader;
  private readonly seenBlocks: Int32Array;
  private readonly seen: Int32Array;
  private first = true;
  private closed = false;
  private wake: () => void = () => {};

  /**
   * @param all Whether values that are there already are changes.
   */
  constructor(reader: SlotReader, all: boolean) {
    this.reader = reader;
    const { memory, cell, capacity } = reader.slots;
    this.seen = new Int32Array(capacity);
    this.seenBlocks = new Int32Array(Math.ceil(capacity / BLOCK_SLOTS));
    memory.cells.add(memory.i32, cell + WATCHERS, 1);
    if (!all) this.look(() => {});
  }

  /** Calls back for every slot that has another version than when it was last looked at. Whether there were any. */
  look(changed: (slot: number) => void): boolean {
    const { seenBlocks, reader } = this;
    const { memory, blocks } = reader.slots;
    let any = false;
    const all = this.first;
    this.first = false;
    for (let block = 0; block < seenBlocks.length; block++) {
      // Loaded before the versions: what changes after it lets it grow anew.
      const grown = memory.cells.load(memory.i32, blocks + block);
      if (!all && grown === seenBlocks[block]) continue;
      seenBlocks[block] = grown;
      if (this.lookAt(block, changed)) any = true;
    }
    return any;
  }

  /** Whether a block has grown. */
  hasChanges(): boolean {
    const { seenBlocks, reader } = this;
    const { memory, blocks } = reader.slots;
    if (this.first) return true;
    for (let block = 0; block < seenBlocks.length; block++) {
      if (memory.cells.load(memory.i32, blocks + block) !== seenBlocks[block]) return true;
    }
    return false;
  }

  /** Resolves once there may be changes, at once if there are, or after it was closed. Does not hold the process. */
  async sleep(timeoutMs = PARK_MS): Promise<void> {
    const { memory, cell } = this.reader.slots;
    if (this.closed || this.hasChanges()) return;
    if (memory.shared && canSleepAsync) {
      const { cells, i32 } = memory;
      const rings = cells.load(i32, cell + RINGS);
      cells.store(i32, cell + WATCHERS_SLEEP, 1);
      if (this.hasChanges()) return;
      const closed = new Promise<void>((resolve) => {
        this.wake = resolve;
      });
      await Promise.race([sleepAsync(i32, cell + RINGS, rings, timeoutMs), closed]);
      return;
    }
    await new Promise<void>((resolve) => {
      this.wake = resolve;
      if (memory.shared) (setTimeout(resolve, POLL_MS) as { unref?: () => void }).unref?.();
      else waitLocally(memory, cell, resolve);
    });
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    const { memory, cell } = this.reader.slots;
    memory.cells.add(memory.i32, cell + WATCHERS, -1);
    this.wake();
  }

  private lookAt(block: number, changed: (slot: number) => void): boolean {
    const { seen, reader } = this;
    const end = Math.min((block + 1) * BLOCK_SLOTS, reader.size);
    let any = false;
    for (let slot = block * BLOCK_SLOTS; slot < end; slot++) {
      const version = reader.version(slot);
      if (version === seen[slot]) continue;
      seen[slot] = version;
      any = true;
      changed(slot);
    }
    return any;
  }
}

function waitLocally(memory: Memory, cell: number, wake: () => void): void {
  const stores = local.get(memory) ?? new Map<number, Set<() => void>>();
  local.set(memory, stores);
  const waiting = stores.get(cell) ?? new Set();
  stores.set(cell, waiting);
  waiting.add(wake);
}
