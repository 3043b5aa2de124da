// What chains of operators, stages and RxJS operators infer from end to end; checked by the type checker.

import { compose, defineOperator, type Fused, fused, type Source, type Stage, struct, u32 } from 'roda-rx';
import * as op from 'roda-rx/operators';
import { debounceTime, type Observable, type OperatorFunction, of } from 'rxjs';
import { expectTypeOf } from 'vitest';
import { engine, Reading, readings } from './pipelines.js';

interface Counted {
  a: number;
}

/** Each counts its place in the chain: from a record with `a` to one with `a`, whose function needs its type. */
const next = () => op.map((r: Counted) => ({ a: r.a + 1 }));

export function source(): void {
  expectTypeOf(engine.source(Reading)).toEqualTypeOf<Source<Reading>>();
  expectTypeOf(readings).toExtend<Observable<Reading>>();
}

/** From one to eight operators; each one's parameter comes from the one before. */
export function lengths(): void {
  const first = () => op.map((r: Reading) => ({ a: r.value }));
  const n = next;
  const o = { name: 'chain', placement: 'inline' } as const;
  const one = readings.stage(op.map((r) => ({ z: r.id })));
  const two = readings.stage(
    first(),
    op.map((r) => ({ z: r.a })),
  );
  const three = readings.stage(
    first(),
    n(),
    op.map((r) => ({ z: r.a })),
  );
  const four = readings.stage(
    first(),
    n(),
    n(),
    op.map((r) => ({ z: r.a })),
  );
  const five = readings.stage(
    first(),
    n(),
    n(),
    n(),
    op.map((r) => ({ z: r.a })),
  );
  const six = readings.stage(
    first(),
    n(),
    n(),
    n(),
    n(),
    op.map((r) => ({ z: r.a })),
  );
  const seven = readings.stage(
    first(),
    n(),
    n(),
    n(),
    n(),
    n(),
    op.map((r) => ({ z: r.a })),
  );
  const eight = readings.stage(
    first(),
    n(),
    n(),
    n(),
    n(),
    n(),
    n(),
    op.map((r) => ({ z: r.a })),
  );
  const optionsOne = readings.stage(
    o,
    op.map((r) => ({ z: r.id })),
  );
  const optionsTwo = readings.stage(
    o,
    first(),
    op.map((r) => ({ z: r.a })),
  );
  const optionsThree = readings.stage(
    o,
    first(),
    n(),
    op.map((r) => ({ z: r.a })),
  );
  const optionsFour = readings.stage(
    o,
    first(),
    n(),
    n(),
    op.map((r) => ({ z: r.a })),
  );
  const optionsFive = readings.stage(
    o,
    first(),
    n(),
    n(),
    n(),
    op.map((r) => ({ z: r.a })),
  );
  const optionsSix = readings.stage(
    o,
    first(),
    n(),
    n(),
    n(),
    n(),
    op.map((r) => ({ z: r.a })),
  );
  const optionsSeven = readings.stage(
    o,
    first(),
    n(),
    n(),
    n(),
    n(),
    n(),
    op.map((r) => ({ z: r.a })),
  );
  const optionsEight = readings.stage(
    o,
    first(),
    n(),
    n(),
    n(),
    n(),
    n(),
    n(),
    op.map((r) => ({ z: r.a })),
  );
  expectTypeOf(one).toEqualTypeOf<Z>();
  expectTypeOf(two).toEqualTypeOf<Z>();
  expectTypeOf(three).toEqualTypeOf<Z>();
  expectTypeOf(four).toEqualTypeOf<Z>();
  expectTypeOf(five).toEqualTypeOf<Z>();
  expectTypeOf(six).toEqualTypeOf<Z>();
  expectTypeOf(seven).toEqualTypeOf<Z>();
  expectTypeOf(eight).toEqualTypeOf<Z>();
  expectTypeOf(optionsOne).toEqualTypeOf<Z>();
  expectTypeOf(optionsTwo).toEqualTypeOf<Z>();
  expectTypeOf(optionsThree).toEqualTypeOf<Z>();
  expectTypeOf(optionsFour).toEqualTypeOf<Z>();
  expectTypeOf(optionsFive).toEqualTypeOf<Z>();
  expectTypeOf(optionsSix).toEqualTypeOf<Z>();
  expectTypeOf(optionsSeven).toEqualTypeOf<Z>();
  expectTypeOf(optionsEight).toEqualTypeOf<Z>();
}

type Z = Stage<{ z: number }>;

