// What is inferred for the parameters of functions, and for what operators emit; checked by the type checker.

import {
  bool,
  type Fused,
  f64,
  keyedTable,
  type Stage,
  type State,
  struct,
  type Table,
  text,
  u32,
  u64,
  withUsing,
} from 'roda-rx';
import * as op from 'roda-rx/operators';
import { bufferTime } from 'rxjs';
import { expectTypeOf } from 'vitest';
import { engine, everything, type Reading, readings } from './pipelines.js';

type Pair = { prev: Reading; curr: Reading };

export function sources(): void {
  expectTypeOf(readings.next).parameter(0).toEqualTypeOf<Reading>();
}

export function map(): void {
  const stage = readings.stage(
    op.map((r) => {
      expectTypeOf(r).toEqualTypeOf<Readonly<Reading>>();
      return { id: r.id, high: r.value > 1, name: 'x', big: 1n };
    }),
  );
  expectTypeOf(stage).toEqualTypeOf<Stage<{ id: number; high: boolean; name: string; big: bigint }>>();
}

export function filterAndTap(): void {
  const passed = readings.stage(
    op.filter((r) => {
      expectTypeOf(r).toEqualTypeOf<Readonly<Reading>>();
      return r.value > 1;
    }),
    op.tap((r) => {
      expectTypeOf(r).toEqualTypeOf<Readonly<Reading>>();
    }),
    op.tap(console.log),
  );
  expectTypeOf(passed).toEqualTypeOf<Stage<Reading>>();
}

export function stateful(): void {
  const stage = readings.stage(
    op.stateful(
      (r) => {
        expectTypeOf(r).toEqualTypeOf<Readonly<Reading>>();
        return r.id;
      },
      (r) => {
        expectTypeOf(r).toEqualTypeOf<Readonly<Reading>>();
        return { id: r.id, avg: r.value, count: 1 };
      },
      (s, r) => {
        expectTypeOf(s).toEqualTypeOf<{ id: number; avg: number; count: number }>();
        expectTypeOf(r).toEqualTypeOf<Readonly<Reading>>();
        s.avg = (s.avg * s.count + r.value) / (s.count + 1);
        s.count += 1;
      },
    ),
  );
  expectTypeOf(stage).toEqualTypeOf<Stage<{ id: number; avg: number; count: number }>>();
}

export function delta(): void {
  const stage = readings.stage(
    op.delta(
      (r) => [r.id, r.ts > 5, 'text', 1n],
      (curr, prev) => {
        expectTypeOf(curr).toEqualTypeOf<Readonly<Reading>>();
        expectTypeOf(prev).toEqualTypeOf<Readonly<Reading> | undefined>();
        return prev && curr.value > prev.value && { id: curr.id, rise: curr.value - prev.value };
      },
    ),
  );
  expectTypeOf(stage).toEqualTypeOf<Stage<{ id: number; rise: number }>>();
  const always = readings.stage(
    op.delta(
      (r) => r.id,
      (curr) => ({ was: curr.value }),
    ),
  );
  expectTypeOf(always).toEqualTypeOf<Stage<{ was: number }>>();
  const nothing = readings.stage(
    op.delta(
      (r) => r.id,
      (curr) => (curr.value > 1 ? { v: curr.value } : null),
    ),
  );
  expectTypeOf(nothing).toEqualTypeOf<Stage<{ v: number }>>();
}

export function dedup(): void {
  expectTypeOf(readings.stage(op.dedupBy((r) => r.id))).toEqualTypeOf<Stage<Reading>>();
  expectTypeOf(readings.stage(op.dedupBy((r) => r.id, { maxKeys: 10 }))).toEqualTypeOf<Stage<Reading>>();
  const selected = readings.stage(
    op.dedupBy(
      (r) => {
        expectTypeOf(r).toEqualTypeOf<Readonly<Reading>>();
        return r.id;
      },
      (r) => {
        expectTypeOf(r).toEqualTypeOf<Readonly<Reading>>();
        return [r.value, r.ts];
      },
      { maxKeys: 10 },
    ),
  );
  expectTypeOf(selected).toEqualTypeOf<Stage<Reading>>();
}

