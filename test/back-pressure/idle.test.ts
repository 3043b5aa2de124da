// idle(): what it waits for, and what it does not.
import { describe, expect, it, vi } from 'vitest';
import { IdleWatcher } from '../../src/engine/idle.js';
import { withEngine } from '../rx/pipelines.js';
import { burst, chain, fill, Item, LAYOUTS, PLACES, same, spinUntil, statsOf, upTo } from './chains.js';

const turns = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe.each(LAYOUTS)('idle() of a chain placed $title', (layout) => {
  it('waits until every stage has passed what was taken, and its subscribers have returned', () =>
    withEngine(layout.engine, async (engine) => {
      const links = chain(engine, layout, [2, 2, 2, 2], [same(), burst(5), same()]);
      const seen = PLACES.map(() => 0);
      for (const [i, place] of PLACES.entries()) {
        links[place].subscribe(() => {
          seen[i] = (seen[i] as number) + 1;
        });
      }
      for (const rounds of [1, 2, 3]) {
        for (let n = 0; n < 30; n++) links.source.next({ n });
        await engine.idle();
        expect(seen).toEqual([30, 30, 150, 150].map((count) => count * rounds));
      }
    }));

  it('waits for a stage that a full journal holds up, and resolves when that is read', () =>
    withEngine(layout.engine, async (engine) => {
      const links = chain(engine, layout, [4, 4, 4, 4]);
      const reader = links.c.reader();
      let taken = await fill(engine, links.source, 'c');
      // A record counts in two journals until its batch is done. One more than the last has slots, and something is held up.
      while (taken <= 4) {
        if (links.source.tryNext({ n: taken })) taken++;
        else await turns(1);
      }
      let isIdle = false;
      const idle = engine.idle().then(() => {
        isIdle = true;
      });
      await turns(20);
      expect(isIdle).toBe(false);
      const read: number[] = [];
      while (!isIdle) {
        const record = reader.tryReceive();
        if (record !== undefined) read.push(record.n);
        else await turns(1);
      }
      await idle;
      // What was not read does not count: there is room for it in the last journal.
      while (reader.size > 0) read.push(reader.tryReceive()?.n as number);
      expect(read).toEqual(upTo(taken));
      expect(statsOf(engine, 'c').recordsOut).toBe(taken);
    }));

  it('does not wait for pull readers, of whatever journal', () =>
    withEngine(layout.engine, async (engine) => {
      const links = chain(engine, layout, [16, 16, 16, 16]);
      const readers = PLACES.map((place) => links[place].reader());
      for (let n = 0; n < 16; n++) links.source.next({ n });
      await engine.idle();
      expect(readers.map((reader) => reader.size)).toEqual([16, 16, 16, 16]);
    }));

  it('is not delayed by records that are taken later, without end', () =>
    withEngine(layout.engine, async (engine) => {
      const links = chain(engine, layout, [64, 64, 64, 64]);
      const seen: number[] = [];
      links.c.subscribe((r) => seen.push(r.n));
      let given = 0;
      let isOver = false;
      const produce = () => {
        if (isOver) return;
        for (let i = 0; i < 20; i++) links.source.next({ n: given++ });
        setImmediate(produce);
      };
      produce();
      for (let i = 0; i < 5; i++) {
        const before = given;
        await engine.idle();
        expect(seen.length).toBeGreaterThanOrEqual(before);
        await vi.waitUntil(() => given > before, { timeout: 20_000, interval: 1 });
      }
      isOver = true;
      await engine.idle();
      expect(seen).toEqual(upTo(given));
    }));

  it('resolves although records that were taken later have not passed', () =>
    withEngine(layout.engine, async (engine) => {
      const links = chain(engine, layout, [4, 4, 4, 4]);
      const reader = links.c.reader();
      const taken = await fill(engine, links.source, 'c');
      let isIdle = false;
      const idle = engine.idle().then(() => {
        isIdle = true;
      });
      let given = taken;
      let read = 0;
      // What is read is made up for by others, so the journals stay full: if they counted, this would go on and on.
      while (!isIdle) {
        expect(read).toBeLessThan(3 * taken);
        if (reader.tryReceive() !== undefined) read++;
        while (links.source.tryNext({ n: given })) given++;
        await turns(1);
      }
      await idle;
    }));

  it('also waits for the end, if that was given', () =>
    withEngine(layout.engine, async (engine) => {
      const links = chain(engine, layout, [2, 2, 2, 2]);
      const ended: string[] = [];
      for (const place of PLACES) links[place].subscribe({ complete: () => ended.push(place) });
      for (let n = 0; n < 20; n++) links.source.next({ n });
      links.source.complete();
      await engine.idle();
      expect([...ended].sort()).toEqual([...PLACES].sort());
    }));
});

describe('whoever waits for idleness', () => {
  it('waits for each record to be delivered, the last too, and for the end', () =>
    withEngine({ maxWorkers: 1 }, (engine) => {
      const source = engine.source(Item, { name: 'items' });
      const seen: unknown[] = [];
      source
        .stage({ name: 'passed' }, same())
        .subscribe({ next: ({ n }) => seen.push(n), complete: () => seen.push('complete') });
      source.next({ n: 1 });
      source.flush();
      // From here on no event loop: nothing is delivered but by drain().
      const passed = () => statsOf(engine, 'passed');
      expect(spinUntil(() => passed().recordsOut === 1 && passed().lag === 0)).toBe(true);
      const record = new IdleWatcher(engine.core.activeGraphs);
      expect([record.poll(), seen]).toEqual([true, []]);
      engine.core.drain();
      expect([record.poll(), seen]).toEqual([false, [1]]);
      source.complete();
      const end = new IdleWatcher(engine.core.activeGraphs);
      expect(spinUntil(() => passed().state === 'complete')).toBe(true);
      expect([end.poll(), seen]).toEqual([true, [1]]);
      engine.core.drain();
      expect([end.poll(), seen]).toEqual([false, [1, 'complete']]);
    }));
});