/** No function is annotated: all types come from the source's struct. */
export function fromTheStruct(): void {
  const long = readings.stage(
    { name: 'long', capacity: 64 },
    op.filter((r) => r.value > 0),
    op.dedupBy(
      (r) => r.id,
      (r) => r.value,
    ),
    op.map((r) => ({ key: r.id, v: r.value, at: r.ts })),
    op.stateful(
      (r) => r.key,
      (r) => ({ key: r.key, avg: r.v, n: 1 }),
      (s, r) => {
        s.avg = (s.avg * s.n + r.v) / (s.n + 1);
        s.n++;
      },
    ),
    op.delta(
      (s) => s.key,
      (curr, prev, { jump }) => prev && curr.avg > prev.avg * jump && { key: curr.key, severity: curr.n },
      { using: { jump: 1.5 } },
    ),
    op.pairwiseBy((a) => a.key),
    op.scan((acc, { curr }) => ({ worst: Math.max(acc.worst, curr.severity) }), { worst: 0 }),
    op.tap((r) => {
      expectTypeOf(r).toEqualTypeOf<Readonly<{ worst: number }>>();
    }),
  );
  expectTypeOf(long).toEqualTypeOf<Stage<{ worst: number }>>();
  const further = long.stage(op.distinctUntilKeyChanged('worst')).stage(op.map((r) => ({ w: r.worst })));
  expectTypeOf(further).toEqualTypeOf<Stage<{ w: number }>>();
}

export function fusedChains(): void {
  const one = fused(
    Reading,
    op.map((r) => ({ v: r.value })),
  );
  expectTypeOf(one).toEqualTypeOf<OperatorFunction<Reading, { v: number }>>();
  const options = fused(
    Reading,
    { engine, placement: 'inline', onInvalid: 'skip', overflow: 'drop-newest' },
    op.dedupBy((r) => r.id),
    op.map((r) => ({ v: r.value })),
    op.map((r) => ({ w: r.v })),
  );
  expectTypeOf(options).toEqualTypeOf<OperatorFunction<Reading, { w: number }>>();
  const n = next;
  const eight = fused(
    Reading,
    op.map((r) => ({ a: r.id })),
    n(),
    n(),
    n(),
    n(),
    n(),
    n(),
    op.map((r) => ({ z: r.a })),
  );
  expectTypeOf(eight).toEqualTypeOf<OperatorFunction<Reading, { z: number }>>();
  const withOptions = fused(
    Reading,
    { name: 'eight' },
    op.map((r) => ({ a: r.id })),
    n(),
    n(),
    n(),
    n(),
    n(),
    n(),
    op.map((r) => ({ z: r.a })),
  );
  expectTypeOf(withOptions).toEqualTypeOf<OperatorFunction<Reading, { z: number }>>();
  const out = of({ id: 1, value: 2, ts: 3 }).pipe(one, debounceTime(10));
  expectTypeOf(out).toEqualTypeOf<Observable<{ v: number }>>();
}

export function composed(): void {
  const changes = compose(
    Reading,
    op.dedupBy(
      (r) => {
        expectTypeOf(r).toEqualTypeOf<Readonly<Reading>>();
        return r.id;
      },
      (r) => r.value,
    ),
    op.pairwiseBy((r) => r.id),
    op.map(({ prev, curr }) => ({ id: curr.id, change: curr.value - prev.value })),
  );
  expectTypeOf(changes).toEqualTypeOf<Fused<Reading, { id: number; change: number }>>();
  const single = compose(
    Reading,
    op.map((r) => ({ v: r.value })),
  );
  expectTypeOf(single).toEqualTypeOf<Fused<Reading, { v: number }>>();
  const stage = readings.stage(
    changes,
    op.map((r) => ({ twice: r.change * 2 })),
  );
  expectTypeOf(stage).toEqualTypeOf<Stage<{ twice: number }>>();
}

export function ownOperators(): void {
  function everyNth<T extends object>(n: number): Fused<T, T> {
    return defineOperator<T, T, { count: number }, unknown, { n: number }>({
      name: 'everyNth',
      seed: { count: 0 },
      constants: { n },
      state: struct({ count: u32 }),
      step: (record, state, emit, { n, same }) => {
        expectTypeOf(state.value.count).toEqualTypeOf<number>();
        expectTypeOf(n).toEqualTypeOf<number>();
        expectTypeOf(same(record, record)).toEqualTypeOf<boolean>();
        state.value.count = (state.value.count + 1) % n;
        if (state.value.count === 0) emit(record);
      },
    });
  }
  expectTypeOf(readings.stage(everyNth(3))).toEqualTypeOf<Stage<Reading>>();
  function sumBy<T>(
    key: (record: Readonly<T>, using: {}) => number,
    of: (record: Readonly<T>, using: {}) => number,
    at: (record: Readonly<T>) => number,
  ) {
    return defineOperator<
      T,
      { sum: number },
      { sum: number },
      { key: typeof key; of: typeof of; at: typeof at }
    >({
      name: 'sumBy',
      functions: { key, of, at },
      key: 'key',
      step: (record, state, emit, { of, at }) => {
        expectTypeOf(of(record)).toEqualTypeOf<number>();
        // Nothing tells a function that uses nothing from one whose only parameter is what it uses.
        expectTypeOf(at(record)).toEqualTypeOf<number>();
        // @ts-expect-error: it takes a record
        of(1);
        state.set({ sum: (state.exists ? state.value.sum : 0) + of(record) + at(record) });
        emit(state.value);
      },
    });
  }
  const sums = readings.stage(
    sumBy(
      (r) => r.id,
      (r) => r.value,
      (r) => r.ts,
    ),
  );
  expectTypeOf(sums).toEqualTypeOf<Stage<{ sum: number }>>();
}
