// Lines that functions print: each of them, in the order of the stage that prints, however many there are.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { tap } from '../../operators/index.js';
import { createEngine } from '../../src/index.js';
import { Control, MAX_MESSAGES } from '../../src/runtime/messages.js';
import { spinUntil } from '../back-pressure/chains.js';
import { PLACEMENTS, Reading, reading, withEngine } from '../rx/pipelines.js';

const lines: string[] = [];
beforeEach(() => {
  lines.length = 0;
  vi.spyOn(console, 'log').mockImplementation((...values) => void lines.push(values.join(' ')));
});
afterEach(() => vi.restoreAllMocks());

/** More than a worker may have under way. */
const COUNT = 5_000;
const expected = (of: string) => Array.from({ length: COUNT }, (_, i) => `${of} ${i}`);
const of = (stage: string) => lines.filter((line) => line.startsWith(stage));

describe.each(PLACEMENTS)('an engine placed %s', (placement) => {
  it.each(['js', 'auto'] as const)('prints all lines of several stages by idle(), on %s', (backend) =>
    withEngine({ placement, backend, maxWorkers: 2 }, async (engine) => {
      const readings = engine.source(Reading, { capacity: 64 });
      const a = readings.stage(tap((r) => console.log('a', r.value)));
      a.stage(tap((r) => console.log('b', r.value))).subscribe();
      readings.stage(tap((r) => console.log('c', r.value)));
      for (let i = 0; i < COUNT; i++) readings.next(reading(1, i));
      await engine.idle();
      for (const stage of ['a', 'b', 'c']) expect(of(stage)).toEqual(expected(stage));
      expect(lines.length).toBe(3 * COUNT);
    }),
  );

  it('prints all lines by close(), and those of a function that throws, up to that', async () => {
    const engine = createEngine({ placement });
    const readings = engine.source(Reading);
    readings.stage(tap((r) => console.log('a', r.value)));
    const failing = readings.stage(
      tap((r) => {
        console.log('b', r.value);
        if (r.value === 1_500) throw new Error('no more');
      }),
    );
    failing.subscribe({ error: () => {} });
    for (let i = 0; i < COUNT; i++) readings.next(reading(1, i));
    await engine.close();
    expect(of('a')).toEqual(expected('a'));
    expect(of('b')).toEqual(expected('b').slice(0, 1_501));
  });
});

it.each(['lines', 'dead letters'] as const)(
  'a worker whose %s nobody takes waits with a bounded number of them, and loses none',
  (what) =>
    withEngine({ maxWorkers: 1 }, async (engine) => {
      const readings = engine.source(Reading);
      const letters: string[] = [];
      if (what === 'lines') readings.stage(tap((r) => console.log('a', r.value)));
      else {
        const throwing = tap((r: { value: number }) => {
          throw new Error(`a ${r.value}`);
        });
        const { deadLetters } = readings.stage({ onError: 'skip' }, throwing);
        deadLetters.subscribe(({ message }) => letters.push(message));
      }
      const {
        memory: { cells, i32 },
        pool,
      } = engine.core;
      const { control, bell } = pool.workers[0] as unknown as { control: number; bell: number };
      const sent = () => cells.load(i32, control + Control.SENT);
      for (let i = 0; i < COUNT; i++) readings.next(reading(1, i));
      readings.flush();
      // No event loop from here on: nobody handles what it posts. Unbounded, it would sleep with all of them sent.
      expect(spinUntil(() => sent() >= MAX_MESSAGES && cells.load(i32, bell) === 1)).toBe(true);
      expect(sent()).toBe(MAX_MESSAGES);
      await engine.idle();
      expect(what === 'lines' ? of('a') : letters).toEqual(expected('a'));
    }),
);
