// Gathers what is appended to a file, and writes it in large whole blocks that go past the system's cache.
//
// A page of the cache costs a processor more than its bytes: it is found, cleared of what was there, filled, and written
// later. Blocks that go to the disk by themselves cost it next to nothing, and are written while the next ones are gathered. The
// file is the same, byte for byte: what does not fill a block is written through the cache when it has to be in the file,
// and again with the rest of its block, which does not change what was there.
//
// A disk that is behind does not hold anybody back before the system would: what there is no room for goes through the cache.
import type { Blocks, OpenFile } from './file-system.js';

/** Chunks that are gathered at most, while others are being written: a disk may take its time where cores are busy. */
const MOST_CHUNKS = 8;
/** What part of a chunk is worth a write of its own when it has to be in the file: less goes through the cache. */
const LEAST_PART = 1 / 16;

export class BlockWriter {
  private readonly blockBytes: number;
  private readonly chunkBytes: number;
  private readonly failed: (error: unknown) => void;
  private gathered: Uint8Array;
  private other: Uint8Array;
  private file: OpenFile | undefined;
  /** Where in the file what is gathered begins: at a block. */
  private base = 0;
  /** Bytes that are gathered; of these, the first that are in the file already. */
  private filled = 0;
  private kept = 0;
  /** Blocks that are being written, and where in the file the first byte is that was not there before. */
  private writing: Promise<void> | undefined;
  private writingFrom = 0;
  private failure: unknown;

  /** @param failed Told of what the system refuses of blocks, once; the file may then end anywhere. */
  constructor(blocks: Blocks, failed: (error: unknown) => void) {
    this.blockBytes = blocks.blockBytes;
    this.chunkBytes = blocks.chunkBytes;
    this.failed = failed;
    this.gathered = blocks.memory(MOST_CHUNKS * blocks.chunkBytes);
    this.other = blocks.memory(MOST_CHUNKS * blocks.chunkBytes);
  }

  /** Goes on at the end of a file; everything before has been flushed. */
  begin(file: OpenFile, end: number): void {
    this.file = file;
    this.kept = end % this.blockBytes;
    this.filled = this.kept;
    this.base = end - this.kept;
    file.read(this.gathered.subarray(0, this.kept), this.base);
  }

  /** Memory for the next bytes, to be filled before {@link filledUp}; undefined where there is no room for so many. */
  room(bytes: number): Uint8Array | undefined {
    const { gathered, filled } = this;
    return filled + bytes > gathered.length ? undefined : gathered.subarray(filled, filled + bytes);
  }

  /** Appends the bytes that {@link room} gave memory for. They are in the file after the next {@link flush}. */
  filledUp(bytes: number): void {
    this.filled += bytes;
    if (this.filled >= this.chunkBytes && this.writing === undefined) this.writeBlocks();
  }

  /** The byte before which everything is in the file. */
  get end(): number {
    return this.writing === undefined ? this.base + this.kept : this.writingFrom;
  }

  /**
   * Resolves once everything appended before the call is in the file.
   *
   * @throws What the system refused, now or before.
   */
  async flush(): Promise<void> {
    const until = this.base + this.filled;
    while (this.failure === undefined && this.end < until) {
      const missing = this.filled - this.kept;
      if (this.writing !== undefined) await this.writing;
      else if (missing >= this.chunkBytes * LEAST_PART && this.filled >= this.blockBytes) this.writeBlocks();
      else this.writeRest();
    }
    // What failed is behind the end as well: that is looked at last.
    if (this.failure !== undefined) throw this.failure;
  }

  /** Resolves once nothing is being written any more, whether or not that went well. */
  async settled(): Promise<void> {
    while (this.writing !== undefined) await this.writing;
  }

  /** Begins to write all whole blocks. */
  private writeBlocks(): void {
    const { gathered, base, filled } = this;
    const rest = filled % this.blockBytes;
    const whole = filled - rest;
    this.writingFrom = base + this.kept;
    this.other.set(gathered.subarray(whole, filled));
    this.gathered = this.other;
    this.other = gathered;
    this.base = base + whole;
    this.filled = rest;
    this.kept = 0;
    this.writing = (this.file as Required<OpenFile>)
      .writeBlocks(gathered.subarray(0, whole), base)
      .catch((error: unknown) => {
        this.failure ??= error;
        this.failed(error);
      })
      .finally(() => {
        this.writing = undefined;
      });
  }

  private writeRest(): void {
    const { file, gathered, base, filled, kept } = this;
    (file as OpenFile).write([gathered.subarray(kept, filled)], base + kept);
    this.kept = filled;
  }

  /** Appends parts, one behind the other, that there is no room for: what is gathered is written with them, through the cache. */
  writeThrough(parts: readonly Uint8Array[]): void {
    const { file, gathered, base, filled, kept } = this;
    const all = [gathered.subarray(kept, filled), ...parts];
    (file as OpenFile).write(all, base + kept);
    const end = parts.reduce((sum, part) => sum + part.length, base + filled);
    const rest = end % this.blockBytes;
    // The other memory may be on its way to the disk.
    const tail = new Uint8Array(rest);
    let missing = rest;
    for (const part of [gathered.subarray(0, filled), ...parts].reverse()) {
      const taken = part.subarray(part.length - Math.min(missing, part.length));
      missing -= taken.length;
      tail.set(taken, missing);
    }
    gathered.set(tail);
    this.base = end - rest;
    this.filled = rest;
    this.kept = rest;
  }
}
