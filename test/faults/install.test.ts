// A thread that can't set a stage up: an error of that stage and of those behind it, and of nothing else.
import process from 'node:process';
import { describe, expect, it, vi } from 'vitest';
import { map, stateful } from '../../operators/index.js';
import { type Engine, type EngineOptions, StageError } from '../../src/index.js';
import { RegionKind } from '../../src/memory/index.js';
import { collect, leavingNothing, PLACEMENTS, Reading, reading, rejection, settles } from './kit.js';

const same = () => map((r: { value: number }) => ({ value: r.value }));
const counts = () =>
  stateful(
    (r: { id: number; value: number }) => r.id,
    (r) => ({ id: r.id, n: 1 }),
    (s) => {
      s.n++;
    },
  );

/** Takes all memory of an engine that it can have, until it is given back. */
function hoard({ core: { arena } }: Engine): () => void {
  const taken: number[] = [];
  for (let words = 1 << 26; words >= 1; words >>>= 1) {
    for (;;) {
      try {
        taken.push(arena.allocate(words, 'a hoard'));
      } catch {
        break;
      }
    }
  }
  return () => {
    for (const region of taken) arena.free(region);
  };
}

describe.each(PLACEMENTS)('a stage placed %s that there is no memory for when it is set up', (placement) => {
  const options: EngineOptions = { placement, backend: 'js', memory: 64 * 1024 * 1024, maxWorkers: 3 };

  it('ends with an error that says so, and those behind it; siblings and the source go on', () =>
    leavingNothing(options, async (engine) => {
      const readings = engine.source(Reading, { capacity: 8 });
      const behind = readings.stage({ name: 'counting', capacity: 8 }, counts()).stage(
        { name: 'behind' },
        map((r: { n: number }) => ({ n: r.n })),
      );
      const { end, values } = collect(behind);
      const sibling = collect(readings.stage({ name: 'sibling', capacity: 8 }, same()));
      const giveBack = hoard(engine);
      // Far more than the journals hold: a stage that is not there must not hold anybody up.
      for (let i = 0; i < 200; i++) readings.next(reading(1, i));
      const error = (await settles(end)) as StageError;
      giveBack();
      expect(error).toBeInstanceOf(StageError);
      expect(error).toMatchObject({ code: 'STAGE_FAILED', stage: 'counting' });
      expect(error.cause).toMatchObject({
        code: 'OUT_OF_MEMORY',
        message: expect.stringContaining('counting'),
      });
      expect(values).toEqual([]);
      readings.complete();
      expect(await settles(sibling.end)).toBeUndefined();
      expect(sibling.values).toHaveLength(200);
      expect(engine.stats().stages.map(({ name, state }) => [name, state])).toEqual([
        ['counting', 'error'],
        ['behind', 'error'],
        ['sibling', 'complete'],
      ]);
    }));

  it('is told by idle() if nobody subscribed to it', () =>
    leavingNothing(options, async (engine) => {
      const readings = engine.source(Reading);
      readings.stage({ name: 'counting' }, counts());
      const giveBack = hoard(engine);
      readings.next(reading(1, 1));
      const error = await rejection(engine.idle());
      giveBack();
      expect(error).toMatchObject({ code: 'STAGE_FAILED', stage: 'counting' });
      await settles(engine.idle());
    }));
});

const threads = process.getBuiltinModule('node:worker_threads');

/** Runs with workers in which something is not as it should be: code that they begin with. */
async function withWorkersThatBeginWith(code: string, run: () => Promise<void>): Promise<void> {
  const { Worker: Original } = threads;
  threads.Worker = class extends Original {
    constructor(...[script, options]: ConstructorParameters<typeof Original>) {
      super(`${code};\n${script}`, options);
    }
  };
  try {
    await run();
  } finally {
    threads.Worker = Original;
  }
}

