// A reader that checks what it reads: every record in order, whole, once, and what it lost counted to the record.
import { LappedCopies } from '../../../src/engine/lapped-copies.js';
import {
  EndKind,
  endKind,
  type Journal,
  JournalReader,
  leaveReader,
  publishedSequence,
} from '../../../src/journal/index.js';
import { pause } from '../jitter.js';
import { Fault, type Tools } from '../orders.js';
import { describeRecord, holdsRecord } from '../record.js';

export interface Manner {
  readonly gating: boolean;
  /** Most records that are taken at a time. */
  readonly slice: number;
  /** A pause once in so many batches; 0 for none. */
  readonly pauses: number;
}

export class CheckedReader {
  records = 0;
  lost = 0;
  /** Whether it has seen the end, and everything before it. */
  atEnd = false;
  private readonly tools: Tools;
  private readonly journal: Journal;
  private readonly manner: Manner;
  private readonly reader: JournalReader;
  private readonly copies: LappedCopies | undefined;
  private first = -1;
  private expected = -1;

  constructor(tools: Tools, journal: Journal, line: number, manner: Manner) {
    this.tools = tools;
    this.journal = journal;
    this.manner = manner;
    this.reader = new JournalReader(journal, line);
    this.copies = manner.gating ? undefined : new LappedCopies(tools.arena, this.reader, manner.slice);
  }

  get hasJoined(): boolean {
    return this.reader.hasJoined();
  }

  /** The sequence at which it joined. */
  get start(): number {
    return this.first;
  }

  /** Whether there is something to do. */
  readonly isReady = (): boolean => this.reader.available() > 0 || endKind(this.journal) !== EndKind.OPEN;

  /** Takes what is there, up to a slice. Returns how many records it took. */
  turn(): number {
    const end = endKind(this.journal);
    const count = this.take();
    if (count === 0) {
      if (end !== EndKind.OPEN && this.reader.available() === 0) this.finish();
      return 0;
    }
    this.check(count);
    if (this.manner.pauses > 0 && this.tools.random.oneIn(this.manner.pauses)) {
      pause(this.tools.random);
      // What a gating reader has not passed stays as it is.
      this.check(count);
    }
    this.expected += count;
    this.records += count;
    this.reader.advance(count);
    return count;
  }

  leave(): void {
    leaveReader(this.journal, this.reader.slot);
    this.copies?.free();
  }

  /** How many records there are to check. What was lost before them must be counted, and nothing else. */
  private take(): number {
    const { reader, copies } = this;
    if (this.expected < 0) {
      if (!reader.hasJoined()) return 0;
      this.first = reader.position;
      this.expected = this.first;
    }
    if (copies === undefined) return Math.min(reader.available(), this.manner.slice);
    const before = copies.dropped;
    const count = copies.take();
    const dropped = copies.dropped - before;
    this.lost += dropped;
    this.expected += dropped;
    if (reader.position !== this.expected) {
      throw new Fault('count', `a lapped reader is at ${reader.position}, not ${this.expected}`);
    }
    return count;
  }

  private check(count: number): void {
    const { reader, copies, expected } = this;
    const { recordWords } = this.journal;
    const { i32 } = this.tools.memory;
    for (let i = 0; i < count; i++) {
      const address = copies === undefined ? reader.address(i) : copies.address(i);
      if (holdsRecord(i32, address, recordWords, expected + i)) continue;
      const kind = copies === undefined ? 'gating' : 'lapped';
      const what = describeRecord(i32, address, recordWords, expected + i);
      throw new Fault('record', `a ${kind} reader was shown ${what}`);
    }
  }

  private finish(): void {
    this.atEnd = true;
    if (this.expected < 0) return;
    const published = publishedSequence(this.journal);
    // A writer that dies may have placed the reader behind records that it never published.
    const all = Math.max(0, published - this.first);
    if (this.records + this.lost !== all) {
      const what = `${this.records} records read and ${this.lost} lost`;
      throw new Fault('count', `${what} from ${this.first} on, although ${published} were published`);
    }
  }
}
