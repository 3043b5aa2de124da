// Tables that are full: the text table at the ingest, keyed tables in stages.
import { describe, expect, it } from 'vitest';
import { dedupBy, map, stateful } from '../../operators/index.js';
import { type DeadLetter, f64, struct, text } from '../../src/index.js';
import { collect, leavingNothing, PLACEMENTS, Reading, reading, settles } from './kit.js';

const Order = struct({ n: f64, symbol: text, side: text }, 'Order');

describe.each(PLACEMENTS)('a full text table, of an engine placed %s', (placement) => {
  const full = expect.objectContaining({ code: 'TEXT_TABLE_FULL', name: 'RangeError' });

  it('makes next() throw a RangeError that names table, bound and text; known texts still pass', () =>
    leavingNothing({ placement, maxTexts: 3 }, async (engine) => {
      const orders = engine.source(Order);
      const { values } = collect(orders.stage(map((o) => ({ n: o.n, symbol: o.symbol, side: o.side }))));
      orders.next({ n: 1, symbol: 'A', side: 'buy' });
      orders.next({ n: 2, symbol: 'A', side: 'sell' });
      expect(() => orders.next({ n: 3, symbol: 'B', side: 'buy' })).toThrowError(full);
      expect(() => orders.next({ n: 3, symbol: 'B', side: 'buy' })).toThrowError(/"B".* 3 /);
      orders.next({ n: 4, symbol: 'A', side: 'buy' });
      await settles(engine.idle());
      expect(values.map(({ n }) => n)).toEqual([1, 2, 4]);
      expect(values[2]).toEqual({ n: 4, symbol: 'A', side: 'buy' });
    }));

  it('takes no record by half: neither the one whose second text is too much, nor one in place, nor a column', () =>
    leavingNothing({ placement, maxTexts: 3 }, async (engine) => {
      const orders = engine.source(Order, { capacity: 2 });
      const { values } = collect(orders.stage(map((o) => ({ n: o.n, symbol: o.symbol, side: o.side }))));
      orders.next({ n: 1, symbol: 'A', side: 'buy' });
      // Its first text is the last that fits, its second one too much.
      expect(() => orders.next({ n: 2, symbol: 'B', side: 'sell' })).toThrowError(full);
      expect(orders.struct).toBe(Order);
      const columns = { n: [3, 4], symbol: ['A', 'A'], side: ['buy', 'sell'] };
      expect(() => orders.nextMany(columns)).toThrowError(full);
      const writer = orders.writer();
      const record = writer.claim();
      expect(() => {
        if (record !== undefined) record.symbol = 'C';
      }).toThrowError(full);
      if (record !== undefined) Object.assign(record, { n: 5, symbol: 'B', side: 'buy' });
      writer.publish();
      orders.next({ n: 6, symbol: 'B', side: 'A' });
      await settles(engine.idle());
      expect(values).toEqual([
        { n: 1, symbol: 'A', side: 'buy' },
        { n: 5, symbol: 'B', side: 'buy' },
        { n: 6, symbol: 'B', side: 'A' },
      ]);
      expect(engine.stats().sources[0]?.recordsIn).toBe(3);
    }));

  it('by bytes refuses a text that is too long, and takes a shorter one', () =>
    leavingNothing({ placement, maxTextBytes: 64 }, async (engine) => {
      const orders = engine.source(Order);
      const { values } = collect(orders.stage(map((o) => ({ symbol: o.symbol }))));
      expect(() => orders.next({ n: 1, symbol: 'x'.repeat(65), side: '' })).toThrowError(full);
      expect(() => orders.next({ n: 1, symbol: '\u20ac'.repeat(33), side: '' })).toThrowError(full);
      orders.next({ n: 1, symbol: '\u20ac'.repeat(32), side: '' });
      await settles(engine.idle());
      expect(values).toEqual([{ symbol: '\u20ac'.repeat(32) }]);
    }));

  it('is found at construction if it is the constants of a function that are too many', () =>
    leavingNothing({ placement, maxTexts: 1 }, async (engine) => {
      const orders = engine.source(Order);
      expect(() =>
        orders.stage(map((o) => ({ side: o.n > 1 ? 'buy' : 'sell' }), { out: struct({ side: text }) })),
      ).toThrowError(full);
    }));
});

