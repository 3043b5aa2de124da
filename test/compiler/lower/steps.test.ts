// Steps and chains of operators: compiled to WebAssembly they emit, keep and fail as in JavaScript.
// biome-ignore-all lint/suspicious/noExplicitAny: operators over any records.
import { describe, expect, it } from 'vitest';
import * as op from '../../../operators/index.js';
import { array, bool, f64, i64, struct, text, u8, u32, u53 } from '../../../src/schema/index.js';
import { type AnyFused, start } from '../stage-kit.js';
import { lowerChain, startChain, startWasm, textOf } from '../wasm-kit.js';

type Any = any;
const Reading = struct({ id: u32, value: f64, ts: u53, name: text, ok: bool, big: i64, kind: u8 }, 'Reading');
const readings = Array.from({ length: 60 }, (_, i) => ({
  id: i % 3,
  value: [1, 5, -2, Number.NaN, 5, 0, -0][i % 7] as number,
  ts: 2 ** 40 + (i >> 1),
  name: ['ann', 'bob', '', 'ann'][(i >> 2) % 4] as string,
  ok: i % 4 < 2,
  big: BigInt((i * 7) % 5) - 2n,
  kind: (i * 11) % 5,
}));

const key = (r: Any) => r.id;
/** Chains of operators over readings. */
const chains: Readonly<Record<string, () => AnyFused[]>> = {
  stateful: () => [
    op.stateful(
      key,
      (r: Any) => ({ id: r.id, n: 1, sum: r.value, last: r.name }),
      (s: Any, r: Any) => {
        s.n++;
        if (r.value > 0) s.sum += r.value;
        s.last = r.name;
      },
    ),
  ],
  'stateful, then delta': () => [
    op.stateful(
      (r: Any) => [r.id, r.name],
      (r: Any) => ({ id: r.id, n: 1, max: r.value }),
      (s: Any, r: Any) => {
        s.n += 1;
        s.max = Math.max(s.max, r.value);
      },
    ),
    op.delta(key, (curr: Any, prev: Any) => prev && curr.n > prev.n && { id: curr.id, by: curr.n - prev.n }),
  ],
  'delta with several returns': () => [
    op.delta(key, (curr: Any, prev: Any) => {
      if (!prev) return { id: curr.id, way: 0, v: curr.value };
      if (prev.value > curr.value) return { id: curr.id, way: 1, v: prev.value };
      const rise = curr.value - prev.value;
      if (rise > 3) return { id: prev.id, way: 2, v: rise };
      return curr.ok && null;
    }),
  ],
  'delta that hands the previous record on': () => [
    op.delta(key, (curr: Any, prev: Any) => {
      const rises = (a: Any, b: Any) => a.value < b.value;
      const { ts = 0, name } = prev ?? curr;
      return prev && rises(prev, curr) && { ts, name, was: prev.kind };
    }),
  ],
  'delta that spreads the previous record': () => [
    op.delta(key, (curr: Any, prev: Any) => prev && { ...prev, now: curr.value }),
  ],
  'delta that only asks whether there was one': () => [
    op.delta(key, (curr: Any, prev: Any) => prev === undefined && { id: curr.id }),
  ],
  dedupBy: () => [op.dedupBy(key)],
  'dedupBy a scalar': () => [op.dedupBy(key, (r: Any) => r.value)],
  'dedupBy a tuple': () => [
    op.dedupBy(
      (r: Any) => [r.name, r.big],
      (r: Any) => [r.value, r.name, r.ok],
    ),
  ],
  'dedupBy a record': () => [op.dedupBy(key, (r: Any) => ({ v: r.value, t: r.name }))],
  'dedupBy what is computed, in a chain': () => [
    op.dedupBy((r: Any) => [r.id, Math.floor(r.value * 1000)]),
    op.dedupBy(key, (r: Any) => (r.ok ? r.value : 0)),
    op.map((r: Any) => ({ id: r.id, v: r.value * 2 })),
  ],
  distinctUntilChanged: () => [op.distinctUntilChanged()],
  'distinctUntilChanged with a comparator': () => [
    op.distinctUntilChanged((a: Any, b: Any) => a.value === b.value || a.name !== b.name),
  ],
  'distinctUntilChanged with a selector': () => [op.distinctUntilChanged(undefined, (r: Any) => r.value)],
  'distinctUntilChanged with both': () => [
    op.distinctUntilChanged(
      (a: Any, b: Any) => a[0] === b[0] && a[1] > b[1],
      (r: Any) => [r.id, r.value],
    ),
  ],
  distinctUntilKeyChanged: () => [op.distinctUntilKeyChanged('name')],
  'scan with a seed': () => [
    op.scan(
      (acc: Any, r: Any) => ({ n: acc.n + 1, sum: acc.sum + (r.value || 0), top: r.ok ? r.id : acc.top }),
      {
        n: 0,
        sum: 0,
        top: 0,
      },
    ),
  ],
  'scan that changes what it is given': () => [
    op.scan(
      (acc: Any, r: Any) => {
        acc.n++;
        acc.list[r.id] = r.value;
        acc.at.name = r.name;
        return acc;
      },
      { n: 0, list: [0, 0, 0], at: { name: 'none' } },
    ),
  ],
  'scan without a seed': () => [
    op.scan((acc: Any, r: Any) => ({ ...acc, value: acc.value + (r.value || 1), id: r.id })),
  ],
  'pairwise, then map': () => [
    op.pairwise(),
    op.map(({ prev, curr }: Any) => ({
      d: curr.ts - prev.ts,
      a: prev.name,
      b: curr.name,
      same: prev.id === curr.id,
    })),
  ],
  pairwiseBy: () => [op.pairwiseBy((r: Any) => [r.id, r.ok])],
  'filter, map and tap': () => [
    op.filter((r: Any) => r.ok && (r.value || r.name)),
    op.tap((r: Any) => void r.value),
    op.map((r: Any) => ({ ...r, value: Math.round(r.value * 10), kind: r.kind + 250 })),
    op.filter((r: Any) => !(r.kind % 2)),
  ],
  'a step that emits twice': () => [
    op.step((r: Any, _: Any, emit: Any) => {
      emit({ id: r.id, v: r.value });
      if (r.ok) emit({ id: r.id + 10, v: -r.value });
    }),
    op.filter((r: Any) => r.v !== 5),
    op.stateful(
      key,
      (r: Any) => ({ id: r.id, n: 1 }),
      (s: Any) => {
        s.n++;
      },
    ),
  ],
  'a step that emits in a loop': () => [
    op.step((r: Any, _: Any, emit: Any) => {
      for (let i = 0; i < r.kind; i++) {
        if (i === 3) break;
        emit({ i, v: r.value, name: r.name });
      }
    }),
    op.dedupBy(
      (r: Any) => r.i,
      (r: Any) => r.name,
    ),
  ],
  'steps that emit twice, one after the other': () => [
    op.step((r: Any, _: Any, emit: Any) => {
      emit({ v: r.value, a: 1 });
      emit({ v: r.value, a: 2 });
    }),
    op.step((r: Any, state: Any, emit: Any) => {
      const n = state.exists ? state.value.n : 0;
      state.set({ n: n + 1 });
      emit({ ...r, n });
      if (n % 3 === 0) emit({ ...r, n: -n });
    }),
    op.map((r: Any) => ({ s: r.a + r.n })),
  ],
  'a step that emits records of many fields twice': () => [
    op.step((r: Any, _: Any, emit: Any) => {
      const wide = {
        a: 1,
        b: 2,
        c: 3,
        d: 4,
        e: 5,
        f: 6,
        g: 7,
        h: 8,
        i: 9,
        j: 10,
        k: 11,
        l: 12,
        m: 13,
        n: 14,
        o: 15,
        p: 16,
      };
      emit({ ...wide, q: r.value, list: [r.id, r.kind] });
      emit({ ...wide, q: 0, list: [1, 2] });
    }),
    op.map((r: Any) => ({ q: r.q, s: r.a + r.p + r.list[0], t: r.list[r.a] })),
  ],
  'a step that emits what it got or what it made': () => [
    op.step((r: Any, state: Any, emit: Any) => {
      const out = r.ok ? r : { ...r, name: 'made', value: 0 };
      state.set({ n: 1 });
      emit(out);
    }),
    op.map((r: Any) => ({ name: r.name, v: r.value })),
  ],
  'a step with a state that is set on some ways': () => [
    op.step((r: Any, state: Any, emit: Any) => {
      const had = state.exists;
      if (r.kind === 2) state.set({ kind: r.kind, n: state.exists ? state.value.n + 1 : 1, name: r.name });
      else if (state.exists) state.value.n += 10;
      emit({
        had,
        has: state.exists,
        n: state.exists ? state.value.n : -1,
        name: state.value?.name ?? 'none',
      });
    }),
  ],
  'a step with a key that keeps nested records': () => [
    op.step(
      (r: Any, state: Any, emit: Any) => {
        if (!state.exists) state.set({ first: { v: r.value, t: r.ts }, last: { v: 0, t: 0 }, hist: [0, 0] });
        const s = state.value;
        const { last } = s;
        s.hist[r.kind % 2] += 1;
        emit({ last, first: s.first, n: s.hist[0] - s.hist[1] });
        s.last = { v: r.value, t: r.ts };
        [s.first, s.last] = [s.last, s.first];
      },
      { key: (r: Any) => r.name },
    ),
  ],
  'texts, booleans and bigints as keys': () => [
    op.stateful(
      (r: Any) => [r.name, r.ok, r.big, r.kind > 2],
      (r: Any) => ({ name: r.name, big: r.big, n: 1 }),
      (s: Any) => {
        s.n++;
      },
    ),
    op.filter((s: Any) => s.big > -2n && s.name !== 'bob'),
  ],
};

