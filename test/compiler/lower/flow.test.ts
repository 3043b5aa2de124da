// Control flow, variables and literals: functions give the same compiled to WebAssembly as JavaScript gives.
// biome-ignore-all lint: what people write.
import { describe, expect, it } from 'vitest';
import * as op from '../../../operators/index.js';
import { array, bool, f64, i32, i53, i64, struct, text, u8, u32 } from '../../../src/schema/index.js';
import { start } from '../stage-kit.js';
import { startWasm } from '../wasm-kit.js';

type Any = any;
const Pos = struct({ x: f64, y: i32 }, 'Pos');
const Row = struct({ n: i32, at: Pos, tag: text }, 'Row');
const All = struct(
  {
    a: f64,
    b: f64,
    i: i32,
    u: u32,
    c: u8,
    n: i53,
    g: i64,
    ok: bool,
    t: text,
    pos: Pos,
    list: array(f64, 4),
    rows: array(Row, 3),
  },
  'All',
);

const doubles = [0, -0, 1, -1.5, 7, Number.NaN, Number.POSITIVE_INFINITY, 1e300, 5e-324, 2 ** 31, -(2 ** 31)];
const records = doubles.map((a, k) => ({
  a,
  b: doubles[(k * 3 + 1) % doubles.length] as number,
  i: k - 5,
  u: (k * 0x3333_3333) >>> 0,
  c: (k * 37) % 256,
  n: (k - 4) * 2 ** 40,
  g: BigInt(k - 3) * 3n,
  ok: k % 3 === 0,
  t: ['', 'ann', 'bob'][k % 3] as string,
  pos: { x: k / 2, y: k - 4 },
  list: [k, -k, 0.5 * k, k % 4],
  rows: [0, 1, 2].map((m) => ({ n: k * m - 3, at: { x: m, y: -m }, tag: m === k % 3 ? 'ann' : 'x' })),
}));

