// Several engines, and several pipelines of one engine, on one thread: they feed each other without waiting for themselves.
import { describe, expect, it, vi } from 'vitest';
import { createEngine, type Engine, type EngineOptions, WouldDeadlockError } from '../../src/index.js';
import { withEngine } from '../rx/pipelines.js';
import { burst, Item, same, slow, spinUntil, statsOf, upTo } from './chains.js';

const PATIENCE = { timeout: 20_000, interval: 1 };

/** Runs with several engines and closes them afterwards. */
async function withEngines(options: readonly EngineOptions[], run: (engines: Engine[]) => Promise<void>) {
  const engines = options.map((option, i) =>
    createEngine({ name: `engine${i}`, memory: 2 ** 27, ...option }),
  );
  try {
    await run(engines);
  } finally {
    await Promise.all(engines.map((engine) => engine.close().catch(() => {})));
  }
}

/** A pipeline with journals of this capacity. */
function pipeline(engine: Engine | undefined, capacity: number, name: string, operator = same()) {
  if (engine === undefined) throw new Error('no engine');
  const source = engine.source(Item, { name, capacity });
  return { source, stage: source.stage({ name: `${name}-stage`, capacity }, operator) };
}

const worker: EngineOptions = { placement: 'worker' };
const inline: EngineOptions = { placement: 'inline' };

describe('next() on a full journal', () => {
  it('delivers what waits for subscribers of other engines of the thread, synchronously', () =>
    withEngines([worker, worker], async ([first, second]) => {
      const waiting = pipeline(second, 64, 'waiting');
      const seen: number[] = [];
      waiting.stage.subscribe((r) => seen.push(r.n));
      const full = pipeline(first, 1, 'full', slow());
      full.source.next({ n: 0 });
      for (let n = 0; n < 10; n++) waiting.source.next({ n });
      waiting.source.flush();
      // From here on no event loop: the worker has processed them, and nobody has delivered them.
      expect(spinUntil(() => statsOf(second as Engine, 'waiting-stage').recordsOut === 10)).toBe(true);
      expect(seen).toEqual([]);
      expect(
        spinUntil(() => {
          full.source.next({ n: 1 });
          return seen.length > 0;
        }),
      ).toBe(true);
      expect(seen).toEqual(upTo(10));
    }));

  it('runs and delivers what stands in its way, and no more', () =>
    withEngine({ placement: 'inline' }, (engine) => {
      const { source, stage } = pipeline(engine, 4, 'items');
      const seen: number[] = [];
      stage.subscribe((r) => seen.push(r.n));
      for (let n = 0; n < 4; n++) source.next({ n });
      expect(seen).toEqual([]);
      source.next({ n: 4 });
      expect(seen).toEqual(upTo(4));
    }));
});

describe('a stage on this thread that waits for room in the middle of a record', () => {
  it('calls no listener of another pipeline, which could feed its own', () =>
    withEngine({ maxWorkers: 1 }, async (engine) => {
      const other = pipeline(engine, 64, 'other');
      const source = engine.source(Item, { name: 'fed', capacity: 1 });
      const behind = source
        .stage({ placement: 'inline', capacity: 1 }, burst(100))
        .stage({ placement: 'worker', capacity: 1 }, same());
      const seen: number[] = [];
      behind.subscribe(({ n }) => seen.push(n));
      const errors: unknown[] = [];
      let fed = 0;
      other.stage.subscribe(({ n }) => {
        try {
          source.next({ n });
          fed++;
        } catch (error) {
          errors.push(error);
        }
      });
      for (let n = 1; n < 10; n++) other.source.next({ n });
      other.source.flush();
      // From here on no event loop: they wait to be delivered.
      expect(spinUntil(() => statsOf(engine, 'other-stage').recordsOut === 9)).toBe(true);
      source.next({ n: 0 });
      source.flush();
      await vi.waitUntil(() => seen.length === 1_000 || errors.length > 0, PATIENCE);
      expect(errors).toEqual([]);
      expect([fed, seen]).toEqual([9, upTo(1_000)]);
    }));
});

