// The one writer of a journal: claims slots, publishes them in batches, waits for nobody.
//
// Invariants. A slot is written only between its claim and its publication, and only when every gating reader's
// position has passed the record that it held. Readers read a slot only after they have loaded a published cursor
// beyond it. So the plain stores of a record are ordered before the readers' plain loads by `published`, and a reader's
// loads before the next stores into the slot by its `position`.
//
// Lapped readers may read while a slot is overwritten. For them the writer stores `claimed` and fences before it writes
// the first slot of a batch; they copy, fence, and then look at `claimed` (see reader.ts).
import type { Memory } from '../memory/index.js';
import { ring } from './bell.js';
import * as at from './descriptor.js';
import { type EndKind, ReaderState } from './descriptor.js';
import { type Journal, readerCell } from './journal.js';
import { loadSequence, lowBits, storeSequence } from './sequence.js';

/** Slots that lie one after the other, lent to code that fills them without asking for each (see {@link JournalWriter.lend}). */
export interface Lease {
  /** The word address of the next slot. */
  at: number;
  /** That of the first slot which is not lent. */
  end: number;
  /** The cells of the readers' bells: one that is not 0 sleeps, as far as a plain load can tell. */
  bells: readonly number[];
}

/** Slots that lie one after the other. */
interface Run {
  /** The word address of the first. */
  address: number;
  count: number;
}

export class JournalWriter {
  readonly journal: Journal;
  /** Who fills it moves `at` on by the words of a record, up to `end`; whatever else is asked of the writer ends it. */
  readonly lease: Lease = { at: 0, end: 0, bells: [] };
  private readonly memory: Memory;
  private readonly publishedCell: number;
  private readonly versionCell: number;
  private readonly slots: number;
  private readonly mask: number;
  private readonly origin: number;
  private readonly words: number;

  /** Low bits of the next sequence to claim. */
  private lo: number;
  /** Slots that may be claimed before the readers must be looked at again. */
  private room = 0;
  private publishedLo: number;
  private published: number;
  private claimed: number;
  private readonly run: Run = { address: 0, count: 0 };
  /** What of the lease has not been accounted for. */
  private lent = 0;

  private readersVersion = -1;
  private gating: number[] = [];
  private bells: number[] = [];
  private lapped = 0;

  constructor(journal: Journal) {
    this.journal = journal;
    this.memory = journal.memory;
    this.publishedCell = journal.cell + at.PUBLISHED;
    this.versionCell = journal.cell + at.READERS_VERSION;
    this.slots = journal.slots;
    this.mask = journal.mask;
    this.origin = journal.origin;
    this.words = journal.recordWords;
    this.published = loadSequence(this.memory, this.publishedCell);
    // What a writer before this one had announced stays announced: it may have begun to overwrite those slots. It may lie
    // far behind what is published, if nobody could be lapped then.
    this.claimed = loadSequence(this.memory, journal.cell + at.CLAIMED);
    this.publishedLo = lowBits(this.published);
    this.lo = this.publishedLo;
  }

  /** The sequence of the next record to be claimed. */
  get next(): number {
    this.recall();
    return this.published + ((this.lo - this.publishedLo) | 0);
  }

  /** Records claimed and not yet published. */
  get pending(): number {
    this.recall();
    return (this.lo - this.publishedLo) | 0;
  }

  /** Whether anybody reads, as far as the writer knows since it last looked (see {@link look}). */
  get hasReaders(): boolean {
    return this.bells.length > 0;
  }

  /**
   * Whether the thread of a reader sleeps, as far as a plain load can tell. It may be wrong either way for a moment, so
   * it is good for deciding when to publish, and for nothing else.
   */
  get isAwaited(): boolean {
    const { bells } = this;
    const { i32 } = this.memory;
    for (let i = 0; i < bells.length; i++) if (i32[bells[i] as number] !== 0) return true;
    return false;
  }

  /** Whether readers have joined or left since it last looked. */
  get hasNewReaders(): boolean {
    return this.memory.cells.load(this.memory.i32, this.versionCell) !== this.readersVersion;
  }

  /** Whether every slot is taken by records that gating readers have not passed. */
  get isFull(): boolean {
    this.recall();
    return this.room === 0 && this.look() === 0;
  }

  /** Lends up to `wanted` of the slots that are free; none if that takes a look at the readers. */
  lend(wanted: number): void {
    this.recall();
    const index = (this.lo - this.origin) & this.mask;
    const { lease } = this;
    this.lent = Math.max(0, Math.min(wanted, this.room, this.journal.capacity - index));
    lease.at = this.slots + index * this.words;
    lease.end = lease.at + this.lent * this.words;
    lease.bells = this.bells;
  }

  /** Ends the lease: what was filled counts as claimed. */
  recall(): void {
    if (this.lent === 0) return;
    const { lease } = this;
    const filled = this.lent - (lease.end - lease.at) / this.words;
    this.lent = 0;
    lease.end = lease.at;
    this.room -= filled;
    this.lo = (this.lo + filled) | 0;
  }

  /** The word address of the next slot, or 0 if the journal is full. */
  claim(): number {
    this.recall();
    if (this.room === 0 && this.makeRoom() === 0) return 0;
    this.room--;
    const address = this.slots + ((this.lo - this.origin) & this.mask) * this.words;
    this.lo = (this.lo + 1) | 0;
    return address;
  }

