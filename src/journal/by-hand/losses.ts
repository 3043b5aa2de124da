// What a reader that may be lapped has lost.

export class Losses {
  /** Altogether. */
  total = 0;
  /** Since the record that was read last. */
  pending = 0;
  /** Between the current record and the one before. */
  before = 0;

  add(count: number): void {
    if (count <= 0) return;
    this.total += count;
    this.pending += count;
  }

  /** A record has been read. */
  settle(): void {
    this.before = this.pending;
    this.pending = 0;
  }
}
