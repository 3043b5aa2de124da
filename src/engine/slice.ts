// A slice of time, after which the event loop gets its turn.

/** It begins when somebody first looks at the clock: for a record alone nobody has to. */
export class Slice {
  private readonly ms: number;
  private end = 0;

  constructor(ms: number) {
    this.ms = ms;
  }

  /** @param now What the clock shows. */
  isOver(now: number): boolean {
    if (this.end === 0) this.end = now + this.ms;
    return now >= this.end;
  }
}
