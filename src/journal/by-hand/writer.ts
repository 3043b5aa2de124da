// The writer of a journal by hand: takes records, publishes them in batches, waits for room.
import { fail, WouldDeadlockError } from '../../errors/index.js';
import type { Codec, Columns, WriterView } from '../../schema/index.js';
import { sharedNow } from '../clock.js';
import { EndKind, WRITER_OWN_BELL } from '../descriptor.js';
import { type Journal as Core, endKind } from '../journal.js';
import { Stamps, type StampsPlan } from '../stamps.js';
import { JournalWriter as CoreWriter } from '../writer.js';
import { block, untilReady } from './block.js';
import { encodeError } from './failure.js';
import type { UsersHere, WriterHere } from './here.js';
import { leaveWriting, takeWriting } from './owner.js';
import type { JournalThread } from './thread.js';

/** Records that are taken before they are published, where no reader sleeps. */
const MOST_PENDING = 256;
/** Most records of columns that are published together. */
const MAX_RUN = 1_024;

/** What is special about the writer of a source's journal. */
export interface WriterTerms {
  /** What becomes of a record for which there is no room. */
  readonly overflow: 'block' | 'error' | 'drop-newest';
  /** Which records are marked with the time at which they were handed in. */
  readonly stamps?: StampsPlan;
  /** An error that ends the journal, as text. */
  readonly encodeError: (error: unknown) => string;
}

const BY_HAND: WriterTerms = { overflow: 'block', encodeError };

/**
 * Writes a journal. There is one at a time, on one thread; once it is closed another may go on, there or elsewhere. Made
 * with `journal.writer()`.
 *
 * What it takes becomes visible in batches: at once while a reader sleeps, at the latest after 256 records, on the microtask
 * after the caller's synchronous work (in a loop of `engine.worker`, between two turns), or with {@link flush}. A thread
 * that never returns to its event loop flushes by itself.
 */
export class JournalWriter<T> {
  private readonly journal: Core;
  private readonly codec: Codec<T>;
  private readonly thread: JournalThread;
  private readonly here: UsersHere;
  private readonly terms: WriterTerms;
  private readonly core: CoreWriter;
  private readonly stamps: Stamps | undefined;
  private readonly self: WriterHere;
  private readonly bell: number;
  private readonly batch: number;
  private open: WriterView<T> | undefined;
  private isScheduled = false;
  /** Whether there was no room for something since the loop of its thread last went round. */
  private wasRefused = false;
  private isClosed = false;

  /** @internal */
  constructor(
    journal: Core,
    codec: Codec<T>,
    thread: JournalThread,
    here: UsersHere,
    terms: WriterTerms = BY_HAND,
  ) {
    if (!takeWriting(journal, thread.number)) throw fail('JOURNAL_HAS_WRITER', { journal: journal.name });
    if (endKind(journal) !== EndKind.OPEN) {
      leaveWriting(journal);
      throw fail('JOURNAL_ENDED', { journal: journal.name });
    }
    this.journal = journal;
    this.codec = codec;
    this.thread = thread;
    this.here = here;
    this.terms = terms;
    this.core = new CoreWriter(journal);
    this.stamps = terms.stamps && new Stamps(journal.memory, terms.stamps, this.core);
    this.bell = thread.bell || journal.cell + WRITER_OWN_BELL;
    this.batch = Math.max(1, Math.min(MOST_PENDING, journal.capacity >>> 1));
    // Who joined while nobody wrote is placed.
    this.core.look();
    const { core } = this;
    this.self = {
      flush: () => this.flush(),
      meetReaders: () => {
        core.look();
      },
      get next() {
        return core.next;
      },
      end: () => this.end(),
    };
    here.writer = this.self;
    thread.opened?.({
      flush: () => this.flushIfOpen(),
      mark: () => {
        this.wasRefused = false;
        // Who joined while nothing was written is placed before the next record.
        if (!this.isClosed && this.open === undefined) core.look();
      },
      hasNews: () => !this.isClosed && ((this.wasRefused && core.look() > 0) || this.hasNewReaders()),
      listen: (isListening) => {
        if (this.wasRefused && !this.isClosed) core.setBell(isListening ? this.bell : 0);
      },
      abandon: (error) => (error === undefined ? this.close() : this.fail(error)),
    });
  }

  /** The sequence that the next record will have. */
  get next(): number {
    return this.core.next - (this.open === undefined ? 0 : 1);
  }

  /** Whether every slot is taken: by records that gating readers hold, or for good where every record is kept. */
  get isFull(): boolean {
    return !this.isClosed && this.open === undefined && this.core.isFull;
  }

