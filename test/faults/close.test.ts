// close() in every state: it settles, delivers what it can, tells what it could not, and leaves nothing.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { map, step, tap } from '../../operators/index.js';
import { createEngine, type Engine, f64, struct } from '../../src/index.js';
import { collect, leavingNothing, PLACEMENTS, Reading, reading, rejection, settles } from './kit.js';

const same = () => map((r: { value: number }) => ({ value: r.value }));
const upTo = (n: number) => Array.from({ length: n }, (_, i) => ({ value: i }));

/** Never returns for a record with the value 3. */
const stuck = () =>
  step<{ value: number }, { value: number }>(
    (r, _state, emit) => {
      if (r.value === 3) console.log('stuck');
      while (r.value === 3);
      emit({ value: r.value });
    },
    { out: struct({ value: f64 }) },
  );

/** What functions have printed. */
let lines: string[] = [];

beforeEach(() => {
  lines = [];
  vi.spyOn(console, 'log').mockImplementation((line: string) => {
    lines.push(line);
  });
});

afterEach(() => {
  vi.restoreAllMocks();
});

const failing = () =>
  tap((r: { value: number }) => {
    if (r.value === 3) throw new Error('three');
  });

describe.each(PLACEMENTS)('close() of an engine placed %s', (placement) => {
  const closing = (run: (engine: Engine) => Promise<void>) => leavingNothing({ placement }, run);

  it('settles before there is any source, with a source only, and with stages that saw no record', async () => {
    await closing((engine) => settles(engine.close()));
    await closing(async (engine) => {
      const { end } = collect(engine.source(Reading));
      await settles(engine.close());
      expect(await settles(end)).toBeUndefined();
    });
    await closing(async (engine) => {
      const stage = engine.source(Reading).stage(same());
      const ends = [collect(stage), collect(stage.stage(same()))].map(({ end }) => end);
      // At once: the workers are just starting.
      await settles(engine.close());
      expect(await settles(Promise.all(ends))).toEqual([undefined, undefined]);
    });
  });

  it('delivers everything that was taken, and then completes', () =>
    closing(async (engine) => {
      const readings = engine.source(Reading, { capacity: 64 });
      const stage = readings.stage({ capacity: 64 }, same());
      const outcomes = [collect(stage), collect(stage.stage({ capacity: 1 }, same()))];
      for (let i = 0; i < 20_000; i++) readings.next(reading(1, i));
      await settles(engine.close(), 30_000);
      for (const { values, end } of outcomes) {
        expect(await settles(end)).toBeUndefined();
        expect(values).toEqual(upTo(20_000));
      }
    }));

  it('returns the same promise however often and from wherever it is called', () =>
    closing(async (engine) => {
      const readings = engine.source(Reading);
      const calls: Promise<void>[] = [];
      const call = () => calls.push(engine.close());
      readings.stage(same()).subscribe({
        next: (r) => {
          if (r.value === 10) call();
        },
        complete: call,
      });
      readings.stage({ name: 'failing' }, failing()).subscribe({ error: call });
      const lenient = readings.stage({ onError: 'skip' }, failing());
      lenient.deadLetters.subscribe(call);
      for (let i = 0; i < 100; i++) readings.next(reading(1, i));
      readings.flush();
      call();
      call();
      await settles(Promise.all(calls));
      await vi.waitUntil(() => calls.length === 6);
      expect(new Set(calls).size).toBe(1);
    }));

  it('within a delivery ends the source there: later records are ignored, those before are delivered', () =>
    closing(async (engine) => {
      const readings = engine.source(Reading);
      const stage = readings.stage(same());
      const { values, end } = collect(stage);
      let closed: Promise<void> | undefined;
      stage.subscribe((r) => {
        if (r.value === 10) closed = engine.close();
      });
      let taken = 0;
      for (; closed === undefined; taken++) {
        readings.next(reading(1, taken));
        if (taken % 100 === 99) await new Promise((resolve) => setImmediate(resolve));
      }
      readings.next(reading(1, -1));
      await settles(closed);
      expect(await settles(end)).toBeUndefined();
      // The last one may have found the source ended while it waited for room.
      expect([taken, taken - 1]).toContain(values.length);
      expect(values).toEqual(upTo(values.length));
    }));

  it('frees whoever waits: for room, for a record, for idleness, in a loop over records', () =>
    closing(async (engine) => {
      const readings = engine.source(Reading, { capacity: 4 });
      const stage = readings.stage({ capacity: 4 }, same());
      const unread = stage.reader();
      const reader = stage.stage({ capacity: 4 }, failing()).reader();
      for (let i = 0; i < 4; i++) readings.tryNext(reading(1, 0));
      async function* endless() {
        for (;;) yield reading(1, 0);
      }
      const consumed = readings.consume(endless());
      const idle = engine.idle();
      const iterated = (async () => {
        let count = 0;
        for await (const _ of stage) count++;
        return count;
      })();
      const received = (async () => {
        let count = 0;
        while ((await reader.receive()) !== undefined) count++;
        return count;
      })();
      await new Promise((resolve) => setTimeout(resolve, 30));
      const ready = readings.ready();
      await settles(engine.close());
      await settles(ready);
      await settles(idle);
      expect(await settles(consumed)).toBeGreaterThanOrEqual(0);
      expect(await settles(received)).toBeGreaterThanOrEqual(0);
      expect(await settles(iterated)).toBeGreaterThanOrEqual(0);
      expect(unread.isDone).toBe(true);
    }));

  it('resolves idle() that a pull reader had held up', () =>
    leavingNothing({ placement }, async (engine) => {
      const readings = engine.source(Reading, { capacity: 2 });
      readings.stage({ capacity: 2 }, same()).reader();
      let taken = 0;
      // More than the journals hold: something is under way as long as nobody reads.
      while (taken < 4) {
        if (readings.tryNext(reading(1, taken))) taken++;
        else await new Promise((resolve) => setImmediate(resolve));
      }
      const idle = engine.idle();
      await settles(engine.close());
      await settles(idle);
    }));

  it('rejects with the error of a stage that nobody was told of, and resolves if somebody was', async () => {
    await closing(async (engine) => {
      const readings = engine.source(Reading);
      readings.stage({ name: 'silent' }, failing());
      for (let i = 0; i < 5; i++) readings.next(reading(1, i));
      expect(await rejection(engine.close())).toMatchObject({ code: 'STAGE_FAILED', stage: 'silent' });
    });
    await closing(async (engine) => {
      const readings = engine.source(Reading);
      const { end } = collect(readings.stage(failing()));
      for (let i = 0; i < 5; i++) readings.next(reading(1, i));
      await settles(engine.close());
      expect(await settles(end)).toMatchObject({ code: 'STAGE_FAILED' });
    });
    await closing(async (engine) => {
      const readings = engine.source(Reading);
      readings.stage(failing());
      for (let i = 0; i < 5; i++) readings.next(reading(1, i));
      expect(await rejection(engine.idle())).toMatchObject({ code: 'STAGE_FAILED' });
      await settles(engine.close());
    });
  });

  it('is the end of `await using` too, and refuses what comes later', async () => {
    let kept: Engine | undefined;
    let completed = false;
    const later: Array<() => unknown> = [];
    {
      await using engine = createEngine({ placement });
      kept = engine;
      const readings = engine.source(Reading);
      const stage = readings.stage(same());
      stage.subscribe({
        complete: () => {
          completed = true;
        },
      });
      readings.next(reading(1, 1));
      later.push(
        () => engine.source(Reading),
        () => readings.stage(same()),
        () => stage.reader(),
        () => engine.param(1),
      );
      readings.next(reading(1, 2));
    }
    expect(completed).toBe(true);
    for (const use of later) expect(use).toThrowError(expect.objectContaining({ code: 'ENGINE_CLOSED' }));
    expect(kept.stats().sources).toEqual([]);
    kept.flush();
    await settles(kept.idle());
  });
});

