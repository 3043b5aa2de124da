// Pull readers on the thread that writes: it can't wait for itself.
import { describe, expect, it, vi } from 'vitest';
import { filter } from '../../operators/index.js';
import { type PullReader, type Source, WouldDeadlockError } from '../../src/index.js';
import { PLACEMENTS, withEngine } from '../rx/pipelines.js';
import { type Item, Item as ItemStruct, readAll, same, slow, statsOf, upTo } from './chains.js';

/** Gives records 0, 1, … until the source refuses one; how many it took, and the refusal. */
function nextUntilRefused(source: Source<Item>): { taken: number; refusal: unknown } {
  for (let n = 0; ; n++) {
    try {
      source.next({ n });
    } catch (refusal) {
      return { taken: n, refusal };
    }
  }
}

function tryReceiveAll(reader: PullReader<Item>): number[] {
  const values: number[] = [];
  for (let record = reader.tryReceive(); record !== undefined; record = reader.tryReceive())
    values.push(record.n);
  return values;
}

describe.each(PLACEMENTS)('a pull reader of the thread that writes, of a pipeline placed %s', (placement) => {
  it.each(['source', 'stage'] as const)(
    'of a %s makes next() throw once nothing else can make room, which says so, and nothing is lost',
    (which) =>
      withEngine({ placement }, async (engine) => {
        const source = engine.source(ItemStruct, { name: 'items', capacity: 4 });
        const stage = source.stage({ name: 'passed', capacity: 4 }, same());
        const reader = (which === 'source' ? source : stage).reader();
        const { taken, refusal } = nextUntilRefused(source);
        expect(refusal).toBeInstanceOf(WouldDeadlockError);
        const name = which === 'source' ? 'items' : 'passed';
        expect(refusal).toMatchObject({
          code: 'WOULD_DEADLOCK',
          message: `Cannot wait for room in items: a pull reader of ${name} on this thread is in the way`,
        });
        // What was taken fills the journals: the source's, and with it the stage's before a batch that waits.
        expect(taken).toBeGreaterThanOrEqual(which === 'source' ? 4 : 5);
        expect(taken).toBeLessThanOrEqual(which === 'source' ? 4 : 8);
        expect(reader.size).toBe(4);
        expect(statsOf(engine, 'items')).toMatchObject({ recordsIn: taken, dropped: 0, ignored: 0 });
        source.complete();
        expect(await readAll(reader)).toEqual(upTo(taken));
      }),
  );

  it('lets writing go on once it has read, or is closed', () =>
    withEngine({ placement }, async (engine) => {
      const source = engine.source(ItemStruct, { capacity: 2 });
      const stage = source.stage({ capacity: 2 }, same());
      const reader = stage.reader();
      const { taken } = nextUntilRefused(source);
      const first = tryReceiveAll(reader);
      expect(first).toEqual(upTo(first.length));
      expect(first.length).toBeGreaterThanOrEqual(2);
      source.next({ n: taken });
      reader.close();
      for (let n = 0; n < 20; n++) source.next({ n });
      expect(statsOf(engine, source.name).recordsIn).toBe(taken + 21);
    }));

  it('that keeps up is given everything through one slot, asked for or waited for', () =>
    withEngine({ placement }, async (engine) => {
      const source = engine.source(ItemStruct, { capacity: 1 });
      const stage = source.stage({ capacity: 1 }, same());
      const reader = stage.reader();
      for (let n = 0; n < 200; n++) {
        source.next({ n });
        expect(await reader.receive()).toEqual({ n });
      }
      const seen: number[] = [];
      for (let n = 0; n < 200; n++) {
        // The slot is free, since the record before has been read.
        source.next({ n });
        await vi.waitUntil(() => seen.push(...tryReceiveAll(reader)) === n + 1, {
          timeout: 10_000,
          interval: 0,
        });
      }
      expect(seen).toEqual(upTo(200));
    }));

  it('reads what an asynchronous writer gives, and holds it back', () =>
    withEngine({ placement }, async (engine) => {
      const source = engine.source(ItemStruct, { capacity: 2 });
      const stage = source.stage({ capacity: 2 }, same());
      const values: number[] = [];
      let most = 0;
      const reading = (async () => {
        for await (const { n } of stage) {
          values.push(n);
          most = Math.max(most, statsOf(engine, source.name).recordsIn - values.length);
          await Promise.resolve();
        }
      })();
      for (let n = 0; n < 500; n++) {
        await source.ready();
        source.next({ n });
      }
      source.complete();
      await reading;
      expect(values).toEqual(upTo(500));
      expect(most).toBeLessThanOrEqual(4);
    }));
});

describe('a stage in a worker', () => {
  it('goes on behind a full journal as long as it has nothing to write', () =>
    withEngine({}, async (engine) => {
      const source = engine.source(ItemStruct, { capacity: 4 });
      const first = source.stage(
        { capacity: 4 },
        filter((r) => r.n < 4),
      );
      const reader = first.reader();
      for (let n = 0; n < 2_000; n++) source.next({ n });
      source.complete();
      expect(await readAll(reader)).toEqual(upTo(4));
    }));

  it('is not held up by a pull reader of another pipeline in the same worker', () =>
    withEngine({ maxWorkers: 1 }, async (engine) => {
      const unread = engine.source(ItemStruct, { capacity: 4 });
      const reader = unread.stage({ name: 'unread', capacity: 4 }, same()).reader();
      const { taken } = nextUntilRefused(unread);
      const source = engine.source(ItemStruct, { capacity: 4 });
      const seen: number[] = [];
      source.stage({ capacity: 4 }, same()).subscribe((r) => seen.push(r.n));
      for (let n = 0; n < 500; n++) source.next({ n });
      source.complete();
      await vi.waitUntil(() => seen.length === 500, { timeout: 10_000 });
      expect(seen).toEqual(upTo(500));
      unread.complete();
      expect(await readAll(reader)).toEqual(upTo(taken));
    }));
});

describe('a pull reader that is further than a stage', () => {
  it('is not in its way: next() waits for the stage', () =>
    withEngine({ maxWorkers: 1, closeTimeoutMs: 100 }, (engine) => {
      const source = engine.source(ItemStruct, { capacity: 4 });
      source.stage(slow());
      const reader = source.reader();
      for (let n = 0; n < 4; n++) source.next({ n });
      expect(reader.tryReceive()).toEqual({ n: 0 });
      source.next({ n: 4 });
      source.flush();
      expect(reader.size).toBe(4);
      expect(() => source.next({ n: 5 })).toThrowError(WouldDeadlockError);
    }));
});