describe('a chain of operators compiled to WebAssembly', () => {
  for (const [name, chain] of Object.entries(chains)) {
    it(`runs ${name}`, () => {
      const expected = start(Reading, ...chain()).push(...readings);
      expect(expected.length).toBeGreaterThan(0);
      expect(startWasm(Reading, ...chain()).push(...readings)).toEqual(expected);
    });
  }
});
const Nested = struct({ at: struct({ list: array(u32, 3), x: f64 }), n: u32 }, 'Nested');

describe('a step that fails', () => {
  const failing = (fn: (r: Any, using: Any) => Any, using: Any = {}): AnyFused =>
    op.map(fn, { using } as Any);
  const cases: Readonly<Record<string, AnyFused>> = {
    'an error of the code': failing((r) => {
      if (r.n > 1) throw new RangeError(`n is too big`);
      return { n: r.n };
    }),
    'an error of a helper': failing((r, { check }) => ({ n: check(r.n) }), {
      check: (n: number) => {
        if (n > 1) throw new Error('not from here');
        return n;
      },
    }),
    'an index out of range': failing((r) => ({ v: r.at.list[r.n + 1] })),
    'a field of undefined': failing((r) => {
      const maybe = r.n > 1 ? undefined : r.at;
      return { v: maybe.x };
    }),
    'a division by 0n': failing((r) => ({ v: BigInt.asIntN(64, 5n / BigInt.asIntN(64, BigInt(2 - r.n))) })),
  };
  for (const [name, operator] of Object.entries(cases)) {
    it(`ends in ${name}, as in JavaScript`, () => {
      const given = [0, 1, 2, 3].map((n) => ({ at: { list: [1, 2, 3], x: n }, n }));
      const outcome = (stage: { push(...records: object[]): unknown[] }) =>
        given.map((record) => {
          try {
            return stage.push(record);
          } catch (error) {
            const { name, message, code } = error as Error & { code?: string };
            return { name, message, code };
          }
        });
      const expected = outcome(start(Nested, operator));
      expect(expected.some((one) => !Array.isArray(one))).toBe(true);
      expect(outcome(startWasm(Nested, operator))).toEqual(expected);
    });
  }

  it('says where, and what it had emitted and kept stands', () => {
    const out: unknown[] = [];
    const chain = startChain(
      Reading,
      [
        [op.map((r: Any) => ({ v: r.value, id: r.id }))],
        [
          op.stateful(
            key,
            (r: Any) => ({ id: r.id, n: 1 }),
            (s: Any) => {
              s.n++;
            },
          ),
          op.tap((s: Any) => {
            if (s.n === 2) throw new TypeError('two');
          }),
        ],
      ],
      (stage, record) => out.push([stage, record]),
    );
    for (const id of [1, 1, 1]) chain.push({ ...readings[0], id, value: 7 } as object);
    chain.drain();
    expect(out.filter(([stage]: Any) => stage === 0)).toHaveLength(3);
    expect(out.filter(([stage]: Any) => stage === 1)).toEqual([
      [1, { id: 1, n: 1 }],
      [1, { id: 1, n: 3 }],
    ]);
    expect(chain.failures.map(({ site }) => site)).toMatchObject([
      {
        stage: 1,
        operator: 1,
        kind: 'throw',
        errorClass: 'TypeError',
        message: 'two',
        at: expect.stringContaining('effect of tap'),
      },
    ]);
    // The record that the failed stage had taken is at hand.
    const [failed] = chain.failures;
    expect(chain.memory.f64[(failed?.address as number) / 8]).toBe(7);
  });
});

