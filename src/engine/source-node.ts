// A source: takes records in from this thread, checks and encodes them into its journal, publishes adaptively.
import { fail } from '../errors/index.js';
import type { WriterTerms } from '../journal/by-hand/index.js';
import {
  createJournal,
  droppedRecords,
  EndKind,
  JournalWriter,
  publishedSequence,
  Stamps,
  sharedNow,
} from '../journal/index.js';
import { describeThrown, encodeFailure, type Thrown } from '../runtime/failure.js';
import { platform } from '../runtime/platform/index.js';
import type { Codec, Columns, Struct } from '../schema/index.js';
import { refuseWithinDelivery, waitForRoom } from './back-pressure.js';
import type { LoopWorker } from './custom-worker.js';
import type { Engine } from './engine.js';
import { innermostDelivery } from './engines.js';
import { Feed } from './feed.js';
import { Graph } from './graph.js';
import { type OpenRecord, OpenRecords } from './open-records.js';
import type { Overflow, SourceOptions } from './options.js';
import { Outlet } from './outlet.js';

/** Most records that are encoded before they are published to other threads, or given to the stages of this one. */
const MAX_BATCH = 256;
const MAX_INLINE_BATCH = 1_024;
/** Most records of columns that are published together. */
const MAX_RUN = 1_024;

export class SourceNode<T> {
  readonly name: string;
  readonly graph: Graph;
  readonly engine: Engine;
  readonly outlet: Outlet<T>;
  private readonly onInvalid: 'error' | 'skip';
  private readonly codec: Codec<T>;
  private readonly writer: JournalWriter;
  private readonly overflow: Overflow;
  private readonly runsInline: boolean;
  private ended = false;
  /** Set once a worker writes the journal: from then on this thread leaves it alone. */
  feed: Feed | undefined;
  /** Calls on the stack that wait for room. */
  waits = 0;
  /** Whether the graph has been taken down. */
  private stopped = false;
  /** Records that are being written in place. */
  private readonly opened: OpenRecords<T>;
  /** Marks some records with the time at which they were handed in. */
  private stamps: Stamps | undefined;
  /** Of how many records one is marked, if any is. */
  readonly stampEvery: number | undefined;
  /** Whether the source has ended or was given away, or a record is being written in place: looked at before another is taken. */
  private halted = false;
  private scheduled = false;
  private waiting: Array<() => void> = [];
  /** Records that are encoded before they are published to readers that are busy: one at first, more and more within a burst. */
  private batch: number;
  private readonly maxBatch: number;
  private counts = { dropped: 0, ignored: 0, invalid: 0 };

  constructor(engine: Engine, struct: Struct<T>, options: SourceOptions) {
    this.engine = engine;
    engine.codec(struct);
    const id = engine.nextId();
    this.name = options.name ?? `source${id}`;
    this.graph = new Graph(engine, id);
    this.overflow = options.overflow ?? 'block';
    this.onInvalid = options.onInvalid ?? 'error';
    const journal = createJournal(engine.arena, {
      name: this.name,
      recordWords: struct.layout.words,
      ...(options.capacity === undefined ? {} : { capacity: options.capacity }),
      ...(options.retain === undefined ? {} : { retain: options.retain }),
    });
    this.writer = new JournalWriter(journal);
    this.stampEvery = options.stampEvery;
    this.graph.source = this as unknown as SourceNode<unknown>;
    const marks = this.graph.marksOf(journal);
    if (marks !== undefined) {
      const plan = { shape: marks, every: this.stampEvery as number, due: this.writer.next };
      this.stamps = new Stamps(engine.memory, plan, this.writer);
    }
    this.outlet = new Outlet(this.graph, this.name, struct, journal, marks, () => this.meetReaders());
    this.graph.outlets.push(this.outlet as unknown as Outlet<unknown>);
    this.codec = this.outlet.codec;
    this.opened = new OpenRecords(engine.arena, this.writer, this.codec);
    this.runsInline = engine.placement === 'inline';
    // A reader in a worker can begin with one half of a ring while the other is filled.
    this.maxBatch = this.runsInline ? MAX_INLINE_BATCH : Math.min(MAX_BATCH, Math.ceil(journal.capacity / 2));
    this.batch = this.runsInline ? this.maxBatch : 1;
    engine.graphs.add(this.graph);
  }

