// Steps with tables, and steps that delete their state, as data: every backend is held to the same models by them.
import {
  bool,
  f32,
  f64,
  i8,
  i64,
  keyedTable,
  type Struct,
  struct,
  text,
  u8,
  u32,
  u53,
  u64,
} from '../../src/index.js';

export const Item = struct({ id: u32, v: f64, name: text, big: u64 }, 'Item');
export type Item = { id: number; v: number; name: string; big: bigint };
export const item = (id: number, v: number, name = '', big = 0n): Item => ({ id, v, name, big });
export const N = struct({ n: f64 });

// biome-ignore lint/suspicious/noExplicitAny: the library and the models have other types.
type Any = any;

export interface StepCase {
  /** What holds. */
  readonly title: string;
  readonly records: readonly Item[];
  readonly run: Any;
  readonly options: { readonly out: Struct } & Readonly<Record<string, unknown>>;
  /** What comes out, where that is worth saying. */
  readonly expected?: readonly unknown[];
}

const numbers = (...all: number[]): { n: number }[] => all.map((n) => ({ n }));
const Row = struct({ id: u32, sum: f64, name: text });

const inPlace: StepCase = {
  title: 'keep records by key, in place',
  records: [item(1, 2, 'a'), item(2, 3, 'b'), item(1, 5, 'c'), item(2, 7), item(3, 1)],
  run: (r: Item, _state: Any, emit: Any, { rows }: Any) => {
    const row = rows.get(r.id);
    if (row) {
      row.sum += r.v;
      row.name = r.name;
      emit(row);
    } else {
      rows.set(r.id, { id: r.id, sum: r.v, name: r.name });
      emit({ id: r.id, sum: -rows.size, name: 'new' });
    }
  },
  options: { out: Row, tables: { rows: keyedTable({ key: u32, value: Row }) } },
  expected: [
    { id: 1, sum: -1, name: 'new' },
    { id: 2, sum: -2, name: 'new' },
    { id: 1, sum: 7, name: 'c' },
    { id: 2, sum: 10, name: '' },
    { id: 3, sum: -3, name: 'new' },
  ],
};

const several: StepCase = {
  title: 'are several in one step, with tuples as keys, beside a state and what using gives',
  records: [1n, 2n, 3n, 1n, 2n].map((big, i) => item(i, i % 3 === 0 ? 10 : 20, '', big)),
  run: (r: Item, state: Any, emit: Any, { orders, levels, scale }: Any) => {
    const old = orders.get(r.big);
    if (old) {
      const level = levels.get([old.side, old.price]);
      if (level) {
        level.total -= 1;
        level.orders--;
        if (level.orders === 0) levels.delete([old.side, old.price]);
      }
    }
    const side = r.id % 2 === 1;
    orders.set(r.big, { price: r.v, side });
    const level = levels.get([side, r.v]);
    if (level) {
      level.total += 1;
      level.orders++;
    } else levels.set([side, r.v], { total: 1, orders: 1 });
    state.value.n += scale;
    emit({ n: levels.size * 100 + orders.size + state.value.n });
  },
  options: {
    out: N,
    state: N,
    seed: { n: 0 },
    using: { scale: 1000 },
    tables: {
      orders: keyedTable({ key: u64, value: struct({ price: f64, side: bool }) }),
      levels: keyedTable({ key: [bool, f64], value: struct({ total: f64, orders: u32 }) }),
    },
  },
  expected: numbers(1101, 2202, 3303, 4303, 5203),
};

const counting: StepCase = {
  title: 'have, delete and count keys',
  records: [1, 2, 1, 1, 2, 3].map((id) => item(id, 0)),
  run: (r: Item, _state: Any, emit: Any, { seen }: Any) => {
    const had = seen.has(r.id);
    if (had) emit({ n: seen.delete(r.id) && !seen.delete(r.id) ? -seen.size : 99 });
    else {
      seen.set(r.id, { n: r.v });
      emit({ n: seen.size });
    }
  },
  options: { out: N, tables: { seen: keyedTable({ key: u32, value: N }) } },
  expected: numbers(1, 2, -1, 2, -1, 2),
};

