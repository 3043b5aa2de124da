// Checksums in halves against the same in BigInt, and what they refuse to confuse
import { expect, test } from 'vitest';
import { Checksum } from '../../bench/workloads/checksum.js';

const MASK = (1n << 64n) - 1n;

function digestOf(words: readonly bigint[]): { sum: string; hash: string } {
  let sum = 0n;
  let hash = 0xcbf29ce484222325n;
  for (const word of words) {
    sum = (sum + word) & MASK;
    hash = ((hash ^ word) * 0x100000001b3n) & MASK;
  }
  return { sum: sum.toString(16), hash: hash.toString(16) };
}

function bitsOf(value: number): bigint {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return view.getBigUint64(0);
}

test('an empty stream has sum 0 and the offset as hash', () => {
  expect(new Checksum().digest()).toEqual({ count: 0, sum: '0', hash: 'cbf29ce484222325' });
});

test('a word given in halves counts as the BigInt does', () => {
  const seed = (Date.now() & 0x7fffffff) | 1;
  let state = seed;
  const draw = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state | 0;
  };
  const checksum = new Checksum();
  const words: bigint[] = [];
  for (let i = 0; i < 10_000; i++) {
    const low = draw();
    const high = draw();
    checksum.word(low, high);
    words.push((BigInt(high >>> 0) << 32n) | BigInt(low >>> 0));
  }
  expect(checksum.digest(), `seed ${seed}`).toMatchObject(digestOf(words));
});

test.each([
  0,
  1,
  2 ** 31,
  2 ** 32 - 1,
  2 ** 32,
  2 ** 53 - 1,
  1_700_000_000_000_000,
  -1,
  -(2 ** 32),
  -(2 ** 53),
])('the integer %d counts as 64 bits of two’s complement', (value) => {
  const checksum = new Checksum();
  checksum.integer(value);
  expect(checksum.digest()).toMatchObject(digestOf([BigInt.asUintN(64, BigInt(value))]));
});

test.each([0, -0, 1.5, -1e300, Number.MIN_VALUE, Infinity])('the f64 %d counts by its bits', (value) => {
  const checksum = new Checksum();
  checksum.float(value);
  expect(checksum.digest()).toMatchObject(digestOf([bitsOf(value)]));
});

test('a negative i32 is widened without its sign', () => {
  const checksum = new Checksum();
  checksum.int32(-1);
  expect(checksum.digest()).toMatchObject(digestOf([0xffffffffn]));
});

test('words in another order give another hash', () => {
  const one = new Checksum();
  one.integer(1);
  one.integer(2);
  const other = new Checksum();
  other.integer(2);
  other.integer(1);
  expect(one.digest().sum).toBe(other.digest().sum);
  expect(one.digest().hash).not.toBe(other.digest().hash);
});
