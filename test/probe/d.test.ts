import { expect, it } from 'vitest';
import { map, step } from '../../operators/index.js';
import { f64, struct, type Placement } from '../../src/index.js';
import { Reading, reading, withEngine } from '../rx/pipelines.js';
const same = () => map((r: { value: number }) => ({ id: 1, ts: 0, value: r.value }));
it.each([['a', 'inline', 'b'], ['inline', 'a', 'inline'], ['a','b','a'], ['inline','a','a'], ['a','inline','a']])('mixed %s %s %s', (...p) => withEngine({}, async (engine) => {
  const pl = (x: string) => (x === 'inline' ? 'inline' : { worker: x }) as never;
  const s = engine.source(Reading, { capacity: 4 });
  const c = s.stage({ capacity: 4, placement: pl(p[0]!) }, same()).stage({ capacity: 4, placement: pl(p[1]!) }, same()).stage({ capacity: 4, placement: pl(p[2]!) }, same());
  const reader = c.reader();
  let n = 0;
  try { for (;;) { s.next(reading(1, n)); n++; } } catch (e) { expect(e).toMatchObject({ code: 'WOULD_DEADLOCK' }); }
  console.log(p.join(), n);
  s.complete();
  const got: number[] = [];
  for (;;) { const r = await reader.receive(); if (!r) break; got.push(r.value); }
  expect(got).toEqual(Array.from({ length: n }, (_, i) => i));
  await engine.idle();
}), 15000);
it.each([['a', 'inline', 'b'], ['inline', 'a', 'inline']])('mixed burst %s %s %s', (...p) => withEngine({}, async (engine) => {
  const pl = (x: string) => (x === 'inline' ? 'inline' : { worker: x }) as never;
  const s = engine.source(Reading, { capacity: 1 });
  const burst = () => step((r: { value: number }, _s, emit) => { for (let i = 0; i < 30; i++) emit({ value: r.value * 30 + i }); }, { out: struct({ value: f64 }) });
  const c = s.stage({ capacity: 1, placement: pl(p[0]!) }, burst()).stage({ capacity: 1, placement: pl(p[1]!) }, burst()).stage({ capacity: 1, placement: pl(p[2]!) }, same());
  const got: number[] = [];
  c.subscribe((r) => got.push(r.value));
  s.next(reading(1, 0)); s.next(reading(1, 1));
  await engine.idle();
  expect(got).toEqual(Array.from({ length: 1800 }, (_, i) => i));
}), 15000);
