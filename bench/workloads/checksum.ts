// Checksums of record streams: a sum and an FNV-1a-like hash over 64-bit words, kept in 32-bit halves

const FNV_OFFSET_LOW = 0x84222325 | 0;
const FNV_OFFSET_HIGH = 0xcbf29ce4 | 0;
/** The multiplier is 2^40 + 0x1b3. */
const FNV_PRIME_LOW = 0x1b3;
const TWO_32 = 4294967296;

const bits = new DataView(new ArrayBuffer(8));

/** What a checksum came to: `sum` and `hash` in hexadecimal without leading zeros. */
export interface Digest {
  readonly count: number;
  readonly sum: string;
  readonly hash: string;
}

/**
 * Sums and hashes 64-bit words: `sum` = Σ w mod 2^64; `hash` starts at 0xcbf29ce484222325 and becomes
 * (hash xor w) * 0x100000001b3 mod 2^64 with each word.
 */
export class Checksum {
  /** How many records were counted by `record()`. */
  count = 0;
  // Halves are int32: V8 keeps those unboxed.
  private sumLow = 0;
  private sumHigh = 0;
  private hashLow = FNV_OFFSET_LOW;
  private hashHigh = FNV_OFFSET_HIGH;

  /** Counts a record; its words are added by the other methods. */
  record(): void {
    this.count += 1;
  }

  /** Adds an integer of −2^53 to 2^53, negative ones in two's complement. */
  integer(value: number): void {
    this.word(value | 0, Math.floor(value / TWO_32) | 0);
  }

  /** Adds an i32 as its unsigned 32 bits, widened. */
  int32(value: number): void {
    this.word(value | 0, 0);
  }

  /** Adds an f64 by its bits. */
  float(value: number): void {
    bits.setFloat64(0, value, true);
    this.word(bits.getInt32(0, true), bits.getInt32(4, true));
  }

  /** Adds one 64-bit word, given as its int32 halves. */
  word(low: number, high: number): void {
    const sum = (this.sumLow + low) | 0;
    const carry = sum >>> 0 < low >>> 0 ? 1 : 0;
    this.sumLow = sum;
    this.sumHigh = (this.sumHigh + high + carry) | 0;

    const x = this.hashLow ^ low;
    const y = this.hashHigh ^ high;
    const bottom = (x & 0xffff) * FNV_PRIME_LOW;
    const top = (x >>> 16) * FNV_PRIME_LOW + (bottom >>> 16);
    this.hashLow = (top << 16) | (bottom & 0xffff);
    this.hashHigh = (Math.imul(y, FNV_PRIME_LOW) + (top >>> 16) + (x << 8)) | 0;
  }

  digest(): Digest {
    return {
      count: this.count,
      sum: hex(this.sumHigh, this.sumLow),
      hash: hex(this.hashHigh, this.hashLow),
    };
  }
}

function hex(high: number, low: number): string {
  return ((BigInt(high >>> 0) << 32n) | BigInt(low >>> 0)).toString(16);
}