  /** Records dropped for want of room, given after the end, and refused as invalid. */
  get counters(): Readonly<{ dropped: number; ignored: number; invalid: number }> {
    if (this.feed === undefined) return this.counts;
    return { ...this.counts, dropped: this.counts.dropped + droppedRecords(this.outlet.journal) };
  }

  /** Records taken. */
  get taken(): number {
    if (this.feed !== undefined) return publishedSequence(this.outlet.journal) - this.outlet.journal.start;
    return this.writer.next - this.outlet.journal.start - (this.opened.isOpen ? 1 : 0);
  }

  /**
   * A function that takes records as {@link next} does, but runs through slots that were lent to it.
   *
   * @param slow What takes a record in any case.
   */
  entry(slow: (value: T) => void): (value: T) => void {
    const filled = () => this.encoded();
    const steps = { slow, filled, awaited: !this.runsInline };
    return this.codec.ingest(this.writer.lease, steps) as (value: T) => void;
  }

  next(value: T): void {
    if (this.halted && !this.isTaking()) return;
    if (!this.graph.isSealed) this.graph.seal();
    this.stamps?.arrive();
    const slot = this.writer.claim() || this.claimWaiting();
    if (slot !== 0) this.fill(slot, value);
  }

  /** Takes a record if there is room; whether it did, or has ended. */
  tryNext(value: T): boolean {
    if (this.halted && !this.isTaking()) return true;
    if (!this.graph.isSealed) this.graph.seal();
    this.stamps?.arrive();
    const slot = this.writer.claim();
    if (slot === 0) {
      this.publish();
      return false;
    }
    this.fill(slot, value);
    return true;
  }

  /** Resolves once there is room, or the source has ended; rejects if there will never be any. */
  async ready(): Promise<void> {
    while (!this.ended && !this.refusesHere() && this.writer.isFull) {
      if (this.keepsAll) throw this.full();
      this.publish();
      await new Promise<void>((resolve) => {
        this.waiting.push(resolve);
        this.engine.pump.watch(this);
      });
    }
  }

  /** Takes a record once there is room. Whether it did: not after the end, nor if the end comes meanwhile. */
  offer(value: T): boolean | Promise<boolean> {
    if (this.halted && !this.isTaking()) return false;
    return this.tryNext(value) || this.ready().then(() => this.offer(value));
  }

  /** Publishes what was taken and resolves on the next turn of the event loop. */
  breathe(): Promise<void> {
    this.publish();
    return new Promise((resolve) => platform().nextTurn(resolve));
  }

  /** Takes columns: one array for each field, all of the same length. All of them are checked before any is taken. */
  nextColumns(columns: Columns<T>): void {
    const at = this.stamps === undefined ? 0 : sharedNow();
    const batch = this.codec.columns(columns);
    if (!this.graph.isSealed) this.graph.seal();
    for (let done = 0; done < batch.length; ) {
      if (this.halted && !this.isTaking()) {
        this.counts.ignored += batch.length - done - 1;
        return;
      }
      const run = this.writer.claimRun(Math.min(batch.length - done, MAX_RUN));
      if (run.count > 0) {
        batch.write(run.address, done, run.count);
        done += run.count;
        this.stamps?.taken(at);
        this.publish();
        this.settle();
      } else {
        const slot = this.claimWaiting();
        if (slot !== 0) batch.write(slot, done, 1);
        this.stamps?.taken(at);
        done++;
      }
    }
    this.flush();
  }

  /** Whether it takes nothing more. */
  get hasEnded(): boolean {
    return this.ended;
  }

  /**
   * Takes records that lie in some bytes as they do in memory, as many as there is room for at once.
   *
   * @param first Index of the first of them.
   * @returns How many.
   */
  takeBytes(bytes: Uint8Array, first: number, count: number): number {
    if (this.halted && !this.isTaking()) return count;
    if (!this.graph.isSealed) this.graph.seal();
    const { address, count: claimed } = this.writer.claimRun(Math.min(count, MAX_RUN));
    if (claimed > 0) {
      const recordBytes = 8 * this.outlet.journal.recordWords;
      const start = first * recordBytes;
      this.engine.memory.u8.set(bytes.subarray(start, start + claimed * recordBytes), address * 8);
    }
    this.stamps?.taken(-1);
    // Also without any: whoever makes room has to see what lies before it.
    this.publish();
    this.settle();
    return claimed;
  }

