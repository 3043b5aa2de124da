// A reader of a journal by hand: a cursor, and views of what lies around it.
import { fail, WouldDeadlockError } from '../../errors/index.js';
import type { Codec, View } from '../../schema/index.js';
import { EndKind, READER_OWN_BELL, READER_OWNER } from '../descriptor.js';
import { type Journal as Core, endKind, leaveReader, publishedSequence, readerCell } from '../journal.js';
import type { JournalReader as CoreReader } from '../reader.js';
import { block, untilReady } from './block.js';
import type { Copies } from './copies.js';
import { failureOf } from './failure.js';
import type { GatingReaderHere, UsersHere } from './here.js';
import { beginOf, type From, type Joined, join, oldestWhole } from './join.js';
import type { Journal } from './journal.js';
import { Losses } from './losses.js';
import type { Each, JournalReaderOptions, ReaderPlace } from './options.js';
import { RecordViews } from './record-views.js';
import type { JournalThread } from './thread.js';

/** Records that `readAll` reads before it lets the writer have their slots. */
const BATCH = 256;
/** Records that are copied at a time where the writer doesn't wait. */
const COPIES = 64;

/**
 * Reads a journal with a cursor of its own. Made with `journal.reader()`, on the thread that uses it; `close()` it when done.
 *
 * Records are seen through views, which are good until the next call of the method that gave them, and until the reader moves
 * on. `toJSON()` of a view is a plain object that may be kept.
 */
export class JournalReader<T> {
  /** What becomes of this reader when it is slower than the writer. */
  readonly overflow: 'block' | 'drop-oldest' | 'error';
  /** Records behind the current one that stay readable. */
  readonly keep: number;
  /** @internal The journal that it was made by. */
  readonly of: Journal<T>;
  private readonly journal: Core;
  private readonly views: RecordViews<T>;
  private readonly thread: JournalThread;
  private readonly here: UsersHere;
  private readonly from: From;
  private readonly core: CoreReader;
  private readonly copies: Copies<T> | undefined;
  private readonly self: GatingReaderHere;
  private readonly bell: number;
  /** The sequence of the record that is read next, once it is known. */
  private cursor = -1;
  /** Records before it are gone, or not this reader's. */
  private floor = 0;
  /** The sequence up to which records are known to be published. */
  private seen = 0;
  private hasCurrent = false;
  private isClosed = false;
  private readonly losses = new Losses();

  /** @internal */
  constructor(
    journal: Core,
    of: Journal<T>,
    codec: Codec<T>,
    thread: JournalThread,
    here: UsersHere,
    copies: (slot: number) => Copies<T>,
    options: JournalReaderOptions,
    joined?: Joined,
  ) {
    const { overflow = 'block', from = 'next', keep = 0 } = options;
    this.journal = journal;
    this.of = of;
    this.thread = thread;
    this.here = here;
    this.overflow = overflow;
    this.from = from;
    this.keep = keep;
    const isGating = overflow === 'block' || journal.retain === 'append';
    const { reader, begin } = joined ?? join(journal, thread, here, isGating, from);
    this.core = reader;
    this.copies = isGating ? undefined : copies(reader.slot);
    this.views = new RecordViews(journal, codec, this.copies);
    this.bell = thread.bell || readerCell(journal, reader.slot) + READER_OWN_BELL;
    if (begin !== undefined) this.begin(begin);
    const { core } = this;
    this.self = {
      get holds() {
        return core.hasJoined() ? core.position : -1;
      },
    };
    if (isGating && journal.retain === 'ring') here.gating.add(this.self);
    let marked = -1;
    const state = () => publishedSequence(journal) * 2 + (endKind(journal) === EndKind.OPEN ? 0 : 1);
    thread.opened?.({
      mark: () => {
        marked = state();
      },
      hasNews: () => !this.isClosed && state() !== marked,
      abandon: () => this.close(),
    });
  }

  /** The sequence of the current record, or -1 if there is none. */
  get index(): number {
    return this.hasCurrent ? this.cursor - 1 : -1;
  }

  /** How many records are there to read. */
  get size(): number {
    if (this.isClosed || !this.hasBegun()) return 0;
    return Math.max(0, publishedSequence(this.journal) - this.cursor);
  }

  /** Whether it was closed, or the journal has ended and everything has been read. */
  get isDone(): boolean {
    return this.isClosed || (endKind(this.journal) !== EndKind.OPEN && this.size === 0);
  }

  /** Records that were overwritten before this reader came to them, altogether. */
  get lost(): number {
    return this.losses.total;
  }

  /** Records that were overwritten between the record before and the current one: by how much the reader was lapped. */
  get gap(): number {
    return this.hasCurrent ? this.losses.before : 0;
  }

