// xorshift64* in 32-bit halves: the market's dice
//
// Vigna, "An experimental exploration of Marsaglia's xorshift generators, scrambled", 2016. The state stays
// unmultiplied; only the upper half of the product is ever used.

const SEED_HIGH = 0x9e3779b9 | 0;
const SEED_LOW = 0x7f4a7c15 | 0;
const FACTOR_HIGH = 0x2545f491;
const FACTOR_LOW = 0x4f6cdd1d;
const TWO_32 = 4294967296;

export class Xorshift {
  private high = SEED_HIGH;
  private low = SEED_LOW;

  /** A whole number from 0 to `n` − 1, by the upper 32 bits of the draw; `n` is below 2^21. */
  below(n: number): number {
    return Math.floor((this.draw() * n) / TWO_32);
  }

  /** The upper 32 bits of the next draw. */
  private draw(): number {
    let high = this.high;
    let low = this.low;
    // s ^= s >> 12, with both shifts taken before either half changes
    low ^= (low >>> 12) | (high << 20);
    high ^= high >>> 12;
    // s ^= s << 25
    high ^= (high << 25) | (low >>> 7);
    low ^= low << 25;
    // s ^= s >> 27
    low ^= (low >>> 27) | (high << 5);
    high ^= high >>> 27;
    this.high = high;
    this.low = low;
    return (upperProduct(low, FACTOR_LOW) + Math.imul(high, FACTOR_LOW) + Math.imul(low, FACTOR_HIGH)) >>> 0;
  }
}

/** The upper 32 bits of the product of two u32, as an int32. */
function upperProduct(a: number, b: number): number {
  const a0 = a & 0xffff;
  const a1 = a >>> 16;
  const b0 = b & 0xffff;
  const b1 = b >>> 16;
  // Sums stay below 2^53: exact.
  const middle = a1 * b0 + Math.floor((a0 * b0) / 65536);
  return (a1 * b1 + Math.floor((a0 * b1 + (middle % 65536)) / 65536) + Math.floor(middle / 65536)) | 0;
}
