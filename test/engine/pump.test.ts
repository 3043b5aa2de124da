// The pump between two of its looks: what comes exactly there is not left lying.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { filter, map } from '../../operators/index.js';
import type { Engine } from '../../src/index.js';
import { JournalWriter } from '../../src/journal/index.js';
import { createCodec } from '../../src/schema/index.js';
import { spinUntil } from '../back-pressure/chains.js';
import { withEngine } from '../rx/pipelines.js';
import { feeding, Item } from './feeds/kit.js';

const patience = { timeout: 20_000, interval: 1 };

afterEach(() => vi.restoreAllMocks());

/** Publishes a record in the place of the worker that writes a journal. */
function publish({ core }: Engine, n: number): void {
  const [graph] = core.graphs;
  const { journal } = (graph as NonNullable<typeof graph>).source.outlet;
  const writer = new JournalWriter(journal);
  createCodec(Item, core.memory, core.texts).encode(writer.claim(), { n });
  writer.publish();
}

describe('the pump', () => {
  it.each(['listener', 'inline stage'])(
    'does not go to sleep over a record for a %s that came after its last look, before its bell was set',
    (reader) =>
      withEngine({}, async (engine) => {
        const { core } = engine;
        const { cells } = core.memory;
        const events = engine.source(Item);
        const happened: string[] = [];
        const records =
          reader === 'listener'
            ? events
            : events.stage(
                { placement: 'inline' },
                map((r) => ({ n: r.n })),
              );
        records.subscribe(({ n }) => happened.push(`delivered ${n}`));
        // From now on it is always under way, and the worker writes nothing.
        engine.worker(feeding('return () => false;'), { events });
        const { waitAsync } = Atomics as unknown as { waitAsync: (...args: unknown[]) => unknown };
        vi.spyOn(Atomics as unknown as { waitAsync: typeof waitAsync }, 'waitAsync').mockImplementation(
          (...args) => {
            if (args[1] === core.bell) happened.push('slept');
            return waitAsync(...args);
          },
        );
        await vi.waitUntil(() => happened.filter((what) => what === 'slept').length > 1, patience);
        happened.length = 0;
        const { store } = cells;
        let next = 0;
        const spy = vi.spyOn(cells, 'store').mockImplementation((i32, cell, value) => {
          // It is about to set its bell: nobody who publishes now finds it asleep.
          if (cell === core.bell && value !== 0 && next < 3) publish(engine, next++);
          store.call(cells, i32, cell, value);
        });
        await vi.waitUntil(() => next === 3 && happened.includes('slept'), patience);
        spy.mockRestore();
        expect(happened.slice(0, 4)).toEqual(['delivered 0', 'delivered 1', 'delivered 2', 'slept']);
      }),
  );

  it('does not stop over a record that came after it had asked who waits for one', () =>
    withEngine({ backend: 'js' }, async (engine) => {
      const { core } = engine;
      const { f64 } = core.memory;
      const items = engine.source(Item);
      const gate = engine.param(0);
      const stage = items.stage(
        filter(
          (_r, { gate }) => {
            let spins = 0;
            while (gate === 0 && spins >= 0) spins += Math.random();
            return true;
          },
          { using: { gate } },
        ),
      );
      const reader = stage.reader();
      const received = reader.receive();
      const { poll } = reader;
      let looks = 0;
      reader.poll = () => {
        const waits = poll.call(reader);
        const [graph] = core.graphs;
        const [group] = graph?.groups ?? [];
        if (group !== undefined && waits && ++looks === 3) {
          // Now the worker is done, and nobody else has anything to do.
          f64[(gate as unknown as { address: number }).address] = 1;
          expect(spinUntil(() => graph?.isQuiet === true)).toBe(true);
        }
        return waits;
      };
      items.next({ n: 7 });
      const late = new Promise((resolve) => setTimeout(() => resolve('left waiting'), 5_000));
      expect(await Promise.race([received, late])).toEqual({ n: 7 });
      expect(looks).toBeGreaterThanOrEqual(3);
    }));
});
