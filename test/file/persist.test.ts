// persist() and replay() on a real disk: what is kept, what durable() waits for, re-opening, policies, and refusals.
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { map, stateful } from '../../operators/index.js';
import { createEngine, type Engine, f64, struct, text, u32, u53 } from '../../src/index.js';
import { collect, settles } from '../faults/kit.js';

const top = mkdtempSync(join(tmpdir(), 'persist-'));
afterAll(() => rmSync(top, { recursive: true, force: true }));
let folders = 0;
const newFolder = () => join(top, `deep/${folders++}`);

const Reading = struct({ id: u32, value: f64 }, 'Reading');
const reading = (value: number) => ({ id: value % 7, value });

async function withEngine<R>(run: (engine: Engine) => Promise<R>, options = {}): Promise<R> {
  const engine = createEngine(options);
  try {
    return await settles(run(engine), 20_000);
  } finally {
    await settles(engine.close());
  }
}

/** All records of a folder, as another engine replays them. */
function replayed(folder: string, options = {}): Promise<{ id: number; value: number }[]> {
  return withEngine(async (engine) => {
    const past = engine.replay(Reading, folder, options);
    const { values, end } = collect(past);
    expect(await past.start()).toBeGreaterThanOrEqual(0);
    expect(await end).toBeUndefined();
    return values;
  });
}

