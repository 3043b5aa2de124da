// progress as it is followed: what changes() and log() say and when, by a clock that the tests turn.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { progress } from '../../operators/index.js';
import { createEngine, type Engine, openProgress, struct, u32 } from '../../src/index.js';
import { codeOf } from '../thrown.js';

const Item = struct({ n: u32 });

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe.each(['js', 'wasm'] as const)('progress on %s', (backend) => {
  /** Something that counts, and how to let records pass. */
  async function counting(body: (engine: Engine, pass: (records: number) => void) => void): Promise<void> {
    const engine = createEngine({ placement: 'inline', backend });
    const source = engine.source(Item);
    source.stage(progress('items'));
    body(engine, (records) => {
      for (let n = 0; n < records; n++) source.next({ n });
      engine.flush();
    });
    await engine.close();
  }

  it('tells of changes every so often, with the rate since the time before', () =>
    counting((engine, pass) => {
      const seen: object[] = [];
      const items = engine.progress('items');
      const following = items.changes(500).subscribe((value) => seen.push(value));
      vi.advanceTimersByTime(499);
      expect(seen).toEqual([]);
      vi.advanceTimersByTime(1);
      expect(seen).toEqual([{ count: 0, rate: 0, average: 0, elapsedMs: 0 }]);
      pass(100);
      vi.advanceTimersByTime(500);
      pass(300);
      // Who asks in between has a rate of its own.
      vi.advanceTimersByTime(300);
      expect(items.read().rate).toBeCloseTo(400 / 0.8, 5);
      vi.advanceTimersByTime(200);
      vi.advanceTimersByTime(500);
      expect(seen.slice(1)).toMatchObject([
        {
          count: 100,
          rate: expect.closeTo(200, 5),
          average: expect.closeTo(200, 5),
          elapsedMs: expect.closeTo(500, 5),
        },
        {
          count: 400,
          rate: expect.closeTo(600, 5),
          average: expect.closeTo(400, 5),
          elapsedMs: expect.closeTo(1_000, 5),
        },
        { count: 400, rate: 0, average: expect.closeTo(400 / 1.5, 5), elapsedMs: expect.closeTo(1_500, 5) },
      ]);
      following.unsubscribe();
      vi.advanceTimersByTime(5_000);
      expect(seen.length).toBe(4);
      expect(vi.getTimerCount()).toBe(0);
    }));

  it('tells each who follows it the rate since it told that one, once a second unless told', () =>
    counting((engine, pass) => {
      const rates: [number[], number[]] = [[], []];
      const items = engine.progress('items');
      const first = items.changes().subscribe(({ rate }) => rates[0].push(Math.round(rate)));
      pass(50);
      vi.advanceTimersByTime(500);
      const second = openProgress(items.handle)
        .changes(500)
        .subscribe(({ rate }) => rates[1].push(Math.round(rate)));
      pass(250);
      vi.advanceTimersByTime(1_500);
      expect(rates).toEqual([
        [300, 0],
        [300, 0, 0],
      ]);
      first.unsubscribe();
      second.unsubscribe();
    }));

  it('prints a line while records pass, and none while they do not', () =>
    counting((engine, pass) => {
      const lines: string[] = [];
      const items = engine.progress('items');
      const stop = items.log(1_000, (line) => lines.push(line));
      vi.advanceTimersByTime(3_000);
      expect(lines).toEqual([]);
      pass(1_500);
      vi.advanceTimersByTime(1_000);
      vi.advanceTimersByTime(1_000);
      pass(500);
      vi.advanceTimersByTime(1_000);
      stop();
      pass(500);
      vi.advanceTimersByTime(1_000);
      expect(lines).toEqual([
        'items: 1,500 records, 1,500/s, on average 1,500/s',
        'items: 2,000 records, 500/s, on average 667/s',
      ]);
    }));

  it('prints to the console unless told', () =>
    counting((engine, pass) => {
      const lines: unknown[][] = [];
      const log = vi.spyOn(console, 'log').mockImplementation((...line) => void lines.push(line));
      try {
        const stop = engine.progress('items').log();
        pass(10);
        vi.advanceTimersByTime(2_000);
        stop();
      } finally {
        log.mockRestore();
      }
      expect(lines).toEqual([['items: 10 records, 10/s, on average 10/s']]);
    }));

  it('refuses times that no timer has', () =>
    counting((engine) => {
      const items = engine.progress('items');
      for (const everyMs of [0, 0.5, -1, Number.NaN, 2 ** 31, '10'] as number[]) {
        expect(codeOf(() => items.changes(everyMs))).toBe('OPTION');
        expect(codeOf(() => items.log(everyMs))).toBe('OPTION');
      }
    }));
});

it('who follows progress does not hold the process', async () => {
  vi.useRealTimers();
  const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
  const engine = createEngine({ placement: 'inline' });
  const before = timers();
  const following = engine.progress('items').changes(60_000).subscribe();
  const stop = engine.progress('items').log(60_000);
  expect(timers()).toBe(before);
  const held = setInterval(() => {}, 60_000);
  expect(timers()).toBe(before + 1);
  clearInterval(held);
  following.unsubscribe();
  stop();
  await engine.close();
});