describe.each(PLACEMENTS)('a keyed table that is full at maxKeys, of a stage placed %s', (placement) => {
  const counts = () =>
    stateful(
      (r: { id: number; value: number }) => r.id,
      () => ({ n: 1 }),
      (s) => {
        s.n++;
      },
      { maxKeys: 3 },
    );

  it('ends the stage with the record of the first key too many', () =>
    leavingNothing({ placement }, async (engine) => {
      const readings = engine.source(Reading);
      const { values, end } = collect(readings.stage({ name: 'counts' }, counts()));
      const sibling = collect(readings.stage(map((r) => ({ id: r.id }))));
      for (const id of [1, 2, 3, 1, 4, 1]) readings.next(reading(id, 0));
      readings.complete();
      expect(await settles(end)).toMatchObject({
        code: 'STAGE_FAILED',
        operator: 'stateful',
        record: { id: 4, value: 0 },
        sequence: 4,
        cause: { code: 'TABLE_FULL', message: expect.stringContaining('maxKeys, 3') },
      });
      expect(values).toEqual([{ n: 1 }, { n: 1 }, { n: 1 }, { n: 2 }]);
      expect(await settles(sibling.end)).toBeUndefined();
      expect(sibling.values).toHaveLength(6);
    }));

  it("with onError: 'skip' puts the records of further keys aside, and goes on counting the keys it has", () =>
    leavingNothing({ placement }, async (engine) => {
      const readings = engine.source(Reading);
      const stage = readings.stage({ onError: 'skip' }, counts());
      const letters: DeadLetter[] = [];
      stage.deadLetters.subscribe((letter) => letters.push(letter));
      const { values } = collect(stage);
      for (let i = 0; i < 5; i++) for (const id of [1, 2, 3, 4, 5]) readings.next(reading(id, i));
      await settles(engine.idle());
      expect(letters).toHaveLength(10);
      expect(letters[0]).toMatchObject({ operator: 'stateful', record: { id: 4, value: 0 }, sequence: 3 });
      expect(values.map(({ n }) => n)).toEqual([1, 2, 3, 4, 5].flatMap((n) => [n, n, n]));
    }));

  it('leaves another operator of the stage with the table of its own', () =>
    leavingNothing({ placement }, async (engine) => {
      const readings = engine.source(Reading);
      const stage = readings.stage(
        { onError: 'skip' },
        dedupBy((r) => r.value, { maxKeys: 100 }),
        counts(),
      );
      const { values } = collect(stage);
      for (let i = 0; i < 50; i++) readings.next(reading(i % 5, i));
      await settles(engine.idle());
      expect(values).toHaveLength(30);
      expect(engine.stats().stages[0]).toMatchObject({ recordsIn: 50, recordsOut: 30, errors: 20 });
    }));
});

describe.each(PLACEMENTS)('an engine whose memory runs out, placed %s', (placement) => {
  it('ends the stage whose state finds no room, at that record; siblings go on', () =>
    leavingNothing(
      { placement, memory: 2 * 1024 * 1024, maxTexts: 64, maxTextBytes: 1024 },
      async (engine) => {
        const readings = engine.source(Reading, { capacity: 64 });
        const greedy = collect(
          readings.stage(
            { name: 'greedy', capacity: 64 },
            stateful(
              (r) => r.value,
              (r) => ({ value: r.value, n: 1 }),
              (s) => {
                s.n++;
              },
            ),
          ),
        );
        const sibling = collect(
          readings.stage(
            { capacity: 64 },
            map((r) => ({ value: r.value })),
          ),
        );
        for (let i = 0; i < 200_000; i++) readings.next(reading(1, i));
        readings.complete();
        expect(await settles(greedy.end, 20_000)).toMatchObject({
          code: 'STAGE_FAILED',
          stage: 'greedy',
          operator: 'stateful',
          sequence: greedy.values.length,
          cause: { code: 'OUT_OF_MEMORY' },
        });
        expect(await settles(sibling.end, 20_000)).toBeUndefined();
        expect(sibling.values).toHaveLength(200_000);
      },
    ));
});
