// Looking ahead in a batch changes nothing but time: tables with many keys, in orders that it is for, that it is not for, and that
// change from one to the other.
import { describe, expect, it } from 'vitest';
import * as op from '../../operators/index.js';
import { createEngine, f64, type Stage, struct, u32 } from '../../src/index.js';
import { randomOf } from './keyed-table/random.js';

const Reading = struct({ id: u32, value: f64 }, 'Reading');
type Reading = { id: number; value: number };
const Total = struct({ id: u32, count: u32, sum: f64 }, 'Total');
type Total = { id: number; count: number; sum: number };
const BACKENDS = ['wasm', 'js'] as const;
type Backend = (typeof BACKENDS)[number];

/** New keys; the same ones in another order, at random, in turn, and one by one; then new ones among them. */
function* ids(): Generator<number> {
  const random = randomOf(2463534242);
  for (let i = 0; i < 40_000; i++) yield i * 3;
  for (let i = 39_999; i >= 0; i--) yield i * 3;
  for (let i = 0; i < 60_000; i++) yield random(40_000) * 3;
  for (let i = 0; i < 30_000; i++) yield (i % 700) * 3;
  for (let i = 0; i < 1_000; i++) yield 9;
  for (let i = 0; i < 60_000; i++) yield random(200_000);
}

/** Feeds records in batches of all lengths, also such as end in the middle of a group. */
async function run<T>(
  backend: Backend,
  build: (options: { backend: Backend }, readings: ReturnType<typeof sourceOf>) => Stage<T>,
): Promise<{ out: T[]; text: string }> {
  const engine = createEngine({ placement: 'inline' });
  const readings = sourceOf(engine);
  const stage = build({ backend }, readings);
  const out: T[] = [];
  stage.subscribe((record) => out.push(record));
  const [unit] = stage.explain().units;
  const random = randomOf(77);
  let batch: Reading[] = [];
  let left = 1;
  let i = 0;
  for (const id of ids()) {
    batch.push({ id, value: i++ });
    if (--left > 0) continue;
    readings.nextMany(batch);
    batch = [];
    left = 1 + random([3, 40, 1000, 5000][random(4)] as number);
    if (random(3) === 0) engine.flush();
  }
  readings.nextMany(batch);
  await engine.idle();
  await engine.close();
  return { out, text: (unit as { text?: string }).text ?? '' };
}

function sourceOf(engine: ReturnType<typeof createEngine>) {
  return engine.source(Reading, { capacity: 8192 });
}

/** What sums by key come to, with plain objects. */
function expected(
  drops: (count: number) => boolean = () => false,
  fails: (i: number) => boolean = () => false,
) {
  const totals = new Map<number, Total>();
  const out: Total[] = [];
  let i = 0;
  for (const id of ids()) {
    const value = i++;
    const total = totals.get(id) ?? { id, count: 0, sum: 0 };
    if (fails(value)) continue;
    total.count++;
    total.sum += value;
    totals.set(id, total);
    out.push({ ...total });
    if (drops(total.count)) totals.delete(id);
  }
  return out;
}

describe.each(BACKENDS)('a table with many keys, on %s', (backend) => {
  it.each([
    ['narrow slots', false],
    ['wide slots', true],
  ] as const)('finds every key in every order, with %s', async (_, wide) => {
    const { out, text } = await run(backend, (options, readings) =>
      wide
        ? readings.stage(
            options,
            op.stateful(
              (r) => [r.id, r.id % 7],
              (r) => ({ id: r.id, count: 1, sum: r.value, first: r.value, last: r.value }),
              (s, r) => {
                s.count++;
                s.sum += r.value;
                s.last = r.value;
              },
            ),
            op.map((s) => ({ id: s.id, count: s.count, sum: s.sum })),
          )
        : readings.stage(
            options,
            op.stateful(
              (r) => r.id,
              (r) => ({ id: r.id, count: 1, sum: r.value }),
              (s, r) => {
                s.count++;
                s.sum += r.value;
              },
            ),
          ),
    );
    if (backend === 'wasm') expect(text).toContain('(func $ahead');
    expect(out).toEqual(expected());
  });

  it('finds every key also where keys are deleted', async () => {
    const { out } = await run(backend, (options, readings) =>
      readings.stage(
        options,
        op.step<Reading, Total, Total>(
          (r, state, emit) => {
            const s = state.exists ? state.value : { id: r.id, count: 0, sum: 0 };
            const now = { id: r.id, count: s.count + 1, sum: s.sum + r.value };
            emit(now);
            if (now.count === 2) state.delete();
            else state.set(now);
          },
          { key: (r) => r.id, state: Total, out: Total },
        ),
      ),
    );
    expect(out).toEqual(expected((count) => count === 2));
  });

  it('finds every key also where the stage fails now and then, and goes on', async () => {
    const { out } = await run(backend, (options, readings) =>
      readings.stage(
        { ...options, onError: 'skip' },
        op.stateful(
          (r) => r.id,
          (r) => {
            if (r.value % 11 === 5) throw new Error('eleventh');
            return { id: r.id, count: 1, sum: r.value };
          },
          (s, r) => {
            if (r.value % 11 === 5) throw new Error('eleventh');
            s.count++;
            s.sum += r.value;
          },
        ),
      ),
    );
    expect(out).toEqual(expected(undefined, (i) => i % 11 === 5));
  });
});

describe('looking ahead', () => {
  const textOf = (build: (readings: ReturnType<typeof sourceOf>) => Stage<unknown>): string => {
    const engine = createEngine({ placement: 'inline' });
    const [unit] = build(sourceOf(engine)).explain().units;
    void engine.close();
    return (unit as { text: string }).text;
  };

  it('takes keys that are worked out of the record alone', () => {
    const text = textOf((readings) =>
      readings.stage(
        op.distinctUntilKeyChanged('id'),
        op.dedupBy((r) => r.id),
      ),
    );
    // The first operator here has no key.
    expect(text).not.toContain('(func $ahead');
    const own = textOf((readings) => readings.stage(op.dedupBy((r) => [r.id % 2 ? r.id : 0, r.value])));
    expect(own).toContain('(func $ahead');
  });

  it('leaves alone keys that depend on more, or call functions', () => {
    const engine = createEngine({ placement: 'inline' });
    const readings = sourceOf(engine);
    const width = engine.param(3);
    const keyed = readings.stage(
      op.dedupBy((r, { width }) => Math.floor(r.value / width), { using: { width } }),
    );
    const sine = readings.stage(op.dedupBy((r) => Math.sin(r.value)));
    for (const stage of [keyed, sine]) {
      const [unit] = stage.explain().units;
      expect(unit).toMatchObject({ backend: 'wasm' });
      expect((unit as { text: string }).text).not.toContain('(func $ahead');
    }
    void engine.close();
  });
});