export function distinct(): void {
  expectTypeOf(readings.stage(op.distinctUntilChanged())).toEqualTypeOf<Stage<Reading>>();
  expectTypeOf(readings.stage(op.distinctUntilKeyChanged('id'))).toEqualTypeOf<Stage<Reading>>();
  const byFunction = readings.stage(
    op.distinctUntilKeyChanged((r) => {
      expectTypeOf(r).toEqualTypeOf<Readonly<Reading>>();
      return [r.id, r.ts];
    }),
  );
  expectTypeOf(byFunction).toEqualTypeOf<Stage<Reading>>();
  const compared = readings.stage(
    op.distinctUntilChanged((a, b) => {
      expectTypeOf(a).toEqualTypeOf<Readonly<Reading>>();
      expectTypeOf(b).toEqualTypeOf<Readonly<Reading>>();
      return a.value === b.value;
    }),
  );
  expectTypeOf(compared).toEqualTypeOf<Stage<Reading>>();
  const keyed = readings.stage(
    op.distinctUntilChanged(
      (a, b) => {
        expectTypeOf(a).toEqualTypeOf<number>();
        expectTypeOf(b).toEqualTypeOf<number>();
        return a >= b;
      },
      (r) => {
        expectTypeOf(r).toEqualTypeOf<Readonly<Reading>>();
        return r.value;
      },
    ),
  );
  expectTypeOf(keyed).toEqualTypeOf<Stage<Reading>>();
}

export function scan(): void {
  const sums = readings.stage(
    op.scan(
      (acc, r) => {
        expectTypeOf(acc).toEqualTypeOf<{ n: number; sum: number }>();
        expectTypeOf(r).toEqualTypeOf<Readonly<Reading>>();
        return { n: acc.n + 1, sum: acc.sum + r.value };
      },
      { n: 0, sum: 0 },
    ),
  );
  expectTypeOf(sums).toEqualTypeOf<Stage<{ n: number; sum: number }>>();
  const unseeded = readings.stage(
    op.scan((acc, r) => {
      expectTypeOf(acc).toEqualTypeOf<Reading>();
      expectTypeOf(r).toEqualTypeOf<Readonly<Reading>>();
      acc.value += r.value;
      return acc;
    }),
  );
  expectTypeOf(unseeded).toEqualTypeOf<Stage<Reading>>();
}

export function pairs(): void {
  expectTypeOf(readings.stage(op.pairwise())).toEqualTypeOf<Stage<Pair>>();
  expectTypeOf(readings.stage(op.pairwiseBy((r) => r.id))).toEqualTypeOf<Stage<Pair>>();
  const changes = readings.stage(
    op.pairwise(),
    op.map(({ prev, curr }) => {
      expectTypeOf(prev).toEqualTypeOf<Reading>();
      return { change: curr.value - prev.value };
    }),
  );
  expectTypeOf(changes).toEqualTypeOf<Stage<{ change: number }>>();
}

export function step(): void {
  const Seen = struct({ at: f64 });
  const Silence = struct({ id: u32, silent: f64 });
  const silences = readings.stage(
    op.step(
      (r, state, emit) => {
        expectTypeOf(r).toEqualTypeOf<Readonly<Reading>>();
        expectTypeOf(state).toEqualTypeOf<State<{ at: number }>>();
        expectTypeOf(state.exists).toEqualTypeOf<boolean>();
        expectTypeOf(emit).toEqualTypeOf<(record: { id: number; silent: number }) => void>();
        if (state.exists && r.ts > state.value.at) emit({ id: r.id, silent: r.ts - state.value.at });
        state.set({ at: r.ts });
      },
      {
        key: (r) => {
          expectTypeOf(r).toEqualTypeOf<Readonly<Reading>>();
          return r.id;
        },
        state: Seen,
        out: Silence,
      },
    ),
  );
  expectTypeOf(silences).toEqualTypeOf<Stage<{ id: number; silent: number }>>();
  op.step(
    (_r, state) => expectTypeOf(state).toEqualTypeOf<State<{ last: number; sums: number[]; up: boolean }>>(),
    { seed: { last: 0, sums: [0, 0], up: false } },
  );
  const repeated = readings.stage(
    op.step((r, _state, emit) => {
      for (let i = 0; i < r.value; i++) emit(r);
    }),
  );
  expectTypeOf(repeated).toEqualTypeOf<Stage<Reading>>();
  const counted = readings.stage(
    op.step(
      (_r, state, emit) => {
        state.value.n += 1;
        emit({ n: state.value.n });
      },
      { state: struct({ n: u32 }), seed: { n: 0 }, out: struct({ n: u32 }) },
    ),
  );
  expectTypeOf(counted).toEqualTypeOf<Stage<{ n: number }>>();
}

