import { describe, expect, it, vi } from 'vitest';
import { toArray, lastValueFrom } from 'rxjs';
import { map, step, filter } from '../../operators/index.js';
import { struct, f64, createEngine, WouldDeadlockError } from '../../src/index.js';
import { Reading, reading, withEngine, PLACEMENTS } from '../rx/pipelines.js';
const same = () => map((r: { value: number }) => ({ value: r.value }));
const sleep = (ms: number) => new Promise((r) => setTimeout(r, ms));
describe.each(PLACEMENTS)('probe %s', (placement) => {
  it('B1 complete in delivery while next waits', () => withEngine({ placement }, async (engine) => {
    const s = engine.source(Reading, { capacity: 2 });
    const seen: unknown[] = [];
    const done = new Promise<void>((resolve) => s.stage({ capacity: 2 }, same()).subscribe({ next: (r) => { seen.push(r.value); if (r.value === 3) s.complete(); }, complete: () => { seen.push('end'); resolve(); } }));
    for (let i = 0; i < 100; i++) s.next(reading(1, i));
    await done;
    const { recordsIn, ignored } = engine.stats().sources[0]!;
    console.log(placement, 'B1', seen.length, recordsIn, ignored);
    expect(recordsIn + ignored).toBe(100);
    expect(seen.length - 1).toBe(recordsIn);
  }), 8000);
  it('B2 open claim', () => withEngine({ placement }, async (engine) => {
    const s = engine.source(Reading, { capacity: 8 });
    const seen: number[] = [];
    s.stage(same()).subscribe((r) => seen.push(r.value));
    const w = s.writer();
    s.next(reading(1, 1));
    const rec = w.claim()!;
    s.next(reading(1, 2));
    await sleep(30);
    rec.value = 3;
    w.publish();
    await engine.idle();
    console.log(placement, 'B2', seen);
    expect(seen).toEqual([1, 2, 3]);
  }), 8000);
  it('B3 ready on full append', () => withEngine({ placement }, async (engine) => {
    const s = engine.source(Reading, { capacity: 2, retain: 'append' });
    s.stage(same());
    s.next(reading(1, 1)); s.next(reading(1, 2));
    await expect(s.consume([reading(1, 3)])).rejects.toMatchObject({ code: 'SOURCE_FULL' });
  }), 3000);
  it('B5 drop-oldest with exactly capacity', () => withEngine({ placement }, async (engine) => {
    const s = engine.source(Reading, {});
    const seen: number[] = [];
    s.stage({ capacity: 1 }, same()).observe({ overflow: 'drop-oldest' }).subscribe((r) => seen.push(r.value));
    s.next(reading(1, 7));
    s.flush();
    const t = Date.now(); while (Date.now() < t + 50);
    await engine.idle();
    console.log(placement, 'B5', seen, engine.stats().stages[0]?.dropped);
    expect(seen).toEqual([7]);
  }), 8000);
  it('B9 ready with a pull reader of the source', () => withEngine({ placement }, async (engine) => {
    const s = engine.source(Reading, { capacity: 2 });
    const reader = s.reader();
    s.next(reading(1, 1)); s.next(reading(1, 2));
    const ready = s.ready();
    await sleep(50);
    expect(reader.tryReceive()).toBeDefined();
    await ready;
  }), 3000);
  it('B10 inline pulled expanding', () => withEngine({ placement }, async (engine) => {
    const s = engine.source(Reading, { capacity: 16 });
    const st = s.stage({ capacity: 16 }, step((r: {value: number}, _s, emit) => { for (let i = 0; i < 3; i++) emit({ value: r.value * 3 + i }); }, { out: struct({ value: f64 }) }));
    const reader = st.reader();
    for (let i = 0; i < 10; i++) s.next(reading(1, i));
    s.complete();
    const got: number[] = [];
    for (;;) { const r = await reader.receive(); if (!r) break; got.push(r.value); }
    expect(got).toEqual(Array.from({ length: 30 }, (_, i) => i));
  }), 5000);
  it('B13 drop-newest only when held back', () => withEngine({ placement }, async (engine) => {
    const s = engine.source(Reading, { capacity: 4, overflow: 'drop-newest' });
    let n = 0;
    s.stage(same()).subscribe(() => { n++; });
    for (let i = 0; i < 100; i++) { s.next(reading(1, i)); if (placement === 'worker') { const t = performance.now(); while (performance.now() < t + 1); } }
    await engine.idle();
    console.log(placement, 'B13', n, engine.stats().sources[0]?.dropped);
    expect(n).toBe(100);
  }), 8000);
  it('B12 at once when the reader waits', () => withEngine({ placement }, async (engine) => {
    if (placement === 'inline') return;
    const s = engine.source(Reading);
    const st = s.stage(same());
    s.next(reading(1, 0)); await engine.idle();
    for (let i = 0; i < 1000; i++) s.next(reading(1, i));
    const t0 = Date.now(); while (Date.now() < t0 + 20);
    const base = engine.stats().stages[0]!.recordsIn;
    console.log('B12 base', base);
    s.next(reading(1, 1001));
    const t1 = Date.now(); while (Date.now() < t1 + 500 && engine.stats().stages[0]!.recordsIn < 1002);
    expect(engine.stats().stages[0]!.recordsIn).toBe(1002);
  }), 8000);
});