describe('persist()', () => {
  it.each(['batch', 'never', { everyMs: 5 }] as const)(
    'keeps a source with sync %j, and goes on later',
    async (sync) => {
      const folder = newFolder();
      for (let round = 0; round < 3; round++) {
        await withEngine(async (engine) => {
          const readings = engine.source(Reading);
          const trail = await readings.persist(folder, { sync, segmentBytes: 100_000 });
          expect(trail.next).toBe(5_000 * round);
          expect(trail.cut).toBeUndefined();
          for (let i = 0; i < 5_000; i++) readings.next(reading(5_000 * round + i));
          await trail.durable(5_000 * round + 4_321);
          expect(trail.durableNext).toBeGreaterThan(5_000 * round + 4_321);
          await trail.durable();
          expect(trail.durableNext).toBe(5_000 * (round + 1));
        });
      }
      expect(readdirSync(folder).length).toBeGreaterThan(2);
      expect(await replayed(folder)).toEqual(Array.from({ length: 15_000 }, (_, i) => reading(i)));
    },
  );

  it('makes all of it durable in close(), also what stages emit after the source has ended', async () => {
    const folder = newFolder();
    await withEngine(async (engine) => {
      const readings = engine.source(Reading);
      const sums = readings.stage(
        stateful(
          (r) => r.id,
          (r) => ({ id: r.id, value: r.value }),
          (s, r) => {
            s.value += r.value;
          },
        ),
      );
      const behind = sums.stage(map((s) => ({ id: s.id, value: s.value })));
      await sums.persist(folder, { sync: { everyMs: 1e9 } });
      await behind.persist(`${folder}-behind`, { sync: 'never' });
      for (let i = 0; i < 100_000; i++) readings.next(reading(i));
    });
    const sums = new Map<number, number>();
    const expected = Array.from({ length: 100_000 }, (_, i) => {
      const sum = (sums.get(i % 7) ?? 0) + i;
      sums.set(i % 7, sum);
      return { id: i % 7, value: sum };
    });
    expect(await replayed(folder)).toEqual(expected);
    expect(await replayed(`${folder}-behind`)).toEqual(expected);
  });

  it('keeps texts, over segments, engines and the numbers that these give to texts', async () => {
    const Named = struct({ name: text, other: text, n: u32 }, 'Named');
    const folder = newFolder();
    const names = [
      '',
      'a',
      'ä',
      '日本',
      '\ud800',
      'x'.repeat(5_000),
      ...Array.from({ length: 500 }, (_, i) => `name ${i}`),
    ];
    const record = (i: number) => ({
      name: names[(i * 31) % names.length] as string,
      other: names[(i * 17 + 3) % names.length] as string,
      n: i,
    });
    for (let round = 0; round < 2; round++) {
      await withEngine(async (engine) => {
        const named = engine.source(Named);
        // Other numbers in each engine.
        const first = engine.source(Named);
        for (let i = 0; i < 200; i++) first.next(record(i * (round + 2)));
        const trail = await named.persist(folder, { segmentBytes: 40_000 });
        for (let i = 0; i < 3_000; i++) named.next(record(3_000 * round + i));
        await trail.durable();
      });
    }
    await withEngine(async (engine) => {
      const past = engine.replay(Named, folder, { from: 1_234 });
      const { values } = collect(past);
      expect(await past.start()).toBe(6_000 - 1_234);
      await engine.idle();
      expect(values).toEqual(Array.from({ length: 6_000 - 1_234 }, (_, i) => record(1_234 + i)));
    });
  });

  it('cuts a torn tail, and says what', async () => {
    const folder = newFolder();
    await withEngine(async (engine) => {
      const readings = engine.source(Reading);
      await readings.persist(folder);
      for (let i = 0; i < 100; i++) readings.next(reading(i));
    });
    const [name] = readdirSync(folder) as [string];
    const { length } = readFileSync(join(folder, name));
    truncateSync(join(folder, name), length - 70);
    await withEngine(async (engine) => {
      const readings = engine.source(Reading);
      const trail = await readings.persist(folder);
      expect(trail.cut).toMatchObject({ segment: name, sequence: trail.next });
      expect(trail.next).toBeLessThan(100);
      expect(trail.cut?.bytes).toBeGreaterThan(0);
    });
  });

  it('rejects for another layout, damage and a folder that is in use, and leaves the pipeline as it was', async () => {
    const folder = newFolder();
    await withEngine(async (engine) => {
      const readings = engine.source(Reading);
      await readings.persist(folder);
      for (let i = 0; i < 100; i++) readings.next(reading(i));
      await engine.idle();
      const others = engine.source(Reading);
      await expect(others.persist(folder)).rejects.toMatchObject({ code: 'FILE_LOCKED' });
      const { values } = collect(others);
      for (let i = 0; i < 50_000; i++) others.next(reading(i));
      await engine.idle();
      expect(values).toHaveLength(50_000);
      await expect(others.persist(`${folder}-late`)).rejects.toMatchObject({ code: 'FILE_LATE' });
    });
    const Other = struct({ id: u32, count: u53 }, 'Other');
    await withEngine(async (engine) => {
      await expect(engine.source(Other).persist(folder)).rejects.toMatchObject({
        code: 'FILE_LAYOUT',
        message: expect.stringMatching(/Other \{"id":u32,"count":u53\}.*Reading \{"id":u32,"value":f64\}/),
      });
      const past = engine.replay(Other, folder);
      const { end } = collect(past);
      await expect(past.start()).rejects.toMatchObject({ code: 'FILE_LAYOUT' });
      expect(await end).toMatchObject({ code: 'FILE_LAYOUT' });
    });
    const [name] = readdirSync(folder) as [string];
    const bytes = readFileSync(join(folder, name));
    bytes[300] = (bytes[300] as number) ^ 1;
    writeFileSync(join(folder, name), bytes);
    await withEngine(async (engine) => {
      await expect(engine.source(Reading).persist(folder)).rejects.toMatchObject({ code: 'FILE_DAMAGED' });
    });
    expect(readFileSync(join(folder, name))).toEqual(bytes);
  });

  it('holds the writer back, through a ring of one slot as well', async () => {
    const folder = newFolder();
    await withEngine(async (engine) => {
      const readings = engine.source(Reading, { capacity: 1 });
      await readings.persist(folder);
      for (let i = 0; i < 500; i++) readings.next(reading(i));
    });
    expect(await replayed(folder)).toHaveLength(500);
  });

  it('gives its memory back when its pipeline is taken down, with everything published on the disk', async () => {
    const folder = newFolder();
    await withEngine(async (engine) => {
      const isFree = () => engine.memory().regions.every(({ kind }) => kind !== 'journal');
      let memoryUsed = 0;
      for (let round = 0; round < 5; round++) {
        const abort = new AbortController();
        const readings = engine.source(Reading);
        readings.stage(
          { signal: abort.signal },
          map((r) => ({ value: r.value })),
        );
        const trail = await readings.persist(folder);
        for (let i = 0; i < 1_000; i++) readings.next(reading(1_000 * round + i));
        readings.flush();
        const waiting = trail.durable(1e9);
        abort.abort();
        await expect(waiting).rejects.toMatchObject({ code: 'FILE_CLOSED' });
        await engine.idle();
        expect(trail.durableNext).toBe(1_000 * (round + 1));
        await vi.waitUntil(isFree, { timeout: 10_000 });
        // Its worker stays for stages that come later.
        memoryUsed ||= engine.stats().memoryUsed;
        expect(engine.stats().memoryUsed).toBe(memoryUsed);
      }
    });
    expect(await replayed(folder)).toHaveLength(5_000);
  });

  it('is refused by an inline engine, and options that can not be', async () => {
    await withEngine(
      async (engine) => {
        await expect(engine.source(Reading).persist(newFolder())).rejects.toMatchObject({
          code: 'FILE_UNAVAILABLE',
        });
      },
      { placement: 'inline' },
    );
    await withEngine(async (engine) => {
      for (const options of [
        { sync: 'often' },
        { segmentBytes: 5 },
        { retention: { bytes: -1 } },
        { onError: 'skip' },
        { what: 1 },
      ]) {
        await expect(engine.source(Reading).persist(newFolder(), options as never)).rejects.toMatchObject({
          code: 'OPTION',
        });
      }
      await expect(engine.source(Reading).persist(newFolder(), null as never)).rejects.toMatchObject({
        code: 'OPTIONS',
      });
    });
  });

  it('waits for sequences only: anything else would never come', async () => {
    await withEngine(async (engine) => {
      const trail = await engine.source(Reading).persist(newFolder());
      for (const sequence of ['1', Number.NaN, -1, 0.5, null])
        await expect(trail.durable(sequence as never)).rejects.toMatchObject({ code: 'FILE_SEQUENCE' });
    });
  });
});

