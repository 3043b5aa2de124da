// Groups of one worker that wait for room on top of each other: which of them may run meanwhile, and which must not.
import { describe, expect, it } from 'vitest';
import type { Source, Stage } from '../../src/index.js';
import { withEngine } from '../rx/pipelines.js';
import { burst, Item, readAll, same, upTo } from './chains.js';

/** Every other stage of a chain runs in worker a, as a group of its own, and those between in worker b. */
const PLACES = ['a', 'b', 'a', 'b', 'a', 'b', 'a'] as const;

describe('a worker whose groups wait for each other by way of another worker', () => {
  it.each([0, 2, 4])('loses nothing and goes on, if a record makes many at stage %i', (wide) =>
    withEngine({}, async (engine) => {
      const source = engine.source(Item, { capacity: 1 });
      const last = PLACES.reduce<Source<Item> | Stage<Item>>((before, worker, i) => {
        const operator = i === wide ? burst(7) : same();
        return before.stage({ placement: { worker }, capacity: 1 }, operator);
      }, source);
      const reader = last.reader();
      const read = readAll(reader);
      expect(await source.consume(upTo(60).map((n) => ({ n })))).toBe(60);
      source.complete();
      expect(await read).toEqual(upTo(420));
    }),
  );
});