describe('the module of two stages', () => {
  it('keeps what passes between operators out of memory', () => {
    const { module, ...rest } = lowerChain(Reading, [
      [
        op.map((r: Any) => ({ a: r.value * 2, b: r.id })),
        op.filter((r: Any) => r.a > 1),
        op.map((r: Any) => ({ c: r.a + r.b })),
      ],
    ]);
    const text = textOf({ module, ...rest });
    const loop = text.slice(text.indexOf('(loop'), text.indexOf('(func $entry'));
    // All other stores are of the stage's counters.
    const stores = loop.match(/\w+\.store\d*( offset=\d+)? \((local|global)\.get \$\w+\)/g) ?? [];
    expect(stores.filter((store) => !store.includes('$stage0'))).toEqual(['f64.store (local.get $slot)']);
    expect(rest.scratchBytes).toBe(0);
  });

  it('hands what was stored on in locals, and keeps what is compared of the previous record', () => {
    const lowered = lowerChain(Reading, [
      [
        op.stateful(
          key,
          (r: Any) => ({ id: r.id, sum: 0, count: 1, most: r.value }),
          (s: Any, r: Any) => {
            s.sum += r.value;
            s.count += 1;
            s.most = Math.max(s.most, r.value);
          },
        ),
      ],
      [
        op.delta(
          (s: Any) => s.id,
          (curr: Any, prev: Any) => prev && curr.sum / curr.count > prev.sum / prev.count && { id: curr.id },
        ),
      ],
    ]);
    const text = textOf(lowered);
    const delta = text.slice(text.indexOf('operator 0: delta'), text.indexOf('(func $entry'));
    // Of the state before, sum and count; of the current one nothing: both were stored a moment ago.
    expect(delta.match(/f64\.load[^)]*\(local\.get/g)).toHaveLength(2);
    expect(lowered.tables.map(({ value }) => Object.keys(value?.fields ?? {}))).toEqual([
      ['id', 'sum', 'count', 'most'],
      ['sum', 'count'],
    ]);
  });
});