export function using(): void {
  const limit = engine.param(1.5);
  const names: readonly string[] = ['a', 'b'];
  const rises = withUsing(
    (a: number, b: number, { by }) => {
      expectTypeOf(by).toEqualTypeOf<number>();
      return a > b * by;
    },
    { by: engine.param(2) },
  );
  const plain = (a: number) => a * 2;
  const stage = readings.stage(
    op.map(
      (r, { factor, limit, names, rises, plain, deep }) => {
        expectTypeOf(factor).toEqualTypeOf<number>();
        expectTypeOf(limit).toEqualTypeOf<number>();
        expectTypeOf(names).toEqualTypeOf<readonly string[]>();
        expectTypeOf(rises).toEqualTypeOf<(a: number, b: number) => boolean>();
        expectTypeOf(plain).toEqualTypeOf<(a: number) => number>();
        expectTypeOf(deep.on).toEqualTypeOf<boolean>();
        return {
          v: plain(r.value * factor),
          over: rises(r.value, limit),
          name: names[r.id] ?? '',
          on: deep.on,
        };
      },
      { using: { factor: 2, limit, names, rises, plain, deep: { on: true } } },
    ),
  );
  expectTypeOf(stage).toEqualTypeOf<Stage<{ v: number; over: boolean; name: string; on: boolean }>>();

  readings.stage(op.filter((r, { max }) => r.value < max, { using: { max: limit } }));
  readings.stage(op.tap((r, { max }) => console.log(r.value < max), { using: { max: 1 } }));
  readings.stage(op.dedupBy((r, { bits }) => r.id >> bits, { using: { bits: 4 }, maxKeys: 10 }));
  readings.stage(
    op.dedupBy(
      (r, { bits }) => r.id >> bits,
      (r, { bits }) => r.ts >> bits,
      { using: { bits: 4 } },
    ),
  );
  readings.stage(op.distinctUntilKeyChanged((r, { bits }) => r.id >> bits, { using: { bits: 4 } }));
  readings.stage(op.pairwiseBy((r, { bits }) => r.id >> bits, { using: { bits: 4 } }));
  const near = readings.stage(
    op.distinctUntilChanged(
      (a, b, { by }) => {
        expectTypeOf(by).toEqualTypeOf<number>();
        return Math.abs(a - b) < by;
      },
      (r) => r.value,
      { using: { by: limit } },
    ),
  );
  expectTypeOf(near).toEqualTypeOf<Stage<Reading>>();
  const jumps = readings.stage(
    op.delta(
      (r) => r.id,
      (curr, prev, { jump }) => {
        expectTypeOf(jump).toEqualTypeOf<number>();
        return prev && curr.value > prev.value * jump && { id: curr.id };
      },
      { using: { jump: 1.5 } },
    ),
  );
  expectTypeOf(jumps).toEqualTypeOf<Stage<{ id: number }>>();
  const weighted = readings.stage(
    op.stateful(
      (r, { bits }) => r.id >> bits,
      (r, { bits }) => ({ sum: r.value * bits }),
      (s, r, { bits }) => {
        expectTypeOf(bits).toEqualTypeOf<number>();
        expectTypeOf(s).toEqualTypeOf<{ sum: number }>();
        s.sum += r.value * bits;
      },
      { using: { bits: 4 }, maxKeys: 10 },
    ),
  );
  expectTypeOf(weighted).toEqualTypeOf<Stage<{ sum: number }>>();
  const scanned = readings.stage(
    op.scan((acc, r, { by }) => ({ sum: acc.sum + r.value * by }), { sum: 0 }, { using: { by: limit } }),
  );
  expectTypeOf(scanned).toEqualTypeOf<Stage<{ sum: number }>>();
  const stepped = readings.stage(
    op.step(
      (r, _state, emit, { times }) => {
        expectTypeOf(times).toEqualTypeOf<number>();
        for (let i = 0; i < times; i++) emit({ v: r.value });
      },
      { using: { times: 3 }, out: struct({ v: f64 }) },
    ),
  );
  expectTypeOf(stepped).toEqualTypeOf<Stage<{ v: number }>>();
}