  /** The next record, zeroed, to be written in place and taken with {@link take}; undefined if it would be dropped. */
  open(): OpenRecord<T> | undefined {
    if (this.halted && !this.isTaking()) return undefined;
    if (!this.graph.isSealed) this.graph.seal();
    const slot = this.writer.claim() || this.claimWaiting();
    if (slot === 0) return undefined;
    this.halted = true;
    return this.opened.open(slot);
  }

  /** Takes a record that was written in place. */
  take(record: OpenRecord<T>): void {
    const { opened } = this;
    let isTaken = opened.isInPlace(record);
    if (isTaken) {
      opened.close(record, 0);
      this.stamps?.forget();
      this.halted = false;
    } else {
      this.stamps?.arrive();
      const slot = this.halted && !this.isTaking() ? 0 : this.writer.claim() || this.claimWaiting();
      opened.close(record, slot);
      isTaken = slot !== 0;
    }
    if (isTaken) this.encoded();
  }

  /**
   * Hands the writing to a worker, for good, behind all that was taken. It seals the graph: records may come from now on.
   *
   * @returns What becomes there of records without room, and which of them are stamped.
   */
  give(worker: LoopWorker): Omit<WriterTerms, 'encodeError'> {
    this.graph.seal();
    this.flush();
    this.opened.clear();
    const stamps = this.stamps?.rest;
    this.stamps = undefined;
    this.writer.setBell(0);
    this.halted = true;
    this.feed = new Feed(this as unknown as SourceNode<unknown>, worker);
    this.resume();
    this.engine.activate(this.graph);
    return stamps === undefined ? { overflow: this.overflow } : { overflow: this.overflow, stamps };
  }

  /**
   * The worker that writes it has ended, which ends the source, if that has not been done.
   *
   * @param thrown What it ended of, if it did not come to its end.
   */
  feedEnded(thrown: Thrown | undefined): void {
    if (this.feed === undefined) return;
    this.ended = true;
    this.feed.end(thrown);
  }

  /** Makes everything taken so far visible, and runs inline stages until nothing is left. */
  flush(): void {
    if (this.feed !== undefined) return;
    this.publish();
    if (!this.runsInline) this.batch = 1;
    this.settle();
  }

  complete(): void {
    this.endWith(EndKind.COMPLETE, '');
  }

  error(error: unknown): void {
    if (this.ended) return;
    this.graph.sourceError = error;
    const failure = { cause: 'source' as const, stage: this.name, ...describeThrown(error) };
    this.endWith(EndKind.ERROR, encodeFailure(failure));
  }

  /** Takes nothing more, without an end in the journal: the graph is taken down. */
  stop(): void {
    this.feed?.stop();
    this.stopped = true;
    this.ended = true;
    this.halted = true;
    this.writer.recall();
    this.opened.clear();
    this.resume();
  }

  /** Whether what a record threw that came in says no more than that it doesn't fit, and is to be dropped. */
  skips(error: unknown): boolean {
    return this.onInvalid === 'skip' && isInvalid(error);
  }

  meetReaders(): void {
    if (this.feed !== undefined) this.feed.meetReaders();
    else this.writer.look();
  }

  /** Resumes whoever waits in `ready()`, if there is room. Returns whether somebody still waits. */
  poll(): boolean {
    if (this.waiting.length > 0 && (this.ended || !this.writer.isFull)) this.resume();
    return this.waiting.length > 0;
  }

  private resume(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }

  private fill(slot: number, value: T): void {
    try {
      this.codec.encode(slot, value);
    } catch (error) {
      this.writer.unclaim();
      if (isInvalid(error)) this.counts.invalid++;
      throw error;
    }
    this.encoded();
  }

