// Egress: delivers the records of a journal to the listeners of this thread.
import { fail } from '../errors/index.js';
import { EndKind, type JournalReader, MarkReader, NS_PER_MS, sharedNow } from '../journal/index.js';
import type { Codec, View } from '../schema/index.js';
import type { Graph } from './graph.js';
import { LappedCopies } from './lapped-copies.js';
import type { SubscriberOverflow } from './options.js';
import type { Outlet } from './outlet.js';
import type { Slice } from './slice.js';

/** What a listener is told. Every kind gets the end. */
export interface Listener<T> {
  /** Each record as a plain object; all listeners get the same one. */
  next?(record: T): void;
  /** Each record as a view, valid only during the call. */
  view?(view: View<T>): void;
  /** Whole batches of records, as plain objects. */
  batch?(records: readonly T[]): void;
  complete(): void;
  error(error: unknown): void;
}

/** Most records that are delivered before the position moves. */
export const SLICE_RECORDS = 256;
/** Records that are delivered one by one between two looks at the clock: fewest, and most where they are quick. */
const LOOK_RECORDS = 8;
const MAX_LOOK_RECORDS = 32;
/** Quick is what takes less than this, in milliseconds, from look to look. */
const QUICK_MS = 0.1;

/** A listener, and the sequence from which on it is told. */
interface Subscribed<T> {
  readonly listener: Listener<T>;
  readonly since: number;
}

export class Egress<T> {
  readonly outlet: Outlet<T>;
  readonly reader: JournalReader;
  private readonly graph: Graph;
  private readonly codec: Codec<T>;
  private readonly overflow: SubscriberOverflow;
  private listeners: readonly Subscribed<T>[] = [];
  /** Whether somebody takes whole batches. */
  private batched = false;
  /** For a reader that may be lapped. */
  private readonly copies: LappedCopies | undefined;
  private readonly marks: MarkReader | undefined;
  private delivering = false;
  private left = false;

  /** @param overflow What happens when the listeners are too slow: all but `block` read without holding the writer back. */
  constructor(outlet: Outlet<T>, reader: JournalReader, overflow: SubscriberOverflow) {
    this.outlet = outlet;
    this.reader = reader;
    this.graph = outlet.graph;
    this.codec = outlet.codec;
    this.overflow = overflow;
    const { arena } = outlet.engine;
    this.marks = outlet.marks && new MarkReader(outlet.engine.memory, outlet.marks);
    this.copies = overflow === 'block' ? undefined : new LappedCopies(arena, reader, SLICE_RECORDS);
  }

  /** @param since The first sequence that the listener is told. */
  add(listener: Listener<T>, since: number): () => void {
    const subscribed = { listener, since };
    this.setListeners([...this.listeners, subscribed]);
    return () => this.remove(subscribed);
  }

  /** Whether one of its deliveries is on the stack. */
  get isDelivering(): boolean {
    return this.delivering;
  }

  /** Records that the writer can't overwrite before they have been delivered. */
  get lag(): number {
    return this.left || this.copies !== undefined ? 0 : this.reader.lag();
  }

  /** Whether there is nothing to deliver. */
  get isQuiet(): boolean {
    if (this.left) return true;
    return this.reader.available() === 0 && this.outlet.end === EndKind.OPEN;
  }

  /** Whether all records have been delivered, but not the end. */
  get hasEndToDeliver(): boolean {
    return !this.left && this.outlet.end !== EndKind.OPEN && this.reader.available() === 0;
  }

  /**
   * Delivers what is there, up to a slice. Returns whether there was something.
   *
   * @param slice When to stop before all are delivered; some records are in any case.
   */
  drain(slice?: Slice): boolean {
    if (this.delivering || this.left) return false;
    let count = this.take();
    if (this.left) return true;
    let end: EndKind = EndKind.OPEN;
    if (count === 0) {
      end = this.outlet.end;
      if (end === EndKind.OPEN) return false;
      // Loaded before the records: everything before the end is visible.
      count = this.take();
      if (this.left) return true;
    }
    const { graph } = this;
    this.delivering = true;
    const outer = graph.beginDelivery();
    try {
      if (count === 0) this.finish(end);
      else this.deliver(count, slice);
    } finally {
      graph.endDelivery(outer);
      this.delivering = false;
      if (this.left) this.leave();
      // What takes its own pipeline down need not wait for a turn of the event loop to give the memory back.
      if (graph.isDisposed) graph.engine.disposal.release(graph);
    }
    return true;
  }

  /** Ends all listeners with an error that did not come through the journal. */
  abort(error: unknown): void {
    for (const { listener } of this.detach()) listener.error(error);
  }

  /** Ends all listeners although records may be left. */
  complete(): void {
    for (const { listener } of this.detach()) listener.complete();
  }

  private deliver(count: number, slice: Slice | undefined): void {
    const start = this.reader.position;
    if (this.batched) {
      for (let from = start; from < start + count; ) from = this.time(from, start + count) + 1;
      this.deliverBatch(count, start);
    }
    // Who takes whole batches has taken this one, so the others have to follow.
    if (this.batched || slice === undefined) this.deliverAll(start, count);
    else this.deliverUntil(start, count, slice);
  }

