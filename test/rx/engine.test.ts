// The life of an engine: idle, close, abort, keep-alive.
import process from 'node:process';
import type { WorkerOptions } from 'node:worker_threads';
import { lastValueFrom, toArray } from 'rxjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { dedupBy, map, step } from '../../operators/index.js';
import { createEngine, f64, struct } from '../../src/index.js';
import { bundleProgram, runProgram } from '../program.js';
import { PLACEMENTS, Reading, reading, withEngine } from './pipelines.js';

const same = () => map((r: { value: number }) => ({ value: r.value }));

describe.each(PLACEMENTS)('an engine placed %s', (placement) => {
  it('is idle once everything taken before has been delivered', () =>
    withEngine({ placement }, async (engine) => {
      const readings = engine.source(Reading);
      let seen = 0;
      readings
        .stage(same())
        .stage(same())
        .subscribe(() => {
          seen++;
        });
      await engine.idle();
      for (let i = 0; i < 30_000; i++) readings.next(reading(1, i));
      await engine.idle();
      expect(seen).toBe(30_000);
    }));

  it('completes subscribers on close, after all records', async () => {
    const engine = createEngine({ placement });
    const readings = engine.source(Reading);
    const all = lastValueFrom(readings.stage(same()).pipe(toArray()));
    for (let i = 0; i < 1_000; i++) readings.next(reading(1, i));
    await engine.close();
    expect(await all).toHaveLength(1_000);
    await engine.close();
    expect(() => engine.source(Reading)).toThrowError(expect.objectContaining({ code: 'ENGINE_CLOSED' }));
    readings.next(reading(1, 1));
  });

  it('closes in any state', async () => {
    await createEngine({ placement }).close();
    const unused = createEngine({ placement });
    unused.source(Reading).stage(same());
    await unused.close();
    const ended = createEngine({ placement });
    const readings = ended.source(Reading);
    readings.stage(same());
    readings.complete();
    await ended.close();
    const pulled = createEngine({ placement });
    const source = pulled.source(Reading, { capacity: 2 });
    source.stage({ capacity: 2 }, same()).reader();
    source.tryNext(reading(1, 1));
    source.tryNext(reading(1, 1));
    source.tryNext(reading(1, 1));
    await pulled.close();
  });

  it('takes a graph down when its signal aborts', () =>
    withEngine({ placement }, async (engine) => {
      const abort = new AbortController();
      const readings = engine.source(Reading);
      const stage = readings.stage({ signal: abort.signal }, same());
      const end = lastValueFrom(stage);
      readings.next(reading(1, 1));
      const reason = new Error('enough');
      abort.abort(reason);
      await expect(end).rejects.toBe(reason);
      readings.next(reading(1, 2));
      expect(engine.stats().stages).toEqual([]);
    }));

  it('refuses unknown and impossible options with the allowed ones', () => {
    expect(() => createEngine({ placement: 'elsewhere' as never })).toThrowError(/'worker', 'inline'/);
    expect(() => createEngine({ capcity: 3 } as never)).toThrowError(/capcity/);
  });
});

