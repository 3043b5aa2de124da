// What comes in the middle of a burst: an end, an abort, a subscriber; and whole batches beside records one by one.
import { describe, expect, it, vi } from 'vitest';
import { map } from '../../operators/index.js';
import { EndKind, type JournalWriter } from '../../src/journal/index.js';
import { PLACEMENTS, Reading, reading, withEngine } from './pipelines.js';

const same = () => map((r: { value: number }) => ({ value: r.value }));

describe('a source placed inline', () => {
  it('takes nothing more of a burst within which a subscriber ends it', () =>
    withEngine({ placement: 'inline' }, (engine) => {
      const readings = engine.source(Reading);
      readings.stage(same()).subscribe(({ value }) => {
        if (value === 0) readings.complete();
      });
      for (let i = 0; i < 1_034; i++) readings.next(reading(1, i));
      expect(engine.stats().sources).toMatchObject([{ recordsIn: 1_024, ignored: 10 }]);
    }));
});

describe.each(PLACEMENTS)('an engine placed %s', (placement) => {
  it('keeps the memory of a source that was taken down within a burst from what is still written to it', () =>
    withEngine({ placement }, async (engine) => {
      const abort = new AbortController();
      const doomed = engine.source(Reading, { capacity: 64 });
      doomed.stage({ signal: abort.signal }, same()).subscribe({ error: () => {} });
      for (let i = 1; i < 6; i++) doomed.next(reading(1, i));
      abort.abort(new Error('over'));
      const { memory, cell, slots, capacity, recordWords } = doomed.node.outlet.journal;
      const region = () => memory.i32.slice(cell, 2 * (slots + capacity * recordWords));
      const before = region();
      for (let i = 10; i < 16; i++) doomed.next(reading(1, i));
      doomed.flush();
      expect(region()).toEqual(before);
      await engine.idle();
    }));

  it('gives batches to who comes in the middle from then on only', () =>
    withEngine({ placement }, async (engine) => {
      const readings = engine.source(Reading);
      const [all, late]: [number[], number[]] = [[], []];
      readings.subscribe(({ value }) => all.push(value));
      for (let i = 0; i < 5; i++) readings.next(reading(1, i));
      readings.tryNext(reading(1, 5));
      (readings.node as unknown as { publish(): void }).publish();
      readings.batches().subscribe((batch) => late.push(...batch.map(({ value }) => value)));
      readings.next(reading(1, 6));
      await engine.idle();
      expect(all).toEqual([0, 1, 2, 3, 4, 5, 6]);
      expect(late).toEqual([6]);
    }));

  it('gives whole batches once, however slow somebody else is who takes records', () =>
    withEngine({ placement }, async (engine) => {
      const readings = engine.source(Reading, { capacity: 1_024 });
      const [batched, single]: [number[], number[]] = [[], []];
      readings.batches().subscribe((batch) => batched.push(...batch.map(({ value }) => value)));
      const start = performance.now();
      readings.subscribe(({ value }) => single.push(value));
      const clock = vi.spyOn(performance, 'now').mockImplementation(() => start + single.length);
      try {
        for (let i = 0; i < 500; i++) readings.next(reading(1, i));
        await vi.waitUntil(() => single.length === 500, { timeout: 20_000, interval: 1 });
      } finally {
        clock.mockRestore();
      }
      const expected = Array.from({ length: 500 }, (_, i) => i);
      expect(batched).toEqual(expected);
      expect(single).toEqual(expected);
    }));
});

describe('a subscriber that finds nothing, and then the end', () => {
  it('is given what was published between these two looks before the end', () =>
    withEngine({}, (engine) => {
      const { node } = engine.source(Reading);
      const told: unknown[] = [];
      node.outlet.listen({
        next: ({ value }) => told.push(value),
        complete: () => told.push('complete'),
        error: (error) => told.push(error),
      });
      const [egress] = node.outlet.egresses;
      const { writer } = node as unknown as { writer: JournalWriter };
      // The writer of another thread: it gets on while this one looks for the end.
      const end = vi.spyOn(node.outlet, 'end', 'get').mockImplementationOnce(() => {
        node.outlet.codec.encode(writer.claim(), reading(1, 5));
        writer.end(EndKind.COMPLETE);
        return EndKind.COMPLETE;
      });
      expect(egress?.drain()).toBe(true);
      expect(end).toHaveBeenCalledOnce();
      end.mockRestore();
      egress?.drain();
      expect(told).toEqual([5, 'complete']);
    }));
});
