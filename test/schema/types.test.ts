// The TypeScript types that follow from structs; checked by the type checker.
import { describe, expectTypeOf, test } from 'vitest';
import {
  array,
  bool,
  type Codec,
  type Columns,
  createCodec,
  type FixedArray,
  f32,
  f64,
  type Infer,
  type i53,
  type i64,
  type Struct,
  struct,
  text,
  u8,
  u53,
  u64,
  type View,
  type WriterView,
} from '../../src/schema/index.js';
import { ground } from './harness.js';

const Inner = struct({ x: f32, ok: bool });
const S = struct({ id: u8, name: text, ts: u64, at: Inner, list: array(f64, 3), rows: array(Inner, 2) });
type Record = Infer<typeof S>;

describe('Infer', () => {
  test('gives the type of the records of a struct', () => {
    expectTypeOf<Record>().toEqualTypeOf<{
      id: number;
      name: string;
      ts: bigint;
      at: { x: number; ok: boolean };
      list: FixedArray<number>;
      rows: FixedArray<{ x: number; ok: boolean }>;
    }>();
    expectTypeOf<Infer<typeof i64>>().toEqualTypeOf<bigint>();
    expectTypeOf<Infer<typeof i53>>().toEqualTypeOf<number>();
    expectTypeOf(S).toEqualTypeOf<Struct<Record>>();
  });

  test('is what functions over structs infer', () => {
    const take = <T>(_: Struct<T>, fn: (record: T) => unknown) => fn;
    take(S, (record) => expectTypeOf(record.at.x).toEqualTypeOf<number>());
    expectTypeOf<Struct<Record>>().toExtend<Struct<unknown>>();
    expectTypeOf<Struct<Record>>().not.toExtend<Struct<{ other: number }>>();
  });

  test('takes arrays for fixed arrays, which cannot grow', () => {
    expectTypeOf<number[]>().toExtend<Record['list']>();
    expectTypeOf<Record['list']>().not.toExtend<number[]>();
    expectTypeOf<Record['list']>().toExtend<readonly number[]>();
    expectTypeOf<Record['list']>().not.toHaveProperty('push');
  });
});

describe('codecs', () => {
  test('know their records', () => {
    const { memory, texts } = ground();
    const codec = createCodec(S, memory, texts);
    expectTypeOf(codec).toEqualTypeOf<Codec<Record>>();
    expectTypeOf(codec.decode).returns.toEqualTypeOf<Record>();
    // @ts-expect-error a field is missing
    () => codec.encode(0, { id: 1 });
    const write = (view: View<Record>) => {
      // @ts-expect-error views for users are read-only
      view.id = 1;
    };
    expectTypeOf(write).parameter(0).toEqualTypeOf<InstanceType<typeof codec.View>>();
  });

  test('have writers with halves of 64-bit fields', () => {
    type W = WriterView<{ ts: bigint; at: number; name: string; tsLo: number }>;
    expectTypeOf<W['tsHi']>().toEqualTypeOf<number | undefined>();
    expectTypeOf<W['tsLo']>().toEqualTypeOf<number>();
    expectTypeOf<W['atLo']>().toEqualTypeOf<number | undefined>();
    expectTypeOf<W>().not.toHaveProperty('nameLo');
  });

  test('take columns of arrays and typed arrays', () => {
    const T = struct({ ts: u53, big: u64, ok: bool, name: text, at: Inner, list: array(f64, 3) });
    type C = Columns<Infer<typeof T>>;
    expectTypeOf<{
      ts: Float64Array;
      big: BigUint64Array;
      ok: boolean[];
      name: string[];
      at: { x: Float32Array; ok: boolean[] };
      list: number[][];
    }>().toExtend<C>();
    expectTypeOf<Float64Array>().toExtend<C['list']>();
    expectTypeOf<BigUint64Array>().not.toExtend<C['ts']>();
  });
});

describe('struct() and array()', () => {
  test('take field types only', () => {
    // @ts-expect-error a name is no field type
    () => struct({ a: 'u8' });
    // @ts-expect-error a class is no field type
    () => array(Number, 2);
  });
});
