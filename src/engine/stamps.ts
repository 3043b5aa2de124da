// When records of a source were handed in: every nth of them is marked with the time.
//
// A record's time is that at which the call began that hands it in, so what it waits for room counts. That is known to be a
// record to be marked by the sequence that it would get; the fast way in, through slots that are lent, ends before one.
import { type JournalWriter, type MarksShape, MarkWriter, sharedNow } from '../journal/index.js';
import type { Memory } from '../memory/index.js';

export class Stamps {
  private readonly marks: MarkWriter;
  /** The sequence of the next record that gets a mark. */
  private due: number;
  /** When that was handed in; -1 if it was not yet. */
  private at = -1;

  constructor(
    memory: Memory,
    shape: MarksShape,
    private readonly writer: JournalWriter,
    private readonly every: number,
  ) {
    this.marks = new MarkWriter(memory, shape);
    this.due = writer.next;
  }

  /** How many records may be taken without a look at them. */
  get until(): number {
    return this.due - this.writer.next;
  }

  /** A record is handed in, perhaps to wait for room. */
  arrive(): void {
    this.at = this.writer.next === this.due ? sharedNow() : -1;
  }

  /** What is taken next did not arrive. */
  forget(): void {
    this.at = -1;
  }

  /** Marks what has got a slot, before it is published: handed in at a time, or now where that is -1. */
  taken(at = this.at): void {
    const { next } = this.writer;
    while (this.due < next) {
      this.marks.put(this.due, at < 0 ? sharedNow() : at);
      this.due += this.every;
      this.at = -1;
    }
  }
}
