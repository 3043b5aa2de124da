// The model of keyed state: a Map from keys, compared by SameValueZero and tuples by their parts, to what is kept
import { DEFAULT_MAX_KEYS } from '../../src/operator/index.js';

/** A key as a Map can compare it. Bigints never equal numbers, and are taken modulo 2^64. */
export function comparable(key: unknown): unknown {
  if (typeof key === 'bigint') return BigInt.asUintN(64, key);
  if (!Array.isArray(key)) return key;
  return key.map(partText).join();
}

export class KeyedState<V> {
  private readonly entries = new Map<unknown, V>();

  constructor(private readonly maxKeys = DEFAULT_MAX_KEYS) {}

  get(key: unknown): V | undefined {
    return this.entries.get(comparable(key));
  }

  /** @throws {RangeError} If this is one key more than there may be. */
  set(key: unknown, value: V): void {
    const comparableKey = comparable(key);
    if (!this.entries.has(comparableKey) && this.entries.size === this.maxKeys) {
      throw new RangeError(`Cannot keep another key: the table holds ${this.maxKeys}`);
    }
    this.entries.set(comparableKey, value);
  }

  delete(key: unknown): boolean {
    return this.entries.delete(comparable(key));
  }
}

function partText(part: unknown): string {
  if (typeof part === 'string') return JSON.stringify(part);
  if (typeof part === 'bigint') return `${BigInt.asUintN(64, part)}n`;
  // String(-0) is '0' and String(NaN) is 'NaN', as SameValueZero has it.
  return String(part);
}
