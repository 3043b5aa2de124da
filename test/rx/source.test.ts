// Sources: what they take, and what they refuse.
import { GCProfiler } from 'node:v8';
import { lastValueFrom, of, Subject, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { map, stateful, tap } from '../../operators/index.js';
import { struct, u32, u64 } from '../../src/index.js';
import { PLACEMENTS, Reading, reading, withEngine } from './pipelines.js';

const same = () => map((r: { value: number }) => ({ value: r.value }));

describe.each(PLACEMENTS)('a source of an engine placed %s', (placement) => {
  it('refuses a bad record in next() and takes the ones before and after', () =>
    withEngine({ placement }, async (engine) => {
      const readings = engine.source(Reading);
      const all = lastValueFrom(readings.stage(same()).pipe(toArray()));
      readings.next(reading(1, 1));
      expect(() => readings.next({ id: 1.5, value: 2, ts: 0 })).toThrowError(
        expect.objectContaining({ code: 'FIELD_RANGE', message: expect.stringMatching(/Reading.*id.*1\.5/) }),
      );
      expect(() => readings.next({ id: 1, ts: 0 } as never)).toThrowError(TypeError);
      readings.next(reading(1, 3));
      readings.complete();
      expect(await all).toEqual([{ value: 1 }, { value: 3 }]);
    }));

  it('ends the pipeline when a bad record comes through subscribe, or skips it', () =>
    withEngine({ placement }, async (engine) => {
      const strict = engine.source(Reading);
      const lenient = engine.source(Reading, { onInvalid: 'skip' });
      const strictValues: number[] = [];
      const strictEnd = new Promise<unknown>((resolve) => {
        strict.stage(same()).subscribe({ next: (r) => strictValues.push(r.value), error: resolve });
      });
      const lenientAll = lastValueFrom(lenient.stage(same()).pipe(toArray()));
      const input = of(reading(1, 1), { id: -1, value: 2, ts: 0 }, reading(1, 3));
      input.subscribe(strict);
      input.subscribe(lenient);
      expect(await strictEnd).toMatchObject({ code: 'FIELD_RANGE' });
      expect(strictValues).toEqual([1]);
      expect(await lenientAll).toEqual([{ value: 1 }, { value: 3 }]);
      expect(engine.stats().sources[1]?.invalid).toBe(1);
    }));

  it('takes iterables, columns, records written in place, and async iterables', () =>
    withEngine({ placement }, async (engine) => {
      const readings = engine.source(Reading, { capacity: 8 });
      const all = lastValueFrom(readings.stage(same()).pipe(toArray()));
      readings.nextMany([reading(1, 1), reading(1, 2)]);
      readings.nextMany({
        id: new Uint32Array(100),
        value: Float64Array.from({ length: 100 }, (_, i) => 3 + i),
        ts: new Float64Array(100),
      });
      const writer = readings.writer();
      const record = writer.claim();
      if (record !== undefined) record.value = 103;
      writer.publish();
      async function* more() {
        for (let i = 104; i <= 200; i++) yield reading(1, i);
      }
      expect(await readings.consume(more())).toBe(97);
      readings.complete();
      expect((await all).map((r) => r.value)).toEqual(Array.from({ length: 200 }, (_, i) => i + 1));
    }));

  it('writes 64-bit fields as two halves', () =>
    withEngine({ placement }, async (engine) => {
      const Event = struct({ ts: u64, n: u32 });
      const events = engine.source(Event);
      const all = lastValueFrom(events.stage(map((e) => ({ ts: e.ts, n: e.n }))).pipe(toArray()));
      const writer = events.writer();
      const record = writer.claim();
      if (record !== undefined) Object.assign(record, { tsLo: 0x89abcdef, tsHi: 0x01234567, n: 5 });
      writer.publish();
      events.complete();
      expect(await all).toEqual([{ ts: 0x0123456789abcdefn, n: 5 }]);
    }));

  it('refuses uneven columns before it takes any', () =>
    withEngine({ placement }, async (engine) => {
      const readings = engine.source(Reading);
      const columns = { id: new Uint32Array(2), value: new Float64Array(3), ts: new Float64Array(2) };
      expect(() => readings.nextMany(columns)).toThrowError(
        expect.objectContaining({ code: 'COLUMN_LENGTH' }),
      );
      expect(engine.stats().sources[0]?.recordsIn).toBe(0);
    }));

  it('makes a lone record visible without a flush', () =>
    withEngine({ placement }, async (engine) => {
      const readings = engine.source(Reading);
      const first = new Promise((resolve) => readings.stage(same()).subscribe(resolve));
      readings.next(reading(1, 5));
      expect(await first).toEqual({ value: 5 });
    }));

  it('is itself a hot Observable of its records', () =>
    withEngine({ placement }, async (engine) => {
      const readings = engine.source(Reading);
      const all = lastValueFrom(readings.pipe(toArray()));
      readings.next(reading(1, 1, 2));
      readings.complete();
      expect(await all).toEqual([{ id: 1, value: 1, ts: 2 }]);
    }));

  it('takes a stage only before its first record', () =>
    withEngine({ placement }, async (engine) => {
      const readings = engine.source(Reading, { name: 'readings' });
      const stage = readings.stage(same());
      readings.next(reading(1, 1));
      expect(() => stage.stage(same())).toThrowError(
        expect.objectContaining({ code: 'GRAPH_SEALED', message: expect.stringContaining('readings') }),
      );
    }));

  it('shows every record the parameter that it was taken under, whatever was set since', () =>
    withEngine({ placement }, async (engine) => {
      const jump = engine.param(2);
      const readings = engine.source(Reading);
      const stage = readings.stage(
        map((r, { jump }) => ({ v: r.value, jump }), { using: { jump } }),
        tap(() => {}),
      );
      const seen: number[][] = [];
      stage.subscribe((r) => seen.push([r.v, r.jump]));
      for (let i = 0; i < 2_000; i++) {
        if (i % 10 === 0) jump.value = i;
        readings.next(reading(1, i));
      }
      await engine.idle();
      expect(seen).toEqual(Array.from({ length: 2_000 }, (_, i) => [i, i - (i % 10)]));
    }));

  it('sees a live parameter for the next record and all after it', () =>
    withEngine({ placement }, async (engine) => {
      const factor = engine.param(2);
      const readings = engine.source(Reading);
      const stage = readings.stage(map((r, { factor }) => ({ v: r.value * factor }), { using: { factor } }));
      const values: number[] = [];
      stage.subscribe((r) => values.push(r.v));
      readings.next(reading(1, 1));
      await engine.idle();
      factor.value = 10;
      readings.next(reading(1, 1));
      await engine.idle();
      expect(values).toEqual([2, 10]);
      expect(() => {
        factor.value = '3' as never;
      }).toThrowError(expect.objectContaining({ code: 'PARAM_VALUE' }));
    }));
});

describe('a source', () => {
  it('shows every record the parameter that it was taken under, also if a listener sets it, while a worker takes the records', () =>
    withEngine({ placement: 'worker' }, async (engine) => {
      const jump = engine.param(1);
      const readings = engine.source(Reading);
      // Slow enough for the first to be delivered long before the last is processed.
      const slow = (r: { value: number }, { jump }: { jump: number }) => {
        let spins = 0;
        while (spins < 1_000_000) spins++;
        return { v: r.value, jump, spins };
      };
      const stage = readings.stage(map(slow, { using: { jump } }));
      const seen: number[][] = [];
      stage.subscribe((r) => {
        if (r.v === 0) jump.value = 2;
        seen.push([r.v, r.jump]);
      });
      for (let i = 0; i < 40; i++) readings.next(reading(1, i));
      await engine.idle();
      expect(seen).toEqual(Array.from({ length: 40 }, (_, i) => [i, 1]));
    }));

  it('refuses what is not a struct, with a clear error', () =>
    withEngine({ placement: 'inline' }, (engine) => {
      expect(() => engine.source({} as never)).toThrowError(
        expect.objectContaining({ code: 'NOT_A_STRUCT' }),
      );
      expect(() => map(undefined as never)).toThrowError(
        /project of map: expected a function, got undefined/,
      );
      const readings = engine.source(Reading);
      expect(() => readings.stage('map' as never)).toThrowError(/argument 1 is 'map'/);
    }));

  it('passes records of a Subject on as they come', () =>
    withEngine({ placement: 'inline' }, async (engine) => {
      const readings = engine.source(Reading);
      const values: number[] = [];
      readings.stage(same()).subscribe((r) => values.push(r.value));
      const subject = new Subject<{ id: number; value: number; ts: number }>();
      subject.subscribe(readings);
      subject.next(reading(1, 1));
      await Promise.resolve();
      expect(values).toEqual([1]);
    }));
});

it('next() before a compiled stage allocates nothing per record', () =>
  withEngine({ placement: 'inline', backend: 'wasm' }, (engine) => {
    const readings = engine.source(Reading);
    readings.stage(
      stateful(
        (r) => r.id,
        (r) => ({ v: r.value }),
        (s, r) => {
          s.v += r.value;
        },
      ),
    );
    const record = reading(1, 1.5);
    const feed = (count: number) => {
      for (let i = 0; i < count; i++) readings.next(record);
    };
    feed(2_000_000);
    const profiler = new GCProfiler();
    profiler.start();
    let last = process.memoryUsage().heapUsed;
    feed(4_000_000);
    const end = process.memoryUsage().heapUsed;
    let bytes = 0;
    for (const { beforeGC, afterGC } of profiler.stop().statistics) {
      bytes += beforeGC.heapStatistics.usedHeapSize - last;
      last = afterGC.heapStatistics.usedHeapSize;
    }
    // The smallest thing that could be allocated for each takes more.
    expect((bytes + end - last) / 4_000_000).toBeLessThan(8);
  }));