  /**
   * Moves on to the next record, which then is the {@link current} one. The slot of the one before is the writer's again,
   * unless {@link keep} says otherwise.
   *
   * @returns Whether there was one. Where not, there is no current record any more.
   * @throws {RangeError} JOURNAL_LAPPED, with `overflow: 'error'`, if records were overwritten before they were read; called
   *   again it goes on with the oldest there is.
   * @throws {Error} JOURNAL_FAILED, once everything has been read, if the journal was ended with an error.
   */
  next(): boolean {
    while (this.look()) {
      if (this.copies !== undefined && this.settle(1) === 0) continue;
      if (!this.views.showCurrent(this.cursor)) continue;
      this.losses.settle();
      this.cursor++;
      this.hasCurrent = true;
      this.letGo();
      return true;
    }
    return false;
  }

  /** The current record, good until {@link next} is called again; undefined if there is none. */
  get current(): View<T> | undefined {
    return this.hasCurrent ? this.views.current : undefined;
  }

  /**
   * The record of a sequence, good until `at` or `last` are called again.
   *
   * @param sequence Counted from the journal's `start`.
   * @returns Undefined if it is not published yet, or can't be read any more. Where every record is kept, all are there. In a
   *   ring, a reader that holds the writer back has what it holds: the current record, `keep` records behind it, and
   *   everything after it; one that doesn't has what is not overwritten.
   */
  at(sequence: number): View<T> | undefined {
    return this.isReadable(sequence, 1) ? this.views.at(sequence) : undefined;
  }

  /** The record that was published last, as {@link at} gives it. */
  get last(): View<T> | undefined {
    return this.at(publishedSequence(this.journal) - 1);
  }

  /**
   * Records that follow each other, good until `window` is called again.
   *
   * @param sequence The first of them.
   * @param count How many, at least 1.
   * @returns Views, oldest first; undefined unless all of them can be read (see {@link at}).
   */
  window(sequence: number, count: number): readonly View<T>[] | undefined {
    return this.isReadable(sequence, count) ? this.views.window(sequence, count) : undefined;
  }

  /**
   * Reads all records that are there, in one call.
   *
   * @param each Called with a view of each record, good during the call, and its sequence. If it throws, its record counts as
   *   read.
   * @param most Most records; all that there are when it is called unless told.
   * @returns How many were read. There is no current record afterwards.
   * @throws As {@link next}, and what `each` throws.
   */
  readAll(each: Each<T>, most = Number.POSITIVE_INFINITY): number {
    let read = 0;
    this.here.writer?.flush();
    if (!this.isClosed) this.hasMore();
    while (read < most && this.look()) {
      const wanted = Math.min(most - read, this.seen - this.cursor);
      read += this.copies === undefined ? this.readPlaces(each, wanted) : this.readCopies(each, wanted);
      if (this.isClosed || this.cursor >= this.seen) break;
    }
    return read;
  }

  /**
   * Blocks the thread until there is something to read.
   *
   * @param timeoutMs How long at most, in ms.
   * @returns Whether there is; false also once there never will be (see {@link isDone}).
   * @throws {WouldDeadlockError} If this very thread writes the journal, or may not block.
   */
  wait(timeoutMs = Number.POSITIVE_INFINITY): boolean {
    this.here.writer?.flush();
    if (!this.hasNews() && this.here.writer !== undefined) {
      const why = 'this very thread writes it';
      throw new WouldDeadlockError(fail('WOULD_DEADLOCK', { source: this.journal.name, why }).message);
    }
    this.release();
    const { memory, name } = this.journal;
    block(memory, this.thread, this.bell, () => this.hasNews(), timeoutMs, name);
    return this.size > 0;
  }

  /** Resolves once there is something to read, or never will be; whether there is. Holds the process meanwhile. */
  async ready(): Promise<boolean> {
    this.here.writer?.flush();
    this.release();
    await untilReady(this.journal.memory, this.bell, () => this.hasNews());
    return this.size > 0;
  }

  /** No longer holds the writer back; its views expire. */
  close(): void {
    if (this.isClosed) return;
    this.release();
    this.isClosed = true;
    this.views.expire();
    this.here.gating.delete(this.self);
    leaveReader(this.journal, this.core.slot);
  }

  /** @internal Lets go of it here for a thread that goes on with it: at its place, and holding what it holds. */
  detach(owner: number): ReaderPlace {
    if (this.isClosed) throw fail('JOURNAL_CLOSED', { journal: this.journal.name });
    this.release();
    this.isClosed = true;
    this.views.expire();
    this.here.gating.delete(this.self);
    const { memory } = this.journal;
    const { slot } = this.core;
    // Taken back from its owner should that die before it goes on.
    memory.i32[readerCell(this.journal, slot) + READER_OWNER] = owner;
    const { overflow, keep } = this;
    const options = { overflow, keep, from: this.cursor < 0 ? this.from : this.cursor };
    return { slot, options, ...(this.cursor < 0 ? {} : { begin: this.cursor }) };
  }