describe('a worker', () => {
  it.each([
    [
      'makes no WebAssembly instance',
      'auto',
      'WebAssembly.Instance = class { constructor() { throw new RangeError("one too many"); } }',
      /RangeError: one too many/,
    ],
    [
      'may not generate code',
      'js',
      'globalThis.Function = class { constructor() { throw new EvalError("forbidden"); } }',
      /Cannot generate .*: this environment forbids/,
    ],
  ] as const)('that %s says so, lives on, and holds nobody up', (_, backend, code, why) =>
    withWorkersThatBeginWith(code, () =>
      leavingNothing({ maxWorkers: 1, backend }, async (engine, workers) => {
        const readings = engine.source(Reading, { capacity: 8 });
        const { memoryUsed } = engine.stats();
        const abort = new AbortController();
        const refused = readings.stage({ name: 'refused', capacity: 8, signal: abort.signal }, counts());
        const together = collect(refused.stage({ name: 'together', capacity: 8 }, counts()));
        const self = collect(refused);
        const inline = collect(readings.stage({ placement: 'inline', backend: 'js' }, same()));
        for (let i = 0; i < 200; i++) readings.next(reading(1, i));
        for (const { end, values } of [self, together]) {
          const error = (await settles(end)) as StageError;
          expect(error).toBeInstanceOf(StageError);
          expect(error).toMatchObject({ code: 'STAGE_FAILED', message: expect.stringMatching(why) });
          expect(values).toEqual([]);
        }
        await settles(engine.idle());
        expect(inline.values).toHaveLength(200);
        // The pipeline can be taken down, and what it had is given back while its worker lives.
        abort.abort(new Error('enough'));
        await vi.waitUntil(() => engine.stats().memoryUsed < memoryUsed, { timeout: 5_000, interval: 1 });
        expect(workers).toHaveLength(1);
        expect(workers[0]?.threadId).not.toBe(-1);
      }),
    ),
  );
});

describe('a group of which one stage can be set up and another not', () => {
  it.each(['js', 'wasm'] as const)('gives back what the first one had taken, the other on %s', (backend) =>
    leavingNothing({ placement: 'inline' }, async (engine) => {
      const readings = engine.source(Reading);
      const first = readings.stage({ name: 'first', backend: 'js' }, counts());
      const second = first.stage(
        { name: 'second', backend: backend === 'js' ? 'js' : 'auto' },
        stateful(
          (r) => r.id,
          (r) => ({ id: r.id, n: r.n }),
          () => {},
        ),
      );
      expect(second.explain().operators.map((operator) => operator.backend)).toEqual([backend]);
      const { end } = collect(second);
      const { arena } = engine.core;
      const allocate = arena.allocate.bind(arena);
      const taken: string[] = [];
      // The stages behind are set up first, but for modules, which come last.
      const failsAt = backend === 'js' ? /first/ : /second/;
      vi.spyOn(arena, 'allocate').mockImplementation((words, what, use) => {
        if (/first|second/.test(what) && !what.startsWith('the module')) {
          if (failsAt.test(what)) throw new RangeError(`no room for ${what}`);
          taken.push(what);
        }
        return allocate(words, what, use);
      });
      readings.next(reading(1, 1));
      readings.flush();
      expect(await settles(end)).toMatchObject({ message: expect.stringMatching(/no room for/) });
      expect(taken).not.toEqual([]);
    }),
  );
});

describe.each(['js', 'wasm'] as const)('a stage of two operators with tables, on %s,', (backend) => {
  it('gives back what it had taken, wherever there is no room for more', () =>
    leavingNothing({ placement: 'inline' }, async (engine) => {
      const { arena } = engine.core;
      const allocate = arena.allocate.bind(arena);
      const spy = vi.spyOn(arena, 'allocate');
      /** Sets a stage up that gets so many parts of its tables; what it failed with, and how many it asked for. */
      const setUp = async (parts: number) => {
        const abort = new AbortController();
        const readings = engine.source(Reading);
        const stage = readings.stage(
          { name: 'both', backend: backend === 'js' ? 'js' : 'auto', signal: abort.signal },
          counts(),
          stateful(
            (r) => r.n,
            (r) => ({ n: r.n }),
            () => {},
          ),
        );
        expect(stage.explain().operators.map((operator) => operator.backend)).toEqual([backend, backend]);
        const { end } = collect(stage);
        let asked = 0;
        spy.mockImplementation((words, what, use) => {
          if (what.includes('stateful') && ++asked > parts) throw new RangeError(`no room for ${what}`);
          return allocate(words, what, use);
        });
        readings.next(reading(1, 1));
        readings.flush();
        spy.mockImplementation(allocate);
        const failed = engine.stats().stages[0]?.state === 'error';
        if (failed) {
          expect(await settles(end)).toMatchObject({ message: expect.stringMatching(/no room for/) });
          expect(tables(engine)).toEqual([]);
        }
        abort.abort(new Error('enough'));
        expect(tables(engine)).toEqual([]);
        return { failed, asked };
      };
      let parts = 0;
      while ((await setUp(parts)).failed) parts++;
      // The header of each table and what hangs on it.
      expect(parts).toBeGreaterThan(4);
    }));
});

/** What is taken of an engine's memory for keyed tables. */
function tables({ core }: Engine): unknown[] {
  return core.arena.blocks().filter(({ kind }) => kind === RegionKind.TABLE);
}