const order: StepCase = {
  title: 'visit records in the order in which keys came; a new key takes the place of the one deleted last',
  records: [5, 3, 9, -3, -5, 7, 8, 6].map((v) => item(0, v)),
  run: (r: Item, _state: Any, emit: Any, { rows }: Any) => {
    if (r.v < 0) rows.delete(-r.v);
    else rows.set(r.v, { n: r.v });
    let n = 0;
    rows.forEach((row: Any, key: Any) => {
      n = n * 10 + row.n + (key - row.n);
    });
    emit({ n });
  },
  options: { out: N, tables: { rows: keyedTable({ key: f64, value: N }) } },
  expected: numbers(5, 53, 539, 59, 9, 79, 789, 7896),
};

const where: StepCase = {
  title: 'delete what a test says, also what it says of tuples',
  records: Array.from({ length: 40 }, (_, i) => item(i % 7, i, i % 2 ? 'odd' : 'even')),
  run: (r: Item, _state: Any, emit: Any, { rows }: Any) => {
    rows.set([r.id, r.name], { n: r.v });
    const deleted =
      r.v % 10 === 9 ? rows.deleteWhere((row: Any, [id, name]: Any) => name === 'odd' && row.n + id > 20) : 0;
    emit({ n: rows.size * 100 + deleted });
  },
  options: { out: N, tables: { rows: keyedTable({ key: [u32, text], value: N }) } },
};

const changing: StepCase = {
  title: 'may be changed while they are visited',
  records: Array.from({ length: 30 }, (_, i) => item(i, i)),
  run: (r: Item, _state: Any, emit: Any, { rows }: Any) => {
    rows.set(r.id, { n: r.v });
    let n = 0;
    rows.forEach((row: Any, key: Any) => {
      row.n += 1;
      if (row.n > 12) rows.delete(key);
      if (row.n === 7) rows.delete((key + 1) % 30);
      n += row.n;
    });
    emit({ n });
    n = 0;
    const gone = rows.deleteWhere((row: Any, key: Any) => {
      n += row.n;
      return row.n % 5 === 0 && (row.n === 5 || rows.delete(key));
    });
    emit({ n: n * 1000 + gone });
  },
  options: { out: N, tables: { rows: keyedTable({ key: u32, value: N }) } },
};

const apart: StepCase = {
  title: 'give records that stay apart: the least of them is the least afterwards',
  records: [4, 2, 9, 1, 3].map((v, id) => item(id, v)),
  run: (r: Item, _state: Any, emit: Any, { rows }: Any) => {
    rows.set(r.id, { n: r.v });
    let least: Any;
    rows.forEach((row: Any) => {
      if (least === undefined || row.n < least.n) least = row;
    });
    const first = rows.get(0);
    const same = rows.get(r.id);
    emit({ n: least.n * 100 + first.n * 10 + same.n });
    first.n += 0.5;
    emit({ n: rows.get(0).n + same.n });
  },
  options: { out: N, tables: { rows: keyedTable({ key: u32, value: N }) } },
};

const nested: StepCase = {
  title: 'may be visited within a visit, and emit from there',
  records: [3, 1, 2, 3].map((v, id) => item(id, v)),
  run: (r: Item, _state: Any, emit: Any, { rows }: Any) => {
    rows.set(r.id, { n: r.v });
    rows.forEach((one: Any, a: Any) => {
      let rank = 0;
      rows.forEach((other: Any, b: Any) => {
        if (other.n < one.n || (other.n === one.n && b < a)) rank++;
      });
      if (rank < 2) emit({ n: a * 10 + rank });
    });
  },
  options: { out: N, tables: { rows: keyedTable({ key: u32, value: N }) } },
};

const values = [0, -0, Number.NaN, 0.1, 1.5, 257, 256, -1, 2 ** 32, 2 ** 53 - 1, 255, Number.NaN, 1];
const odd = values.map((v) => item(0, v, `${v}`, BigInt.asUintN(64, BigInt(Math.trunc(v || 0)))));
const asHeld = Object.entries({ i8, u8, u32, f32, f64, u53 }).map(
  ([name, key]): StepCase => ({
    title: `compare keys as a field of ${name} holds them`,
    records: odd,
    run: (r: Item, _state: Any, emit: Any, { rows }: Any) => {
      const had = rows.get(r.v);
      rows.set(r.v, { n: had ? had.n + 1 : 1 });
      let sum = 0;
      rows.forEach((_: Any, of: number) => {
        sum += of > 0 ? of : 0.25;
      });
      emit({ n: rows.size * 10 + rows.get(r.v).n + sum });
    },
    options: { out: N, tables: { rows: keyedTable({ key, value: N }) } },
  }),
);

