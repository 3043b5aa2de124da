// When records of a source were handed in: every nth of them is marked with the time.
//
// A record's time is that at which the call began that hands it in, so what it waits for room counts. That is known to be a
// record to be marked by the sequence that it would get; the fast way in, through slots that are lent, ends before one.
import type { Memory } from '../memory/index.js';
import { sharedNow } from './clock.js';
import { type MarksShape, MarkWriter } from './marks.js';

/** What a thread stamps with, and from where on: it can be posted to that which goes on. */
export interface StampsPlan {
  readonly shape: MarksShape;
  readonly every: number;
  /** The sequence of the next record that gets a mark. */
  readonly due: number;
}

export class Stamps {
  private readonly marks: MarkWriter;
  private readonly plan: StampsPlan;
  /** The sequence of the next record that gets a mark. */
  private due: number;
  /** When that was handed in; -1 if it was not yet. */
  private at = -1;

  constructor(
    memory: Memory,
    plan: StampsPlan,
    private readonly writer: { readonly next: number },
  ) {
    this.marks = new MarkWriter(memory, plan.shape);
    this.plan = plan;
    this.due = plan.due;
  }

  /** For another thread that goes on. */
  get rest(): StampsPlan {
    return { ...this.plan, due: this.due };
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
      this.due += this.plan.every;
      this.at = -1;
    }
  }
}
