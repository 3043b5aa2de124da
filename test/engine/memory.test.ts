// engine.memory() accounts for every byte, before and while a pipeline runs, and a plan that can't fit is refused at once

import { Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { dedupBy, delta, map, stateful, step } from '../../operators/index.js';
import {
  createEngine,
  type Engine,
  type EngineMemory,
  f64,
  fused,
  keyedTable,
  type Placement,
  struct,
  text,
  u32,
} from '../../src/index.js';
import { DEFAULT_CAPACITY } from '../../src/journal/index.js';

const Reading = struct({ id: u32, value: f64, place: text }, 'Reading');
const Count = struct({ n: f64 });
const MIB = 1024 * 1024;

const PLACEMENTS: readonly (readonly [string, 'inline' | 'worker', readonly [Placement, Placement]])[] = [
  ['inline', 'inline', ['inline', 'inline']],
  ['in one worker', 'worker', [{ worker: 'one' }, { worker: 'one' }]],
  ['in two workers', 'worker', [{ worker: 'one' }, { worker: 'two' }]],
];

/** Two stages with a keyed state each, the second with a table beside it. */
function build(engine: Engine, [first, second]: readonly [Placement, Placement], backend: 'js' | 'wasm') {
  const readings = engine.source(Reading, { name: 'readings', capacity: 64 });
  const sums = readings.stage(
    { name: 'sums', placement: first, backend, capacity: 128 },
    stateful(
      (r) => r.id,
      (r) => ({ id: r.id, sum: r.value }),
      (s, r) => {
        s.sum += r.value;
      },
      { maxKeys: 5_000 },
    ),
  );
  const changes = sums.stage(
    { name: 'changes', placement: second, backend },
    dedupBy((s) => s.id),
    step(
      (s, _state, emit, { seen }) => {
        seen.set(s.id, { n: s.sum });
        emit({ n: seen.size });
      },
      { out: Count, tables: { seen: keyedTable({ key: u32, value: Count, maxKeys: 6_000 }) } },
    ),
  );
  return { readings, sums, changes };
}

function feed(readings: { next(r: { id: number; value: number; place: string }): void }, keys: number): void {
  for (let id = 0; id < keys; id++) readings.next({ id, value: id, place: `place ${id % 7}` });
}

function find(memory: EngineMemory, kind: string, owner: string) {
  const found = memory.regions.filter((region) => region.kind === kind && region.owner === owner);
  return { count: found.length, ...found[0] };
}

/** That every byte which is taken is somebody's. */
function balances(engine: Engine, memory: EngineMemory): void {
  const sum = (of: 'bytes' | 'bound') => memory.regions.reduce((total, region) => total + region[of], 0);
  expect(memory.used).toBe(sum('bytes'));
  expect(memory.bound).toBe(sum('bound'));
  expect(memory.used + memory.free).toBe(memory.size);
  const own = memory.regions.find(({ kind }) => kind === 'arena')?.bytes ?? 0;
  expect(memory.used - own).toBe(engine.stats().memoryUsed);
  expect(memory.regions.filter(({ kind }) => kind === 'other')).toEqual([]);
  for (const { bytes, bound } of memory.regions) expect(bound).toBeGreaterThanOrEqual(bytes);
}

describe.each(PLACEMENTS)('engine.memory() of stages placed %s', (_, placement, places) => {
  describe.each(['js', 'wasm'] as const)('on the %s backend', (backend) => {
    it('lists every region by kind and owner, before the first record and while records come', async () => {
      await using engine = createEngine({ placement, memory: 32 * MIB, name: 'plant' });
      const { readings, changes } = build(engine, places, backend);
      engine.param(3);
      changes.subscribe(() => {});

      const before = engine.memory();
      balances(engine, before);
      expect(before.size).toBe(32 * MIB);
      expect(find(before, 'journal', 'readings').bytes).toBeGreaterThan(64 * 24);
      expect(find(before, 'journal', 'sums').bytes).toBeGreaterThan(128 * 16);
      expect(find(before, 'journal', 'changes').bytes).toBeGreaterThan(DEFAULT_CAPACITY * 8);
      for (const owner of ['sums', 'changes']) expect(find(before, 'counters', owner).count).toBe(1);
      for (const kind of ['text table', 'parameter', 'bell'])
        expect(find(before, kind, 'plant').count).toBe(1);
      const state = find(before, 'keyed state', 'sums');
      expect(state).toMatchObject({ operator: 'stateful', maxKeys: 5_000, entryBytes: 24, bytes: 0 });
      expect(state.bound).toBeGreaterThan(5_000 * (24 + 4));
      expect(state.bound).toBeLessThan(5_000 * (24 + 7) + 64 * 1024);
      expect(find(before, 'keyed table', 'changes')).toMatchObject({
        operator: 'step',
        table: 'seen',
        bytes: 0,
      });

      feed(readings, 3_000);
      await engine.idle();
      const during = engine.memory();
      balances(engine, during);
      expect(find(during, 'keyed state', 'sums').bytes).toBeGreaterThan(3_000 * 24);
      expect(find(during, 'keyed state', 'changes').bytes).toBeGreaterThan(3_000 * 16);
      expect(find(during, 'keyed table', 'changes').bytes).toBeGreaterThan(3_000 * 16);
      for (const kind of ['keyed state', 'keyed table']) {
        expect(find(during, kind, 'changes').bytes).toBeLessThan(3_000 * 50);
      }
      expect(during.bound).toBe(before.bound);
      // What was told before of modules has come true.
      const modules = (memory: EngineMemory) => memory.regions.filter(({ kind }) => kind === 'module');
      expect(modules(during).map(({ owner, bytes }) => ({ owner, bytes }))).toEqual(
        modules(before).map(({ owner, bound }) => ({ owner, bytes: bound })),
      );
      expect(modules(before).length > 0).toBe(backend === 'wasm');
    });

    it('no table takes more than its bound, at maxKeys', async () => {
      await using engine = createEngine({ placement, memory: 32 * MIB });
      const { readings, changes } = build(engine, places, backend);
      changes.subscribe(() => {});
      feed(readings, 5_000);
      await engine.idle();
      const { regions } = engine.memory();
      const state = regions.find(({ kind, owner }) => kind === 'keyed state' && owner === 'sums');
      expect(state?.bytes).toBeLessThanOrEqual(state?.bound ?? 0);
      expect(state?.bound).toBeLessThan(1.2 * (state?.bytes ?? 0));
    });
  });

  it('names the copies of a subscriber that may be lapped, and workers', async () => {
    await using engine = createEngine({ placement, memory: 32 * MIB });
    const { changes } = build(engine, places, 'wasm');
    const subscription = changes.observe({ overflow: 'drop-oldest' }).subscribe(() => {});
    const memory = engine.memory();
    balances(engine, memory);
    expect(find(memory, 'copies', 'changes').bytes).toBeGreaterThan(0);
    if (placement === 'worker') expect(find(memory, 'bell', 'engine/one').count).toBe(1);
    subscription.unsubscribe();
    expect(find(engine.memory(), 'copies', 'changes').count).toBe(0);
  });
});

describe.each(['inline', 'worker'] as const)(
  'a plan that can not fit, of an engine placed %s',
  (placement) => {
    const small = { placement, memory: 2 * MIB, maxTexts: 64, maxTextBytes: 1024 } as const;
    const plan = (...texts: string[]) =>
      expect.objectContaining({
        name: 'RangeError',
        code: 'MEMORY_PLAN',
        message: expect.stringMatching(new RegExp(texts.join('.*'))),
      });

    it('is refused by stage() for a maxKeys that was given, with part, bytes and maximum', async () => {
      await using engine = createEngine(small);
      const readings = engine.source(Reading, { capacity: 64 });
      const add = (maxKeys?: number) =>
        readings.stage(
          { name: `s${maxKeys}`, capacity: 64 },
          dedupBy((r) => r.id, maxKeys === undefined ? {} : { maxKeys }),
        );
      expect(() => add(200_000)).toThrowError(
        plan(
          'stage s200000',
          `has ${2 * MIB};`,
          'the keyed state of dedupBy of stage s200000, with maxKeys 200000: ',
        ),
      );
      // One that fits, and one left at its default, are good; the refused one has left nothing behind.
      expect(engine.memory().regions.filter(({ owner }) => owner === 's200000')).toEqual([]);
      add(20_000);
      add();
      const seen: number[] = [];
      add(10_000).subscribe(({ id }) => seen.push(id));
      feed(readings, 3);
      await engine.idle();
      expect(seen).toEqual([0, 1, 2]);
    });

    it('counts what the stages before have been promised', async () => {
      await using engine = createEngine(small);
      const readings = engine.source(Reading, { capacity: 64 });
      const add = () =>
        readings.stage(
          { capacity: 64 },
          dedupBy((r) => r.id, { maxKeys: 35_000 }),
        );
      add();
      expect(add).toThrowError(plan('with maxKeys 35000'));
    });

    it('is refused for a table of a step, by its name', async () => {
      await using engine = createEngine(small);
      const readings = engine.source(Reading, { capacity: 64 });
      const build = () =>
        readings.stage(
          { name: 'odd', capacity: 64 },
          step(
            (r, _state, emit, { rows }) => {
              rows.set(r.id, { n: r.value });
              emit({ n: rows.size });
            },
            { out: Count, tables: { rows: keyedTable({ key: u32, value: Count, maxKeys: 1_000_000 }) } },
          ),
        );
      expect(build).toThrowError(plan('the table rows of step of stage odd, with maxKeys 1000000'));
    });

    it('is refused for a journal, also if another part is in the way, which is named', async () => {
      await using engine = createEngine(small);
      expect(() => engine.source(Reading, { name: 'wide', capacity: 2 ** 20 })).toThrowError(
        plan('source wide', 'the journal of source wide: 25'),
      );
      const readings = engine.source(Reading, { name: 'readings', capacity: 2 ** 16 });
      expect(() =>
        readings.stage(
          { name: 'next', capacity: 2 ** 15 },
          map((r) => ({ v: r.value, w: r.value, x: r.value })),
        ),
      ).toThrowError(plan('stage next', 'the journal of readings: 15'));
    });

    it('does not keep subscriptions of fused() from sharing an engine', async () => {
      await using engine = createEngine(small);
      const Value = struct({ v: f64 });
      const results: number[] = [];
      const sources = Array.from({ length: 4 }, () => new Subject<{ v: number }>());
      for (const source of sources) {
        source
          .pipe(
            fused(
              Value,
              { engine, capacity: 64 },
              delta(
                (r) => r.v,
                (curr, prev) => prev && { v: curr.v },
                { maxKeys: 35_000 },
              ),
            ),
          )
          .subscribe(({ v }) => results.push(v));
      }
      for (const source of sources) for (const v of [1, 1]) source.next({ v });
      await engine.idle();
      expect(results).toEqual([1, 1, 1, 1]);
      for (const source of sources) source.complete();
    });
  },
);

describe.each(['inline', 'worker'] as const)('the memory of an engine placed %s', (placement) => {
  it('has 1 GiB unless told, and neither grows nor gets new views', async () => {
    const engine = createEngine({ placement });
    const { buffer, wasm, u8 } = engine.core.memory;
    expect(engine.stats().memorySize).toBe(1_073_741_824);
    expect(buffer.byteLength).toBe(1_073_741_824);
    expect(() => wasm.grow(1)).toThrowError(RangeError);
    const readings = engine.source(Reading);
    readings.stage(map((r) => ({ n: r.value }))).subscribe();
    for (let i = 0; i < 1_000; i++) readings.next({ id: i, value: i, place: 'here' });
    await engine.idle();
    expect(engine.core.memory.u8).toBe(u8);
    expect(u8.byteLength).toBe(1_073_741_824);
    await engine.close();
  });

  it('has what it was told, in whole pages, from 1 MiB to 4 GiB', async () => {
    const engine = createEngine({ placement, memory: 16 * MIB + 1 });
    expect(engine.stats().memorySize).toBe(16 * MIB + 65_536);
    await engine.close();
    for (const memory of [MIB - 1, 4_096 * MIB + 1, Number.NaN]) {
      expect(() => createEngine({ placement, memory })).toThrowError(
        expect.objectContaining({ code: expect.stringMatching(/^(MEMORY_SIZE|OPTION)$/) }),
      );
    }
  });
});