export function layouts(): void {
  const Summary = struct({ id: u32, avg: f64 }, 'Summary');
  const mapped = readings.stage(op.map((r) => ({ id: r.id, avg: r.value }), { out: Summary }));
  expectTypeOf(mapped).toEqualTypeOf<Stage<{ id: number; avg: number }>>();
  const kept = everything.stage(
    op.map((r) => {
      expectTypeOf(r.i64).toEqualTypeOf<bigint>();
      expectTypeOf(r.place.x).toEqualTypeOf<number>();
      return { big: r.u64, at: r.place, list: r.list };
    }),
    op.map((r) => ({ x: r.at.x, second: r.list[1] ?? 0, big: r.big })),
  );
  expectTypeOf(kept).toEqualTypeOf<Stage<{ x: number; second: number; big: bigint }>>();
}

export function edges(): void {
  readings.stage(op.map((r) => ({ v: r.value }))).subscribe((r) => {
    expectTypeOf(r).toEqualTypeOf<{ v: number }>();
  });
  readings
    .stage(op.map((r) => ({ v: r.value })))
    .pipe(bufferTime(10))
    .subscribe((batch) => {
      expectTypeOf(batch).toEqualTypeOf<{ v: number }[]>();
    });
}

/** Annotated parameters say what they take themselves. */
export function alone(): void {
  expectTypeOf(op.map((r: Reading) => ({ v: r.value }))).toEqualTypeOf<Fused<Reading, { v: number }>>();
  expectTypeOf(op.filter((r: Reading) => r.value > 1)).toEqualTypeOf<Fused<Reading, Reading>>();
  expectTypeOf(op.pairwise<Reading>()).toEqualTypeOf<Fused<Reading, Pair>>();
}

export function tables(): void {
  const Order = struct({ id: u64, price: f64 });
  const stage = readings.stage(
    op.step(
      (r, state, emit, { orders, levels, scale }) => {
        expectTypeOf(r).toEqualTypeOf<Readonly<Reading>>();
        expectTypeOf(scale).toEqualTypeOf<number>();
        expectTypeOf(orders).toEqualTypeOf<Table<bigint, { id: bigint; price: number }>>();
        expectTypeOf(levels).toEqualTypeOf<Table<readonly [boolean, string], { n: number }>>();
        expectTypeOf(orders.get(1n)).toEqualTypeOf<{ id: bigint; price: number } | undefined>();
        expectTypeOf(state.delete()).toEqualTypeOf<boolean>();
        levels.forEach((level, [side, name]) => {
          expectTypeOf(level).toEqualTypeOf<{ n: number }>();
          expectTypeOf(side).toEqualTypeOf<boolean>();
          expectTypeOf(name).toEqualTypeOf<string>();
        });
        expectTypeOf(orders.deleteWhere((order, id) => order.price > 1 && id > 1n)).toEqualTypeOf<number>();
        emit({ n: orders.size });
      },
      {
        out: struct({ n: f64 }),
        using: { scale: 2 },
        tables: {
          orders: keyedTable({ key: u64, value: Order }),
          levels: keyedTable({ key: [bool, text], value: struct({ n: f64 }), maxKeys: 10 }),
        },
      },
    ),
  );
  expectTypeOf(stage).toEqualTypeOf<Stage<{ n: number }>>();
}
