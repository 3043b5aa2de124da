// Fusion: between the operators of a stage, and between stages in one place that nobody reads, a record is just handed on.
import { Subscriber } from 'rxjs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { filter, map, pairwise, scan, stateful, tap } from '../../operators/index.js';
import type { StageInstance } from '../../src/compiler/index.js';
import {
  createEngine,
  type Engine,
  type EngineOptions,
  f64,
  type Source,
  type Stage,
  struct,
  u32,
} from '../../src/index.js';
import { JournalReader, JournalWriter, publishedSequence } from '../../src/journal/index.js';
import type { RunningStage } from '../../src/runtime/running-stage.js';

const Reading = struct({ id: u32, value: f64 }, 'Reading');
type Reading = { id: number; value: number };

/** Records sent through; fewer than are encoded before a batch is published. */
const RECORDS = 100;

const twice = () => map((r: Reading) => ({ id: r.id, value: r.value * 2 }));

const engines: Engine[] = [];

function engineOf(options: EngineOptions): Engine {
  const engine = createEngine(options);
  engines.push(engine);
  return engine;
}

afterEach(async () => {
  vi.restoreAllMocks();
  for (const engine of engines.splice(0)) await engine.close();
});

/** One stage of eight operators, stateful ones among them. */
function longStage(source: Source<Reading>): Stage<{ sum: number }> {
  return source.stage(
    twice(),
    filter((r) => r.value >= 0),
    stateful(
      (r) => r.id,
      (r) => ({ id: r.id, value: r.value, n: 1 }),
      (s, r) => {
        s.value += r.value;
        s.n++;
      },
    ),
    tap(() => {}),
    map((s) => ({ id: s.id, value: s.value / s.n })),
    twice(),
    pairwise(),
    scan((acc, { curr }) => ({ sum: acc.sum + curr.value }), { sum: 0 }),
  );
}

/** The slots of a lease that were filled, each time that it ends (see {@link JournalWriter.lend}). */
function spyOnLeases(): () => number {
  let filled = 0;
  const recall = JournalWriter.prototype.recall;
  vi.spyOn(JournalWriter.prototype, 'recall').mockImplementation(function (this: JournalWriter) {
    const { lent, words } = this as unknown as { lent: number; words: number };
    if (lent > 0) filled += lent - (this.lease.end - this.lease.at) / words;
    recall.call(this);
  });
  return () => filled;
}

/** How many slots of journals were written, and how often journals were read and RxJS called, while records went through. */
function count(source: Source<Reading>, records = RECORDS) {
  const spies = {
    claims: vi.spyOn(JournalWriter.prototype, 'claim'),
    runs: vi.spyOn(JournalWriter.prototype, 'claimRun'),
    unclaims: vi.spyOn(JournalWriter.prototype, 'unclaim'),
    addresses: vi.spyOn(JournalReader.prototype, 'address'),
    nexts: vi.spyOn(Subscriber.prototype, 'next'),
  };
  const filled = spyOnLeases();
  for (let i = 0; i < records; i++) source.next({ id: i % 3, value: i });
  source.flush();
  const { claims, runs, unclaims, addresses, nexts } = spies;
  const inRuns = runs.mock.results.reduce((sum, { value }) => sum + (value as { count: number }).count, 0);
  const givenBack = unclaims.mock.calls.reduce((sum, [count = 1]) => sum + count, 0);
  return {
    claims: claims.mock.calls.length + inRuns + filled() - givenBack,
    reads: addresses.mock.calls.length,
    nexts: nexts.mock.calls.length,
  };
}

describe('a stage of eight operators', () => {
  it('writes no journal and calls no RxJS between them', () => {
    const engine = engineOf({ placement: 'inline' });
    const source = engine.source(Reading);
    longStage(source);
    // The claims are those of the source; the driver goes over its slots by itself.
    expect(count(source)).toEqual({ claims: RECORDS, reads: 0, nexts: 0 });
    expect(engine.stats().stages[0]).toMatchObject({ recordsIn: RECORDS, recordsOut: RECORDS - 1 });
  });

  it('writes one journal, and calls RxJS once a record, for subscribers', () => {
    const engine = engineOf({ placement: 'inline' });
    const source = engine.source(Reading);
    const values: number[] = [];
    longStage(source).subscribe((r) => values.push(r.sum));
    const out = RECORDS - 1;
    expect(count(source)).toEqual({ claims: RECORDS + out, reads: out, nexts: out });
    expect(values).toHaveLength(out);
  });
});

