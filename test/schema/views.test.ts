// Views: accessors, nested ones, what they refuse, and what writers may do with them.
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import {
  array,
  bool,
  createCodec,
  f64,
  i8,
  i53,
  i64,
  struct,
  text,
  u8,
  u32,
  u53,
  u64,
} from '../../src/schema/index.js';
import { AT, bytesAt, ground, recordCode, thrownBy } from './harness.js';

const site = ground();

const Level = struct({ price: i64, size: u32 }, 'Level');
const Book = struct(
  { symbol: text, best: Level, bids: array(Level, 3), weights: array(f64, 3), grid: array(array(u8, 2), 2) },
  'Book',
);
const book = {
  symbol: 'ES',
  best: { price: 5n, size: 1 },
  bids: [
    { price: 4n, size: 2 },
    { price: 3n, size: 3 },
    { price: 2n, size: 4 },
  ],
  weights: [1, 0.8, 0.6],
  grid: [
    [1, 2],
    [3, 4],
  ],
};

function written() {
  const codec = createCodec(Book, site.memory, site.texts);
  codec.encode(AT, book);
  return { codec, code: recordCode(Book, site) };
}

describe('a view', () => {
  test('has its accessors on the prototype and reads nested records in place', () => {
    const { code } = written();
    const view = new code.View(AT);
    expect(Object.keys(view).every((name) => name.startsWith('$'))).toBe(true);
    expect(view.symbol).toBe('ES');
    expect(view.best.price).toBe(5n);
    expect(view.bids[2].size).toBe(4);
    expect(view.bids.length).toBe(3);
    expect(view.grid[1][0]).toBe(3);
    expect(view.toJSON()).toEqual(book);
    expect(inspect(view)).toBe(inspect(book));
  });

  test('follows its address to another record', () => {
    const { codec, code } = written();
    const next = AT + Book.layout.words;
    codec.encode(next, { ...book, best: { price: -1n, size: 9 } });
    const view = new code.View(AT);
    expect(view.best.size).toBe(1);
    view.$p = next;
    expect([view.best.size, view.best.price, view.bids[0].size]).toEqual([9, -1n, 2]);
  });

  test('keeps a view for each element of an array of structs', () => {
    const { code } = written();
    const [first, second] = new code.View(AT).bids;
    expect(first.size - second.size).toBe(-1);
  });

  test('reads and writes elements through $at and $put, which know their bounds', () => {
    const { code } = written();
    const view = new code.View(AT);
    view.weights.$put(1, 7);
    expect(view.weights.$at(1)).toBe(7);
    view.bids.$put(0, { price: 1n, size: 1 });
    expect(view.bids.$at(0).toJSON()).toEqual({ price: 1n, size: 1 });
    for (const index of [-1, 3, 0.5, Number.NaN, '1', undefined]) {
      const error = thrownBy(() => view.weights.$at(index));
      expect(error).toBeInstanceOf(RangeError);
      expect(error).toMatchObject({ code: 'INDEX_RANGE' });
      expect(thrownBy(() => view.bids.$put(index, {}))).toMatchObject({ code: 'INDEX_RANGE' });
    }
    expect(thrownBy(() => view.weights.$at(3)).message).toBe('Cannot access element 3: the array holds 3');
  });

  test('gives arrays the methods that leave their length alone', () => {
    const { code } = written();
    const { weights, bids } = new code.View(AT);
    expect(weights.map((w: number) => w * 10)).toEqual([10, 8, 6]);
    expect(weights.reduce((sum: number, w: number) => sum + w, 0)).toBeCloseTo(2.4);
    expect([...weights]).toEqual([1, 0.8, 0.6]);
    expect([9].concat(weights)).toEqual([9, 1, 0.8, 0.6]);
    expect(weights.includes(0.6)).toBe(true);
    expect(bids.find((level: { size: number }) => level.size === 3).price).toBe(3n);
    expect(JSON.stringify(weights)).toBe('[1,0.8,0.6]');
  });

  test('gives the id of a text', () => {
    const { code } = written();
    const view = new code.View(AT);
    expect(view.$id_symbol).toBe(site.texts.id('ES'));
    view.$id_symbol = 0;
    expect(view.symbol).toBe('');
  });

  test('stores known texts only', () => {
    const { code } = written();
    const view = new code.View(AT);
    site.texts.intern('NQ');
    view.symbol = 'NQ';
    expect(view.symbol).toBe('NQ');
    const error = thrownBy(() => {
      view.symbol = 'N' + 'Q computed';
    });
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toBe(
      'Cannot store "NQ computed": only texts that came in with records can be stored',
    );
  });

  test('wraps what it stores as typed arrays do', () => {
    const S = struct({ a: i8, b: u32, c: u53, d: i53, e: u64, f: bool });
    const view = new (recordCode(S, site).View)(AT);
    view.a = 200;
    view.b = -1.5;
    view.c = 2 ** 32 + 1.9;
    view.d = -1.9;
    view.e = -1n;
    view.f = 2;
    expect(view.toJSON()).toEqual({
      a: -56,
      b: 4294967295,
      c: 2 ** 32 + 1,
      d: -1,
      e: 2n ** 64n - 1n,
      f: true,
    });
    for (const [value, stored] of [
      [-0.5, 0],
      [Number.NaN, 0],
      [Infinity, 0],
      [-(2 ** 32), -(2 ** 32)],
      [-5e9, -5e9],
    ]) {
      view.d = value;
      expect(view.d).toBe(stored);
    }
  });

  test('is copied from when it is stored, and objects are written', () => {
    const { code } = written();
    const view = new code.View(AT);
    view.best = view.bids[1];
    expect(view.best.toJSON()).toEqual({ price: 3n, size: 3 });
    view.best = { price: 8n, size: 8 };
    view.bids[1] = view.best;
    expect(view.bids[1].toJSON()).toEqual({ price: 8n, size: 8 });
    view.weights = [3, 2, 1];
    expect(view.weights.toJSON()).toEqual([3, 2, 1]);
  });

  test('refuses to store what is no record and no array of its length', () => {
    const { code } = written();
    const view = new code.View(AT);
    const store = (name: string, value: unknown) =>
      thrownBy(() => {
        view[name] = value;
      });
    expect(store('best', undefined).message).toBe('Cannot encode Level: expected a record, got undefined');
    expect(store('weights', [1, 2]).message).toBe(
      'Cannot store an array of 2 in an array: it takes an array of 3 elements',
    );
    expect(store('weights', null)).toBeInstanceOf(TypeError);
  });
});

