// Random numbers that are the same in every run.

/** Numbers below another: Marsaglia's xorshift. */
export function randomOf(seed: number): (below: number) => number {
  let x = seed;
  return (below) => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) % below;
  };
}
