// A pipeline that is aborted while its stages wait for room: they are gone at once, and their threads go on with others.
import { describe, expect, it, vi } from 'vitest';
import type { Source, Stage } from '../../src/index.js';
import { isWriterWaiting } from '../../src/journal/index.js';
import { burst, Item, LAYOUTS, same, statsOf } from '../back-pressure/chains.js';
import { collect, leavingNothing, settles } from './kit.js';

const PATIENCE = { timeout: 5_000, interval: 1 };

describe.each(LAYOUTS)('a chain placed $title that is aborted while its journals are full', (layout) => {
  it.each(['between two records', 'in the middle of a record'] as const)(
    'gives its memory back %s, and holds up no other pipeline',
    (what) =>
      leavingNothing({ ...layout.engine, closeTimeoutMs: 60_000 }, async (engine, workers) => {
        /** Builds a chain of this layout. */
        const build = (name: string, operator: ReturnType<typeof same>, signal?: AbortSignal) => {
          const source = engine.source(Item, { name, capacity: 4 });
          const last = [0, 1, 2].reduce<Source<Item> | Stage<Item>>((before, i) => {
            const placement = layout.stages?.[i];
            const options = { name: `${name} ${i}`, capacity: 4, ...(placement && { placement }) };
            return before.stage(
              { ...options, ...(i === 0 && signal && { signal }) },
              i === 0 ? operator : same(),
            );
          }, source);
          return { source, last };
        };
        const before = build('before', same());
        const { values, end } = collect(before.last);
        const { memoryUsed } = engine.stats();
        const abort = new AbortController();
        // Of a stage on this thread, a record that makes more than there is room for fails.
        const isInline = [layout.engine.placement, layout.stages?.[0]].includes('inline');
        const wide = what === 'between two records' || isInline ? same() : burst(100);
        const doomed = build('doomed', wide, abort.signal);
        const reader = doomed.last.reader();
        let given = 0;
        await vi.waitUntil(() => {
          while (doomed.source.tryNext({ n: given })) given++;
          return statsOf(engine, 'doomed').occupancy === 4 && reader.size === 4;
        }, PATIENCE);
        // A worker waits in the middle of what it does; this thread does not.
        const [, graph] = engine.core.graphs;
        const journals = graph?.groups.flatMap((group) => group.stages.map(({ outlet }) => outlet.journal));
        if (!isInline) await vi.waitUntil(() => journals?.some(isWriterWaiting), PATIENCE);
        const started = workers.length;
        abort.abort(new Error('enough'));
        expect(await reader.receive()).toBeUndefined();
        await vi.waitUntil(() => engine.stats().memoryUsed === memoryUsed, PATIENCE);
        for (let n = 0; n < 50; n++) before.source.next({ n });
        before.source.complete();
        expect(await settles(end)).toBeUndefined();
        expect(values).toHaveLength(50);
        expect(workers).toHaveLength(started);
        for (const worker of workers) expect(worker.threadId).not.toBe(-1);
      }),
  );
});