describe('several stages in one place', () => {
  const chain = (source: Source<Reading>) => {
    const a = source.stage({ name: 'a' }, twice());
    const b = a.stage({ name: 'b' }, twice(), twice());
    const c = b.stage({ name: 'c' }, twice());
    const d = b.stage(
      { name: 'd' },
      filter((r) => r.value % 2 === 0),
    );
    return { a, b, c, d };
  };

  it('hand records on to each other, writing no journal that nobody reads', () => {
    const engine = engineOf({ placement: 'inline' });
    const source = engine.source(Reading);
    chain(source);
    expect(count(source)).toEqual({ claims: RECORDS, reads: 0, nexts: 0 });
    expect(
      engine.stats().stages.map(({ name, recordsIn, recordsOut }) => [name, recordsIn, recordsOut]),
    ).toEqual([
      ['a', RECORDS, RECORDS],
      ['b', RECORDS, RECORDS],
      ['c', RECORDS, RECORDS],
      ['d', RECORDS, RECORDS],
    ]);
  });

  it('write only the journals that somebody reads', () => {
    const engine = engineOf({ placement: 'inline' });
    const source = engine.source(Reading);
    const { b } = chain(source);
    const subscription = b.subscribe();
    expect(count(source)).toEqual({ claims: 2 * RECORDS, reads: RECORDS, nexts: RECORDS });
    subscription.unsubscribe();
    vi.restoreAllMocks();
    expect(count(source)).toEqual({ claims: RECORDS, reads: 0, nexts: 0 });
  });

  it('write a journal that keeps its records, also if nobody reads it yet', () => {
    const engine = engineOf({ placement: 'inline' });
    const source = engine.source(Reading);
    const kept = source.stage({ retain: 'append', capacity: 1_000 }, twice());
    kept.stage(twice());
    expect(count(source)).toEqual({ claims: 2 * RECORDS, reads: 0, nexts: 0 });
  });

  it.each(['inline', 'worker'] as const)('leave those journals empty, placed %s', async (placement) => {
    const engine = engineOf({ placement, maxWorkers: 1 });
    const source = engine.source(Reading);
    const { c } = chain(source);
    let seen = 0;
    c.subscribe(() => {
      seen++;
    });
    for (let i = 0; i < 5_000; i++) source.next({ id: 1, value: i });
    await engine.idle();
    const [graph] = engine.core.graphs;
    const published = graph?.stages.map(({ name, outlet: { journal } }) => [
      name,
      publishedSequence(journal) - journal.start,
    ]);
    expect(published).toEqual([
      ['a', 0],
      ['b', 0],
      ['c', 5_000],
      ['d', 0],
    ]);
    expect(seen).toBe(5_000);
  });
});

describe('the driver on JavaScript', () => {
  const driverOf = (stage: Stage<never> | Stage<Reading> | Stage<{ sum: number }>) =>
    stage.explain().units[0]?.text ?? '';

  it('knows neither journals nor RxJS', () => {
    const source = engineOf({ placement: 'inline', backend: 'js' }).source(Reading);
    const driver = driverOf(longStage(source));
    for (const word of ['claim', 'publish', 'journal', 'Atomics', 'Observable', 'subscribe', 'rxjs']) {
      expect(driver).not.toContain(word);
    }
    // Every operator but the last puts its records into the next one, and only the last into the sink.
    const emits = [
      ...driver.matchAll(/const emit(\d) = \(record\) => \{ (?:if \(record !== undefined\) )?(\w+)\(/g),
    ].map(([, i, to]) => [i, to]);
    expect(Object.fromEntries(emits)).toEqual({
      ...Object.fromEntries([0, 1, 2, 3, 4, 5, 6].map((i) => [i, `entry${i + 1}`])),
      7: 'sink',
    });
  });

  it('is generated for each stage', () => {
    const source = engineOf({ placement: 'inline', backend: 'js' }).source(Reading);
    const drivers = [
      driverOf(source.stage(twice())),
      driverOf(source.stage(twice(), twice())),
      driverOf(source.stage(filter((r) => r.value > 1))),
      // The same operators again.
      driverOf(source.stage(twice())),
    ];
    expect(new Set(drivers).size).toBe(drivers.length);
    for (const driver of drivers) expect(driver).toContain('function run(');
  });

  it('has functions of its own for each stage, also for one operator used twice', () => {
    const engine = engineOf({ placement: 'inline', backend: 'js' });
    const source = engine.source(Reading);
    const shared = twice();
    source.stage(shared).stage(shared);
    source.stage(shared);
    source.next({ id: 1, value: 1 });
    const { groups } = engine.core.inline as unknown as { groups: { group: { stages: RunningStage[] } }[] };
    const stages = groups.flatMap(({ group }) => group.stages);
    expect(stages).toHaveLength(3);
    for (const own of ['entry', 'run', 'failedAt'] as const) {
      const drivers = stages.map((stage) => (stage as unknown as { units: StageInstance[] }).units[0]);
      expect(new Set(drivers.map((driver) => driver?.[own])).size).toBe(3);
    }
    // Also the code that links stages: shared call sites would see the drivers of all stages.
    expect(new Set(stages.map(({ accept }) => accept)).size).toBe(3);
  });
});