  /**
   * Takes a record; if the journal is full it blocks the thread until there is room. The writer of a source does what that
   * source's `overflow` says.
   *
   * @throws {TypeError | RangeError} For a record that doesn't fit its struct, as `source.next()` does; nothing is written.
   * @throws {RangeError} JOURNAL_FULL if every record is kept and the capacity is reached; SOURCE_FULL for a source whose
   *   `overflow` is `error`.
   * @throws {WouldDeadlockError} If a reader of this very thread is in the way, or the thread may not block.
   * @throws {Error} JOURNAL_ENDED after the end, or once this writer is closed; JOURNAL_CLAIM while a claimed record is not
   *   published.
   */
  write(record: T): void {
    this.stamps?.arrive();
    while (!this.take(record)) if (!this.makeRoom()) return;
  }

  /**
   * Takes many records, and makes them visible, where there is no room as {@link write} does.
   *
   * @param records An iterable of them; or columns: for each field an array or typed array with a value for each record, for
   *   a nested struct such columns again. Columns are checked as a whole before any record of them is taken.
   * @throws As {@link write}; COLUMN_MISSING, COLUMN_LENGTH for columns that don't fit together.
   *
   * @example
   * ```ts
   * import { createEngine, f64, struct, u32 } from 'roda-rx';
   *
   * const engine = createEngine();
   * const prices = engine.journal(struct({ id: u32, price: f64 }));
   * const writer = prices.writer();
   * writer.writeMany({ id: new Uint32Array([1, 2]), price: [101, 102] });
   * writer.writeMany([{ id: 3, price: 103 }]);
   * if (prices.size !== 3) throw new Error(`${prices.size} were written`);
   * await engine.close();
   * ```
   */
  writeMany(records: Iterable<T> | Columns<T>): void {
    if (Symbol.iterator in records) {
      for (const record of records as Iterable<T>) this.write(record);
      this.flush();
      return;
    }
    const { core, stamps } = this;
    const at = stamps === undefined ? 0 : sharedNow();
    this.checkFree();
    const batch = this.codec.columns(records as Columns<T>);
    for (let done = 0; done < batch.length; ) {
      const { address, count } = core.claimRun(Math.min(batch.length - done, MAX_RUN));
      batch.write(address, done, count);
      done += count;
      stamps?.taken(at);
      core.publish();
      if (count > 0) continue;
      this.wasRefused = true;
      if (!this.makeRoom()) done++;
    }
  }

  /**
   * Takes a record if there is room; whether it did.
   *
   * @throws As {@link write}, for a record that doesn't fit and after the end.
   */
  tryWrite(record: T): boolean {
    this.stamps?.arrive();
    return this.take(record);
  }

  /**
   * The next record, zeroed, to be written in place and unchecked: numbers wrap as in typed arrays, and 64-bit fields may
   * also be written as halves (`tsLo`, `tsHi`). It is valid until {@link publish}; called again before, it is the same.
   *
   * @returns Undefined if there is no room.
   * @throws {Error} JOURNAL_ENDED after the end, or once this writer is closed.
   *
   * @example
   * ```ts
   * import { createEngine, f64, struct, u53 } from 'roda-rx';
   *
   * const engine = createEngine();
   * const ticks = engine.journal(struct({ at: u53, price: f64 }));
   * const writer = ticks.writer();
   * const tick = writer.claim();
   * if (tick !== undefined) {
   *   tick.at = Date.now();
   *   tick.price = 101.5;
   *   writer.publish();
   * }
   * if (ticks.size !== 1) throw new Error('the record was not published');
   * await engine.close();
   * ```
   */
  claim(): WriterView<T> | undefined {
    if (this.open !== undefined) return this.open;
    const slot = this.slot();
    if (slot === 0) return undefined;
    this.codec.zero(slot);
    this.open = new this.codec.WriterView(slot);
    return this.open;
  }

  /** Takes the record that was claimed, if there is one, and makes everything taken visible. */
  publish(): void {
    if (this.open !== undefined) {
      this.open.$p = -1;
      this.open = undefined;
      this.stamps?.taken(-1);
    }
    this.core.publish();
  }

  /** Makes everything taken visible to readers, without a record that is being written in place. */
  flush(): void {
    const { core, open } = this;
    if (open === undefined) {
      core.publish();
      return;
    }
    // The last claim: it gets the same slot again.
    core.unclaim();
    core.publish();
    core.claim();
  }