describe('an engine with workers', () => {
  it('starts workers without the options of the process', async () => {
    const threads = process.getBuiltinModule('node:worker_threads');
    const { Worker: Original } = threads;
    const given: unknown[] = [];
    threads.Worker = class extends Original {
      constructor(script: string | URL, options?: WorkerOptions) {
        super(script, options);
        given.push(options?.execArgv);
      }
    };
    try {
      await withEngine({ maxWorkers: 1 }, (engine) => {
        engine.source(Reading).stage(map((r) => ({ value: r.value })));
      });
    } finally {
      threads.Worker = Original;
    }
    expect(given).toEqual([[]]);
  });

  it('terminates a function that does not return, and says so', async () => {
    const engine = createEngine({ closeTimeoutMs: 300 });
    const readings = engine.source(Reading);
    const stage = readings.stage(
      { name: 'stuck' },
      step(
        () => {
          for (;;);
        },
        { out: struct({ v: f64 }) },
      ),
    );
    const end = lastValueFrom(stage);
    end.catch(() => {});
    readings.next(reading(1, 1));
    await expect(engine.close()).rejects.toMatchObject({
      code: 'CLOSE_TIMEOUT',
      message: expect.stringContaining('stuck'),
    });
    await expect(end).rejects.toMatchObject({ code: 'CLOSE_TIMEOUT' });
  });

  it('makes the death of a worker an error of its stages', () =>
    withEngine({}, async (engine) => {
      const readings = engine.source(Reading);
      const stage = readings.stage(
        { name: 'doomed' },
        map((r) => {
          // Reaches what no function should: the worker's process object.
          if (r.value === 3) [].constructor.constructor('process.exit(1)')();
          return { v: r.value };
        }),
      );
      const end = lastValueFrom(stage.pipe(toArray()));
      for (let i = 0; i < 5; i++) readings.next(reading(1, i));
      await expect(end).rejects.toMatchObject({ code: 'STAGE_FAILED', stage: 'doomed' });
    }));

  it('notices a dead worker while the main thread waits in next()', () =>
    withEngine({}, async (engine) => {
      const readings = engine.source(Reading, { capacity: 4 });
      const stage = readings.stage(
        { name: 'doomed', capacity: 4 },
        map((r) => {
          if (r.value === 1_000) [].constructor.constructor('process.exit(1)')();
          return { v: r.value };
        }),
      );
      const end = lastValueFrom(stage.pipe(toArray()));
      for (let i = 0; i < 50_000; i++) readings.next(reading(1, i));
      await expect(end).rejects.toMatchObject({ code: 'STAGE_FAILED' });
    }));

  it('places stages in named workers, and shares them when cores are short', () =>
    withEngine({ maxWorkers: 1 }, async (engine) => {
      const readings = engine.source(Reading);
      const a = readings.stage(same());
      const b = a.stage(same());
      const named = a.stage({ placement: { worker: 'alerts' } }, same());
      const back = named.stage({ placement: { worker: a.explain().placement } }, same());
      expect(b.explain().placement).toBe(a.explain().placement);
      expect(named.explain().placement).toBe('engine/alerts');
      const all = Promise.all([b, named, back].map((stage) => lastValueFrom(stage.pipe(toArray()))));
      for (let i = 0; i < 20_000; i++) readings.next(reading(1, i));
      readings.complete();
      for (const records of await all) expect(records).toHaveLength(20_000);
    }));

  it('gives the worker of a stage that was refused to the next one', () =>
    withEngine({ maxWorkers: 2 }, (engine) => {
      const readings = engine.source(Reading);
      const captured = 5;
      const refused = () => readings.stage(map((r) => ({ value: r.value > captured })));
      expect(refused).toThrowError(/captures variable captured/);
      expect(refused).toThrowError(/captures variable captured/);
      const first = readings.stage(same()).explain().placement;
      const second = readings.stage(same()).explain().placement;
      expect(second).not.toBe(first);
      expect(engine.core.pool.workers).toHaveLength(2);
    }));

  it('ranks workers in the order in which they were started, and gives the rank of one that ended to the next', () =>
    withEngine({}, async (engine) => {
      const { pool } = engine.core;
      const readings = engine.source(Reading);
      const ranks = () => pool.workers.map(({ rank }) => rank).sort();
      for (const worker of ['a', 'b', 'c']) readings.stage({ placement: { worker } }, same());
      expect(ranks()).toEqual([0, 1, 2]);
      const second = pool.workers.find(({ rank }) => rank === 1);
      await second?.terminate();
      expect(ranks()).toEqual([0, 2]);
      readings.stage({ placement: { worker: 'd' } }, same());
      expect(ranks()).toEqual([0, 1, 2]);
    }));

  it('runs an inline stage behind one in a worker', () =>
    withEngine({}, async (engine) => {
      const readings = engine.source(Reading);
      const inline = readings.stage(same()).stage({ placement: 'inline' }, same());
      const all = lastValueFrom(inline.pipe(toArray()));
      for (let i = 0; i < 40_000; i++) readings.next(reading(1, i));
      readings.complete();
      expect(await all).toHaveLength(40_000);
    }));

  it('flushes inline stages of an engine with workers too', () =>
    withEngine({}, (engine) => {
      const readings = engine.source(Reading);
      const values: number[] = [];
      readings.stage({ placement: 'inline' }, same()).subscribe((r) => values.push(r.value));
      readings.next(reading(1, 7));
      readings.flush();
      expect(values).toEqual([7]);
    }));

  it.each(['spin', 'hybrid', 'park'] as const)('delivers with the wait strategy %s', (wait) =>
    withEngine({ wait }, async (engine) => {
      const readings = engine.source(Reading);
      const stage = readings.stage(same());
      const reader = stage.reader();
      for (let i = 0; i < 20; i++) {
        readings.next(reading(1, i));
        expect(await reader.receive()).toEqual({ value: i });
        if (i % 10 === 9) await new Promise((resolve) => setTimeout(resolve, 5));
      }
    }),
  );

  it('names the code of the error that a stage failed with', () =>
    withEngine({}, async (engine) => {
      const readings = engine.source(Reading);
      const stage = readings.stage(dedupBy((r) => r.id, { maxKeys: 2 }));
      const end = lastValueFrom(stage);
      for (let i = 0; i < 3; i++) readings.next(reading(i, 1));
      await expect(end).rejects.toMatchObject({ operator: 'dedupBy', cause: { code: 'TABLE_FULL' } });
    }));

  it('refuses a worker in an inline engine, and a parameter of another engine', () =>
    withEngine({ placement: 'inline' }, (inline) =>
      withEngine({ placement: 'inline' }, (other) => {
        const readings = inline.source(Reading);
        expect(() => readings.stage({ placement: 'worker' }, same())).toThrowError(
          expect.objectContaining({ code: 'WORKER_IN_INLINE_ENGINE' }),
        );
        const factor = other.param(1);
        expect(() =>
          readings.stage(map((r, { factor }) => ({ v: r.value * factor }), { using: { factor } })),
        ).toThrowError(expect.objectContaining({ code: 'PARAM_OF_ANOTHER_ENGINE' }));
      }),
    ));
});

describe('a process', () => {
  let program = '';
  beforeAll(async () => {
    program = await bundleProgram('test/rx/process-program.ts');
  });

  const run = async (use: string) => {
    const { code, stdout, stderr } = await runProgram(program, [use], 20_000);
    if (code !== 0) throw new Error(`it ended with ${code}\n${stderr}`);
    return stdout.trim();
  };

  it('stays until everything has been delivered, and no longer, though nobody closes the engine', async () => {
    expect(await run('much to deliver')).toBe('100000\nover');
  });

  it.each([
    'a pull reader that nobody reads',
    'a subscriber of a source that never ends',
    'a failed stage that nobody was told of',
    'a worker that spins',
    'an inline engine',
    'a fused() whose input never ends',
  ])('ends by itself with %s', async (use) => {
    expect(await run(use)).toBe('over');
  });
});
