// Keyed tables find every key again, whatever its kind, and grow to their bound.
import { describe, expect, it } from 'vitest';
import * as op from '../../operators/index.js';
import { TABLE_COUNT } from '../../src/operator/table-layout.js';
import { bool, f64, i64, struct, text, u32, u64 } from '../../src/schema/index.js';
import { BACKENDS, type Start } from './backends.js';
import { start as startJs } from './stage-kit.js';

// biome-ignore lint/suspicious/noExplicitAny: keys of all kinds.
type Any = any;
const Keys = struct({ n: f64, i: u32, a: i64, b: u64, ok: bool, name: text }, 'Keys');
const base = { n: 0, i: 0, a: 0n, b: 0n, ok: false, name: '' };

/** How often each record's key has come before. */
function countsOn(start: Start, key: (r: Any) => Any, records: Partial<typeof base>[]): number[] {
  const count = op.stateful(
    key,
    () => ({ n: 1 }),
    (s: Any) => {
      s.n++;
    },
  );
  return start(Keys, count)
    .push(...records.map((r) => ({ ...base, ...r })))
    .map((out) => (out as { n: number }).n);
}

describe.each(BACKENDS)('a keyed table of the %s backend', (_, start) => {
  const counts = (key: (r: Any) => Any, records: Partial<typeof base>[]) => countsOn(start, key, records);

  it('takes NaN as one key, and 0 and -0 as one', () => {
    const values = [Number.NaN, 0, -0, Number.NaN, Number.POSITIVE_INFINITY, 0];
    expect(
      counts(
        (r) => r.n,
        values.map((n) => ({ n })),
      ),
    ).toEqual([1, 1, 2, 2, 1, 3]);
    expect(
      counts(
        (r) => [r.n, r.ok],
        values.map((n) => ({ n })),
      ),
    ).toEqual([1, 1, 2, 2, 1, 3]);
  });

  it('tells keys apart in every part', () => {
    const records = [
      {},
      { n: 0.5 },
      { i: 1 },
      { i: 0xffffffff },
      { a: -1n },
      { a: 2n ** 62n },
      { b: 2n ** 63n },
      { ok: true },
      { name: 'x' },
      { name: 'y' },
    ];
    const key = (r: Any) => [r.n, r.i, r.a, r.b, r.ok, r.name];
    expect(counts(key, [...records, ...records])).toEqual([...records.map(() => 1), ...records.map(() => 2)]);
  });

  it('takes the same keys however they are returned', () => {
    const records = [1, 2, 1, 2, 3].map((i) => ({ i, n: i / 2, name: i > 1 ? 'b' : 'a' }));
    const keys: ((r: Any) => Any)[] = [
      (r) => r.i,
      (r) => [r.i],
      (r) => {
        const key = [r.i, r.n];
        return key;
      },
      (r) => (r.i > 1 ? [r.n, r.name] : [0, r.name]),
      (r) => {
        if (r.i > 1) return r.n;
        return -1;
      },
      ({ i, n }) => [i, n, i > 1],
      (r) => (r.i === 1 ? 'a' : r.i === 2 ? 'b' : 'c'),
      (r) => [r.name, Math.floor(r.n * 2)],
      (r) => BigInt.asIntN(64, BigInt(r.i)),
    ];
    for (const key of keys) expect(counts(key, records)).toEqual([1, 1, 2, 2, 1]);
  });

  it('finds 100,000 keys again after growing, in dense ids', () => {
    const count = op.stateful(
      (r: Any) => [r.n, r.i],
      (r: Any) => ({ n: r.n, seen: 1 }),
      (s: Any) => {
        s.seen++;
      },
      { maxKeys: 100_000 },
    );
    const stage = start(Keys, count);
    const records = Array.from({ length: 100_000 }, (_, i) => ({ ...base, n: i * 1e5, i: i % 7 }));
    expect(stage.push(...records.slice(0, 10)).length).toBe(10);
    for (let i = 10; i < records.length; i += 1000) stage.push(...records.slice(i, i + 1000));
    expect(stage.memory.i32[2 * (stage.tables[0] as number) + TABLE_COUNT]).toBe(100_000);
    for (let i = 0; i < records.length; i += 997) {
      expect(stage.push(records[i] as object)).toEqual([{ n: i * 1e5, seen: 2 }]);
    }
    expect(() => stage.push({ ...base, n: -1 })).toThrow(RangeError);
    expect(() => stage.push({ ...base, n: -1 })).toThrow('100000');
    expect(stage.push(records[5] as object)).toEqual([{ n: 5e5, seen: 2 }]);
  });

  it('keeps a copy of what is stored, not the record', () => {
    const stage = start(
      Keys,
      op.delta(
        (r: Any) => r.ok,
        (curr: Any, prev: Any) => ({ was: prev ? prev.n : -1, is: curr.n }),
      ),
    );
    const out = stage.push(...[1, 2, 3].map((n) => ({ ...base, n })));
    expect(out).toEqual([
      { was: -1, is: 1 },
      { was: 1, is: 2 },
      { was: 2, is: 3 },
    ]);
  });
});

describe('a stage', () => {
  it('gives its memory back', () => {
    const stage = startJs(
      Keys,
      op.pairwiseBy((r: Any) => r.n),
    );
    const before = stage.arena.usedBytes;
    const other = startJs(
      Keys,
      op.pairwiseBy((r: Any) => r.n),
    );
    for (let n = 0; n < 5000; n++) other.push({ ...base, n });
    expect(other.arena.usedBytes).toBeGreaterThan(before);
    other.instance.dispose();
    const empty = startJs(
      Keys,
      op.map((r: Any) => ({ n: r.n })),
    );
    expect(other.arena.usedBytes - empty.arena.usedBytes).toBeLessThan(1024);
  });

  it('says which record and operator a throw came from, and goes on after it', () => {
    const stage = startJs(
      Keys,
      op.map((r: Any) => ({ n: r.n })),
      op.tap((r: Any) => {
        if (r.n === 2) throw new Error('two');
      }),
      op.map((r: Any) => {
        if (r.n === 3) throw new Error('three');
        return { n: r.n };
      }),
    );
    const { memory, arena, instance } = stage;
    const words = Keys.layout.words;
    const ring = arena.allocate(4 * words, 'ring');
    for (let i = 0; i < 4; i++) memory.f64[ring + i * words] = i;
    const from = 2 ** 32 - 2;
    const tried: unknown[] = [];
    let at = from;
    while (at < from + 4) {
      try {
        instance.run(ring, 3, words, at | 0, from + 4 - at);
        at = from + 4;
      } catch (error) {
        const { index, operator } = instance.failedAt();
        tried.push([(error as Error).message, index, operator]);
        at += index + 1;
      }
    }
    expect(tried).toEqual([
      ['two', 0, 1],
      ['three', 0, 2],
    ]);
  });
});
