// The types of records where they come in and where they go out; checked by the type checker.

import {
  type Columns,
  type DeadLetter,
  type EngineStats,
  type FixedArray,
  type Infer,
  type Param,
  type PullReader,
  type RecordWriter,
  type StageExplanation,
  type Struct,
  struct,
  text,
  u64,
  type View,
} from 'roda-rx';
import * as op from 'roda-rx/operators';
import type { Observable, Observer } from 'rxjs';
import { expectTypeOf } from 'vitest';
import { Everything, engine, everything, type Reading, readings } from './pipelines.js';

type Place = { x: number; y: number };
type All = Infer<typeof Everything>;

export function infer(): void {
  expectTypeOf<All>().toEqualTypeOf<{
    bool: boolean;
    i8: number;
    u8: number;
    i16: number;
    u16: number;
    i32: number;
    u32: number;
    f32: number;
    f64: number;
    i53: number;
    u53: number;
    i64: bigint;
    u64: bigint;
    text: string;
    place: Place;
    list: FixedArray<number>;
    names: FixedArray<string>;
    places: FixedArray<Place>;
    grid: FixedArray<FixedArray<number>>;
  }>();
  expectTypeOf(Everything).toEqualTypeOf<Struct<All>>();
  expectTypeOf(everything.struct).toEqualTypeOf<Struct<All>>();
}

export function ingest(): void {
  expectTypeOf(readings).toExtend<Observer<Reading>>();
  expectTypeOf(readings.next).parameters.toEqualTypeOf<[value: Reading]>();
  expectTypeOf(readings.tryNext).parameters.toEqualTypeOf<[value: Reading]>();
  expectTypeOf(readings.tryNext).returns.toEqualTypeOf<boolean>();
  expectTypeOf(readings.ready).returns.toEqualTypeOf<Promise<void>>();
  expectTypeOf(readings.consume)
    .parameter(0)
    .toEqualTypeOf<AsyncIterable<Reading> | Iterable<Reading> | ReadableStream<Reading>>();
  expectTypeOf(readings.consume).returns.toEqualTypeOf<Promise<number>>();
  expectTypeOf(engine.param(1)).toEqualTypeOf<Param>();
  expectTypeOf(engine.stats()).toEqualTypeOf<EngineStats>();
}

export function columns(): void {
  expectTypeOf(readings.nextMany).parameter(0).toEqualTypeOf<Iterable<Reading> | Columns<Reading>>();
  readings.nextMany([{ id: 1, value: 2, ts: 3 }]);
  readings.nextMany(new Set([{ id: 1, value: 2, ts: 3 }]));
  readings.nextMany({ id: new Uint32Array(2), value: [1, 2], ts: new Float64Array(2) });
  everything.nextMany({
    bool: [true],
    i8: new Int8Array(1),
    u8: new Uint8Array(1),
    i16: new Int16Array(1),
    u16: new Uint16Array(1),
    i32: new Int32Array(1),
    u32: new Uint32Array(1),
    f32: new Float32Array(1),
    f64: new Float64Array(1),
    i53: [1],
    u53: new Float64Array(1),
    i64: new BigInt64Array(1),
    u64: new BigUint64Array(1),
    text: ['a'],
    place: { x: new Float64Array(1), y: [1] },
    list: new Float64Array(3),
    names: [['a', 'b']],
    places: [[{ x: 1, y: 2 }]],
    grid: [
      [
        [1, 2],
        [3, 4],
      ],
    ],
  });
}

export function writer(): void {
  const Event = struct({ ts: u64, name: text, at: struct({ seq: u64 }) });
  const events = engine.source(Event);
  const writer = events.writer();
  expectTypeOf(writer).toEqualTypeOf<RecordWriter<{ ts: bigint; name: string; at: { seq: bigint } }>>();
  const record = writer.claim();
  if (record === undefined) return;
  expectTypeOf(record.ts).toEqualTypeOf<bigint>();
  expectTypeOf(record.tsLo).toEqualTypeOf<number | undefined>();
  expectTypeOf(record.tsHi).toEqualTypeOf<number | undefined>();
  record.tsLo = 1;
  record.tsHi = 2;
  record.name = 'x';
  expectTypeOf(writer.publish).returns.toEqualTypeOf<void>();
}

export async function egress(): Promise<void> {
  const stage = readings.stage(op.map((r) => ({ v: r.value })));
  type V = { v: number };
  expectTypeOf(stage.views()).toEqualTypeOf<Observable<View<V>>>();
  expectTypeOf(stage.batches()).toEqualTypeOf<Observable<readonly V[]>>();
  expectTypeOf(stage.observe({ from: 'start' })).toEqualTypeOf<Observable<V>>();
  expectTypeOf(stage.reader()).toEqualTypeOf<PullReader<V>>();
  expectTypeOf(stage.receive()).toEqualTypeOf<Promise<V | undefined>>();
  expectTypeOf(stage.tryReceive()).toEqualTypeOf<V | undefined>();
  expectTypeOf(stage.deadLetters).toEqualTypeOf<Observable<DeadLetter>>();
  expectTypeOf(stage.explain()).toEqualTypeOf<StageExplanation>();
  for await (const record of stage) expectTypeOf(record).toEqualTypeOf<V>();
  for await (const record of stage.reader()) expectTypeOf(record).toEqualTypeOf<V>();
  stage.views().subscribe((view) => {
    // @ts-expect-error views are read-only
    view.v = 1;
  });
  stage.batches().subscribe((batch) => {
    // @ts-expect-error all subscribers get the same batch
    batch.push({ v: 1 });
  });
  stage.subscribe((record) => {
    expectTypeOf(record).toEqualTypeOf<V>();
    record.v = 2;
  });
}
