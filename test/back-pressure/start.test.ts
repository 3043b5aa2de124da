// How pipelines begin: workers, the first record, subscribers before and after it, and records after the end.
import { describe, expect, it } from 'vitest';
import { withEngine } from '../rx/pipelines.js';
import { chain, Item, LAYOUTS, PLACES, same, statsOf, upTo } from './chains.js';

describe.each(LAYOUTS)('a chain placed $title', (layout) => {
  it('gives everything, at every stage, to who subscribes before the first record', () =>
    withEngine(layout.engine, async (engine) => {
      const links = chain(engine, layout, [64, 64, 64, 64]);
      const seen = PLACES.map((place) => {
        const values: [string, number][] = [];
        links[place].subscribe((r) => values.push(['next', r.n]));
        links[place].views().subscribe((r) => values.push(['view', r.n]));
        return values;
      });
      for (let n = 0; n < 200; n++) links.source.next({ n });
      await engine.idle();
      for (const values of seen)
        expect(values).toEqual(
          upTo(200).flatMap((n) => [
            ['next', n],
            ['view', n],
          ]),
        );
    }));

  it('gives who subscribes later what comes of the records taken after that, and nothing earlier', () =>
    withEngine(layout.engine, async (engine) => {
      const links = chain(engine, layout, [64, 64, 64, 64]);
      for (let round = 0; round < 3; round++) {
        for (let n = 0; n < 50; n++) links.source.next({ n: -1 });
        await engine.idle();
        const seen = PLACES.map((place) => {
          const values: number[] = [];
          links[place].subscribe((r) => values.push(r.n));
          return values;
        });
        for (let n = 0; n < 50; n++) links.source.next({ n });
        await engine.idle();
        for (const values of seen) expect(values).toEqual(upTo(50));
      }
    }));

  it('runs whether or not anybody subscribes', () =>
    withEngine(layout.engine, async (engine) => {
      const links = chain(engine, layout, [4, 4, 4, 4]);
      for (let n = 0; n < 500; n++) links.source.next({ n });
      await engine.idle();
      const counts = ['a', 'b', 'c'].map((name) => statsOf(engine, name));
      expect(counts.map(({ recordsIn, recordsOut }) => [recordsIn, recordsOut])).toEqual(
        Array(3).fill([500, 500]),
      );
    }));

  it.each(['complete', 'error'] as const)('ignores and counts records after %s()', (how) =>
    withEngine(layout.engine, async (engine) => {
      const links = chain(engine, layout, [4, 4, 4, 4]);
      const seen: number[] = [];
      links.c.subscribe({ next: (r) => seen.push(r.n), error: () => {} });
      for (let n = 0; n < 10; n++) links.source.next({ n });
      links.source[how](new Error('over'));
      for (let n = 0; n < 10; n++) links.source.next({ n: -1 });
      links.source.nextMany({ n: [-1, -1] });
      await engine.idle();
      expect(seen).toEqual(upTo(10));
      expect(statsOf(engine, 'source')).toMatchObject({ recordsIn: 10, ignored: 12, dropped: 0 });
    }),
  );
});

describe('the workers of an engine', () => {
  it('start with the first stage, not before', () =>
    withEngine({ maxWorkers: 2 }, (engine) => {
      const { pool } = engine.core;
      const source = engine.source(Item);
      expect(pool.workers).toHaveLength(0);
      const stage = source.stage(same());
      expect(pool.workers).toHaveLength(1);
      stage.stage(same());
      expect(pool.workers).toHaveLength(2);
    }));
});
