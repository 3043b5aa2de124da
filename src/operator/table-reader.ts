// Looks into a keyed table from outside of the code that writes it, while that does not run: finds a key, visits entries.
import {
  BUCKET_HEADER,
  bucketSlots,
  HASH_FINISH,
  HASH_ROUND,
  HASH_SEED,
  isHalf,
  type KeyPart,
  NAN_HIGH,
  NAN_LOW,
  SIZE_MASK,
  TABLE_COUNT,
  TABLE_DIRECTORY,
  TABLE_IDS,
  TABLE_MASK,
  TABLE_SEGMENT_LIST,
  type TableLayout,
} from './table-layout.js';

interface Cells {
  readonly i32: Int32Array;
  readonly f64: Float64Array;
}

export class TableReader {
  private readonly i32: Int32Array;
  private readonly f64: Float64Array;

  /** @param head Word address of the table's header. */
  constructor(
    memory: Cells,
    private readonly head: number,
    private readonly layout: TableLayout,
    private readonly parts: readonly KeyPart[],
  ) {
    this.i32 = memory.i32;
    this.f64 = memory.f64;
  }

  /** Entries used so far; ids are below it. */
  get ids(): number {
    return this.i32[2 * this.head + TABLE_IDS] as number;
  }

  /** The word address of the entry of an id below {@link ids}; 0 if it is free. */
  entry(id: number): number {
    const { i32, head, layout } = this;
    const { segmentShift, bitsAt } = layout;
    const within = id & (2 ** segmentShift - 1);
    const segment = this.segmentOf(id);
    const isFree = ((i32[2 * (segment + bitsAt) + (within >> 5)] as number) >>> (within & 31)) & 1;
    if (i32[2 * head + TABLE_COUNT] !== this.ids && isFree === 1) return 0;
    return segment + within * layout.entryWords;
  }

  /** The word address of a key's entry, or 0. The key is given as words in their one form (schema/key-words.ts). */
  find(key: Cells, word: number): number {
    const { i32, head, layout } = this;
    const h = this.hash(key, word);
    const directory = (i32[2 * head + TABLE_DIRECTORY] as number) >>> 2;
    const cell = i32[directory + (h & (i32[2 * head + TABLE_MASK] as number))] as number;
    const size = cell & SIZE_MASK;
    const slots = bucketSlots(size, layout);
    const base = ((cell & ~SIZE_MASK) >>> 2) + BUCKET_HEADER;
    let slot = Math.imul(h >>> 16, (size * 16 - BUCKET_HEADER) / layout.slotCells) >>> 16;
    for (let i = 0; i < slots; i++) {
      const found = i32[base + slot * layout.slotCells] as number;
      if (found === 0) return 0;
      const id = (layout.slotCells === 2 ? found : found & layout.idMask) - 1;
      const entry = this.segmentOf(id) + (id & (2 ** layout.segmentShift - 1)) * layout.entryWords;
      if (this.equals(entry, key, word)) return entry;
      if (++slot === slots) slot = 0;
    }
    return 0;
  }

  private segmentOf(id: number): number {
    const { i32, head, layout } = this;
    const list = (i32[2 * head + TABLE_SEGMENT_LIST] as number) >>> 2;
    return (i32[list + (id >> layout.segmentShift)] as number) >>> 3;
  }

  private equals(entry: number, key: Cells, word: number): boolean {
    return this.parts.every((part, i) => {
      if (part === 'f64') {
        const [a, b] = [this.f64[entry + i] as number, key.f64[word + i] as number];
        return a === b || (Number.isNaN(a) && Number.isNaN(b));
      }
      const low = this.i32[2 * (entry + i)] === key.i32[2 * (word + i)];
      return low && (isHalf(part) || this.i32[2 * (entry + i) + 1] === key.i32[2 * (word + i) + 1]);
    });
  }

  private hash(key: Cells, word: number): number {
    let h = HASH_SEED | 0;
    const mix = (half: number): void => {
      h = Math.imul(h ^ half, HASH_ROUND | 0);
      h ^= h >>> 13;
    };
    this.parts.forEach((part, i) => {
      const isNumber = part !== 'f64' || !Number.isNaN(key.f64[word + i]);
      mix(isNumber ? (key.i32[2 * (word + i)] as number) : NAN_LOW);
      if (!isHalf(part)) mix(isNumber ? (key.i32[2 * (word + i) + 1] as number) : NAN_HIGH);
    });
    h ^= h >>> 16;
    h = Math.imul(h, HASH_FINISH | 0);
    return h ^ (h >>> 15);
  }
}
