// From ingest to subscriber: which records give samples, through what stages, and that no time is too short.
import { afterEach, describe, expect, it } from 'vitest';
import { filter, map, stateful, step, tap } from '../../operators/index.js';
import { createEngine, type Engine, f64, struct, u32 } from '../../src/index.js';
import { codeOf } from '../thrown.js';

const Item = struct({ id: u32, v: f64 });
type Item = { id: number; v: number };
const NS_PER_MS = 1e6;

const engines: Engine[] = [];
afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.close();
});
function spin(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}
const feed = (source: { next(r: Item): void }, n: number) => {
  for (let i = 0; i < n; i++) source.next({ id: i % 7, v: i });
};
const cases = (['js', 'wasm', 'auto'] as const).flatMap((backend) =>
  (['worker', 'inline', 'apart'] as const).map((placement) => ({ backend, placement })),
);

describe.each(cases)('latency() on $backend, $placement', ({ backend, placement }) => {
  const engineOf = () => {
    const engine = createEngine({
      placement: placement === 'inline' ? 'inline' : 'worker',
      backend,
      memory: 2 ** 26,
      maxWorkers: 2,
    });
    engines.push(engine);
    return engine;
  };
  /** Stages behind each other in one worker, in two, or on this thread. */
  const at = (worker: string) => {
    if (placement === 'inline') return {};
    return { placement: { worker: placement === 'apart' ? worker : 'one' } };
  };
  /** What runs on JavaScript where that may be. */
  const onJs = () => (backend === 'auto' ? tap<Item>((r) => void String(r.v).at(0)) : tap<Item>(() => {}));

  it.each([1, 3, 100])('has a sample of every record stamped that is delivered, one of %i', async (every) => {
    const engine = engineOf();
    const n = 3_000;
    const source = engine.source(Item, { stampEvery: every });
    const even = source.stage(
      { ...at('a'), name: 'even' },
      filter((r) => r.v % 2 === 0),
    );
    const same = even.stage(
      { ...at('b'), name: 'same' },
      map((r) => ({ id: r.id, v: r.v })),
    );
    const times = [source, even, same].map((records) => records.latency());
    const seen = [0, 0, 0];
    const see = (i: number, count = 1) => {
      seen[i] = (seen[i] ?? 0) + count;
    };
    source.subscribe(() => see(0));
    even.views().subscribe(() => see(1));
    same.batches().subscribe((batch) => see(2, batch.length));
    const start = performance.now();
    feed(source, n);
    await engine.idle();
    const took = performance.now() - start;
    expect(seen).toEqual([n, n / 2, n / 2]);
    const stamped = Array.from({ length: n }, (_, i) => i).filter((i) => i % every === 0);
    const evens = stamped.filter((i) => i % 2 === 0).length;
    expect(times.map(({ count }) => count)).toEqual([stamped.length, evens, evens]);
    for (const time of times) {
      expect(time.min).toBeGreaterThan(0);
      expect(time.max).toBeLessThanOrEqual(took * NS_PER_MS);
    }
    expect(engine.histogram('latency of same').count).toBe(evens);
  });

  it('has one sample of a record of which several come, also where journals have one slot', async () => {
    const engine = engineOf();
    const source = engine.source(Item, { stampEvery: 5, capacity: 4 });
    const many = source.stage(
      { ...at('a'), capacity: 1 },
      step(
        (r, _state, emit) => {
          for (let n = 0; n < 300; n++) emit({ n, v: r.v });
        },
        { out: struct({ n: u32, v: f64 }) },
      ),
    );
    const behind = many.stage(
      { ...at('b'), capacity: 2 },
      filter((r) => r.n % 2 === 0),
    );
    const times = many.latency({ name: 'many', digits: 3 });
    const timesBehind = behind.latency();
    let seen = 0;
    many.subscribe(() => seen++);
    behind.subscribe(() => seen++);
    feed(source, 20);
    await engine.idle();
    expect([seen, times.count, times.digits]).toEqual([9_000, 4, 3]);
    expect(timesBehind.count).toBe(4);
  });

  it('goes on through operators on both backends, and not from records that are dropped or fail', async () => {
    const engine = engineOf();
    const source = engine.source(Item, { stampEvery: 2 });
    const stage = source.stage(
      { ...at('a'), onError: 'skip' },
      filter((r) => r.id < 5),
      onJs(),
      stateful(
        (r) => r.v,
        (r) => ({ id: r.id, v: r.v }),
        () => {},
        { maxKeys: 100 },
      ),
    );
    const end = stage.stage(
      at('b'),
      map((r) => ({ v: r.v })),
    );
    const times = end.latency();
    const seen: number[] = [];
    end.subscribe(({ v }) => seen.push(v));
    feed(source, 700);
    await engine.idle();
    expect(seen.length).toBe(100);
    expect(times.count).toBe(seen.filter((v) => v % 2 === 0).length);
  });

  it('counts from the call that hands a record in, however that is done', async () => {
    const engine = engineOf();
    const source = engine.source(Item, { stampEvery: 1 });
    const stage = source.stage(
      at('a'),
      map((r) => ({ v: r.v })),
    );
    const times = stage.latency();
    stage.subscribe(() => {});
    const ways = [
      () => source.next({ id: 1, v: 1 }),
      () => void source.tryNext({ id: 1, v: 1 }),
      () => source.nextMany({ id: [1, 2], v: [1, 2] }),
      () => source.nextMany([{ id: 1, v: 1 }]),
      () => {
        const writer = source.writer();
        Object.assign(writer.claim() ?? {}, { v: 1 });
        writer.publish();
      },
    ];
    let count = 0;
    for (const way of ways) {
      times.reset();
      const start = performance.now();
      way();
      const handed = performance.now();
      // Subscribers on this thread get nothing before it is given back, unless stages run here and now.
      spin(5);
      await engine.idle();
      const most = performance.now() - start;
      count++;
      expect(times.count, `way ${count}`).toBe(way === ways[2] ? 2 : 1);
      expect(times.max, `way ${count}`).toBeLessThanOrEqual(most * NS_PER_MS);
      if (placement !== 'inline' || way === ways[0])
        expect(times.min, `way ${count}`).toBeGreaterThanOrEqual((5 - (handed - start)) * NS_PER_MS * 0.9);
    }
  });

  it('counts what next() waits for room', async () => {
    const engine = engineOf();
    const source = engine.source(Item, { stampEvery: 1, capacity: 2 });
    const slow = source.stage(
      at('a'),
      map((r) => {
        let v = r.v;
        for (let i = 0; i < 100_000; i++) v = Math.sqrt(v + i);
        return { v };
      }),
    );
    const times = slow.latency();
    slow.subscribe(() => {});
    let longest = 0;
    for (let i = 0; i < 40; i++) {
      const start = performance.now();
      source.next({ id: 1, v: i });
      longest = Math.max(longest, performance.now() - start);
    }
    await engine.idle();
    expect(times.count).toBe(40);
    if (placement !== 'inline') expect(times.max).toBeGreaterThanOrEqual(longest * NS_PER_MS * 0.9);
  });

  it('is measured into one histogram, of a source that stamps', async () => {
    const engine = engineOf();
    const silent = engine.source(Item);
    expect(codeOf(() => silent.latency())).toBe('LATENCY_UNAVAILABLE');
    expect(codeOf(() => engine.source(Item, { stampEvery: 0 }))).toBe('OPTION');
    const source = engine.source(Item, { stampEvery: 1, name: 'items' });
    const first = source.latency();
    expect(source.latency().name).toBe(first.name);
    expect(codeOf(() => source.latency({ name: 'other' }))).toBe('LATENCY_TIMED');
    expect(codeOf(() => first.record(1))).toBe('HISTOGRAM_WRITTEN');
    const other = engine.source(Item, { stampEvery: 1 });
    expect(codeOf(() => other.latency({ name: first.name }))).toBe('HISTOGRAM_WRITTEN');
    expect(engine.memory().regions.filter(({ kind }) => kind === 'marks').length).toBe(2);
  });

  it('gives its memory back with the pipeline', async () => {
    const engine = engineOf();
    const before = engine.memory().used;
    for (let i = 0; i < 8; i++) {
      const controller = new AbortController();
      const source = engine.source(Item, { stampEvery: 1 });
      const stage = source.stage(
        { ...at('a'), signal: controller.signal },
        map((r) => ({ v: r.v })),
      );
      const times = stage.latency({ name: 'again' });
      stage.subscribe({ error: () => {} });
      times.reset();
      feed(source, 10);
      await engine.idle();
      expect(times.count).toBe(10);
      controller.abort();
      while (engine.memory().regions.some(({ kind }) => kind === 'marks'))
        await new Promise((resolve) => setTimeout(resolve, 1));
    }
    const histogram = engine.memory().regions.find(({ kind }) => kind === 'histogram')?.bytes ?? 0;
    expect(engine.memory().used - before).toBeLessThan(histogram + 5_000);
  });
});