  /**
   * Blocks the thread until there is room for a record.
   *
   * @param timeoutMs How long at most, in ms.
   * @returns Whether there is.
   * @throws As {@link write}, where there never will be.
   */
  wait(timeoutMs = Number.POSITIVE_INFINITY): boolean {
    this.check();
    return !this.isFull || this.waitForRoom(timeoutMs);
  }

  /**
   * Resolves once there is room for a record, without blocking.
   *
   * @throws {RangeError} JOURNAL_FULL if every record is kept and the capacity is reached.
   */
  async ready(): Promise<void> {
    this.check();
    if (!this.isFull) return;
    this.refuseForGood();
    this.flush();
    const { core, journal, bell } = this;
    core.setBell(bell);
    try {
      await untilReady(journal.memory, bell, () => this.isClosed || core.look() > 0);
    } finally {
      if (!this.isClosed) core.setBell(0);
    }
  }

  /** Ends the journal behind everything taken: readers are done once they have read that. Ends this writer too. */
  end(): void {
    this.finish(() => this.core.end(EndKind.COMPLETE));
  }

  /** As {@link end}, with an error that readers get once they have read everything taken. */
  fail(error: unknown): void {
    this.finish(() => this.core.end(EndKind.ERROR, this.terms.encodeError(error)));
  }

  /** Publishes what was taken and lets another write on; a record that was claimed is dropped. The journal stays open. */
  close(): void {
    this.finish(() => this.core.publish());
  }

  /** As {@link close}, for `using`. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** Whether readers came or left that the loop sees when it goes round. */
  private hasNewReaders(): boolean {
    return this.open === undefined && this.core.hasNewReaders;
  }

  private flushIfOpen(): void {
    if (!this.isClosed) this.flush();
  }

  private finish(act: () => void): void {
    if (this.isClosed) return;
    if (this.open !== undefined) {
      this.open.$p = -1;
      this.open = undefined;
      this.core.unclaim();
    }
    act();
    // Who has come meanwhile is placed before another writes.
    this.core.look();
    this.core.setBell(0);
    this.isClosed = true;
    if (this.here.writer === this.self) this.here.writer = undefined;
    leaveWriting(this.journal);
  }

  private slot(): number {
    this.checkFree();
    const slot = this.core.claim();
    if (slot === 0) {
      this.wasRefused = true;
      this.core.publish();
    }
    return slot;
  }

  private check(): void {
    if (this.isClosed) throw fail('JOURNAL_ENDED', { journal: this.journal.name });
  }

  private checkFree(): void {
    this.check();
    if (this.open !== undefined) throw fail('JOURNAL_CLAIM', { journal: this.journal.name });
  }

  private take(record: T): boolean {
    const slot = this.slot();
    if (slot === 0) return false;
    try {
      this.codec.encode(slot, record);
    } catch (error) {
      this.core.unclaim();
      throw error;
    }
    this.taken();
    return true;
  }

  private taken(): void {
    const { core } = this;
    this.stamps?.taken();
    if (core.pending >= this.batch || core.isAwaited) core.publish();
    else if (!this.isScheduled) {
      this.isScheduled = true;
      queueMicrotask(() => {
        this.isScheduled = false;
        this.flushIfOpen();
      });
    }
  }

  private refuseForGood(): void {
    const { name, retain, capacity } = this.journal;
    if (retain === 'append') throw fail('JOURNAL_FULL', { journal: name, capacity });
  }

  /** Where there is no room: waits for some, or does what the policy says. False if the record is dropped. */
  private makeRoom(): boolean {
    const { terms, core, journal } = this;
    if (terms.overflow === 'block') return this.waitForRoom();
    this.refuseForGood();
    const { name, capacity } = journal;
    if (terms.overflow === 'error') throw fail('SOURCE_FULL', { source: name, capacity, canWait: true });
    core.countDropped();
    return false;
  }

  private waitForRoom(timeoutMs = Number.POSITIVE_INFINITY): boolean {
    this.refuseForGood();
    const { core, journal, thread, bell } = this;
    core.publish();
    const oldest = core.next - journal.capacity;
    for (const { holds } of this.here.gating) {
      if (holds < 0 || holds > oldest) continue;
      const why = 'a reader of the same thread has to go on first';
      throw new WouldDeadlockError(fail('WOULD_DEADLOCK', { source: journal.name, why }).message);
    }
    core.setBell(bell);
    try {
      return block(journal.memory, thread, bell, () => core.look() > 0, timeoutMs, journal.name);
    } finally {
      core.setBell(0);
    }
  }
}
