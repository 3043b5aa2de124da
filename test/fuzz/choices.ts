// Choices that generators make: random ones of a seed, which are remembered, or those of a list, so that a case can be shrunk.

/** A stream of random 32-bit integers, always the same for the same seeds. */
export function randomWords(...seeds: readonly number[]): () => number {
  let a = 0x9e37_79b9;
  const next = (): number => {
    a = (a + 0x6d2b_79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  };
  for (const seed of seeds) a = (next() ^ Math.imul(seed + 1, 0x85eb_ca6b)) | 0;
  return next;
}

/** What a generator draws from. The least choice is always the simplest. */
export class Choices {
  /** What has been chosen so far. */
  readonly made: number[] = [];

  private constructor(private readonly draw: (below: number) => number) {}

  static random(...seeds: readonly number[]): Choices {
    const word = randomWords(...seeds);
    return new Choices((below) => Math.floor((word() / 2 ** 32) * below));
  }

  /** Makes choices again; behind the last, or where one is out of range, it takes the simplest. */
  static replay(choices: readonly number[]): Choices {
    let at = 0;
    return new Choices((below) => Math.min(choices[at++] ?? 0, below - 1));
  }

  /** An integer from 0 to `below` - 1. */
  below(below: number): number {
    const choice = this.draw(below);
    this.made.push(choice);
    return choice;
  }

  /** An integer from `least` to `most`. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }

  /** True in `percent` of a hundred times. */
  chance(percent: number): boolean {
    return this.below(100) >= 100 - percent;
  }

  of<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  /** One of several with weights, the simplest first. */
  weighted<T>(alternatives: readonly (readonly [weight: number, alternative: T])[]): T {
    let total = 0;
    for (const [weight] of alternatives) total += weight;
    let at = this.below(total);
    for (const [weight, alternative] of alternatives) {
      if (at < weight) return alternative;
      at -= weight;
    }
    throw new Error('There is nothing to choose from');
  }

  /** Some of a list, in its order, at least `least`. */
  some<T>(list: readonly T[], least: number): T[] {
    const count = this.between(Math.min(least, list.length), list.length);
    const left = [...list];
    while (left.length > count) left.splice(this.below(left.length), 1);
    return left;
  }

  shuffled<T>(list: readonly T[]): T[] {
    const left = [...list];
    const out: T[] = [];
    while (left.length > 0) out.push(...left.splice(this.below(left.length), 1));
    return out;
  }
}