describe('a record that is made of views of itself', () => {
  const Pair = struct({ prev: Level, curr: Level });
  const prev = { price: 1n, size: 1 };
  const curr = { price: 2n, size: 2 };

  test('swaps its structs', () => {
    const code = recordCode(Pair, site);
    code.write(AT, { prev, curr });
    const view = new code.View(AT);
    code.write(AT, { prev: view.curr, curr: view.prev });
    expect(code.read(AT)).toEqual({ prev: curr, curr: prev });
  });

  test('swaps them further down', () => {
    const Outer = struct({ a: Pair, b: Pair });
    const code = recordCode(Outer, site);
    code.write(AT, { a: { prev, curr }, b: { prev: curr, curr: prev } });
    const view = new code.View(AT);
    code.write(AT, { a: { prev: view.b.prev, curr }, b: { prev: view.a.prev, curr } });
    expect(code.read(AT)).toEqual({ a: { prev: curr, curr }, b: { prev, curr } });
  });

  test('reverses its arrays', () => {
    const { code } = written();
    const view = new code.View(AT);
    view.bids = [view.bids[2], view.bids[1], view.bids[0]];
    view.weights = view.weights.slice().reverse();
    view.grid = [view.grid[1], view.grid[0]];
    expect(view.bids.toJSON()).toEqual([...book.bids].reverse());
    expect(view.weights.toJSON()).toEqual([0.6, 0.8, 1]);
    expect(view.grid.toJSON()).toEqual([
      [3, 4],
      [1, 2],
    ]);
  });

  test('is itself again if nothing moves', () => {
    const { code } = written();
    const view = new code.View(AT);
    code.write(AT, {
      symbol: view.symbol,
      best: view.best,
      bids: view.bids,
      weights: view.weights,
      grid: view.grid,
    });
    code.write(AT, view);
    expect(code.read(AT)).toEqual(book);
  });
});

