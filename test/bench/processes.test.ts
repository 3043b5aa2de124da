// Every benchmark in processes of its own, small: results are right, and wrong ones are refused
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { BENCHMARKS, loadBenchmark } from '../../bench/benchmarks/index.js';
import { OURS } from '../../bench/contestants/index.js';
import type { Benchmark, Observation } from '../../bench/harness/benchmark.js';
import { observeInProcess } from '../../bench/harness/session.js';
import { ensureBuilt, root } from '../../scripts/setup.mjs';
import { transpile } from '../../scripts/transpile.mjs';

const out = path.join(root, 'out', 'run');

beforeAll(async () => {
  ensureBuilt({ types: false });
  await transpile(root, ['bench', 'examples', 'src'], out);
});

function observe({ name }: Benchmark, label: string, task: unknown): Promise<Observation> {
  const program = path.join(out, 'bench', 'observe.js');
  return observeInProcess({ label, program, order: { benchmark: name, task } });
}

/** Records of each; samples where there are none. */
const SIZES: Readonly<Record<string, number>> = { 'round-trip': 30 };
const SIZE = 4_000;

describe.each(BENCHMARKS)('%s', async (name) => {
  const benchmark = await loadBenchmark(name);
  // Those that run in one thread, or in an engine, are tested without processes.
  const tested = new Set<string>(OURS.slice(1));
  const lanes = benchmark.lanes('quick', SIZES[name] ?? SIZE).filter(({ label }) => !tested.has(label));

  test.each(lanes)('$label is observed, and every figure is a number', async ({ label, task }) => {
    const observation = await observe(benchmark, label, task);
    // Nothing collected is a figure, too; every benchmark has one that nothing makes 0.
    const figures = benchmark.figures
      .map(({ of }) => of(observation))
      .filter((figure) => !Number.isNaN(figure));
    expect(Math.max(...figures)).toBeGreaterThan(0);
    for (const value of Object.values(observation)) expect(value).toBeGreaterThanOrEqual(0);
  });

  const [checked] = lanes.filter(
    ({ task }) => typeof task === 'object' && task !== null && 'expected' in task,
  );
  test.skipIf(checked === undefined)('another result than the expected one is refused', async () => {
    const { label, task } = checked!;
    const { expected } = task as { expected: string | { count: number } };
    const wrong = typeof expected === 'string' ? '0 0' : { ...expected, count: expected.count + 1 };
    await expect(observe(benchmark, label, { ...(task as object), expected: wrong })).rejects.toThrow(
      /Error: Wrong (results|sums) .* expected/,
    );
  });
});