describe('close() of an engine with workers', () => {
  it('takes closeTimeoutMs where a function never returns, and names it; others get all their records', () =>
    leavingNothing({ closeTimeoutMs: 400 }, async (engine) => {
      const readings = engine.source(Reading);
      const others = engine.source(Reading);
      const loop = readings.stage({ name: 'loop', placement: { worker: 'l' } }, stuck());
      const looping = collect(loop);
      const behind = collect(loop.stage({ name: 'behind', placement: { worker: 'b' } }, same()));
      const sibling = collect(readings.stage({ placement: { worker: 's' } }, same()));
      const other = collect(others.stage({ placement: { worker: 's' } }, same()));
      for (let i = 0; i < 10; i++) {
        readings.next(reading(1, i));
        others.next(reading(1, i));
      }
      const idle = engine.idle();
      const counts = () => [sibling, other].map(({ values }) => values.length);
      await vi.waitUntil(() => lines.includes('stuck') && counts().every((n) => n === 10), 20_000);
      const start = performance.now();
      const error = await rejection(engine.close());
      expect(error).toMatchObject({ code: 'CLOSE_TIMEOUT' });
      expect((error as Error).message).toBe(
        'Cannot close the engine in order: stage loop did not finish within 400 ms and was terminated',
      );
      expect(performance.now() - start).toBeGreaterThanOrEqual(400);
      await settles(idle);
      const timeout = { code: 'CLOSE_TIMEOUT' };
      expect(await settles(looping.end)).toMatchObject(timeout);
      expect(await settles(behind.end)).toMatchObject(timeout);
      expect(await settles(other.end)).toBeUndefined();
      expect(other.values).toEqual(upTo(10));
      await settles(sibling.end);
      expect(sibling.values).toEqual(upTo(10));
    }));

  it('ends what several functions that never return have of it, in one time', () =>
    leavingNothing({ closeTimeoutMs: 300 }, async (engine) => {
      const ends = ['a', 'b', 'c'].map((name) => {
        const readings = engine.source(Reading);
        const { end } = collect(readings.stage({ name, placement: { worker: name } }, stuck()));
        readings.next(reading(1, 3));
        return end;
      });
      expect(await rejection(engine.close())).toMatchObject({
        message: expect.stringMatching(/stage a, stage b, stage c did not finish/),
      });
      for (const end of ends) expect(await settles(end)).toMatchObject({ code: 'CLOSE_TIMEOUT' });
    }));

  it('is not kept by a worker that is dead, by one that dies meanwhile, or by what they had taken', () =>
    leavingNothing({}, async (engine, workers) => {
      const pipelines = ['a', 'b'].map((name) => {
        const readings = engine.source(Reading);
        const outcome = collect(readings.stage({ name, placement: { worker: name } }, same()));
        for (let i = 0; i < 10_000; i++) readings.next(reading(1, i));
        return outcome;
      });
      await workers[0]?.terminate();
      const closed = engine.close();
      void workers[1]?.terminate();
      await settles(closed);
      expect(await settles(pipelines[0]?.end as Promise<unknown>)).toMatchObject({ stage: 'a' });
      // It may have been through with its work before.
      const end = await settles(pipelines[1]?.end as Promise<unknown>);
      if (end !== undefined) expect(end).toMatchObject({ stage: 'b' });
    }));

  it('is not kept by a function that never returns in a pipeline that was aborted before', () =>
    leavingNothing({ closeTimeoutMs: 300 }, async (engine) => {
      const abort = new AbortController();
      const readings = engine.source(Reading);
      const { end } = collect(readings.stage({ name: 'gone', signal: abort.signal }, stuck()));
      for (let i = 0; i < 5; i++) readings.next(reading(1, i));
      await vi.waitUntil(() => lines.includes('stuck'), 10_000);
      abort.abort(new Error('enough'));
      expect(await settles(end)).toMatchObject({ message: 'enough' });
      const error = await rejection(engine.close());
      expect(error).toMatchObject({ code: 'CLOSE_TIMEOUT', message: expect.stringContaining('stage gone') });
    }));

  it('delivers all lines and dead letters that workers had on the way', async () => {
    const letters: number[] = [];
    await leavingNothing({}, async (engine) => {
      const readings = engine.source(Reading);
      const stage = readings.stage(
        { onError: 'skip' },
        tap((r) => {
          console.log(`line ${r.value}`);
          throw new Error('no');
        }),
      );
      stage.deadLetters.subscribe(({ sequence = -1 }) => letters.push(sequence));
      for (let i = 0; i < 3_000; i++) readings.next(reading(1, i));
      await settles(engine.close(), 30_000);
    });
    expect(lines).toEqual(Array.from({ length: 3_000 }, (_, i) => `line ${i}`));
    expect(letters).toEqual(Array.from({ length: 3_000 }, (_, i) => i));
  });
});
