// Compiled stages of the built-in operators give what their definitions say.
// biome-ignore-all lint/suspicious/noExplicitAny: operators over any records.
import { describe, expect, it } from 'vitest';
import * as op from '../../operators/index.js';
import { array, bool, f64, i64, type Struct, struct, text, u32, u53, u64 } from '../../src/schema/index.js';
import { BACKENDS } from './backends.js';
import { start as startJs } from './stage-kit.js';

const Reading = struct({ sensorId: u32, value: f64, timestamp: u53 }, 'Reading');
const reading = (sensorId: number, value: number, timestamp = 0) => ({ sensorId, value, timestamp });

type Reading = { sensorId: number; value: number; timestamp: number };

describe.each(BACKENDS)('a stage of the %s backend', (_, start) => {
  const through = (input: Struct, operators: any, records: object[]): unknown[] =>
    start(input, ...[operators].flat()).push(...records);

  it('runs map over inferred layouts', () => {
    const stage = start(
      Reading,
      op.map((r: Reading) => ({ id: r.sensorId, double: r.value * 2, big: r.value > 1 })),
    );
    expect(stage.push(reading(7, 1.5), reading(8, 0.5))).toEqual([
      { id: 7, double: 3, big: true },
      { id: 8, double: 1, big: false },
    ]);
  });

  it('runs filter and tap', () => {
    const stage = start(
      Reading,
      op.filter((r: Reading) => r.value > 1),
      op.tap((r: Reading) => void Math.abs(r.value)),
    );
    expect(stage.push(reading(1, 1), reading(2, 2))).toEqual([reading(2, 2)]);
  });

  it('keeps a state for each key', () => {
    const stage = start(
      Reading,
      op.stateful(
        (r: Reading) => r.sensorId,
        (r) => ({ sensorId: r.sensorId, avg: r.value, count: 1 }),
        (s, r) => {
          s.avg = (s.avg * s.count + r.value) / (s.count + 1);
          s.count += 1;
        },
      ),
    );
    expect(stage.push(reading(1, 10), reading(2, 5), reading(1, 20))).toEqual([
      { sensorId: 1, avg: 10, count: 1 },
      { sensorId: 2, avg: 5, count: 1 },
      { sensorId: 1, avg: 15, count: 2 },
    ]);
  });

  it('takes a key that is a field of either of two kinds of choice', () => {
    const Sized = struct({ id: u32, big: u64, other: u64 });
    const sized = (id: number, big: bigint) => ({ id, big, other: big });
    const stage = start(
      Sized,
      op.dedupBy(
        (r) => (r.id > 1 ? r.big : r.other),
        (r) => r.id,
      ),
    );
    expect(stage.push(sized(1, 5n), sized(2, 5n), sized(2, 5n), sized(2, 6n))).toEqual([
      sized(1, 5n),
      sized(2, 5n),
      sized(2, 6n),
    ]);
  });

  it('compares with the record before of the same key', () => {
    const out = through(
      Reading,
      op.delta(
        (r: Reading) => r.sensorId,
        (curr, prev, { jump }) =>
          prev && curr.value > prev.value * jump && { sensorId: curr.sensorId, severity: 1 },
        { using: { jump: 1.5 } },
      ),
      [reading(1, 10), reading(1, 12), reading(2, 100), reading(1, 20)],
    );
    expect(out).toEqual([{ sensorId: 1, severity: 1 }]);
  });

  it('chains operators', () => {
    const out = through(
      Reading,
      [
        op.dedupBy(
          (r: Reading) => r.sensorId,
          (r: Reading) => [r.value, r.timestamp],
        ),
        op.scan((acc, r: Reading) => ({ sum: acc.sum + r.value, id: r.sensorId }), { sum: 0, id: 0 }),
        op.pairwise(),
      ],
      [reading(1, 1), reading(1, 1), reading(1, 2), reading(2, 3)],
    );
    expect(out).toEqual([
      { prev: { sum: 1, id: 1 }, curr: { sum: 3, id: 1 } },
      { prev: { sum: 3, id: 1 }, curr: { sum: 6, id: 2 } },
    ]);
  });

  it('runs distinctUntilChanged in all its forms', () => {
    const records = [reading(1, 1), reading(1, 1), reading(1, 2), reading(2, 2)];
    expect(through(Reading, op.distinctUntilChanged(), records)).toEqual([
      records[0],
      records[2],
      records[3],
    ]);
    expect(through(Reading, op.distinctUntilKeyChanged<Reading>('sensorId'), records)).toEqual([
      records[0],
      records[3],
    ]);
    expect(
      through(
        Reading,
        op.distinctUntilChanged(
          (a: number, b: number) => a >= b,
          (r: Reading) => r.value,
        ),
        records,
      ),
    ).toEqual([records[0], records[2]]);
    expect(
      through(
        Reading,
        op.distinctUntilChanged((a: Reading, b: Reading) => a.value === b.value),
        records,
      ),
    ).toEqual([records[0], records[2]]);
  });

  it('emits none, one or many from a step', () => {
    const out = through(
      Reading,
      op.step((r: Reading, state: any, emit: (r: { n: number; seen: number }) => void) => {
        const seen = state.exists ? state.value.seen + 1 : 1;
        state.set({ seen });
        for (let n = 0; n < r.value; n++) emit({ n, seen });
      }),
      [reading(1, 0), reading(1, 2)],
    );
    expect(out).toEqual([
      { n: 0, seen: 2 },
      { n: 1, seen: 2 },
    ]);
  });

  it('handles texts, bigints, arrays and nested records', () => {
    const Trade = struct(
      { name: text, price: i64, sizes: array(f64, 3), at: struct({ x: f64, ok: bool }) },
      'Trade',
    );
    const out = through(
      Trade,
      op.stateful(
        (t: any) => [t.name, t.price],
        (t: any) => ({
          name: t.name,
          price: t.price * 2n,
          kind: t.price > 10n ? 'big' : 'small',
          sizes: t.sizes,
          at: t.at,
          n: 0,
        }),
        (s: any, t: any) => {
          s.sizes[1] += t.sizes[2];
          s.at.x = t.at.x + 1;
          s.n++;
        },
      ),
      [
        { name: 'a', price: 5n, sizes: [1, 2, 3], at: { x: 1, ok: true } },
        { name: 'a', price: 5n, sizes: [1, 2, 3], at: { x: 5, ok: true } },
        { name: 'b', price: 50n, sizes: [1, 2, 3], at: { x: 1, ok: false } },
      ],
    );
    expect(out).toEqual([
      { name: 'a', price: 10n, kind: 'small', sizes: [1, 2, 3], at: { x: 1, ok: true }, n: 0 },
      { name: 'a', price: 10n, kind: 'small', sizes: [1, 5, 3], at: { x: 6, ok: true }, n: 1 },
      { name: 'b', price: 100n, kind: 'big', sizes: [1, 2, 3], at: { x: 1, ok: false }, n: 0 },
    ]);
  });
});

describe('compileStage()', () => {
  it('infers the layouts of what comes out', () => {
    const { program } = startJs(
      Reading,
      op.map((r: Reading) => ({ id: r.sensorId, double: r.value * 2, big: r.value > 1 })),
    );
    expect(Object.entries(program.output.fields).map(([n, t]) => [n, (t as { type: string }).type])).toEqual([
      ['id', 'u32'],
      ['double', 'f64'],
      ['big', 'bool'],
    ]);
  });

  it('gives functions a console', () => {
    const stage = startJs(
      Reading,
      op.tap((r: Reading) => console.log(r, r.value)),
    );
    stage.push(reading(2, 2));
    expect(stage.printed).toEqual([[reading(2, 2), 2]]);
  });
});
