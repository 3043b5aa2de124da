// What people write in functions: one case a feature of the language.
// biome-ignore-all lint/suspicious/noImplicitAnyLet: what people write.
// biome-ignore-all lint/suspicious/noFallthroughSwitchClause: what people write.
// biome-ignore-all lint/complexity/noCommaOperator: what people write.
import { array, bool, f64, i32, i64, struct, text, u8, u32 } from '../../src/schema/index.js';
import { arrayFunctions } from './array-functions.js';

export const Point = struct({ x: f64, y: f64 }, 'Point');
export const Item = struct({ n: i32, tag: text }, 'Item');
export const All = struct(
  {
    id: u32,
    small: u8,
    value: f64,
    ok: bool,
    name: text,
    big: i64,
    pos: Point,
    samples: array(f64, 4),
    items: array(Item, 2),
  },
  'All',
);
export const record = (id: number) => ({
  id,
  small: id % 256,
  value: id / 3 - 1,
  ok: id % 2 === 0,
  name: ['ann', 'bob', ''][id % 3] as string,
  big: BigInt(id) * 3n,
  pos: { x: id, y: 0 - id },
  samples: [id, id + 1, id + 2, id * 2],
  items: [
    { n: id, tag: 'ann' },
    { n: 0 - id, tag: 'bob' },
  ],
});
// biome-ignore lint/suspicious/noExplicitAny: records of many shapes go through.
export type Any = any;
export const records = [0, 1, 2, 3, 7, 100].map(record);

/** Functions of one record, with what they use. */
export const functions: Record<
  string,
  ((r: Any, using: Any) => Any) | [(r: Any, using: Any) => Any, Record<string, unknown>]
