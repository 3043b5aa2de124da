// A record that makes 10,000, through journals of one slot.
import { describe, expect, it } from 'vitest';
import { withEngine } from '../rx/pipelines.js';
import { burst, chain, Item, LAYOUTS, readAll, same, upTo } from './chains.js';

const MANY = 10_000;
/** Each of them changes threads up to 30,000 times. */
const PATIENCE_MS = 180_000;

describe.each(LAYOUTS)(
  'a record that makes 10,000, with one slot in each journal, placed $title',
  (layout) => {
    it.each([0, 1, 2])('comes through whole from stage %i', { timeout: PATIENCE_MS }, (position) =>
      withEngine(layout.engine, async (engine) => {
        const operators = [same(), same(), same()];
        operators[position] = burst(MANY);
        const { source, c } = chain(engine, layout, [1, 1, 1, 1], operators);
        const seen: number[] = [];
        c.subscribe((r) => seen.push(r.n));
        source.next({ n: 0 });
        source.complete();
        await engine.idle();
        expect(seen).toEqual(upTo(MANY));
      }),
    );

    it('comes through whole if every stage makes many of one, and every journal is read', () =>
      withEngine(layout.engine, async (engine) => {
        const { source, a, b, c } = chain(engine, layout, [1, 1, 1, 1], [burst(10), burst(10), burst(10)]);
        const seen = [a, b, c].map((stage) => {
          const values: number[] = [];
          stage.subscribe((r) => values.push(r.n));
          return values;
        });
        for (let n = 0; n < 2; n++) source.next({ n });
        await engine.idle();
        expect(seen).toEqual([upTo(20), upTo(200), upTo(2_000)]);
      }));
  },
);

describe('a stage that makes many records of one, for a pull reader of the same thread', () => {
  it('waits for it in a worker, however few slots there are', () =>
    withEngine({}, async (engine) => {
      const source = engine.source(Item, { capacity: 1 });
      const reader = source.stage({ capacity: 1 }, burst(1_000)).reader();
      source.next({ n: 0 });
      source.complete();
      expect(await readAll(reader)).toEqual(upTo(1_000));
    }));

  it('takes the next record on that thread only when what it makes will fit', () =>
    withEngine({ placement: 'inline' }, async (engine) => {
      const source = engine.source(Item, { capacity: 16 });
      const reader = source.stage({ capacity: 16 }, burst(5)).reader();
      for (let n = 0; n < 16; n++) source.next({ n });
      source.complete();
      expect(reader.size).toBe(15);
      expect(await readAll(reader)).toEqual(upTo(80));
    }));

  it('fails on that thread when one record makes more than there are slots, and says why', () =>
    withEngine({ placement: 'inline' }, async (engine) => {
      const source = engine.source(Item);
      const reader = source.stage({ name: 'wide', capacity: 16 }, burst(17)).reader();
      source.next({ n: 0 });
      source.complete();
      const read = await readAll(reader);
      expect(read.slice(0, 16)).toEqual(upTo(16));
      expect(read[16]).toMatchObject({
        code: 'STAGE_FAILED',
        stage: 'wide',
        cause: { code: 'WOULD_DEADLOCK' },
      });
    }));
});
