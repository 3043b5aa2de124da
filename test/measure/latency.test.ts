// latency: how many samples there are, what they are of, and that what comes out stays what it was; on both backends everywhere.
import { afterEach, describe, expect, it } from 'vitest';
import { filter, latency, map, progress, stateful, tap } from '../../operators/index.js';
import { createEngine, defineOperator, type Engine, f64, struct, u32 } from '../../src/index.js';
import { codeOf } from '../thrown.js';

const Item = struct({ id: u32, v: f64 });

const engines: Engine[] = [];
afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.close();
});

/** Takes some time, on both backends alike. */
const busy = (rounds: number) =>
  map<{ id: number; v: number }, { id: number; v: number }, { rounds: number }>(
    (r, { rounds }) => {
      let v = r.v;
      for (let i = 0; i < rounds; i++) v = Math.sqrt(v + i);
      return { id: r.id, v: v < 0 ? 1 : r.v };
    },
    { using: { rounds } },
  );

const cases = (['js', 'wasm'] as const).flatMap((backend) =>
  (['worker', 'inline'] as const).map((placement) => ({ backend, placement })),
);

describe.each(cases)('latency on $backend, $placement', ({ backend, placement }) => {
  const engineOf = () => {
    const engine = createEngine({ placement, backend, memory: 2 ** 26 });
    engines.push(engine);
    return engine;
  };
  const feed = (source: { next(r: { id: number; v: number }): void }, n: number) => {
    for (let i = 0; i < n; i++) source.next({ id: i % 7, v: i });
  };

  it('has one sample for each record that goes in, whatever comes out, and changes nothing', async () => {
    const engine = engineOf();
    const source = engine.source(Item);
    const timed = source.stage(
      latency(
        'all',
        filter((r) => r.v % 3 !== 0),
        stateful(
          (r) => r.id,
          (r) => ({ id: r.id, sum: r.v }),
          (s, r) => {
            s.sum += r.v;
          },
        ),
      ),
    );
    const seen: number[] = [];
    timed.subscribe(({ sum }) => seen.push(sum));
    feed(source, 5_000);
    await engine.idle();
    const sums = new Map<number, number>();
    const expected: number[] = [];
    for (let i = 0; i < 5_000; i++) {
      if (i % 3 === 0) continue;
      sums.set(i % 7, (sums.get(i % 7) ?? 0) + i);
      expected.push(sums.get(i % 7) as number);
    }
    expect(seen).toEqual(expected);
    const all = engine.histogram('all').snapshot();
    expect(all.count).toBe(5_000);
    expect(all.min).toBeGreaterThanOrEqual(0);
    expect(all.percentile(50)).toBeLessThanOrEqual(all.percentile(99));
    expect(all.percentile(100)).toBe(all.max);
    expect(timed.explain().backend).toBe(backend);
  });

  it('times every nth record, the first among them', async () => {
    const engine = engineOf();
    const source = engine.source(Item);
    source.stage(
      latency(
        { name: 'some', every: 10, digits: 3 },
        filter((r) => r.v > 0),
      ),
    );
    feed(source, 1_001);
    await engine.idle();
    expect(engine.histogram('some').count).toBe(101);
    expect(engine.histogram('some').digits).toBe(3);
  });

  it('counts the time within, and not that behind', async () => {
    const engine = engineOf();
    const source = engine.source(Item);
    source.stage(
      latency(
        'outer',
        latency('within', busy(20_000)),
        latency(
          'light',
          filter((r) => r.v >= 0),
        ),
      ),
      busy(40_000),
    );
    feed(source, 50);
    await engine.idle();
    const [outer, within, light] = ['outer', 'within', 'light'].map((name) =>
      engine.histogram(name).snapshot(),
    );
    expect([outer?.count, within?.count, light?.count]).toEqual([50, 50, 50]);
    // The least of 50: other threads may interrupt some, and not all of them.
    const [a, b, c] = [outer?.min ?? 0, within?.min ?? 0, light?.min ?? 0];
    expect(b).toBeGreaterThan(2_000);
    expect(a).toBeGreaterThanOrEqual(0.98 * b);
    expect(c).toBeLessThan(b / 2);
    // Twice as much happens behind it.
    expect(a).toBeLessThan(1.9 * b);
  });

  it('counts all that operators do for a record that emits many, up to the last of them', async () => {
    const engine = engineOf();
    const source = engine.source(Item);
    const twice = defineOperator<{ id: number; v: number }, { id: number; v: number }>({
      name: 'thrice',
      step: (record, _state, emit) => {
        for (let n = 0; n < 3; n++) {
          let v = record.v;
          for (let i = 0; i < 20_000; i++) v = Math.sqrt(v + i);
          emit({ id: record.id, v });
        }
      },
    });
    source.stage(latency('one', busy(20_000)), latency('many', twice));
    feed(source, 50);
    await engine.idle();
    const [one, many] = ['one', 'many'].map((name) => engine.histogram(name).snapshot());
    expect([one?.count, many?.count]).toEqual([50, 50]);
    expect(many?.min).toBeGreaterThan(2 * (one?.min ?? 0));
  });

  it('gives no sample for a record on which a function throws', async () => {
    const engine = engineOf();
    const source = engine.source(Item);
    const stage = source.stage(
      { onError: 'skip' },
      latency(
        'ok',
        stateful(
          (r) => r.v,
          (r) => ({ v: r.v }),
          () => {},
          { maxKeys: 90 },
        ),
      ),
    );
    let letters = 0;
    stage.deadLetters.subscribe(() => letters++);
    feed(source, 100);
    await engine.idle();
    expect([engine.histogram('ok').count, letters]).toEqual([90, 10]);
  });

  it('measures under one name once, and again when the pipeline is gone', async () => {
    const engine = engineOf();
    const twice = engine.source(Item);
    const keep = filter<{ id: number; v: number }>(() => true);
    expect(codeOf(() => twice.stage(latency('a', keep), latency('a', keep)))).toBe('HISTOGRAM_WRITTEN');
    const controller = new AbortController();
    const first = engine.source(Item);
    first.stage({ signal: controller.signal }, latency('a', keep));
    const second = engine.source(Item);
    expect(codeOf(() => second.stage(latency('a', keep)))).toBe('HISTOGRAM_WRITTEN');
    expect(codeOf(() => engine.histogram('a').record(1))).toBe('HISTOGRAM_WRITTEN');
    feed(first, 10);
    await engine.idle();
    controller.abort();
    for (let i = 0; codeOf(() => engine.source(Item).stage(latency('a', keep))) !== undefined; i++) {
      expect(i).toBeLessThan(1_000);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(engine.histogram('a').count).toBe(10);
    engine.histogram('by hand').record(1);
    expect(codeOf(() => engine.source(Item).stage(latency('by hand', keep)))).toBe('HISTOGRAM_WRITTEN');
    expect(codeOf(() => engine.source(Item).stage(latency({ name: 'a', digits: 1 }, keep)))).toBe(
      'HISTOGRAM_DIFFERS',
    );
  });

  it('counts what functions record, and what passes', async () => {
    const engine = engineOf();
    const source = engine.source(Item);
    const values = engine.histogram('values');
    const stage = source.stage(
      progress('in'),
      filter(
        (r, { values }) => {
          values.record(r.v - 5);
          return r.v % 2 === 0;
        },
        { using: { values } },
      ),
      progress('out'),
      tap((r, { note }) => note(r.v), { using: { note: (_v: number) => undefined } }),
      map((r) => ({ v: r.v })),
    );
    expect(engine.progress('in').read()).toEqual({ count: 0, rate: 0, average: 0, elapsedMs: 0 });
    feed(source, 1_000);
    await engine.idle();
    expect(stage.explain().backend).toBe(backend);
    const snapshot = values.snapshot();
    // Five are below 0.
    expect([snapshot.count, snapshot.min, snapshot.max]).toEqual([1_000, 0, 994]);
    expect([...snapshot.buckets()][0]).toEqual({ from: 0, to: 0, count: 6 });
    const passed = engine.progress('in').read();
    expect(passed.count).toBe(1_000);
    expect(engine.progress('out').read().count).toBe(500);
    expect(passed.average).toBeGreaterThan(0);
    expect(passed.rate).toBeCloseTo(passed.average, 5);
    expect(codeOf(() => engine.source(Item).stage(progress('in')))).toBe('PROGRESS_WRITTEN');
  });
});