> = {
  ...arrayFunctions,
  'spread and override': (r) => ({ ...r, value: 0 }),
  'spread and a field of another kind': (r) => ({ ...r, id: r.ok }),
  'spread of a nested record': (r) => ({ ...r.pos, z: 1 }),
  'rest in a declaration': (r) => {
    const { items, samples, pos, ...rest } = r;
    return { ...rest, x: pos.x, s: samples[0], n: items[1].n };
  },
  'rest in a parameter': ({ id, name, ...rest }) => ({ v: rest.value, id, pos: rest.pos }),
  'rest in an arrow with a body': ({ id, ...rest }) => {
    const v = rest.samples[2];
    return { v, id };
  },
  'destructuring with defaults': ({ id, value: v = 3, pos: { x, y } }) => ({ id, v, x, y }),
  'array destructuring': ({ samples: [a, , b], items: [first] }) => ({ a, b, n: first.n }),
  'conditional results': (r) => (r.ok ? { a: r.id, b: 1 } : { a: 2, b: r.id }),
  'nested conditional values': (r) => ({ level: r.id > 5 ? 'high' : r.id > 1 ? 'mid' : 'low', id: r.id }),
  'early return': (r) => {
    if (r.value < 0) return { v: -r.value };
    return { v: r.value };
  },
  'a variable set in branches': (r) => {
    let x;
    if (r.ok) x = 1;
    else x = r.value;
    return { x };
  },
  'a variable set in a switch': (r) => {
    let kind = 0;
    switch (r.name) {
      case 'ann':
        kind = 1;
        break;
      // @ts-expect-error: it falls through on purpose
      case 'bob':
        kind = 2;
      default:
        kind += 10;
    }
    return { kind };
  },
  'loops over arrays': (r) => {
    let sum = 0;
    for (let i = 0; i < r.samples.length; i++) sum += r.samples[i];
    let product = 1;
    for (const s of r.samples) product *= s;
    let n = 0;
    for (const item of r.items) n += item.n * (item.tag === 'ann' ? 2 : 1);
    return { sum, product, n };
  },
  'while with break and continue': (r) => {
    let i = 0;
    let sum = 0;
    while (true) {
      i++;
      if (i > 10) break;
      if (i % 2) continue;
      sum += i * r.id;
    }
    do sum--;
    while (sum > 1000);
    return { sum, i };
  },
  labels: (r) => {
    let n = 0;
    outer: for (const a of r.samples) {
      for (const b of r.samples) {
        if (b > a) continue outer;
        if (n > 5) break outer;
        n++;
      }
    }
    return { n };
  },
  'array methods': (r) => ({
    max: Math.max(...r.samples),
    sum: r.samples.reduce((a: number, b: number) => a + b, 0),
    some: r.samples.some((s: number) => s > 3),
    every: r.samples.every((s: number) => s >= 0),
    at: r.samples.indexOf(r.id),
    len: r.samples.filter((s: number) => s > 2).length,
    doubled: r.samples.map((s: number) => s * 2),
    n: r.items.map((item: Any) => item.n).reduce((a: number, b: number) => a + b),
  }),
  'array literals': (r) => ({ pair: [r.id, r.id], mixed: [r.id, 1], nested: [{ a: r.value }, { a: 2 }] }),
  'spread of arrays': (r) => ({ all: [...r.samples, r.value], copy: [...r.samples] }),
  'arrays made by length': (r) => ({
    zeros: new Array(3).fill(0),
    from: Array.from({ length: 2 }, (_, i) => i * r.id),
  }),
  'spread of what is not always there': (r) => ({
    id: 1,
    v: 2,
    ...(r.ok && { v: r.value }),
    ...(r.ok ? { id: r.id } : {}),
  }),
  'spread of one of several': (r) => {
    const { x, ...y } = { z: 0, ...(r.ok ? { x: 1, y: r.value } : { y: 2, x: r.id }) };
    return { x, ...y };
  },
  'defaults of fields that a literal leaves out': (r) => {
    const area = ({ x, y = 2 }: { x: number; y?: number }, times = y) => x * y * times;
    return { a: area({ x: r.value }), b: area({ x: r.id, y: r.value }), c: area({ x: 1 }, 5) };
  },
  'nested literals': (r) => ({ at: { x: r.value, deep: { id: r.id } }, list: [r.pos, { x: 1, y: 2 }] }),
  'copies of records': (r) => ({ pos: r.pos, items: r.items, samples: r.samples }),
  booleans: (r) => ({
    a: r.ok,
    b: !r.ok,
    c: r.id > 3,
    d: r.ok && r.id > 3,
    e: Boolean(r.id),
    f: r.name === 'ann',
  }),
  'logic with defaults': (r) => ({ a: r.name || 'none', b: r.id || 1, c: r.value ?? 2 }),
  bigints: (r) => ({ a: r.big + 1n, b: r.big * r.big, c: -r.big, d: BigInt.asIntN(64, r.big << 2n) }),
  'bigints to numbers': (r) => ({ a: Number(r.big) / 2, b: r.big > 5n, c: BigInt.asUintN(64, BigInt(r.id)) }),
  'bit operators': (r) => ({
    a: r.id & 3,
    b: r.id << 2,
    c: ~r.id,
    d: r.id >>> 1,
    e: r.id ^ 5,
    f: 2 ** r.small % 7,
  }),
  Math: (r) => ({
    a: Math.floor(r.value),
    b: Math.hypot(r.pos.x, r.pos.y),
    c: Math.sign(r.value),
    d: Math.PI,
  }),
  'numbers as text and back': (r) => ({
    n: Number(r.id.toFixed(1)),
    p: parseInt(String(r.value), 10) || 0,
    len: r.name.length,
  }),
  'string work': (r) => ({
    upper: r.name.toUpperCase() === 'ANN',
    starts: r.name.startsWith('b'),
    code: r.name.charCodeAt(0) || 0,
  }),
  'template as key of a table': [
    (r, { table }) => ({ v: table[`k${r.id % 2}`] ?? -1 }),
    { table: { k0: 5, k1: 7 } },
  ],
  tables: [
    (r, { limits, names, grid }) => ({
      l: limits[r.id % 3],
      n: names[r.id % 2],
      g: grid[0][1],
      t: limits.length,
    }),
    {
      limits: [1, 2, 3],
      names: ['ann', 'new'],
      grid: [
        [1, 2],
        [3, 4],
      ],
    },
  ],
  'typed tables': [
    (r, { weights }) => ({ w: weights[r.id % 2] * r.value }),
    { weights: new Float32Array([0.5, 1.5]) },
  ],
  helpers: [
    (r, { clamp, scale }) => ({ v: clamp(r.value, 0, 1), s: scale(r.value) }),
    {
      clamp: (x: number, lo: number, hi: number) => Math.min(hi, Math.max(lo, x)),
      scale: (x: number) => {
        const inner = (y: number) => y * 3;
        return inner(x);
      },
    },
  ],
  'using as a whole': [(r, using) => ({ v: r.id * using.k, n: using.name }), { k: 3, name: 'new' }],
  'local helpers': (r) => {
    const square = (x: number) => x * x;
    function half(x: number) {
      return x / 2;
    }
    return { a: square(r.value), b: half(r.id) };
  },
  'helpers with optional parameters': [
    (r, { scale }) => ({ a: scale(r.value), b: scale(r.value, 3) }),
    { scale: (x: number, by?: number) => (by === undefined ? x : x * by) },
  ],
  recursion: (r) => {
    function fact(n: number): number {
      return n <= 1 ? 1 : n * fact(n - 1);
    }
    return { f: fact(r.id % 6) };
  },
  'closures over changing variables': (r) => {
    let n = 0;
    const add = (x: number) => {
      n += x;
    };
    r.samples.forEach(add);
    return { n };
  },
  'objects built step by step': (r) => {
    const out = { a: r.id, b: 0 };
    out.b = r.value;
    out.a += 1;
    return out;
  },
  'arrays built step by step': (r) => {
    const list = [0, 0, 0];
    for (let i = 0; i < 3; i++) list[i] = r.samples[i] * 2;
    (list[0] as number)++;
    return { list };
  },
  'sequence and void': (r) => {
    let a = 1;
    return (a++, { a, b: r.id, c: void 0 === undefined });
  },
  'try and catch': (r) => {
    let failed = false;
    try {
      if (r.id > 3) throw new Error('no');
    } catch {
      failed = true;
    } finally {
      failed = !failed;
    }
    return { failed };
  },
  'optional chains': (r) => {
    const maybe = r.ok ? r.pos : undefined;
    return { x: maybe?.x ?? -1, has: maybe !== undefined };
  },
  narrowing: (r) => {
    const maybe = r.ok ? r.pos : null;
    if (!maybe) return { x: 0, pos: r.pos };
    return { x: maybe.x, pos: maybe };
  },
  typeof: (r) => ({ a: typeof r.id === 'number', b: typeof r.name === 'string' }),
  dates: (r) => ({ hour: new Date(r.id * 3600000).getUTCHours(), iso: new Date(r.id).toISOString().length }),
  'maps and sets': (r) => {
    const seen = new Set(r.samples);
    const counts = new Map([['a', 1]]);
    return { n: seen.size, has: counts.has('a'), c: Number(counts.get('a')) };
  },
  'Object functions': (r) => ({
    keys: Object.keys(r.pos).length,
    sum: Object.values(r.pos).reduce((a: Any, b: Any) => a + b, 0),
    entries: Object.entries({ ...r.pos }).length,
    json: JSON.stringify(r.pos).length,
  }),
  'Object.assign': (r) => Object.assign({ x: 0, y: 0, z: 1 }, r.pos),
  'in and for in': (r) => {
    let n = 0;
    for (const k in r.pos) n += r.pos[k];
    return { n, has: 'x' in r.pos };
  },
  'computed fields of a record': (r) => {
    const which = 'value';
    return { v: r[which], w: r['id'] };
  },
  'compound assignment': (r) => {
    let a = r.id;
    a += 2;
    a **= 2;
    let b = null as number | null;
    b ??= 5;
    let c = 0;
    c ||= r.value;
    return { a, b, c };
  },
  'parenthesised values': (r) => ({ a: r.id, b: (r.ok, 2), c: /* c */ r.value }),
  'a swap': (r) => {
    let [a, b] = [r.id, r.value];
    [a, b] = [b, a];
    return { a, b };
  },
  'default parameters and rest': (r) => {
    const f = (a: number, b = 2, ...more: number[]) => a + b + more.length;
    return { a: f(r.id), b: f(1, 2, 3, 4) };
  },
  'a field of an element of a list of records': (r) => {
    const both = { list: [r.items[0], r.items[1]] };
    return { n: both.list[1].n, m: both.list[0].n };
  },
  'a list that is changed behind where it is put': (r) => {
    const list = [r.id, r.value];
    return { list, last: --list[1]!, first: list[0] };
  },
  'a field in both ways of a choice': (r) => ({ v: r.ok ? r.big : r.big, w: r.small ? r.small : r.id }),
  'strange field names': (r) => ({ 'a-b': r.id, default: 1, class: r.ok }),
  'a function expression': (r) => ({ id: r.id }),
  'min and max of fields': (r) => ({ lo: Math.min(r.small, r.id), hi: Math.max(r.small, r.id) }),
  'get and set by destructuring assignment': (r) => {
    const out = { x: 0, y: 0 };
    ({ x: out.x, y: out.y } = r.pos);
    return out;
  },
  'equal arrays of literals': (r) => ({ list: r.ok ? [1, 2] : [r.id, r.id] }),
  'shadowed globals and prelude names': (r) => {
    const F64 = 1;
    const T = 2;
    const $View = 3;
    const V0 = 4;
    const $own = F64 + T + $View + V0;
    return { ...r.pos, $: undefined === null, n: $own };
  },
};
// A field may not start with $; that one is checked elsewhere.
functions['shadowed globals and prelude names'] = (r) => {
  const F64 = 1;
  const T = 2;
  const $View = 3;
  const V0 = 4;
  const $own = F64 + T + $View + V0;
  return { ...r.pos, n: $own, t: r.name, k: r.samples[1] };
};
