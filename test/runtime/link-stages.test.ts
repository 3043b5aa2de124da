// The code that links a stage to others: a copy for each stage that there is, and no more copies than there were stages at a time.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { map, stateful } from '../../operators/index.js';
import { createEngine, type Engine, f64, struct } from '../../src/index.js';
import { linkStages } from '../../src/runtime/link-stages.js';
import type { RunningStage } from '../../src/runtime/running-stage.js';
import { withEngine } from '../rx/pipelines.js';

const Item = struct({ n: f64 }, 'Item');

/** Numbers of copies in the order in which they were made ready. */
const copies: number[] = [];
/** The function that `new Function` stands for from here on; it may refuse. */
let forbids = false;

beforeEach(() => {
  copies.length = 0;
  forbids = false;
  const { Function: Original } = globalThis;
  vi.stubGlobal(
    'Function',
    new Proxy(Original, {
      construct(target, args) {
        const [, copy] = /^\/\/ copy (\d+)$/m.exec(args.at(-1)) ?? [];
        if (copy !== undefined) {
          copies.push(Number(copy));
          if (forbids) throw new EvalError('forbidden');
        }
        return Reflect.construct(target, args);
      },
    }),
  );
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** As much of a stage as its links are made of. */
const bare = () => ({ plan: { name: 'bare' }, children: [] }) as unknown as RunningStage;

describe('the links of a stage', () => {
  it('have a copy of the code that no other stage has, until they are released', () => {
    const links = Array.from({ length: 5 }, () => linkStages(bare()));
    expect(new Set(copies).size).toBe(5);
    for (const { release } of links) release();
    const again = Array.from({ length: 5 }, () => linkStages(bare()));
    expect(copies.slice(5).sort()).toEqual(copies.slice(0, 5).sort());
    for (const { release } of again) release();
  });

  it('give their copy to one other stage, also if they are released twice', () => {
    const { release } = linkStages(bare());
    release();
    release();
    const [one, other] = [linkStages(bare()), linkStages(bare())];
    expect(copies[1]).toBe(copies[0]);
    expect(copies[2]).not.toBe(copies[0]);
    // The copy is another's by now.
    release();
    const third = linkStages(bare());
    expect(new Set(copies.slice(1)).size).toBe(3);
    for (const links of [one, other, third]) links.release();
  });

  it('keep no copy where code may not be generated', () => {
    forbids = true;
    for (let i = 0; i < 3; i++) expect(() => linkStages(bare())).toThrow(/forbids/);
    forbids = false;
    linkStages(bare()).release();
    expect(new Set(copies).size).toBe(1);
  });
});

describe('a stage that can not be set up', () => {
  /** Builds two stages that run through each other, the second with a table, and gives them a record. */
  const setUp = (engine: Engine, backend: 'js' | 'wasm') => {
    const abort = new AbortController();
    const items = engine.source(Item);
    let failed = false;
    items
      .stage(
        { name: 'first', backend: 'js', signal: abort.signal },
        map((r) => ({ n: r.n })),
      )
      .stage(
        { name: 'second', backend },
        stateful(
          (r) => r.n,
          (r) => ({ n: r.n }),
          () => {},
        ),
      )
      .subscribe({ error: () => (failed = true) });
    items.next({ n: 1 });
    items.flush();
    return { failed: () => failed, abort };
  };

  it.each(['js', 'wasm'] as const)('gives back the copies of its group, on %s', (backend) =>
    withEngine({ placement: 'inline' }, async (engine) => {
      const { arena } = engine.core;
      const allocate = arena.allocate.bind(arena);
      let noRoom = true;
      vi.spyOn(arena, 'allocate').mockImplementation((words, what, use) => {
        if (noRoom && what.includes('stateful')) throw new RangeError(`no room for ${what}`);
        return allocate(words, what, use);
      });
      for (let i = 0; i < 10; i++) {
        const { failed, abort } = setUp(engine, backend);
        expect(failed()).toBe(true);
        abort.abort(new Error('enough'));
      }
      expect(copies.length).toBeGreaterThanOrEqual(10);
      expect(new Set(copies).size).toBeLessThanOrEqual(2);
      // No two stages that run got the same: all of these are there at once.
      noRoom = false;
      copies.length = 0;
      const good = Array.from({ length: 5 }, () => setUp(engine, backend));
      expect(good.map(({ failed }) => failed())).toEqual(Array(5).fill(false));
      expect([copies.length, new Set(copies).size]).toEqual([10, 10]);
    }),
  );

  it('gives them back when its engine is closed, for stages of another', async () => {
    for (let i = 0; i < 5; i++) {
      const engine = createEngine({ placement: 'inline' });
      setUp(engine, 'js');
      await engine.close();
    }
    expect([copies.length, new Set(copies).size]).toEqual([10, 2]);
  });
});
