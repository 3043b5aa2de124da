// What takes records in one after the other writes just what encode writes, and leaves to `slow` what it doesn't take, unwritten.
import { describe, expect, it } from 'vitest';
import { createMemory } from '../../src/memory/index.js';
import {
  type Codec,
  createCodec,
  createTextTable,
  f64,
  i53,
  struct,
  type Texts,
  u53,
} from '../../src/schema/index.js';

const Row = struct({ before: f64, signed: i53, natural: u53, after: f64 }, 'Row');
type Row = { before: number; signed: number; natural: number; after: number };

const memory = createMemory(2 ** 20, false);
const texts: Texts = createTextTable(memory, { address: 64, maxTexts: 1, maxBytes: 8 });
const codec = createCodec(Row, memory, texts) as unknown as Codec<Row>;

/** A record taken in, and what the slow way was given instead. */
function takeIn(row: Row): { words: bigint[]; slow: Row[]; filled: number } {
  const lease = { at: 8, end: 16, bells: [] };
  const slow: Row[] = [];
  let filled = 0;
  const next = codec.ingest(lease, {
    slow: (record) => slow.push(record),
    filled: () => {
      filled++;
    },
    awaited: false,
  }) as (row: Row) => void;
  memory.i64.fill(-1n, 0, 20);
  next(row);
  expect(lease.at).toBe(slow.length === 0 ? 12 : 8);
  return { words: [...memory.i64.slice(7, 13)], slow, filled };
}

function encoded(row: Row): bigint[] {
  memory.i64.fill(-1n, 0, 20);
  codec.encode(8, row);
  return [...memory.i64.slice(7, 13)];
}

/** Whole numbers around every power of two, and their neighbours. */
function wholes(): number[] {
  const found = new Set<number>([0]);
  for (let e = 0; e <= 53; e++) for (const by of [-3, -1, 0, 1, 3]) found.add(2 ** e + by);
  return [...found].filter((n) => n >= 0 && Number.isSafeInteger(n));
}

describe('taking records in', () => {
  it('writes whole numbers of 53 bits as encode does, up to 2^52 and from -2^51 to 2^51; larger ones are left', () => {
    let taken = 0;
    for (const n of wholes()) {
      for (const signed of [n, -n]) {
        const row = { before: -0, signed, natural: n, after: Number.NaN };
        const { words, slow } = takeIn(row);
        const isSmall = signed >= -(2 ** 51) && signed < 2 ** 51 && n < 2 ** 52;
        expect(slow).toEqual(isSmall ? [] : [row]);
        expect(words).toEqual(isSmall ? encoded(row) : Array(6).fill(-1n));
        if (isSmall) taken++;
      }
    }
    expect(taken).toBeGreaterThan(400);
  });

  it('leaves alone what no field takes', () => {
    for (const odd of [
      0.5,
      -0.25,
      -1.5,
      2 ** 51 + 0.5,
      2 ** 53,
      -(2 ** 53),
      Number.NaN,
      Infinity,
      -Infinity,
      '1',
      1n,
      null,
    ]) {
      for (const field of ['signed', 'natural'] as const) {
        const row = { before: 1, signed: 2, natural: 3, after: 4, [field]: odd } as Row;
        const { words, slow, filled } = takeIn(row);
        expect(slow).toEqual([row]);
        expect(words).toEqual(Array(6).fill(-1n));
        expect(filled).toBe(0);
      }
    }
    for (const natural of [-1, -0.1, -Number.MIN_VALUE])
      expect(takeIn({ before: 1, signed: 2, natural, after: 4 }).slow).toHaveLength(1);
  });
});