/** Functions of a record that return a record. */
const functions: Readonly<Record<string, (r: Any) => Any>> = {
  'variables set in one branch only': (r) => {
    let x = 1;
    if (r.ok) x = r.a;
    return { x };
  },
  'variables of several kinds': (r) => {
    let x: Any = 1;
    if (r.ok) x = r.t;
    else if (r.i > 0) x = undefined;
    else if (r.i < -3) x = r.g;
    return { k: typeof x === 'string', u: x === undefined, one: x === 1, g: x === -6n };
  },
  'undefined and null told apart': (r) => {
    const x = r.ok ? undefined : r.i > 0 ? null : 5;
    return {
      a: x === undefined,
      b: x === null,
      c: x == null,
      d: x ?? -1,
      e: x ? 1 : 2,
      f: typeof x === 'object',
    };
  },
  'logic of mixed kinds': (r) => {
    const x = r.a && r.t;
    const y = r.t || r.i;
    const z = r.ok && { v: r.a };
    return { a: x ? 1 : 2, b: typeof y === 'number', c: z ? z.v : -1, d: !x, e: !(r.a || r.b) };
  },
  'early returns': (r) => {
    if (r.ok) return { v: 1, w: r.a };
    if (r.a > r.b) {
      if (r.i < 0) return { v: 2, w: r.b };
    } else if (r.u > 5) return { v: 3, w: 0 };
    return { v: 4, w: r.i };
  },
  'nested functions with early returns': (r) => {
    const sign = (x: number) => {
      if (x > 0) return 1;
      if (x < 0) return -1;
      return 0;
    };
    const pick = (x: number, y: number) => (sign(x) > sign(y) ? { big: x } : { big: y });
    return { ...pick(r.a, r.b), s: sign(r.i) };
  },
  'closures that change what is around them': (r) => {
    let n = 0;
    let last: Any;
    const add = (x: number) => {
      n += x;
      last = x;
      return n;
    };
    const first = add(r.a);
    add(r.b);
    if (r.ok) add(1);
    return { n, first, last: last ?? 0 };
  },
  'closures in loops see their own turn': (r) => {
    let sum = 0;
    for (let i = 0; i < 3; i++) {
      const twice = () => 2 * i;
      sum += twice();
    }
    return { sum };
  },
  'while with several variables': (r) => {
    let x = r.u % 100;
    let steps = 0;
    let most = x;
    while (x !== 1 && steps < 40) {
      x = x % 2 === 0 ? x / 2 : 3 * x + 1;
      if (x > most) most = x;
      steps++;
    }
    return { x, steps, most };
  },
  'swaps in a loop': (r) => {
    let a = 0;
    let b = 1;
    for (let i = 0; i < (r.c & 31); i++) [a, b] = [b, a + b];
    return { a, b };
  },
  'do while with continue': (r) => {
    let n = 0;
    let odd = 0;
    do {
      n++;
      if (n % 2 === 0) continue;
      odd += n;
    } while (n < r.c % 7);
    return { n, odd };
  },
  'loops left by return': (r) => {
    for (let i = 0; i < 4; i++) if (r.list[i] > 2) return { i, v: r.list[i] };
    return { i: -1, v: 0 };
  },
  'nested loops with labels': (r) => {
    let n = 0;
    outer: for (let i = 0; i < 5; i++) {
      for (let j = 0; j < 5; j++) {
        if (j === r.i) continue outer;
        if (i * j > r.u % 7) break outer;
        n += j;
      }
      n += 100;
    }
    return { n };
  },
  'loops that count down, by more than one, and by what is computed': (r) => {
    let s = 0;
    for (let i = 3; i >= 0; i--) s = s * 3 + r.list[i];
    for (let i = 0; i <= 10; i += 3) s += i;
    for (let i = r.i; i < r.i + 3; i++) s += i;
    for (let i = 0; i < r.a && i < 5; i++) s += 1;
    for (let i = 0.5; i < 3; i++) s += i;
    return { s };
  },
  'a bound that changes in the loop': (r) => {
    let n = 10;
    let turns = 0;
    for (let i = 0; i < n; i++) {
      n -= 0.5;
      turns++;
    }
    return { n, turns };
  },
  'a counter that the body changes': (r) => {
    let turns = 0;
    for (let i = 0; i < 10; i++) {
      if (r.ok) i += 2;
      turns++;
    }
    return { turns };
  },
  'a kind that changes in a loop': (r) => {
    let x: Any = undefined;
    let n = 0;
    for (let i = 0; i < 3; i++) {
      if (x !== undefined) n += x;
      if (i === r.c % 3) x = r.i;
    }
    return { n, none: x === undefined };
  },
  'records that are replaced in a loop': (r) => {
    let best = { v: -1, at: -1 };
    for (let i = 0; i < 4; i++) if (r.list[i] > best.v) best = { v: r.list[i], at: i };
    return best;
  },
  'the best row': (r) => {
    let best = r.rows[0];
    for (const row of r.rows) if (row.n > best.n) best = row;
    return { n: best.n, x: best.at.x, tag: best.tag };
  },
  'for of with break': (r) => {
    let sum = 0;
    for (const x of r.list) {
      if (x < 0) break;
      sum += x;
    }
    for (const {
      n,
      at: { y },
    } of r.rows)
      sum += n * y;
    for (const x of [r.a, r.b, 3]) sum += x === x ? 1 : 0;
    return { sum };
  },
  'for in': (r) => {
    let sum = 0;
    for (const k in r.pos) sum += r.pos[k];
    return { sum };
  },
  'switch on numbers, with fall through and default in the middle': (r) => {
    let s = '';
    let n = 0;
    switch (r.i) {
      case -5:
      case -4:
        n = 1;
        break;
      // @ts-expect-error falls through on purpose
      default:
        n += 10;
      case 0:
        n += 100;
        break;
      case r.c:
        n = 7;
    }
    return { n, s: s === '' };
  },
  'switch with returns': (r) => {
    switch (typeof r.t === 'string' ? r.t : '') {
      case 'ann':
        return { k: 1 };
      case 'bob': {
        const k = r.i;
        if (k > 0) return { k };
        break;
      }
      case '':
        return { k: 3 };
    }
    return { k: 4 };
  },
  'switch in a loop': (r) => {
    let n = 0;
    for (let i = 0; i < 5; i++) {
      switch (i) {
        case 1:
          continue;
        case 3:
          break;
        default:
          n += i;
      }
      n += 10;
    }
    return { n };
  },
  'literals that are changed after they were made': (r) => {
    const o = { a: r.a, b: { c: 1, d: [1, 2] } };
    o.a += 1;
    o.b.c = r.i;
    (o.b.d as Any)[1] = r.b;
    const { b } = o;
    b.c++;
    return { a: o.a, c: o.b.c, d: o.b.d[1], e: o.b.d[0] };
  },
  'literals that are one of two': (r) => {
    const o = r.ok ? { a: 1, b: r.a } : { a: r.b, b: 2 };
    return { s: o.a, t: o.b };
  },
  'literals that are one of two, changed': (r) => {
    let o = { a: 1, n: 0 };
    if (r.ok) o = { a: 2, n: 5 };
    o.a += 10;
    return o;
  },
  'literals with another name': (r) => {
    const o = { a: 1 };
    const p = o;
    p.a = r.a;
    const q = r.ok ? o : p;
    return { a: o.a, b: q.a };
  },
  'functions that change what they are given': (r) => {
    const o = { n: 0, m: 1 };
    const bump = (x: Any, by: number) => {
      x.n += by;
      return x;
    };
    bump(o, 2);
    const same = bump(o, r.i);
    same.m = 5;
    return o;
  },
  spreads: (r) => {
    const base = { x: 1, y: 2, ...r.pos };
    const more = { ...base, y: r.a, ...(r.ok ? { x: 9 } : { x: 8 }) };
    return { ...more, z: base.y };
  },
  'spread of what may be missing': (r) => {
    const o = { a: 1, b: 2, ...(r.ok ? { a: 5 } : undefined) };
    return o;
  },
  rest: (r) => {
    const { a, ...others } = { a: 1, b: r.a, c: 3 };
    const [first, ...tail] = [r.a, r.b, 3];
    return { a, ...others, first, n: tail.length, last: tail[1] };
  },
  'destructuring with defaults': (r) => {
    const { a = 5, b = 6 } = r.ok ? { a: undefined, b: 1 } : { a: r.a, b: undefined };
    const [x = 1, y = 2] = [undefined, r.b];
    return { a, b, x, y };
  },
  'default and rest parameters': (r) => {
    const f = (a: number, b = a * 2, ...more: number[]) => a + b + more.length;
    return { a: f(1), b: f(1, 1), c: f(1, 2, 3, 4), d: f(1, undefined, 3), e: Math.max(...r.list) };
  },
  'optional chains': (r) => {
    const maybe = r.ok ? r.pos : undefined;
    const deep = r.i > 0 ? { in: r.ok ? { v: r.a } : null } : undefined;
    return {
      a: maybe?.x ?? -1,
      b: deep?.in?.v ?? -2,
      c: maybe?.x === undefined,
      d: (deep?.in?.v ?? 0) > 1,
      e: maybe ? maybe.y : 0,
    };
  },
  'optional calls': (r) => {
    const f = r.ok ? (x: number) => x + 1 : undefined;
    return { v: f?.(r.a) ?? 0 };
  },
  'functions that are one of two': (r) => {
    const f = r.ok ? (x: number) => x + 1 : (x: number) => x * 2;
    return { v: f(r.a) };
  },
  'assignments as values': (r) => {
    let a: number;
    let b: number;
    const c = (a = b = r.i) + 1;
    let d = null as Any;
    d ??= r.a;
    let e = 0;
    e ||= r.b;
    let f = 1;
    f &&= r.i;
    const o = { n: 1 };
    const g = (o.n += 4);
    const h = o.n++ + ++o.n;
    return { a, b, c, d, e, f, g, h, n: o.n };
  },
  'logical assignments that may not happen': (r) => {
    const o: Any = { a: r.ok ? null : 3, b: r.a, c: r.b };
    o.a ??= 7;
    o.b ||= 8;
    o.c &&= 9;
    return { a: o.a ?? -1, b: o.b, c: o.c };
  },
  'tuples by computed index': (r) => {
    const t = [r.a, r.b, 3];
    const v = t[r.c % 3];
    const w = t[r.i];
    return { v, w: w === undefined ? -1 : w, len: t.length };
  },
  'literals filled in a loop': (r) => {
    const out = [0, 0, 0, 0];
    for (let i = 0; i < 4; i++) out[i] = r.list[i] * 2;
    for (let i = 0; i < 3; i++) out[i + 1]! += out[i]!;
    return { out };
  },
  'array methods': (r) => ({
    some: r.list.some((x: number) => x > 3),
    every: r.list.every((x: number) => x >= -5),
    find: r.list.find((x: number) => x < 0) ?? 99,
    at: r.list.findIndex((x: number) => x === 0),
    index: r.list.indexOf(r.i),
    sum: r.list.reduce((a: number, b: number) => a + b, 0),
    rows: r.rows.map((row: Any) => row.n).reduce((a: number, b: number) => a + b),
    entries: Object.entries(r.pos).reduce((n: number, [k, v]: Any) => n + (k === 'x' ? v : 2 * v), 0),
  }),
  comparisons: (r) => ({
    a: r.a < r.b,
    b: r.a >= r.b,
    c: r.a === r.b,
    d: r.a !== r.b,
    e: r.i < r.u,
    f: r.i === r.c,
    g: r.g > 2n,
    h: r.t === 'ann',
    i: Object.is(r.a, -0),
    j: r.n < 0,
  }),
  'a condition with effects': (r) => {
    let n = 0;
    const next = () => ++n;
    const v = (r.ok && next() > 0) || next() > 1 || next() > 2;
    return { v, n };
  },
  'conditions in conditions': (r) => {
    const v = (r.ok ? r.a > 1 : r.b > 1) ? (r.i > 0 || r.u > 9 ? 1 : 2) : !(r.ok && r.a) ? 3 : 4;
    return { v };
  },
  'sequences and void': (r) => {
    let n = 0;
    const v = (n++, n++, n);
    return { v, u: void n === undefined };
  },
  'blocks with labels': (r) => {
    let n = 0;
    done: {
      if (r.ok) break done;
      n = 1;
      if (r.i > 0) break done;
      n = 2;
    }
    return { n };
  },
  'variables declared with var': (r) => {
    if (r.ok) {
      var x = 5;
    }
    for (var i = 0; i < 3; i++) var y = i;
    // @ts-expect-error read before they are assigned, on purpose
    return { x: x === undefined ? -1 : x, i, y: y ?? -1 };
  },
  'shadowed variables': (r) => {
    const x = 1;
    let s = x;
    {
      const x = 10;
      s += x;
      for (const x of r.list) s += x;
    }
    return { s: s + x };
  },
  'function declarations used before they stand': (r) => {
    return { v: later(r.a) };
    function later(x: number) {
      return x - 1;
    }
  },
  bigints: (r) => {
    let s = 0n;
    for (let i = 0; i < 3; i++) s = BigInt.asIntN(64, s + r.g);
    const m = r.g > 0n ? r.g : -r.g;
    return { s, m: BigInt.asIntN(64, m), h: BigInt.asIntN(64, r.g >> 1n), n: Number(r.g) };
  },
  'texts that are one of several': (r) => {
    let t = 'low';
    if (r.a > 1) t = 'high';
    else if (r.ok) t = r.t;
    return { t, same: t === r.t, empty: t === '' };
  },
};

describe('compiled to WebAssembly, as in JavaScript', () => {
  for (const [name, fn] of Object.entries(functions)) {
    it(`may be ${name}`, () => {
      const expected = start(All, op.map(fn)).push(...records);
      expect(startWasm(All, op.map(fn)).push(...records)).toEqual(expected);
    });
  }
});
