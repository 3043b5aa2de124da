import { expect, it } from 'vitest';
import { map, step, filter } from '../../operators/index.js';
import { struct, f64, createEngine, WouldDeadlockError } from '../../src/index.js';
import { Reading, reading, withEngine } from '../rx/pipelines.js';
const same = () => map((r: { value: number }) => ({ id: 1, ts: 0, value: r.value }));
const which = process.env.PROBE;
it.runIf(which === 'B6')('B6', () => withEngine({ placement: 'worker', maxWorkers: 1 }, async (engine) => {
  const x = engine.source(Reading, { capacity: 4 });
  const y = engine.source(Reading, { capacity: 4 });
  let n = 0;
  x.stage({ capacity: 4 }, same()).subscribe(y);
  y.stage({ capacity: 4 }, same()).subscribe(() => { n++; });
  for (let i = 0; i < 10_000; i++) x.next(reading(1, i));
  x.complete();
  await engine.idle();
  await engine.idle();
  expect(n).toBe(10_000);
}));
it.runIf(which === 'B7')('B7', () => withEngine({ placement: 'inline' }, async (engine) => {
  const x = engine.source(Reading, { capacity: 4 });
  const st = x.stage({ onError: 'skip' }, map((r) => { if (r.value > 0) throw new Error('x'); return { value: r.value }; }));
  st.deadLetters.subscribe((l) => { for (let i = 0; i < 10; i++) x.next(reading(1, 0)); });
  x.next(reading(1, 1));
  x.flush();
  await engine.idle();
}));
it.runIf(which === 'B11')('B11', () => withEngine({ placement: 'worker' }, async (engine) => {
  const x = engine.source(Reading, { capacity: 4 });
  const st = x.stage({ capacity: 4 }, filter((r) => r.value < 4));
  const reader = st.reader();
  for (let i = 0; i < 10000; i++) x.next(reading(1, i));
  x.complete();
  let n = 0;
  while (await reader.receive()) n++;
  expect(n).toBe(4);
}));
it.runIf(which === 'B11b')('B11b two pipelines, one unread', () => withEngine({ placement: 'worker', maxWorkers: 1 }, async (engine) => {
  const x = engine.source(Reading, { capacity: 4 });
  const y = engine.source(Reading, { capacity: 4 });
  const reader = x.stage({ capacity: 4 }, same()).reader();
  let n = 0;
  y.stage({ capacity: 4 }, same()).subscribe(() => { n++; });
  for (let i = 0; i < 8; i++) x.tryNext(reading(1, i));
  await new Promise((r) => setTimeout(r, 50));
  for (let i = 0; i < 100; i++) y.next(reading(1, i));
  y.complete();
  expect(n).toBeGreaterThan(50);
}));