describe('a view for users', () => {
  test('throws once it is no longer valid, and so do the views and arrays it gave', () => {
    const { codec } = written();
    const view = new codec.View(AT);
    const { best, bids, weights, grid } = view;
    const level = bids[0] as { size: number };
    const row = grid[0] as ArrayLike<number>;
    view.$p = -1;
    const uses = [
      () => view.symbol,
      () => view.best,
      () => view.toJSON(),
      () => best.size,
      () => level.size,
      () => weights[0],
      () => row[0],
      () => [...bids],
      () => (view as unknown as { $id_symbol: number }).$id_symbol,
    ];
    for (const use of uses) {
      const error = thrownBy(use);
      expect(error).toBeInstanceOf(TypeError);
      expect(error).toMatchObject({ code: 'VIEW_EXPIRED' });
    }
    expect(thrownBy(() => view.symbol).message).toBe(
      'Cannot use a view of Book: it was valid only during the call',
    );
  });

  test('cannot be written', () => {
    const { codec } = written();
    const view = new codec.View(AT) as unknown as typeof book;
    for (const write of [
      () => {
        view.symbol = '';
      },
      () => {
        view.best = book.best;
      },
      () => {
        view.best.size = 1;
      },
      () => {
        view.weights[0] = 1;
      },
    ]) {
      expect(thrownBy(write)).toBeInstanceOf(TypeError);
    }
    expect(codec.decode(AT)).toEqual(book);
  });
});

describe('a view for writers', () => {
  const S = struct({ ts: u64, big: i53, at: u53, small: u32, price: i64, priceLo: u8, name: text });

  test('writes 64-bit integers as two halves, unless a field has that name', () => {
    const codec = createCodec(S, site.memory, site.texts);
    codec.zero(AT);
    const writer = new codec.WriterView(AT);
    writer.tsLo = 0xfffffffe;
    writer.tsHi = 0x80000001;
    writer.bigLo = 0xffffffff;
    writer.bigHi = -1;
    writer.atLo = 7;
    // Of a u53 the upper half has 21 bits.
    writer.atHi = 0x60_0002;
    writer.priceHi = 1;
    writer.priceLo = 300;
    writer.name = 'never seen before';
    expect(codec.decode(AT)).toEqual({
      ts: 0x80000001fffffffen,
      big: -1,
      at: 2 * 2 ** 32 + 7,
      small: 0,
      price: 0x100000000n,
      priceLo: 44,
      name: 'never seen before',
    });
  });

  test('refuses names that are none of its fields', () => {
    const codec = createCodec(S, site.memory, site.texts);
    const writer = new codec.WriterView(AT) as unknown as Record<string, unknown>;
    expect(
      thrownBy(() => {
        writer['smallLo'] = 1;
      }),
    ).toBeInstanceOf(TypeError);
    expect(
      thrownBy(() => {
        writer['tss'] = 1n;
      }),
    ).toBeInstanceOf(TypeError);
  });

  test('writes nothing once it is no longer valid', () => {
    const codec = createCodec(S, site.memory, site.texts);
    codec.zero(AT);
    const before = bytesAt(site, AT, S);
    const writer = new codec.WriterView(AT);
    writer.$p = -1;
    expect(
      thrownBy(() => {
        writer.small = 1;
      }),
    ).toMatchObject({ code: 'VIEW_EXPIRED' });
    expect(
      thrownBy(() => {
        writer.tsLo = 1;
      }),
    ).toMatchObject({ code: 'VIEW_EXPIRED' });
    expect(bytesAt(site, AT, S)).toEqual(before);
  });
});
