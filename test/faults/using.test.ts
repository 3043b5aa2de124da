// What `using` can't hand to a stage is refused when the stage is built, and leaves nothing behind.
import { describe, expect, it } from 'vitest';
import { map } from '../../operators/index.js';
import { collect, leavingNothing, PLACEMENTS, Reading, reading, settles } from './kit.js';

class Money {
  amount = 1;
}

const self: unknown[] = [];
self.push(self);

/** Values that no thread can be given, or not as they are. */
const UNUSABLE: ReadonlyArray<readonly [title: string, value: unknown]> = [
  ['a Map', new Map([[1, 2]])],
  ['a Set', new Set([1])],
  ['a Date', new Date(0)],
  ['an instance of a class', new Money()],
  ['a table of instances', [new Money()]],
  ['a symbol', Symbol('x')],
  ['a promise', Promise.resolve(1)],
  ['a table that contains itself', self],
  ['a table with a function within', { f: (x: number) => x }],
  ['an async function', async () => 1],
  ['a native function', Math.max.bind(null)],
  ['a class', Money],
  ['a table behind a proxy', new Proxy([1, 2], {})],
];

describe.each(PLACEMENTS)('using, of a stage placed %s', (placement) => {
  it.each(UNUSABLE)('refuses %s at once, and the pipeline can be built without it', (_, value) =>
    leavingNothing({ placement }, async (engine) => {
      const readings = engine.source(Reading);
      type R = { id: number; value: number };
      const use = (x: unknown) =>
        map((r: R, { x }: { x: number }) => ({ v: r.value + x }), { using: { x } as { x: number } });
      const refused = expect.objectContaining({
        name: 'TypeError',
        message: expect.stringMatching(/\bx\b/),
      });
      expect(() => readings.stage({ name: 'refused' }, use(value))).toThrowError(refused);
      expect(engine.stats().stages).toEqual([]);
      const { values, end } = collect(readings.stage(use(2)));
      readings.next(reading(1, 1));
      readings.complete();
      expect(await settles(end)).toBeUndefined();
      expect(values).toEqual([{ v: 3 }]);
    }),
  );

  it('takes what it is given at construction: what is changed in it later is not seen', () =>
    leavingNothing({ placement }, async (engine) => {
      const readings = engine.source(Reading);
      const table = { factors: [1, 2, 3], more: new Float64Array([10, 20]) };
      const stage = readings.stage(
        map(
          (r, { table }) => ({ v: (table.factors[r.id] as number) * r.value + (table.more[0] as number) }),
          {
            using: { table },
          },
        ),
      );
      const { values } = collect(stage);
      table.factors[1] = 100;
      table.more[0] = 100;
      readings.next(reading(1, 1));
      await settles(engine.idle());
      table.factors[1] = 200;
      readings.next(reading(1, 1));
      await settles(engine.idle());
      expect(values).toEqual([{ v: 12 }, { v: 12 }]);
    }));
});
