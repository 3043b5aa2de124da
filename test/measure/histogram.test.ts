// Histograms by hand: counts, percentiles against sorted values, other threads, resets, and the way to hdr-histogram-js.
import { Worker } from 'node:worker_threads';
import { build } from 'hdr-histogram-js';
import { afterEach, describe, expect, it } from 'vitest';
import { createEngine, type Engine, openHistogram } from '../../src/index.js';
import {
  BEGUN,
  bucketBits,
  bucketCount,
  bucketOf,
  bucketStart,
  bucketWidth,
  createHistogram,
  DONE,
  type HistogramDigits,
  type HistogramMemory,
  RESETTING,
  SHARED,
} from '../../src/journal/histogram.js';
import { readHistogram, resetHistogram } from '../../src/journal/histogram-reader.js';
import { HistogramWriter, recordShared } from '../../src/journal/histogram-writer.js';
import { Arena, createMemory } from '../../src/memory/index.js';
import { bundleThread } from '../thread-bundle.js';
import { codeOf } from '../thrown.js';

const engines: Engine[] = [];
afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.close();
});
function engineOf(placement: 'worker' | 'inline' = 'worker'): Engine {
  const engine = createEngine({ placement, memory: 2 ** 26 });
  engines.push(engine);
  return engine;
}
function histogramOf(digits: HistogramDigits): HistogramMemory {
  return createHistogram(Arena.create(createMemory(2 ** 23, true)), 'h', digits);
}

