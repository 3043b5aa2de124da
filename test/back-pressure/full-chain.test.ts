// A chain of three stages with journals that are full, at every place and in every placement.
import { describe, expect, it } from 'vitest';
import { WouldDeadlockError } from '../../src/index.js';
import { withEngine } from '../rx/pipelines.js';
import { chain, fill, LAYOUTS, PLACES, readAll, statsOf, upTo } from './chains.js';

describe.each(LAYOUTS)('a chain placed $title', (layout) => {
  it.each(PLACES)('is held up as far as its source by a pull reader of %s, and loses nothing', (place) =>
    withEngine(layout.engine, async (engine) => {
      const links = chain(engine, layout, [4, 4, 4, 4]);
      const reader = links[place].reader();
      const delivered: number[] = [];
      if (place !== 'c') links.c.subscribe((r) => delivered.push(r.n));
      let taken = await fill(engine, links.source, place);
      // Journals between may have had room left.
      expect(() => {
        for (; ; taken++) links.source.next({ n: taken });
      }).toThrowError(WouldDeadlockError);
      expect(statsOf(engine, place).occupancy).toBe(4);
      links.source.complete();
      expect(await readAll(reader)).toEqual(upTo(taken));
      await engine.idle();
      if (place !== 'c') expect(delivered).toEqual(upTo(taken));
    }),
  );

  it.each([
    [1, 1, 1, 1],
    [1, 64, 64, 64],
    [64, 1, 64, 64],
    [64, 64, 1, 64],
    [64, 64, 64, 1],
  ] as const)('delivers everything in order to all subscribers with %i, %i, %i and %i slots', (...slots) =>
    withEngine(layout.engine, async (engine) => {
      const links = chain(engine, layout, slots);
      const seen = PLACES.map((place) => {
        const values: number[] = [];
        links[place].subscribe((r) => values.push(r.n));
        return values;
      });
      for (let n = 0; n < 300; n++) links.source.next({ n });
      await engine.idle();
      for (const values of seen) expect(values).toEqual(upTo(300));
    }),
  );

  it('is full at its end, then before, as far as its source, if nobody reads what comes out', () =>
    withEngine(layout.engine, async (engine) => {
      const links = chain(engine, layout, [2, 4, 8, 16]);
      const reader = links.c.reader();
      // Nothing is written between stages that run through each other, and a worker whose last stage waits can't go on
      // with its first.
      const [first, second, third] = [links.a, links.b, links.c].map((stage) => stage.explain().placement);
      const between = first === second || first === third ? [] : ['a', 'b'];
      const taken = await fill(engine, links.source, ...between, 'c');
      expect(reader.size).toBe(16);
      links.source.complete();
      expect(await readAll(reader)).toEqual(upTo(taken));
    }));
});
