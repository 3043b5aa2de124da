// Random numbers from a seed, for scenarios that can be run again.

export class Random {
  private state: number;

  constructor(seed: number) {
    // A state of 0 would stay 0.
    this.state = Math.imul(seed | 0, 0x9e3779b1) | 1;
  }

  /** 32 random bits, by Marsaglia's xorshift. */
  bits(): number {
    let x = this.state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.state = x;
    return x >>> 0;
  }

  /** An integer from `from` to `to`, both included. */
  integer(from: number, to: number): number {
    return from + (this.bits() % (to - from + 1));
  }

  /** True once in `n` calls. */
  oneIn(n: number): boolean {
    return this.bits() % n === 0;
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.bits() % choices.length] as T;
  }
}