describe.each([
  ['two inline engines', [inline, inline]],
  ['two engines with workers', [worker, worker]],
  ['an inline engine and one with workers', [inline, worker]],
] as const)('%s that feed each other', (_, options) => {
  it('pass one record to and fro through single slots', () =>
    withEngines(options, async ([first, second]) => {
      const a = pipeline(first, 1, 'a');
      const b = pipeline(second, 1, 'b');
      const seen: number[] = [];
      a.stage.subscribe((r) => b.source.next({ n: r.n + 1 }));
      b.stage.subscribe((r) => {
        seen.push(r.n);
        if (r.n < 400) a.source.next({ n: r.n + 1 });
      });
      a.source.next({ n: 0 });
      await vi.waitUntil(() => seen.at(-1) === 401, PATIENCE);
      expect(seen).toEqual(upTo(201).map((n) => 2 * n + 1));
    }));

  it('under full load refuse at once what can not go round, and lose nothing else', () =>
    withEngines(options, async ([first, second]) => {
      const a = pipeline(first, 2, 'a');
      const b = pipeline(second, 2, 'b');
      const given: Record<'a' | 'b', number[]> = { a: [], b: [] };
      const seen: Record<'a' | 'b', number[]> = { a: [], b: [] };
      const refusals: unknown[] = [];
      const give = (to: 'a' | 'b', n: number) => {
        try {
          (to === 'a' ? a : b).source.next({ n });
          given[to].push(n);
        } catch (error) {
          refusals.push(error);
        }
      };
      a.stage.subscribe(({ n }) => {
        seen.a.push(n);
        give('b', n);
      });
      b.stage.subscribe(({ n }) => {
        seen.b.push(n);
        // The filter that bounds it: every third goes round once more.
        if (n % 3 === 0 && n < 1_000) give('a', n + 10_000);
      });
      for (let n = 0; n < 600; n++) a.source.next({ n });
      const isQuiet = () => seen.a.length === 600 + given.a.length && seen.b.length === given.b.length;
      await vi.waitUntil(isQuiet, PATIENCE);
      for (const refusal of refusals) expect(refusal).toBeInstanceOf(WouldDeadlockError);
      // Everybody was told: each record that a gave was taken by b or refused, each third that b gave by a.
      const thirds = seen.b.filter((n) => n % 3 === 0 && n < 1_000).length;
      expect(given.b.length + given.a.length + refusals.length).toBe(seen.a.length + thirds);
      expect(seen.b).toEqual(given.b);
      expect(seen.a.filter((n) => n >= 10_000)).toEqual(given.a);
      expect(seen.a.filter((n) => n < 10_000)).toEqual(upTo(600));
    }));

  it('refuse nothing if one of them feeds back asynchronously', () =>
    withEngines(options, async ([first, second]) => {
      const a = pipeline(first, 2, 'a');
      const b = pipeline(second, 2, 'b');
      const seen: number[] = [];
      a.stage.subscribe(b.source);
      let fedBack = 0;
      b.stage.subscribe(({ n }) => {
        seen.push(n);
        if (n < 300)
          void (async () => {
            while (!a.source.tryNext({ n: n + 300 })) await a.source.ready();
            fedBack++;
          })();
      });
      for (let n = 0; n < 300; n++) a.source.next({ n });
      await vi.waitUntil(() => seen.length === 600, PATIENCE);
      expect(fedBack).toBe(300);
      expect([...seen].sort((x, y) => x - y)).toEqual(upTo(600));
    }));
});

describe('pipelines in a row, each feeding the next,', () => {
  it.each([
    ['inline engines', [inline, inline, inline]],
    ['engines with workers', [worker, worker, worker]],
    ['engines of both kinds', [worker, inline, worker]],
  ] as const)('of three %s pass everything on through journals of two slots', (_, options) =>
    withEngines(options, async (engines) => {
      const links = engines.map((engine, i) => pipeline(engine, 2, `link${i}`));
      const seen: number[] = [];
      const errors: unknown[] = [];
      links.forEach(({ stage }, i) => {
        const next = links[i + 1];
        if (next !== undefined) stage.subscribe(next.source);
        else stage.subscribe({ next: (r) => seen.push(r.n), error: (error) => errors.push(error) });
      });
      for (let n = 0; n < 1_000; n++) links[0]?.source.next({ n });
      await vi.waitUntil(() => seen.length === 1_000 || errors.length > 0, PATIENCE);
      expect(errors).toEqual([]);
      expect(seen).toEqual(upTo(1_000));
    }),
  );

  it.each(['first', 'last'] as const)(
    'of one engine with one worker pass everything on, the %s one created first, also where a record makes many',
    (created) =>
      withEngine({ maxWorkers: 1 }, async (engine) => {
        const make = [
          () => pipeline(engine, 2, 'upper', burst(50)),
          () => pipeline(engine, 2, 'lower', burst(3)),
        ];
        const made = (created === 'first' ? make : make.reverse()).map((one) => one());
        const [upper, lower] = created === 'first' ? made : made.reverse();
        const seen: number[] = [];
        upper?.stage.subscribe(lower?.source);
        lower?.stage.subscribe((r) => seen.push(r.n));
        for (let n = 0; n < 20; n++) upper?.source.next({ n });
        await vi.waitUntil(() => seen.length === 3_000, PATIENCE);
        expect(seen).toEqual(upTo(3_000));
      }),
  );
});
