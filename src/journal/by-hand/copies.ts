// Copies of records for a reader that doesn't hold the writer back: private to its thread, and validated.
//
// The writer announces what it is about to overwrite and fences; the reader copies, fences, and looks at the announcement
// afterwards (see ../reader.ts). The plain loads of the copy may race with the writer's stores: then it is thrown away.
import { type Memory, openMemory, PAGE_BYTES, WORD_BYTES } from '../../memory/index.js';
import { type Codec, createCodec, type Struct, type TextTable } from '../../schema/index.js';
import { CLAIMED, READER_FENCE } from '../descriptor.js';
import { type Journal, readerCell } from '../journal.js';
import { loadSequence, lowBits } from '../sequence.js';

export class Copies<T> {
  private readonly journal: Journal;
  private readonly struct: Struct<T>;
  private readonly texts: TextTable;
  private readonly fence: number;
  private memory: Memory | undefined;
  private own: Codec<T> | undefined;

  /** @param slot The reader's line. */
  constructor(journal: Journal, struct: Struct<T>, texts: TextTable, slot: number) {
    this.journal = journal;
    this.struct = struct;
    this.texts = texts;
    this.fence = readerCell(journal, slot) + READER_FENCE;
  }

  /** The codec of the copies, once there are some. */
  get codec(): Codec<T> {
    return this.own as Codec<T>;
  }

  /** The oldest record that the writer has not announced to overwrite; it may be below 0. */
  oldest(): number {
    const { journal } = this;
    return loadSequence(journal.memory, journal.cell + CLAIMED) - journal.capacity;
  }

  /**
   * Copies published records.
   *
   * @param to The place of the first copy.
   * @param sequence The first record.
   * @returns How many of the first of them may have been overwritten meanwhile; their copies are not to be used.
   */
  take(to: number, sequence: number, count: number): number {
    const { slots, mask, origin, recordWords, memory } = this.journal;
    const target = this.reserve(to + count);
    for (let i = 0; i < count; i++) {
      const from = (slots + ((lowBits(sequence + i) - origin) & mask) * recordWords) * 2;
      target.i32.set(memory.i32.subarray(from, from + recordWords * 2), this.address(to + i) * 2);
    }
    memory.cells.fence(memory.i32, this.fence);
    return Math.min(count, Math.max(0, this.oldest() - sequence));
  }

  /** The word address of a copy, in its own memory. */
  address(place: number): number {
    return place * this.journal.recordWords;
  }

  private reserve(records: number): Memory {
    const bytes = records * this.journal.recordWords * WORD_BYTES;
    if (this.memory === undefined || this.memory.buffer.byteLength < bytes) {
      const pages = Math.ceil((2 * bytes) / PAGE_BYTES);
      this.memory = openMemory(new WebAssembly.Memory({ initial: pages, maximum: pages }));
      this.own = createCodec(this.struct, this.memory, this.texts);
    }
    return this.memory;
  }
}
