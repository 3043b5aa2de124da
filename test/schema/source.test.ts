// The generated text itself: what a small record's code looks like, and what happens where code can't be generated.
import { afterEach, describe, expect, test, vi } from 'vitest';
import { encodeSource } from '../../src/schema/encode-source.js';
import {
  array,
  createCodec,
  f64,
  i64,
  RecordNames,
  recordSource,
  struct,
  text,
  u8,
  u32,
  u53,
} from '../../src/schema/index.js';
import { ground, thrownBy } from './harness.js';

const Reading = struct({ sensorId: u32, value: f64, timestamp: u53, tag: text }, 'Reading');

afterEach(() => vi.unstubAllGlobals());

describe('the source of', () => {
  test('encode is a straight line: reads, one condition, texts, writes', () => {
    expect(encodeSource(Reading, 0).trim()).toMatchInlineSnapshot(`
      "function encode0(p, o) {
        const o0 = o;
        if (typeof o0 !== 'object' || o0 === null) refuse(o);
        const v1 = o0.sensorId;
        const v2 = o0.value;
        const v3 = o0.timestamp;
        const v4 = o0.tag;
        if (typeof v1 !== 'number' || (v1 >>> 0) !== v1
          || typeof v2 !== 'number'
          || typeof v3 !== 'number' || !(v3 >= 0 && v3 <= 9007199254740991) || Math.floor(v3) !== v3
          || typeof v4 !== 'string') refuse(o);
        const v4id = T.intern(v4);
        U32[2 * p] = v1;
        F64[p + 1] = v2;
        U32[2 * p + 4] = v3; U32[2 * p + 5] = Math.floor(v3 * 2.3283064365386963e-10);
        U32[2 * p + 6] = v4id;
      }"
    `);
  });

  test('a record is that of views and functions over words', () => {
    const names = new RecordNames();
    const small = struct({ id: i64, tag: text, flag: u8 }, 'Small');
    expect(recordSource(small, names.struct(small), { names }).trim()).toMatchInlineSnapshot(`
      "class V0 extends $View {
        constructor(p) { super(); this.$p = p; }
        get $byte() { return 8 * this.$p; }
        get $size() { return 16; }
        toJSON() { return read0(this.$p); }
        get id() { const p = this.$p; return I64[p]; }
        set id(v) { const p = this.$p; I64[p] = v; }
        get tag() { const p = this.$p; return T.string(U32[2 * p + 2]); }
        get "$id_tag"() { const p = this.$p; return U32[2 * p + 2]; }
        set tag(v) { const p = this.$p; U32[2 * p + 2] = T.id(v); }
        set "$id_tag"(v) { const p = this.$p; U32[2 * p + 2] = v; }
        get flag() { const p = this.$p; return U8[8 * p + 12]; }
        set flag(v) { const p = this.$p; U8[8 * p + 12] = v; }
      }
      function read0(p) {
        return { id: I64[p], tag: T.string(U32[2 * p + 2]), flag: U8[8 * p + 12] };
      }
      function reach0(o, own, lo, hi) {
        if (o instanceof $View) return !(o instanceof V0 && o.$byte === own) && $overlaps(o, lo, hi);
        return false;
      }
      function put0(p, o) {
        if (o instanceof V0) return copy0(p, o.$p);
        if (typeof o !== 'object' || o === null) $notRecord("Small", o);
        { const v = o.id; I64[p] = v; }
        { const v = o.tag; U32[2 * p + 2] = T.id(v); }
        { const v = o.flag; U8[8 * p + 12] = v; }
      }
      function write0(p, o) {
        if (o instanceof $View) {
          if (o instanceof V0) return copy0(p, o.$p);
          if ($overlaps(o, 8 * p, 8 * p + 16)) o = o.toJSON();
        }
        put0(p, o);
      }
      function copy0(d, s) {
        U32[2 * d] = U32[2 * s]; U32[2 * d + 1] = U32[2 * s + 1];
        U32[2 * d + 2] = U32[2 * s + 2]; U32[2 * d + 3] = U32[2 * s + 3];
      }
      function same0(a, b) {
        return U32[2 * a] === U32[2 * b]
          && U32[2 * a + 1] === U32[2 * b + 1]
          && U32[2 * a + 2] === U32[2 * b + 2]
          && ((U32[2 * a + 3] ^ U32[2 * b + 3]) & 255) === 0;
      }
      function zero0(p) { F64[p] = 0; F64[p + 1] = 0; }"
    `);
  });

  test('equal layouts is emitted once in a scope', () => {
    const names = new RecordNames();
    const A = struct({ x: u8, list: array(struct({ y: f64 }, 'one'), 2) });
    const B = struct({ x: u8, list: array(struct({ y: f64 }, 'two'), 2) });
    expect(names.struct(B)).toBe(names.struct(A));
    expect(recordSource(A, names.struct(A), { names }).match(/\bclass /g)).toHaveLength(3);
    expect(recordSource(B, names.struct(B), { names })).toBe('');
  });
});

test('createCodec() says so where code generation is forbidden', () => {
  const { memory, texts } = ground();
  class Forbidden {
    constructor() {
      throw new EvalError('Code generation from strings disallowed for this context');
    }
  }
  vi.stubGlobal('Function', Forbidden);
  const error = thrownBy(() => createCodec(Reading, memory, texts));
  expect(error).toMatchObject({
    code: 'CODEGEN_FORBIDDEN',
    message: expect.stringMatching(/the codec of Reading: this environment forbids `new Function`; allow it/),
  });
  expect(error.cause).toBeInstanceOf(EvalError);
});
