// Counts and hashes signals at a few nanoseconds each, so that looking at the results is not what is measured
import type { Signal } from '../../workloads/mbo/records.js';

const floats = new Float64Array(3);
const halves = new Int32Array(floats.buffer);
/** Of the 32-bit FNV hash. */
const PRIME = 0x01000193;

/** The listed checksum of the workload takes too long; it is held to by tests. The times are not looked at. */
export class Tally {
  count = 0;
  hash = 0x811c9dc5 | 0;

  add(signal: Pick<Signal, 'symbol' | 'imbalance' | 'bidVolume' | 'askVolume'>): void {
    this.count++;
    floats[0] = signal.imbalance;
    floats[1] = signal.bidVolume;
    floats[2] = signal.askVolume;
    let hash = Math.imul(this.hash ^ signal.symbol, PRIME);
    for (let i = 0; i < 6; i++) hash = Math.imul(hash ^ halves[i]!, PRIME);
    this.hash = hash;
  }

  /** @throws {Error} Unless both have seen the same signals. */
  assertSame(expected: Pick<Tally, 'count' | 'hash'>): void {
    if (this.count === expected.count && this.hash === expected.hash) return;
    throw new Error(
      `Wrong signals: ${this.count} with hash ${this.hash}, where ${expected.count} with ${expected.hash} are right`,
    );
  }
}
