// Readers of journals by hand that don't hold the writer back.
import { describe, expect, it } from 'vitest';
import type { Engine } from '../../../src/index.js';
import { PLACEMENTS, withEngine } from '../../rx/pipelines.js';
import { Item, rest, thrown, upTo, write } from './kit.js';

describe.each(PLACEMENTS)('a journal of an engine placed %s', (placement) => {
  const run = (test: (engine: Engine) => Promise<void> | void) => withEngine({ placement }, test);

  describe('with a reader that may be lapped', () => {
    it('never waits, and tells by how much: at the record behind the gap, and altogether', () =>
      run((engine) => {
        const journal = engine.journal(Item, { capacity: 16 });
        const reader = journal.reader({ overflow: 'drop-oldest' });
        const writer = journal.writer();
        const seen: number[] = [];
        let lost = 0;
        for (let round = 0, n = 0; round < 200; round++) {
          for (let i = 0; i < (round * 7) % 40; i++) writer.write({ n: n++ });
          for (let i = 0; i < (round % 5) * 3 && reader.next(); i++) {
            expect(reader.current?.n).toBe(reader.index);
            expect(reader.gap).toBe(reader.index - ((seen.at(-1) ?? -1) + 1));
            lost += reader.gap;
            seen.push(reader.index);
          }
        }
        expect(lost).toBeGreaterThan(100);
        expect(reader.lost).toBe(lost);
        expect(seen.length).toBeGreaterThan(100);
        reader.readAll((r, sequence) => seen.push(expect(r.n).toBe(sequence) ?? sequence));
        expect(reader.lost + seen.length).toBe(journal.size);
      }));

    it('throws by how much with overflow error, and goes on when it is asked again', () =>
      run((engine) => {
        const journal = engine.journal(Item, { name: 'items', capacity: 8 });
        const reader = journal.reader({ overflow: 'error' });
        write(journal, 0, 3);
        expect(reader.next()).toBe(true);
        write(journal, 3, 30);
        const failure = thrown(() => reader.next());
        expect(failure).toMatchObject({ code: 'JOURNAL_LAPPED', lost: reader.lost });
        expect(rest(reader)).toEqual(upTo(30, 1 + reader.lost));
        write(journal, 30, 60);
        expect(thrown(() => reader.readAll(() => {}))).toMatchObject({ code: 'JOURNAL_LAPPED' });
        const seen: number[] = [];
        reader.readAll((r) => seen.push(r.n));
        expect(seen.at(-1)).toBe(59);
      }));

    it('gives copies that stay whole while the writer goes on', () =>
      run((engine) => {
        const journal = engine.journal(Item, { capacity: 8 });
        const reader = journal.reader({ overflow: 'drop-oldest' });
        write(journal, 0, 6);
        reader.next();
        const { current } = reader;
        const last = reader.last;
        const window = reader.window(1, 5);
        write(journal, 6, 100);
        expect([current?.n, last?.n, window?.map(({ n }) => n)]).toEqual([0, 5, [1, 2, 3, 4, 5]]);
        expect([reader.at(5), reader.window(5, 2)]).toEqual([undefined, undefined]);
        expect(reader.last?.n).toBe(99);
        expect(reader.window(96, 4)?.map(({ n }) => n)).toEqual([96, 97, 98, 99]);
      }));

    it.each([1, 2, 8])('of %i slots is read while a record is being written in place', (capacity) =>
      run((engine) => {
        const journal = engine.journal(Item, { capacity });
        const reader = journal.reader({ overflow: 'drop-oldest' });
        const writer = journal.writer();
        for (let n = 0; n < 50; n++) {
          const record = writer.claim() as Item;
          record.n = -1;
          while (reader.next()) expect(reader.current?.n).toBe(reader.index);
          expect(reader.last?.n ?? n - 1).toBe(n - 1);
          record.n = n;
          writer.publish();
          expect(reader.last?.n).toBe(n);
        }
      }),
    );
  });
});