/** A generator of Lehmer's. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

describe.each([1, 2, 3] as const)('buckets of %i digits', (digits) => {
  const bits = bucketBits(digits);

  it('follow each other without a gap, up to 2^53 - 1', () => {
    let next = 0;
    const wrong: number[] = [];
    for (let bucket = 0; bucket < bucketCount(bits); bucket++) {
      const [start, width] = [bucketStart(bucket, bits), bucketWidth(bucket, bits)];
      const inside = [start, start + Math.floor(width / 2), start + width - 1];
      const isFine = start === next && inside.every((value) => bucketOf(value, bits) === bucket);
      if (!isFine || (start >= 2 ** bits && width / start > 2 ** -bits)) wrong.push(bucket);
      next = start + width;
    }
    expect(wrong).toEqual([]);
    expect(next).toBe(2 ** 53);
  });

  it('don’t see fractions', () => {
    for (const value of [0.9, 17.5, 300.99, 5e9 + 0.5]) {
      expect(bucketOf(value, bits)).toBe(bucketOf(Math.floor(value), bits));
    }
  });
});

describe.each(['worker', 'inline'] as const)('a histogram of an engine with placement %s', (placement) => {
  it('says what was recorded, and of nothing 0', () => {
    const histogram = engineOf(placement).histogram('times');
    const { count, min, max, mean } = histogram;
    expect([count, min, max, mean, histogram.percentile(50)]).toEqual([0, 0, 0, 0, 0]);
    for (let v = 1; v <= 100; v++) histogram.record(v);
    expect([histogram.count, histogram.min, histogram.max]).toEqual([100, 1, 100]);
    expect(histogram.mean).toBe(50.5);
    expect([0, 1, 50, 90, 99, 99.9, 100].map((p) => histogram.percentile(p))).toEqual([
      1, 1, 50, 90, 99, 100, 100,
    ]);
    const ended = histogram.reset();
    expect([ended.count, ended.min, ended.max, ended.percentile(50)]).toEqual([100, 1, 100, 50]);
    expect([histogram.count, histogram.max, histogram.percentile(99)]).toEqual([0, 0, 0]);
    expect([histogram.reset().count, ended.count]).toEqual([0, 100]);
    histogram.record(12_345.9);
    expect([histogram.count, histogram.min, histogram.max, histogram.percentile(50)]).toEqual([
      1, 12_345, 12_345, 12_345,
    ]);
  });

  it('is the same for all who ask for it by its name, and lies in the engine’s memory', () => {
    const engine = engineOf(placement);
    engine.histogram('a').record(7);
    expect(engine.histogram('a').count).toBe(1);
    expect(codeOf(() => engine.histogram('a', { digits: 3 }))).toBe('HISTOGRAM_DIFFERS');
    expect(codeOf(() => engine.histogram(''))).toBe('OPTION');
    expect(codeOf(() => engine.histogram('b', { digits: 4 as never }))).toBe('OPTION');
    const region = engine.memory().regions.find(({ kind }) => kind === 'histogram');
    expect(region?.owner).toBe('a');
    expect(region?.bytes).toBeLessThan(130_000);
  });

  it('refuses what is no number from 0 to 2^53 - 1, and takes both ends', () => {
    const histogram = engineOf(placement).histogram('a');
    for (const value of [-1, Number.NaN, 2 ** 53, Number.POSITIVE_INFINITY, '1', 1n, undefined]) {
      expect(codeOf(() => histogram.record(value as number))).toBe('HISTOGRAM_VALUE');
    }
    for (const value of [0, -0, Number.MAX_SAFE_INTEGER]) histogram.record(value);
    expect([histogram.count, histogram.min, histogram.max]).toEqual([3, 0, Number.MAX_SAFE_INTEGER]);
  });
});

describe('percentiles', () => {
  const shapes: Record<string, (random: () => number) => number> = {
    'of one power of two': (next) => 4_096 + next() * 4_000,
    'over nine powers of ten': (next) => 10 ** (9 * next()),
    'few values': (next) => Math.floor(next() * 3) * 1_000_003,
    'with a long tail': (next) => 200 / (1 - next()) ** 2,
    'beyond 2^31': (next) => 2 ** (30 + 22 * next()),
  };
  it.each(Object.keys(shapes))('are within a bucket of the sorted values: %s', (name) => {
    for (const digits of [1, 2, 3] as const) {
      for (const n of [1, 2, 3, 10, 999, 20_000]) {
        const next = random(n + digits);
        const histogram = histogramOf(digits);
        const writer = new HistogramWriter(histogram);
        const values = Array.from({ length: n }, () =>
          Math.floor((shapes[name] as (r: () => number) => number)(next)),
        );
        for (const value of values) writer.record(value);
        const sorted = Float64Array.from(values).sort();
        const read = readHistogram(histogram);
        expect([read.count, read.min, read.max]).toEqual([n, sorted[0], sorted[n - 1]]);
        const mean = values.reduce((a, b) => a + b, 0) / n;
        expect(Math.abs(read.mean - mean)).toBeLessThanOrEqual(mean * 2 ** -bucketBits(digits) + 1e-9);
        for (const p of [0, 0.1, 1, 10, 25, 50, 75, 90, 99, 99.9, 99.99, 100]) {
          const rank = Math.max(1, Math.ceil(Number(((p * n) / 100).toFixed(6))));
          const exact = sorted[rank - 1] as number;
          const told = read.percentile(p);
          expect(told).toBeGreaterThanOrEqual(exact);
          expect(told).toBeLessThanOrEqual(exact * (1 + 2 ** -bucketBits(digits)));
        }
      }
    }
  });
});

describe('hdr-histogram-js', () => {
  it.each([1, 2, 3] as const)('gets the same counts, and merges them, with %i digits', (digits) => {
    const [one, two] = [histogramOf(digits), histogramOf(digits)];
    const next = random(digits);
    const values = Array.from({ length: 5_000 }, () => Math.floor(10 ** (8 * next())));
    for (const [i, value] of values.entries()) recordShared(i % 3 === 0 ? one : two, value);
    const merged = readHistogram(one).toHdr(build);
    merged.add(readHistogram(two).toHdr(build));
    expect(merged.totalCount).toBe(5_000);
    expect(merged.maxValue).toBe(Math.max(...values));
    expect(merged.minNonZeroValue).toBe(Math.min(...values.filter((value) => value > 0)));
    const reference = build({ numberOfSignificantValueDigits: digits });
    for (const value of values) reference.recordValue(value);
    for (const p of [1, 50, 90, 99, 99.9, 100])
      expect(merged.getValueAtPercentile(p)).toBe(reference.getValueAtPercentile(p));
    expect(merged.outputPercentileDistribution()).toContain('5000');
  });

  it('gets each value of histograms with few, and those of 2^53 - 1', () => {
    for (const values of [[], [5], [5, 5], [0, 0], [1_000, 1_003], [Number.MAX_SAFE_INTEGER]]) {
      const histogram = histogramOf(2);
      for (const value of values) recordShared(histogram, value);
      const hdr = readHistogram(histogram).toHdr(build);
      expect(hdr.totalCount).toBe(values.length);
      if (values.length > 0) expect(hdr.maxValue).toBe(Math.max(...values));
    }
  });
});

describe('counts beyond 2^31', () => {
  it.each(['by others', 'by the owner'])('of one bucket are exact, recorded %s', (how) => {
    const histogram = histogramOf(2);
    const { i32 } = histogram.memory;
    const shared = how === 'by others' ? SHARED * histogram.stride : 0;
    const cell = histogram.low + bucketOf(50, histogram.bits) + shared;
    const writer = new HistogramWriter(histogram);
    const record = () => (how === 'by others' ? recordShared(histogram, 50) : writer.record(50));
    for (let lap = 0; lap < 3; lap++) {
      i32[cell] = 2_147_483_646;
      for (let i = 1; i <= 5; i++) {
        record();
        expect(readHistogram(histogram).count).toBe(lap * 2 ** 31 + 2_147_483_646 + i);
      }
    }
    resetHistogram(histogram);
    expect(readHistogram(histogram).count).toBe(0);
    record();
    expect(readHistogram(histogram).count).toBe(1);
    i32[cell] = 2_147_483_647;
    const before = readHistogram(histogram).count;
    record();
    expect(readHistogram(histogram).count).toBe(before + 1);
  });

  it('does not hold up who reads when a thread dies in the middle of a move', () => {
    const histogram = histogramOf(1);
    recordShared(histogram, 3);
    const { cells, i32 } = histogram.memory;
    cells.add(i32, histogram.cell + BEGUN, 1);
    expect(readHistogram(histogram).count).toBe(1);
    // Who reads next does not wait for it.
    expect(i32[histogram.cell + DONE]).toBe(i32[histogram.cell + BEGUN]);
  });

  it('nor does one that dies while it resets', () => {
    const histogram = histogramOf(1);
    recordShared(histogram, 3);
    const { i32 } = histogram.memory;
    i32[histogram.cell + RESETTING] = 7;
    expect(readHistogram(histogram).count).toBe(1);
    expect(resetHistogram(histogram).count).toBe(1);
    expect(i32[histogram.cell + RESETTING]).toBe(10);
    expect(readHistogram(histogram).count).toBe(0);
  });
});

describe('threads', () => {
  it('record in one histogram without losing a value, while another reads it', async () => {
    const engine = engineOf();
    const histogram = engine.histogram('shared', { digits: 2 });
    const script = await bundleThread(new URL('histogram-thread.ts', import.meta.url));
    const each = 200_000;
    const workers = [1, 2].map(
      (seed) => new Worker(script, { eval: true, workerData: { handle: histogram.handle, each, seed } }),
    );
    const done = workers.map((worker) => new Promise((resolve) => worker.once('exit', resolve)));
    let running = true;
    void Promise.all(done).then(() => {
      running = false;
    });
    const reader = openHistogram(histogram.handle);
    let before = 0;
    let reads = 0;
    while (running) {
      const now = reader.snapshot();
      expect(now.count).toBeGreaterThanOrEqual(before);
      expect(now.count).toBeLessThanOrEqual(2 * each);
      // The thread records values of 100 to 1,099 only.
      if (now.count > 0) {
        expect(now.min).toBeGreaterThanOrEqual(100);
        expect(now.max).toBeLessThanOrEqual(1_099);
        expect(now.percentile(50)).toBeGreaterThanOrEqual(now.min);
        expect(now.percentile(50)).toBeLessThanOrEqual(now.max);
      }
      before = now.count;
      reads++;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect(reads).toBeGreaterThan(1);
    expect(histogram.count).toBe(2 * each);
  }, 30_000);
});
