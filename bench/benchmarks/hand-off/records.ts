// The records that are handed over, and the checksum that tells whether each of them arrived whole and in order

/** `{ id u32, value f64, ts u53 }`: 24 bytes. */
export const RECORD_WORDS = 3;

/** The typed arrays over the memory that records lie in. */
export interface Words {
  readonly i32: Int32Array;
  readonly f64: Float64Array;
}

/** Writes records `from` and following, one after the other, from a word address on. */
export function fillRecords({ i32, f64 }: Words, address: number, from: number, count: number): void {
  for (let i = 0, at = address; i < count; i++, at += RECORD_WORDS) {
    const n = from + i;
    i32[2 * at] = n;
    f64[at + 1] = n * 0.5;
    i32[2 * at + 4] = n * 8;
    i32[2 * at + 5] = n >>> 29;
  }
}

/** Two sums, modulo 2^32, as in Fletcher's checksum: `b` adds up all values of `a`, so that order counts. */
export class RecordSums {
  private a = 0;
  private b = 0;

  /** Reads all words of `count` records that lie one after the other. */
  read({ i32 }: Words, address: number, count: number): void {
    let { a, b } = this;
    for (let i = 0, at = 2 * address; i < count; i++, at += 2 * RECORD_WORDS) {
      const id = i32[at] as number;
      const value = (i32[at + 2] as number) ^ Math.imul(i32[at + 3] as number, 0x9e3779b1);
      const ts = (i32[at + 4] as number) ^ Math.imul(i32[at + 5] as number, 0x85ebca6b);
      a = (a + id + Math.imul(value, 3) + Math.imul(ts, 5)) | 0;
      b = (b + a) | 0;
    }
    this.a = a;
    this.b = b;
  }

  digest(): string {
    return `${(this.a >>> 0).toString(16)} ${(this.b >>> 0).toString(16)}`;
  }
}

/** The sums of the first `count` records. */
export function expectedSums(count: number): string {
  const BATCH = 4_096;
  const buffer = new ArrayBuffer(BATCH * RECORD_WORDS * 8);
  const words: Words = { i32: new Int32Array(buffer), f64: new Float64Array(buffer) };
  const sums = new RecordSums();
  for (let from = 0; from < count; from += BATCH) {
    const length = Math.min(BATCH, count - from);
    fillRecords(words, 0, from, length);
    sums.read(words, 0, length);
  }
  return sums.digest();
}