  private deliverAll(start: number, count: number): void {
    let marked = this.nextMark(start, start + count);
    let passed = 0;
    const { listeners, reader, codec } = this;
    const sole = marked === start + count ? this.soleListener(start) : undefined;
    try {
      if (sole !== undefined) {
        for (; passed < count && this.listeners === listeners; passed++) {
          sole.next(codec.decode(reader.address(passed)));
        }
      }
      while (passed < count && !this.left) {
        if (start + passed === marked) marked = this.timeMarked(marked, start + count);
        this.deliverOne(this.addressOf(passed), start + passed);
        passed++;
      }
    } finally {
      if (!this.left) this.reader.advance(passed);
    }
  }

  /** As {@link deliverAll}, until a slice of time is over. Apart from it, so that either is compiled for how it is called. */
  private deliverUntil(start: number, count: number, slice: Slice): void {
    let marked = this.nextMark(start, start + count);
    let passed = 0;
    let look = LOOK_RECORDS;
    let lookAt = 1;
    let looked = 0;
    try {
      while (passed < count && !this.left) {
        if (start + passed === marked) marked = this.timeMarked(marked, start + count);
        this.deliverOne(this.addressOf(passed), start + passed);
        passed++;
        if (passed < lookAt || passed === count) continue;
        const now = performance.now();
        if (slice.isOver(now)) break;
        look = now - looked < QUICK_MS ? Math.min(2 * look, MAX_LOOK_RECORDS) : LOOK_RECORDS;
        looked = now;
        lookAt = passed + look;
      }
    } finally {
      if (!this.left) this.reader.advance(passed);
    }
  }

  /** The one listener there is, if it takes objects, as in most journals: its loop looks at nothing else. */
  private soleListener(start: number): { next(record: T): void } | undefined {
    const [first, ...others] = this.listeners;
    if (first?.listener.next === undefined || others.length > 0) return undefined;
    return first.since <= start && this.copies === undefined
      ? (first.listener as { next(record: T): void })
      : undefined;
  }

  /** Times a marked record; returns the next of those up to `end`. */
  private timeMarked(marked: number, end: number): number {
    this.time(marked, marked + 1);
    return this.nextMark(marked + 1, end);
  }

  private nextMark(from: number, end: number): number {
    return this.marks === undefined || this.outlet.timed === undefined ? end : this.marks.next(from, end);
  }

  /** Counts how long the next marked record took, if there is one before `end`; returns its sequence, or `end`. */
  private time(from: number, end: number): number {
    const { marks, outlet } = this;
    const marked = this.nextMark(from, end);
    if (marked === end) return end;
    outlet.timed?.writer.record(NS_PER_MS * (sharedNow() - (marks as MarkReader).time));
    marks?.pass();
    return marked;
  }

  private addressOf(i: number): number {
    return this.copies === undefined ? this.reader.address(i) : this.copies.address(i);
  }

  /** How many records there are to deliver; of a reader that may be lapped, copies of them. */
  private take(): number {
    const { copies, outlet } = this;
    if (copies === undefined) return Math.min(this.reader.available(), SLICE_RECORDS);
    if (!this.reader.hasJoined()) return 0;
    const before = copies.dropped;
    const count = copies.take();
    const dropped = copies.dropped - before;
    outlet.dropped += dropped;
    if (dropped === 0 || this.overflow === 'drop-oldest') return count;
    this.abort(fail('SUBSCRIBER_LAPPED', { journal: outlet.name, dropped }));
    return 0;
  }

  private deliverBatch(count: number, start: number): void {
    for (const { listener, since } of this.listeners) {
      if (listener.batch === undefined) continue;
      const records: T[] = [];
      for (let i = Math.max(0, since - start); i < count; i++) {
        records.push(this.codec.decode(this.addressOf(i)));
      }
      if (records.length > 0) listener.batch(records);
    }
  }

  private deliverOne(address: number, sequence: number): void {
    const { codec } = this;
    // An array that is replaced on change: who unsubscribes or subscribes meanwhile does so from the next record on.
    const { listeners } = this;
    const first = listeners[0];
    if (listeners.length === 1 && first?.listener.next !== undefined && sequence >= first.since) {
      first.listener.next(codec.decode(address));
      return;
    }
    let record: T | undefined;
    for (const { listener, since } of listeners) {
      if (sequence < since) continue;
      if (listener.next !== undefined) {
        record ??= codec.decode(address);
        listener.next(record);
      } else if (listener.view !== undefined) {
        // A view of its own for each record: one that is kept can then never show another record.
        const view = new codec.View(address);
        listener.view(view);
        view.$p = -1;
      }
    }
  }

  private finish(end: EndKind): void {
    const { outlet } = this;
    const listeners = this.detach();
    if (end === EndKind.ERROR) {
      outlet.errorObserved ||= listeners.length > 0;
      for (const { listener } of listeners) listener.error(outlet.error);
    } else {
      for (const { listener } of listeners) listener.complete();
    }
  }

  private remove(subscribed: Subscribed<T>): void {
    if (!this.listeners.includes(subscribed)) return;
    this.setListeners(this.listeners.filter((other) => other !== subscribed));
    if (this.listeners.length === 0) this.detach();
  }

  private setListeners(listeners: readonly Subscribed<T>[]): void {
    this.listeners = listeners;
    this.batched = listeners.some(({ listener }) => listener.batch !== undefined);
  }

  /** Stops holding the writer back; returns who listened. */
  private detach(): readonly Subscribed<T>[] {
    const { listeners } = this;
    this.setListeners([]);
    if (!this.left) {
      this.left = true;
      this.outlet.remove(this);
      // Within a delivery its records are still looked at; it leaves afterwards.
      if (!this.delivering) this.leave();
    }
    return listeners;
  }

  private leave(): void {
    this.outlet.leave(this.reader);
    this.copies?.free();
  }
}