  /** As {@link close}, for `using`. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** All records to the end, as plain objects; leaving the loop closes the reader. */
  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    try {
      while (!this.isClosed) {
        while (this.next()) yield (this.current as View<T>).toJSON();
        if (this.isDone) return;
        await this.ready();
      }
    } finally {
      this.close();
    }
  }

  /** Whether there is a record at the cursor; where not, the current one is let go of. */
  private look(): boolean {
    if (this.isClosed) return false;
    if (this.hasBegun() && this.cursor < this.seen) return true;
    if (!this.hasMore()) this.here.writer?.flush();
    // Loaded before the records: if it shows, all of them are visible.
    const end = endKind(this.journal);
    if (this.hasMore()) return true;
    this.release();
    if (end === EndKind.ERROR) throw failureOf(this.journal);
    return false;
  }

  private hasMore(): boolean {
    if (!this.hasBegun()) return false;
    this.seen = publishedSequence(this.journal);
    return this.cursor < this.seen;
  }

  private hasNews(): boolean {
    return this.isClosed || endKind(this.journal) !== EndKind.OPEN || this.hasMore();
  }

  /** Whether it has a place; the writer may have given it one. */
  private hasBegun(): boolean {
    if (this.cursor >= 0) return true;
    if (!this.core.hasJoined()) return false;
    const { position } = this.core;
    // What is overwritten from there on is announced, so what lies before and is whole may be read.
    this.begin(this.copies === undefined ? position : beginOf(this.journal, this.from, position));
    return true;
  }

  private begin(at: number): void {
    this.floor = this.copies === undefined ? at : oldestWhole(this.journal, this.core.position);
    const { from } = this;
    if (from !== 'next') this.losses.total += at - (from === 'start' ? this.journal.start : from);
    this.cursor = at;
    this.seen = at;
  }

  /** The slots of what was read are the writer's again. */
  private letGo(): void {
    const { core } = this;
    const held = this.cursor - this.keep - (this.hasCurrent ? 1 : 0);
    if (held > core.position) core.advance(held - core.position);
  }

  private release(): void {
    if (!this.hasCurrent) {
      if (this.cursor >= 0) this.letGo();
      return;
    }
    this.hasCurrent = false;
    this.views.expireCurrent();
    this.letGo();
  }

  private isReadable(sequence: number, count: number): boolean {
    if (this.isClosed || !this.hasBegun()) return false;
    if (!Number.isSafeInteger(sequence) || !Number.isSafeInteger(count) || count < 1) return false;
    const { journal, copies } = this;
    let oldest: number;
    if (journal.retain === 'append') oldest = journal.start;
    else if (copies === undefined) oldest = this.core.position;
    else oldest = Math.max(this.floor, copies.oldest());
    return sequence >= oldest && sequence + count <= publishedSequence(journal);
  }

  private readPlaces(each: Each<T>, wanted: number): number {
    const first = this.cursor;
    const end = first + wanted;
    this.release();
    const view = this.views.batchView();
    try {
      while (this.cursor < end && !this.isClosed) {
        view.$p = this.views.batchAddress(this.cursor++, 0);
        each(view, this.cursor - 1);
        if ((this.cursor - first) % BATCH === 0) this.letGo();
      }
    } finally {
      view.$p = -1;
      if (!this.isClosed) this.letGo();
    }
    return this.cursor - first;
  }

  private readCopies(each: Each<T>, wanted: number): number {
    this.release();
    const count = this.settle(Math.min(COPIES, wanted));
    if (count === 0 || !this.views.copyBatch(this.cursor, count)) return 0;
    const first = this.cursor;
    const view = this.views.batchView();
    this.losses.settle();
    try {
      for (let i = 0; i < count && !this.isClosed; i++) {
        view.$p = this.views.batchAddress(this.cursor, i);
        each(view, this.cursor++);
      }
    } finally {
      view.$p = -1;
      if (!this.isClosed) this.letGo();
    }
    return this.cursor - first;
  }

  /**
   * Moves the cursor on to the oldest record that is whole, if it was lapped.
   *
   * @returns How many records are there from it on, up to `count`; 0 if all that was known of is overwritten.
   */
  private settle(count: number): number {
    const oldest = Math.min(publishedSequence(this.journal), this.copies?.oldest() ?? 0);
    if (oldest > this.cursor) {
      this.losses.add(oldest - this.cursor);
      this.cursor = oldest;
      this.seen = Math.max(this.seen, oldest);
    }
    const lost = this.losses.pending;
    if (lost > 0 && this.overflow === 'error') {
      this.losses.settle();
      throw fail('JOURNAL_LAPPED', { journal: this.journal.name, lost }, { lost });
    }
    return Math.min(count, this.seen - this.cursor);
  }
}