  /** One more record lies in its slot: publish, or see to it that somebody will. */
  private encoded(): void {
    const { writer } = this;
    this.stamps?.taken();
    if (writer.pending >= this.batch) {
      this.publish();
      if (this.runsInline) this.settle();
      else this.batch = Math.min(2 * this.batch, this.maxBatch);
    } else if (writer.isAwaited) {
      this.publish();
      this.batch = 1;
    } else if (!this.scheduled) {
      // A record that came alone has been published, and costs no microtask.
      this.scheduled = true;
      this.engine.activate(this.graph);
      queueMicrotask(this.afterBurst);
    }
    // Within a burst, what comes up to the next publication needs no more looks than at its fields.
    if (this.scheduled && !this.halted) {
      const wanted = this.batch - this.writer.pending;
      this.writer.lend(this.stamps === undefined ? wanted : Math.min(wanted, this.stamps.until));
    }
  }

  /** The thread's event loop has had a turn: the next record is again one that may come alone. */
  endBurst(): void {
    if (this.runsInline || this.halted || this.writer.pending > 0) return;
    this.batch = 1;
    if (this.graph.isSealed) this.writer.lend(1);
  }

  private readonly afterBurst = (): void => {
    this.scheduled = false;
    if (!this.stopped) this.flush();
  };

  private publish(): void {
    // Its memory may be somebody else's by now.
    if (this.stopped) return;
    innermostDelivery()?.feeds(this.graph);
    if (this.halted) this.setAside();
    this.writer.publish();
    this.engine.activate(this.graph);
  }

  private endWith(kind: Exclude<EndKind, 0>, payload: string): void {
    if (this.ended) return;
    if (this.feed !== undefined) {
      this.feed.endWith(kind === EndKind.ERROR ? payload : undefined);
      return;
    }
    this.graph.seal();
    this.opened.setAside();
    this.ended = true;
    this.halted = true;
    this.writer.end(kind, payload);
    this.resume();
    this.engine.activate(this.graph);
    this.settle();
  }

  private settle(): void {
    this.engine.settle(this.graph);
  }

  /** Whether another record may be taken: not after the end, which counts it. */
  private isTaking(): boolean {
    if (this.ended) {
      this.counts.ignored++;
      return false;
    }
    this.refusesHere();
    this.setAside();
    return true;
  }

  /** Refuses to take records on this thread where another writes. */
  private refusesHere(): false {
    if (this.feed === undefined) return false;
    throw fail('SOURCE_GIVEN', { source: this.name, worker: this.feed.worker.name });
  }

  private setAside(): void {
    if (!this.opened.isOpen) return;
    this.opened.setAside();
    this.halted = this.ended;
  }

  private get keepsAll(): boolean {
    return this.outlet.journal.retain === 'append';
  }

  private full(canWait = true): Error {
    const { capacity } = this.outlet.journal;
    return fail('SOURCE_FULL', { source: this.name, capacity, canWait });
  }

  /** A slot of a full journal, by the overflow policy; 0 if the record is dropped, or the source has ended meanwhile. */
  private claimWaiting(): number {
    const { writer, graph } = this;
    this.publish();
    if (this.keepsAll) throw this.full();
    if (this.overflow !== 'block') return this.claimAtOnce();
    const outlet = this.outlet as unknown as Outlet<unknown>;
    refuseWithinDelivery(outlet);
    const isOver = () => this.ended;
    const progress = () => {
      // A listener that is delivered to meanwhile may have given records, and so taken the room.
      if (writer.pending > 0) this.publish();
      return this.engine.runInline(graph);
    };
    let hasRoom: boolean;
    this.waits++;
    try {
      hasRoom = waitForRoom(outlet, writer, isOver, progress);
    } finally {
      this.waits--;
      if (!graph.isDisposed) writer.setBell(0);
    }
    // What was delivered meanwhile may have ended the source.
    if (!this.isTaking()) return 0;
    if (!hasRoom) throw this.full(false);
    return writer.claim();
  }

  /** A slot of a full journal that is not waited for, once the stages of this thread have taken what they can. */
  private claimAtOnce(): number {
    this.settle();
    if (!this.isTaking()) return 0;
    const slot = this.writer.claim();
    if (slot !== 0) return slot;
    if (this.overflow === 'error') throw this.full();
    this.counts.dropped++;
    return 0;
  }
}

/** Whether an error says that a record doesn't fit its struct. */
function isInvalid(error: unknown): boolean {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' && (code.startsWith('FIELD_') || code.startsWith('RECORD_'));
}
