// Egress: delivers the records of a journal to the listeners of this thread.
import { EndKind, type JournalReader } from '../journal/index.js';
import type { Outlet } from './outlet.js';

/** What a listener is told. Every kind gets the end. */
export interface Listener<T> {
  /** Each record as a plain object; all listeners get the same one. */
  next?(record: T): void;
  /** Each record as a view, valid only during the call. */
  view?(view: Readonly<T>): void;
  /** Whole batches of records, as plain objects. */
  batch?(records: readonly T[]): void;
  complete(): void;
  error(error: unknown): void;
}

/** Records that are delivered before the position moves and the clock is looked at. */
export const SLICE_RECORDS = 256;

export class Egress<T> {
  readonly outlet: Outlet<T>;
  readonly reader: JournalReader;
  private listeners: readonly Listener<T>[] = [];
  private delivering = false;
  private left = false;

  constructor(outlet: Outlet<T>, reader: JournalReader) {
    this.outlet = outlet;
    this.reader = reader;
  }

  add(listener: Listener<T>): () => void {
    this.listeners = [...this.listeners, listener];
    return () => this.remove(listener);
  }

  /** Whether one of its deliveries is on the stack. */
  get isDelivering(): boolean {
    return this.delivering;
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

  /** Delivers what is there, up to a slice. Returns whether there was something. */
  drain(): boolean {
    if (this.delivering || this.left) return false;
    const end = this.outlet.end;
    const count = Math.min(this.reader.available(), SLICE_RECORDS);
    if (count === 0 && end === EndKind.OPEN) return false;
    const { graph } = this.outlet;
    this.delivering = true;
    graph.deliveries++;
    try {
      if (count === 0) this.finish(end);
      else this.deliver(count);
    } finally {
      this.delivering = false;
      graph.deliveries--;
      if (this.left) this.outlet.leave(this.reader);
    }
    return true;
  }

  /** Ends all listeners with an error that did not come through the journal. */
  abort(error: unknown): void {
    for (const listener of this.detach()) listener.error(error);
  }

  /** Ends all listeners although records may be left. */
  complete(): void {
    for (const listener of this.detach()) listener.complete();
  }

  private deliver(count: number): void {
    const { codec } = this.outlet;
    let passed = 0;
    try {
      if (this.listeners.some((listener) => listener.batch !== undefined)) {
        const records: T[] = [];
        for (let i = 0; i < count; i++) records.push(codec.decode(this.reader.address(i)));
        for (const listener of this.listeners) listener.batch?.(records);
      }
      while (passed < count && !this.left) this.deliverOne(this.reader.address(passed++));
    } finally {
      if (!this.left) this.reader.advance(passed);
    }
  }

  private deliverOne(address: number): void {
    const { codec } = this.outlet;
    // An array that is replaced on change: who unsubscribes or subscribes meanwhile does so from the next record on.
    const { listeners } = this;
    let record: T | undefined;
    for (const listener of listeners) {
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
      for (const listener of listeners) listener.error(outlet.error);
    } else {
      for (const listener of listeners) listener.complete();
    }
  }

  private remove(listener: Listener<T>): void {
    const at = this.listeners.indexOf(listener);
    if (at < 0) return;
    this.listeners = this.listeners.filter((_, i) => i !== at);
    if (this.listeners.length === 0) this.detach();
  }

  /** Stops holding the writer back; returns who listened. */
  private detach(): readonly Listener<T>[] {
    const { listeners } = this;
    this.listeners = [];
    if (!this.left) {
      this.left = true;
      this.outlet.egresses.delete(this);
      // Within a delivery the position still moves; the line is given back afterwards.
      if (!this.delivering) this.outlet.leave(this.reader);
    }
    return listeners;
  }
}
