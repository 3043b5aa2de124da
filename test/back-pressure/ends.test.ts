// Ends that meet full journals: they come behind all records, at every stage, and need no slot.
import { describe, expect, it } from 'vitest';
import { withEngine } from '../rx/pipelines.js';
import { burst, chain, fill, LAYOUTS, PLACES, type Place, readAll, same, statsOf, upTo } from './chains.js';

const HOW = ['complete', 'error'] as const;

describe.each(LAYOUTS)('a chain with full journals placed $title', (layout) => {
  it.each(HOW)('ends by %s() at every stage, behind everything that was taken', (how) =>
    withEngine(layout.engine, async (engine) => {
      const links = chain(engine, layout, [2, 2, 2, 2]);
      const readers = PLACES.map((place) => links[place].reader());
      const taken = await fill(engine, links.source, 'a');
      const error = new Error('over');
      links.source[how](error);
      links.source.next({ n: -1 });
      expect(links.source.tryNext({ n: -1 })).toBe(true);
      const read = await Promise.all(readers.map(readAll));
      const expected = how === 'complete' ? upTo(taken) : [...upTo(taken), error];
      expect(read).toEqual([expected, expected, expected, expected]);
      expect(statsOf(engine, 'source')).toMatchObject({ recordsIn: taken, ignored: 2 });
      // The very object, at every stage.
      if (how === 'error') for (const values of read) expect(values.at(-1)).toBe(error);
    }),
  );

  it('ends in the middle of a burst only when all of it has come through', () =>
    withEngine(layout.engine, async (engine) => {
      const links = chain(engine, layout, [1, 1, 1, 1], [same(), burst(500), same()]);
      const events: unknown[] = [];
      links.c.subscribe({ next: (r) => events.push(r.n), complete: () => events.push('complete') });
      links.source.next({ n: 0 });
      links.source.complete();
      await engine.idle();
      expect(events).toEqual([...upTo(500), 'complete']);
      const states = (['source', 'a', 'b', 'c'] as Place[]).map((place) => statsOf(engine, place).state);
      expect(new Set(states)).toEqual(new Set(['complete']));
    }));
});
