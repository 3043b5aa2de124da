// Histograms in loops of the user's: recorded there and read here at the same time, by one thread or several.
import { describe, expect, it } from 'vitest';
import { tap } from '../../operators/index.js';
import {
  createEngine,
  type Engine,
  f64,
  type Histogram,
  type Journal,
  type JournalReader,
  type LoopContext,
  struct,
} from '../../src/index.js';
import { withEngine } from '../rx/pipelines.js';
import { codeOf } from '../thrown.js';

const Item = struct({ n: f64 }, 'Item');
type Item = { n: number };

type Loop = LoopContext<
  { readonly input: JournalReader<Item>; readonly output: Journal<Item> },
  { readonly add: number },
  { readonly values: Histogram }
>;

/** A function as the module of a worker. */
const moduleOf = (loop: (context: Loop) => unknown) =>
  `data:text/javascript,${encodeURIComponent(`export default ${String(loop)}`)}`;

/** Records what it reads, and then passes it on. */
const recording = moduleOf(({ journals: { input, output }, histograms: { values }, data: { add } }) => {
  const writer = output.writer();
  return () =>
    input.readAll(({ n }) => {
      values.record(n + add);
      writer.write({ n });
    });
});

/** A loop that records, and the journals around it. */
function around(engine: Engine, values: Histogram, add = 0, module = recording) {
  const [input, output] = [engine.journal(Item), engine.journal(Item)];
  const reader = output.reader();
  const given = { input: input.reader(), output, values };
  const worker = engine.worker(module, given, { data: { add } });
  return { writer: input.writer(), reader, worker };
}

async function readTo(reader: JournalReader<Item>, last: number, each = (_n: number) => {}): Promise<void> {
  let seen = -1;
  while (seen < last && (await reader.ready())) {
    reader.readAll(({ n }) => {
      seen = n;
      each(n);
    });
  }
}

describe('a histogram in a loop of one’s own', () => {
  it('has what was recorded before the records were published that this thread has read', () =>
    withEngine({}, async (engine) => {
      const values = engine.histogram('values');
      const { writer, reader, worker } = around(engine, values);
      const wrong: number[] = [];
      for (let n = 0; n < 2_000; n++) {
        writer.write({ n });
        if (n % 100 !== 99) continue;
        await readTo(reader, n, (read) => {
          if (values.count <= read) wrong.push(read);
        });
        expect([values.count, values.min, values.max]).toEqual([n + 1, 0, n]);
      }
      expect(wrong).toEqual([]);
      expect(engine.histogram('values').percentile(50)).toBe(values.percentile(50));
      values.reset();
      for (const n of [2_000, 2_001]) writer.write({ n });
      await readTo(reader, 2_001);
      expect([values.count, values.min, values.max]).toEqual([2, 2_000, 2_001]);
      await worker.stop();
      expect(values.count).toBe(2);
    }));

  it('has all that several loops and this thread record', () =>
    withEngine({}, async (engine) => {
      const values = engine.histogram('values', { digits: 3 });
      const loops = [10_000, 20_000].map((add) => around(engine, values, add));
      for (let n = 0; n < 1_000; n++) {
        for (const { writer } of loops) writer.write({ n });
        values.record(n);
      }
      for (const { reader } of loops) await readTo(reader, 999);
      const all = values.snapshot();
      expect([all.count, all.min, all.max]).toEqual([3_000, 0, 20_999]);
      const from = (least: number) =>
        [...all.buckets()].reduce((sum, { from, count }) => sum + (from >= least ? count : 0), 0);
      // A bucket begins at both.
      expect([from(9_984), from(19_968)]).toEqual([2_000, 1_000]);
    }));

  it('is read there too: of stages, whose it is to record in', () =>
    withEngine({}, async (engine) => {
      const values = engine.histogram('values');
      const source = engine.source(Item);
      source.stage(tap((r, { values }) => values.record(r.n), { using: { values } }));
      for (let n = 1; n <= 100; n++) source.next({ n });
      await engine.idle();
      const module = moduleOf(({ journals: { input, output }, histograms: { values } }) => {
        const writer = output.writer();
        return () => input.readAll(({ n }) => writer.write({ n: values.percentile(n) }));
      });
      const reading = around(engine, values, 0, module);
      for (const n of [50, 99, 100]) reading.writer.write({ n });
      const seen: number[] = [];
      await readTo(reading.reader, 100, (n) => seen.push(n));
      expect(seen).toEqual([50, 99, 100]);

      const refused = around(engine, values);
      refused.writer.write({ n: 1 });
      refused.writer.flush();
      const cause = { code: 'HISTOGRAM_WRITTEN' };
      await expect(refused.worker.done).rejects.toMatchObject({ code: 'LOOP_FAILED', cause });
      expect(values.count).toBe(100);
    }));

  it('is one of its engine', () =>
    withEngine({}, (engine) =>
      withEngine({}, async (other) => {
        const values = other.histogram('values');
        expect(codeOf(() => engine.worker(recording, { values }))).toBe('HISTOGRAM_UNUSABLE');
        const inline = createEngine({ placement: 'inline' });
        const own = inline.histogram('values');
        expect(codeOf(() => engine.worker(recording, { values: own }))).toBe('HISTOGRAM_UNUSABLE');
        expect(codeOf(() => inline.worker(recording, { values: own }))).toBe('LOOP_IN_INLINE_ENGINE');
        await inline.close();
        for (const input of [undefined, 5, engine.slots(Item, 1), values.handle])
          expect(codeOf(() => engine.worker(recording, { input: input as never }))).toBe('OPTION');
      }),
    ));
});
