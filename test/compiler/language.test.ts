// Ordinary functions give over views what they give over objects.
// biome-ignore-all lint/suspicious/noAssignInExpressions: what people write.
import { describe, expect, it } from 'vitest';
import * as op from '../../operators/index.js';
import { NotCompilable } from '../../src/compiler/lower/builder.js';
import { array, i32, i64, type Struct, struct, u32 } from '../../src/schema/index.js';
import { BACKENDS } from './backends.js';
import { All, type Any, functions, Item, Point, record, records } from './functions.js';
import { startWasm } from './wasm-kit.js';

/** A value as it comes back from a layout. */
function coerced(value: Any): Any {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(coerced);
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, coerced(field)]));
}

/** What only JavaScript can run, and why. */
const javascriptOnly: Readonly<Record<string, string>> = {
  'array methods': 'filter of an array',
  'numbers as text and back': 'toFixed of a number',
  'string work': 'toUpperCase of a text',
  'template as key of a table': 'a template makes a new string',
  recursion: 'a function calls itself',
  'try and catch': '`try` needs exceptions',
  'arrays by their class, and in lists': '`instanceof` asks for a class',
  'typed arrays': '`new` makes an object',
  dates: '`new` makes an object',
  'maps and sets': '`new` makes an object',
  'Object functions': 'JSON is available to JavaScript only',
};

/** A case of the list, by its name. */
function caseOf(name: string): { fn: Any; using: Any; operator: Any } {
  const given = functions[name];
  const [fn, using] = Array.isArray(given) ? given : [given, undefined];
  return { fn, using, operator: op.map(fn as Any, (using === undefined ? {} : { using }) as Any) };
}

describe.each(BACKENDS)('a function on the %s backend', (backend, start) => {
  const through = (input: Struct, operator: Any, given: object[]): unknown[] =>
    start(input, operator).push(...given);

  for (const name of Object.keys(functions)) {
    if (backend === 'wasm' && javascriptOnly[name] !== undefined) continue;
    it(`may use ${name}`, () => {
      const { fn, using, operator } = caseOf(name);
      expect(through(All, operator, records)).toEqual(
        records.map((r) => coerced(fn(structuredClone(r), using))),
      );
    });
  }

  it('may be written as a method', () => {
    const methods = {
      key(r: Any) {
        return r.id;
      },
      'compare these'(a: Any, b: Any) {
        return b && { d: a.value - b.value };
      },
    };
    const out = through(All, op.delta(methods.key, methods['compare these']), [record(1), record(1)]);
    expect(out).toEqual([{ d: 0 }]);
  });

  it('may keep a window that it makes of itself', () => {
    const windows: [update: (s: Any, r: Any) => void, steps: (w: number[], id: number) => number[]][] = [
      [
        (s, r) => {
          s.w = [...s.w.slice(1), r.id];
        },
        (w, id) => [...w.slice(1), id],
      ],
      [
        (s, r) => {
          const [, ...tail] = s.w;
          s.w = [...tail, r.id];
        },
        (w, id) => [...w.slice(1), id],
      ],
      [
        (s, r) => {
          s.w = s.w.slice(1).concat(r.id);
        },
        (w, id) => [...w.slice(1), id],
      ],
      [
        (s, r) => {
          s.w.copyWithin(0, 1);
          s.w[2] = r.id;
        },
        (w, id) => [...w.slice(1), id],
      ],
      [
        (s, r) => {
          s.w.reverse().fill(r.id, 2);
        },
        (w, id) => [...[...w].reverse().slice(0, 2), id],
      ],
      [
        (s) => {
          s.w = s.w.map((x: number) => x + 1);
        },
        (w) => w.map((x) => x + 1),
      ],
    ];
    for (const [update, steps] of windows) {
      const operator = op.stateful(
        (r: Any) => r.small % 2,
        (r: Any) => ({ w: [0, 0, r.id] }),
        update as Any,
      );
      const kept = new Map<number, number[]>();
      const expected = [1, 2, 3, 4, 5, 7, 9].map((id) => {
        const before = kept.get(id % 2);
        const w = before === undefined ? [0, 0, id] : steps(before, id);
        kept.set(id % 2, w);
        return { w };
      });
      expect(through(All, operator, [1, 2, 3, 4, 5, 7, 9].map(record))).toEqual(expected);
    }
  });

  it('may change its state in any way', () => {
    const State = struct(
      { hist: array(u32, 4), list: array(Point, 2), last: Item, n: i32, sum: i64 },
      'State',
    ) as Struct<Any>;
    const init = (r: Any) => ({
      hist: [0, 0, 0, 0],
      list: [r.pos, r.pos],
      last: r.items[0],
      n: 0,
      sum: r.big,
    });
    const update = (s: Any, r: Any) => {
      s.hist[r.id % 4] += 1;
      s.hist[0]++;
      ++s.hist[1];
      const used = (s.hist[2] = 9);
      s.n = used + (s.hist[3] += 2);
      s.list[0].x += 1;
      s.list[1] = { x: r.id, y: s.list[0].y };
      s.last = r.items[1];
      s.last.n -= 1;
      s.sum += r.big;
      [s.list[0].y, s.n] = [s.n, s.list[0].y];
      for (const p of s.list) p.x += 100;
      s.list.forEach((p: Any) => {
        p.y = -p.y;
      });
    };
    const stage = start(
      All,
      op.stateful((r: Any) => r.ok, init, update, { out: State }),
    );
    const given = [record(2), record(2), record(100)];
    const expected = structuredClone(init(given[0] as Any));
    for (const r of given.slice(1)) update(expected, structuredClone(r));
    expect(stage.push(...given).at(-1)).toEqual(expected);
  });

  it('throws for an index out of range', () => {
    expect(() =>
      through(
        All,
        op.map((r: Any) => ({ v: r.samples[r.id] })),
        [record(7)],
      ),
    ).toThrow(RangeError);
    expect(() =>
      through(
        All,
        op.scan(
          (s: Any, r: Any) => {
            s.list[r.id] = 1;
            return s;
          },
          { list: [0, 0] },
        ),
        [record(2)],
      ),
    ).toThrow(RangeError);
  });
});

describe('what only JavaScript can run', () => {
  for (const [name, reason] of Object.entries(javascriptOnly)) {
    it(`includes ${name}`, () => {
      let refused: unknown;
      try {
        startWasm(All, caseOf(name).operator);
      } catch (error) {
        refused = error;
      }
      expect(refused).toBeInstanceOf(NotCompilable);
      const { reason: given, source, node } = refused as NotCompilable;
      expect(given).toContain(reason);
      // With a place in a function, for the code frame.
      expect(source?.text.slice(node?.start, node?.end)).not.toBe('');
    });
  }
});