const bigKeys: StepCase = {
  title: 'take bigints and texts as keys',
  records: odd,
  run: (r: Item, _state: Any, emit: Any, { signed, unsigned, texts }: Any) => {
    signed.set(-r.big, { n: 1 });
    unsigned.set(r.big - 1n, { n: 1 });
    texts.set(r.name, { n: 1 });
    texts.set('0.1', { n: 1 });
    let positive = 0;
    unsigned.forEach((_: Any, of: bigint) => {
      if (of > 0n) positive++;
    });
    signed.forEach((_: Any, of: bigint) => {
      if (of > 0n) positive++;
    });
    texts.forEach((_: Any, of: string) => {
      if (of === 'NaN') positive += 0.5;
    });
    emit({ n: signed.size * 10_000 + unsigned.size * 100 + texts.size * 10 + positive });
  },
  options: {
    out: N,
    tables: {
      signed: keyedTable({ key: i64, value: N }),
      unsigned: keyedTable({ key: u64, value: N }),
      texts: keyedTable({ key: text, value: N }),
    },
  },
};

const copies: StepCase = {
  title: 'store copies, wrapped by their layout',
  records: [1, 300, -1, 0.1].map((v, id) => item(id, v)),
  run: (r: Item, _state: Any, emit: Any, { rows }: Any) => {
    const record = { n: r.v, inner: { x: r.v } };
    rows.set(r.id, record);
    record.n = 0;
    const row = rows.get(r.id);
    if (row === undefined) return;
    row.inner = { x: row.inner.x + row.n };
    rows.set(r.id + 100, row);
    row.n = 1;
    emit({ n: rows.get(r.id).n * 1e6 + rows.get(r.id + 100).n + rows.get(r.id).inner.x });
  },
  options: {
    out: N,
    tables: { rows: keyedTable({ key: u32, value: struct({ n: u8, inner: struct({ x: f32 }) }) }) },
  },
};

const growing: StepCase = {
  title: 'grow, and forget what is old',
  records: Array.from({ length: 5000 }, (_, i) => item((i * 7919) % 4093, i, `${i % 5}`)),
  run: (r: Item, _state: Any, emit: Any, { rows, last }: Any) => {
    const row = rows.get([r.id, r.name]);
    rows.set([r.id, r.name], { n: row === undefined ? 1 : row.n + 1 });
    last.set(r.v, { id: r.id });
    const old = last.get(r.v - 1000);
    if (old !== undefined) {
      rows.delete([old.id, r.name]);
      last.delete(r.v - 1000);
    }
    if (r.v % 500 === 499) emit({ n: rows.size * 10_000 + last.size });
  },
  options: {
    out: N,
    tables: {
      rows: keyedTable({ key: [u32, text], value: N }),
      last: keyedTable({ key: f64, value: struct({ id: u32 }), maxKeys: 1001 }),
    },
  },
};

export const tableCases: readonly StepCase[] = [
  inPlace,
  several,
  counting,
  order,
  where,
  changing,
  apart,
  nested,
  ...asHeld,
  bigKeys,
  copies,
  growing,
];

const visits = [1, 2, 1, 1, 2, 3, 1, 2, 3, 3].map((id, i) => item(id, i));
const forget = (r: Item, state: Any, emit: Any): void => {
  if (!state.exists) state.set({ n: r.v });
  else if (state.value.n < 3) {
    const { n } = state.value;
    emit({ n: n + (state.delete() ? 100 : 200) + (state.exists ? 1000 : 0) + (state.value ? 5000 : 0) });
    if (r.v === 4) state.set({ n: 50 });
  } else {
    state.value.n += 1;
    emit({ n: state.value.n });
    if (r.v === 9 && state.delete() && !state.delete()) emit({ n: -1 });
  }
};

/** Steps that delete their state. */
export const deleteCases: readonly StepCase[] = [
  ['of one key', { key: (r: Item) => r.id }],
  ['of a tuple', { key: (r: Item) => [r.id, r.name] }],
  ['of all records', {}],
  ['of all records, with a seed', { seed: { n: 1 } }],
].map(([what, options]) => ({
  title: `forgets the state ${what}, which may be set again`,
  records: visits,
  run: forget,
  options: { out: N, state: N, ...(options as object) },
}));