describe('replay()', () => {
  it('is a source of stages, in every placement, from any record', async () => {
    const folder = newFolder();
    await withEngine(async (engine) => {
      const readings = engine.source(Reading);
      const trail = await readings.persist(folder, { segmentBytes: 50_000 });
      for (let i = 0; i < 20_000; i++) readings.next(reading(i));
      await trail.durable();
      // Also while it is open.
      const past = trail.replay({ from: 19_000 });
      const { values } = collect(past);
      expect(await past.start()).toBe(1_000);
      await engine.idle();
      expect(values).toEqual(Array.from({ length: 1_000 }, (_, i) => reading(19_000 + i)));
    });
    for (const placement of ['worker', 'inline']) {
      await withEngine(
        async (engine) => {
          const past = engine.replay(Reading, folder, { from: 777, to: 15_000, capacity: 256 });
          const doubled = collect(past.stage(map((r) => ({ value: r.value * 2 }))));
          expect(await past.start()).toBe(15_000 - 777);
          expect(await doubled.end).toBeUndefined();
          expect(doubled.values).toEqual(
            Array.from({ length: 15_000 - 777 }, (_, i) => ({ value: 2 * (777 + i) })),
          );
        },
        { placement },
      );
    }
    await withEngine(async (engine) => {
      const past = engine.replay(Reading, folder, { from: 20_001 });
      await expect(past.start()).rejects.toMatchObject({ code: 'FILE_RANGE' });
    });
  });

  it('goes at the recorded pace: by a field, or by when records were written', async () => {
    const Tick = struct({ at: u53, n: u32 }, 'Tick');
    const folder = newFolder();
    await withEngine(async (engine) => {
      const ticks = engine.source(Tick);
      const trail = await ticks.persist(folder, { sync: 'batch' });
      for (let i = 0; i < 5; i++) {
        ticks.next({ at: i * 50_000_000, n: i });
        await trail.durable();
        await new Promise((resolve) => setTimeout(resolve, 30));
      }
    });
    const timed = (options: object) =>
      withEngine(async (engine) => {
        const past = engine.replay(Tick, folder, options);
        const { values } = collect(past);
        const start = performance.now();
        await past.start();
        await engine.idle();
        expect(values.map(({ n }) => n)).toEqual([0, 1, 2, 3, 4]);
        return performance.now() - start;
      });
    // From the first to the last it takes 200 ms by the field, at least 120 ms by the clock of the one who wrote.
    expect(await timed({ pace: 'recorded', timestamp: 'at', unit: 'ns' })).toBeGreaterThan(198);
    expect(await timed({ pace: 'recorded' })).toBeGreaterThan(118);
    // A hundred times as fast it would take two seconds otherwise.
    expect(await timed({ pace: 'recorded', timestamp: 'at', unit: 'us', speed: 1e6 })).toBeLessThan(20_000);
  });
});

describe('engine.journal() with a file', () => {
  it('goes on where the folder ends, by the sequences of the file, and is read back', async () => {
    const folder = newFolder();
    for (let round = 0; round < 3; round++) {
      await withEngine(async (engine) => {
        const { memoryUsed } = engine.stats();
        const journal = await engine.journal(Reading, { file: folder, capacity: 64, start: 1_000 });
        const start = 1_000 + 500 * round;
        expect([journal.start, journal.next]).toEqual([start, start]);
        const reader = journal.reader({ overflow: 'drop-oldest' });
        const writer = journal.writer();
        for (let i = 0; i < 500; i++) writer.write(reading(start + i));
        await journal.durable(start + 499);
        expect(journal.files.durableNext).toBe(start + 500);
        expect(reader.next()).toBe(true);
        reader.close();
        const past = journal.replay({ from: start + 490 });
        const { values } = collect(past);
        await past.start();
        await engine.idle();
        expect(values).toEqual(Array.from({ length: 10 }, (_, i) => reading(start + 490 + i)));
        writer.close();
        if (round === 1) await journal.close();
        expect(engine.stats().memoryUsed).toBeGreaterThan(memoryUsed);
      });
    }
    const all = Array.from({ length: 1_500 }, (_, i) => reading(1_000 + i));
    expect(await replayed(folder)).toEqual(all);
  });
});
