// Times from a record's being handed in to its signal's arrival, counted by their logarithm: constant memory, 3% exact.

const BUCKETS_A_DOUBLING = 32;

export class Latencies {
  count = 0;
  maxNs = 0;
  private readonly counts = new Float64Array(64 * BUCKETS_A_DOUBLING);

  add(ns: number): void {
    this.count++;
    if (ns > this.maxNs) this.maxNs = ns;
    this.counts[Math.floor(Math.log2(Math.max(ns, 1)) * BUCKETS_A_DOUBLING)]! += 1;
  }

  /** The time in nanoseconds that a share of all are below, from 0 to 1. */
  percentile(share: number): number {
    let left = share * this.count;
    for (let i = 0; i < this.counts.length; i++) {
      left -= this.counts[i]!;
      if (left <= 0) return Math.min(2 ** ((i + 1) / BUCKETS_A_DOUBLING), this.maxNs);
    }
    return this.maxNs;
  }
}

/** As `p50 4.1 µs, p99 12 µs, …`. */
export function latenciesText(latencies: Latencies): string {
  const text = (ns: number) => `${Number((ns / 1000).toPrecision(2)).toLocaleString('en-US')} µs`;
  const shares = { p50: 0.5, p90: 0.9, p99: 0.99, 'p99.9': 0.999 };
  const parts = Object.entries(shares).map(([name, share]) => `${name} ${text(latencies.percentile(share))}`);
  return [...parts, `max ${text(latencies.maxNs)}`].join(', ');
}
