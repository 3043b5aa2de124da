// A pull reader: gives out records when it is asked for them.
import { EndKind, type JournalReader } from '../journal/index.js';
import type { Outlet } from './outlet.js';

/** Reads one journal record by record. While it exists it holds the writer back; `close()` it when done. */
export class PullReader<T> {
  private readonly outlet: Outlet<T>;
  private readonly reader: JournalReader;
  private closed = false;
  private waiting: Array<() => void> = [];

  /** @internal */
  constructor(outlet: Outlet<T>, reader: JournalReader) {
    this.outlet = outlet;
    this.reader = reader;
  }

  /**
   * The next record, or undefined if there is none at the moment or the journal has ended (see {@link isDone}).
   *
   * @throws {StageError} Once the records before a failure have been read.
   */
  tryReceive(): T | undefined {
    if (this.closed) return undefined;
    if (this.reader.available() === 0 && this.outlet.end === EndKind.OPEN) this.outlet.engine.flush();
    // Loaded before the records: if it shows, all of them are visible.
    const { end } = this.outlet;
    if (this.reader.available() === 0) {
      if (end !== EndKind.ERROR) return undefined;
      this.outlet.errorObserved = true;
      throw this.outlet.error;
    }
    const record = this.outlet.codec.decode(this.reader.address(0));
    this.reader.advance(1);
    this.outlet.engine.pump.stir();
    return record;
  }

  /** The next record once there is one; undefined when the journal has ended or the reader was closed. */
  async receive(): Promise<T | undefined> {
    for (;;) {
      // Asked first: an error that comes after the look for records is to be thrown by the next look.
      const { isDone } = this;
      const record = this.tryReceive();
      if (record !== undefined || isDone) return record;
      await new Promise<void>((resolve) => {
        this.waiting.push(resolve);
        this.outlet.engine.pump.watch(this);
      });
    }
  }

  /** Whether it was closed, or the journal has ended and everything has been read. */
  get isDone(): boolean {
    return this.closed || (this.outlet.end !== EndKind.OPEN && this.reader.available() === 0);
  }

  /** Records that are there to read. */
  get size(): number {
    return this.closed ? 0 : this.reader.lag();
  }

  /** No longer holds the writer back. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.outlet.pullReaders.delete(this);
    this.outlet.leave(this.reader);
    this.outlet.engine.pump.stir();
    this.resume();
  }

  /** @internal Resumes whoever waits in `receive()`, if there is something for them. Returns whether somebody still waits. */
  poll(): boolean {
    if (this.waiting.length > 0 && (this.reader.available() > 0 || this.isDone)) this.resume();
    return this.waiting.length > 0;
  }

  private resume(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    try {
      for (;;) {
        const record = await this.receive();
        if (record === undefined) return;
        yield record;
      }
    } finally {
      this.close();
    }
  }
}