  /**
   * Claims up to `wanted` slots that lie one after the other; none if the journal is full.
   *
   * @returns The same object for each call, so that nothing is allocated: it tells of the last run only.
   */
  claimRun(wanted: number): Readonly<Run> {
    this.recall();
    const { run } = this;
    run.count = 0;
    if (this.room === 0 && this.makeRoom() === 0) return run;
    const index = (this.lo - this.origin) & this.mask;
    const count = Math.min(wanted, this.room, this.journal.capacity - index);
    this.room -= count;
    this.lo = (this.lo + count) | 0;
    run.address = this.slots + index * this.words;
    run.count = count;
    return run;
  }

  /** Takes back the last claims, which must not have been published. */
  unclaim(count = 1): void {
    this.recall();
    this.room += count;
    this.lo = (this.lo - count) | 0;
  }

  /** Makes all claimed records visible, and wakes the readers that sleep. */
  publish(): void {
    this.recall();
    const count = (this.lo - this.publishedLo) | 0;
    if (count === 0) return;
    const before = this.published;
    this.published = before + count;
    this.publishedLo = this.lo;
    storeSequence(this.memory, this.publishedCell, this.published, before);
    this.wake();
  }

  /**
   * Ends the journal after all that was claimed.
   *
   * @param payload For an error, the text that says which.
   */
  end(kind: Exclude<EndKind, 0>, payload = ''): void {
    const { cell } = this.journal;
    const { cells, i32, u8 } = this.memory;
    const bytes = new TextEncoder().encode(payload).subarray(0, at.MAX_PAYLOAD_BYTES);
    u8.set(bytes, ((i32[cell + at.PAYLOAD] as number) >>> 0) * 8);
    i32[cell + at.PAYLOAD_BYTES] = bytes.length;
    this.publish();
    cells.store(i32, cell + at.END_KIND, kind);
    this.wake();
  }

  /** Counts a record that is dropped, for whoever asks on another thread. */
  countDropped(): void {
    const cell = this.journal.cell + at.DROPPED;
    const before = loadSequence(this.memory, cell);
    storeSequence(this.memory, cell, before + 1, before);
  }

  /** Tells readers whom to wake when they make room: the cell of a bell, or 0 for nobody. */
  setBell(bell: number): void {
    this.memory.cells.store(this.memory.i32, this.journal.cell + at.WRITER_BELL, bell);
  }

  /** Looks at the readers: who joined or left, and how far they are. Returns how many slots are free. */
  look(): number {
    this.recall();
    const { cells, i32 } = this.memory;
    const version = cells.load(i32, this.versionCell);
    if (version !== this.readersVersion) {
      this.readersVersion = version;
      this.meetReaders();
    }
    let used = 0;
    if (this.journal.retain === 'append') {
      used = this.next - this.journal.start;
    } else {
      for (let i = 0; i < this.gating.length; i++) {
        const position = this.gating[i] as number;
        const behind = (this.lo - cells.load(i32, position)) | 0;
        if (behind > used) used = behind;
      }
    }
    const free = this.journal.capacity - used;
    this.room = this.lapped === 0 ? free : Math.min(free, Math.max(0, this.claimed - this.next));
    return free;
  }

  /** Sees to it that slots may be claimed, if there are free ones. Returns how many. */
  private makeRoom(): number {
    const free = this.look();
    // As late as can be: what is announced counts as overwritten.
    if (this.room === 0 && free > 0) this.announce(free);
    return this.room;
  }

  /**
   * Rings the bells of all readers, after what they shall see has been stored. Who joins grows the version before it
   * looks for records: either it sees what was stored, or its version is seen here, and with it its bell.
   */
  private wake(): void {
    if (this.hasNewReaders) this.look();
    for (let i = 0; i < this.bells.length; i++) ring(this.memory, this.bells[i] as number);
  }

  /** Tells lapped readers which slots are about to be overwritten: a quarter of the ring at a time. */
  private announce(free: number): void {
    this.room = Math.min(free, Math.max(1, this.journal.capacity >>> 2));
    const claimed = this.next + this.room;
    if (claimed <= this.claimed) return;
    storeSequence(this.memory, this.journal.cell + at.CLAIMED, claimed, this.claimed);
    this.claimed = claimed;
    // Orders the claim before the plain stores into the slots.
    this.memory.cells.fence(this.memory.i32, this.journal.cell + at.CLAIMED + 3);
  }

  /** Reads all readers' lines anew and places those that join at the next record. */
  private meetReaders(): void {
    const { memory } = this;
    const { cells, i32 } = memory;
    this.gating = [];
    this.bells = [];
    this.lapped = 0;
    for (let slot = 0; slot < at.READERS; slot++) {
      const cell = readerCell(this.journal, slot);
      const found = cells.load(i32, cell + at.READER_STATE);
      if (found === ReaderState.JOINING || found === ReaderState.JOINING_LAPPED) {
        const joined = found === ReaderState.JOINING ? ReaderState.GATING : ReaderState.LAPPED;
        storeSequence(memory, cell + at.POSITION, this.next, -1);
        // Fails if the reader has left meanwhile.
        cells.compareExchange(i32, cell + at.READER_STATE, found, joined);
      } else if (found === ReaderState.LEFT) {
        // Fails if another has taken the line meanwhile, to be placed like the one before it.
        cells.compareExchange(i32, cell + at.READER_STATE, ReaderState.LEFT, ReaderState.FREE);
      }
      const state = cells.load(i32, cell + at.READER_STATE);
      if (state === ReaderState.GATING) this.gating.push(cell + at.POSITION);
      else if (state === ReaderState.LAPPED) this.lapped++;
      else continue;
      this.bells.push(i32[cell + at.READER_BELL] as number);
    }
  }
}
