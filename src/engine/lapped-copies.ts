// Copies of a slice of records, for a reader that does not hold the writer back and may be lapped.
import type { JournalReader } from '../journal/index.js';
import { type Arena, RegionKind } from '../memory/index.js';
import { copier } from '../runtime/copier.js';

/** How often it begins again when the writer is faster, before others get a turn. */
const MAX_TRIES = 8;

export class LappedCopies {
  /** Records that were overwritten before they could be copied, altogether. */
  dropped = 0;
  private readonly arena: Arena;
  private readonly reader: JournalReader;
  private readonly region: number;
  private readonly limit: number;
  private readonly copyRecord: (to: number, from: number) => void;

  /** @param limit Most records of a slice. */
  constructor(arena: Arena, reader: JournalReader, limit: number) {
    const { recordWords, name, address } = reader.journal;
    this.arena = arena;
    this.reader = reader;
    this.limit = limit;
    const use = { kind: RegionKind.COPIES, of: address };
    this.region = arena.allocate(limit * recordWords, `the copies of a subscriber to ${name}`, use);
    this.copyRecord = copier(arena.memory, recordWords);
  }

  /** Copies what is there to read, up to a slice; skips what has been overwritten. Returns how many are whole. */
  take(): number {
    const { reader } = this;
    const { capacity, recordWords } = reader.journal;
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      if (reader.lag() > capacity) this.skip(reader.oldest() - reader.position);
      const count = Math.min(reader.available(), this.limit);
      for (let i = 0; i < count; i++) this.copyRecord(this.region + i * recordWords, reader.address(i));
      const lost = reader.lost(count);
      if (lost === 0) return count;
      this.skip(lost);
    }
    return 0;
  }

  /** The word address of a copy. */
  address(i: number): number {
    return this.region + i * this.reader.journal.recordWords;
  }

  free(): void {
    this.arena.free(this.region);
  }

  private skip(count: number): void {
    if (count <= 0) return;
    this.reader.advance(count);
    this.dropped += count;
  }
}
