// copy and same: bits that look like NaN, signs of zero, NaN as one value, padding.
import { describe, expect, test } from 'vitest';
import { copySource } from '../../src/schema/copy-source.js';
import { array, createCodec, f32, f64, i8, i64, struct, u8, u16, u64 } from '../../src/schema/index.js';
import { AT, bytesAt, ground } from './harness.js';

const site = ground();
const TO = AT + 1024;
// A signalling NaN, a quiet one with a payload, a negative one: as bits of a double.
const NAN_BITS = [0x7ff0000000000001n, 0x7ff8dead00000000n, 0xfff4000000000000n];

describe('copy', () => {
  test('takes only words that are an f64 through numbers', () => {
    // Where reading a number keeps the bits of a NaN, only the text can tell.
    const S = struct({ a: u64, b: i64, c: f32, d: u16, e: f64 });
    expect(copySource(S, 0).match(/F64\[[^\]]*\]/g)).toEqual(['F64[d + 3]', 'F64[s + 3]']);
  });

  test.each(NAN_BITS)('keeps an integer whose bits are those of a NaN (%d)', (bits) => {
    const S = struct({ a: u64, b: i64, c: f64 });
    const codec = createCodec(S, site.memory, site.texts);
    codec.encode(AT, { a: bits, b: BigInt.asIntN(64, bits), c: 1 });
    for (let i = 0; i < 20_000; i++) codec.copy(TO, AT);
    expect(bytesAt(site, TO, S)).toEqual(bytesAt(site, AT, S));
  });

  test('keeps small fields whose bits are those of a NaN, in short, long and nested records', () => {
    const Small = struct({ a: f32, b: u16, c: u8, d: i8 });
    const Long = struct({ parts: array(Small, 40), list: array(u64, 2) });
    for (const S of [Small, struct({ x: f64, inner: Small }), Long]) {
      const codec = createCodec(S as typeof Small, site.memory, site.texts);
      site.memory.u8.fill(0xff, 8 * AT, 8 * AT + S.layout.bytes);
      if (S.layout.fields[0]?.name === 'x') site.memory.f64[AT] = 5;
      codec.copy(TO, AT);
      expect(bytesAt(site, TO, S)).toEqual(bytesAt(site, AT, S));
    }
  });
});

describe('same', () => {
  const S = struct({ a: f64, b: f32, c: u8, list: array(f64, 2), long: array(f32, 20) });
  const codec = createCodec(S, site.memory, site.texts);
  const long = Array.from({ length: 20 }, () => 1);
  const base = { a: 1, b: 2, c: 3, list: [4, 5], long };

  function isSame(a: Partial<typeof base>, b: Partial<typeof base>): boolean {
    codec.encode(AT, { ...base, ...a });
    codec.encode(TO, { ...base, ...b });
    return codec.same(AT, TO);
  }

  test('takes NaN for one value, whatever its bits', () => {
    expect(
      isSame(
        { a: Number.NaN, b: Number.NaN, list: [Number.NaN, 1] },
        { a: Number.NaN, b: Number.NaN, list: [Number.NaN, 1] },
      ),
    ).toBe(true);
    site.memory.u64[TO] = 0xfff8000000000123n;
    expect(codec.same(AT, TO)).toBe(true);
    expect(isSame({ a: Number.NaN }, { a: 1 })).toBe(false);
  });

  test('tells -0 from 0', () => {
    expect(isSame({ a: -0 }, { a: 0 })).toBe(false);
    expect(isSame({ b: -0 }, { b: 0 })).toBe(false);
    expect(isSame({ list: [4, 0] }, { list: [4, -0] })).toBe(false);
    expect(isSame({ long: [...long.slice(1), 0] }, { long: [...long.slice(1), -0] })).toBe(false);
    expect(isSame({ a: -0, b: -0 }, { a: -0, b: -0 })).toBe(true);
  });

  test('sees every field', () => {
    for (const other of [
      { a: 2 },
      { b: 1 },
      { c: 4 },
      { list: [4, 6] },
      { list: [5, 5] },
      { long: [...long.slice(1), 2] },
    ]) {
      expect(isSame({}, other)).toBe(false);
    }
    expect(isSame({}, {})).toBe(true);
  });

  test('sees every bit of small integers and none of the padding', () => {
    const Small = struct({ a: u8, b: u16, c: i8 });
    const small = createCodec(Small, site.memory, site.texts);
    for (let byte = 0; byte < 8; byte++) {
      site.memory.u8.fill(0, 8 * AT, 8 * AT + 8);
      site.memory.u8.fill(0, 8 * TO, 8 * TO + 8);
      site.memory.u8[8 * AT + byte] = 0x80;
      expect(small.same(AT, TO)).toBe(![0, 2, 3, 4].includes(byte));
    }
  });
});
