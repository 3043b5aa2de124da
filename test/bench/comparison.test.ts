// Two commits against each other: what both can run is compared in pairs, what one can't is told
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Benchmark } from '../../bench/harness/benchmark.js';
import { compareSides } from '../../bench/harness/comparison.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'compare-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A program that takes as long as it is told, and refuses some tasks. */
function program(name: string, ms: number, refused: string): string {
  const file = path.join(folder, `${name}.mjs`);
  writeFileSync(
    file,
    `const { task } = JSON.parse(process.argv[2]);
     if (task === ${JSON.stringify(refused)}) throw new RangeError('Cannot run benchmark ' + task + ': there is none');
     process.send({ records: 1000, ms: ${ms} });
     process.disconnect();`,
  );
  return file;
}

const benchmark: Benchmark = {
  name: 'x',
  title: 'x',
  about: '',
  rounds: 1,
  figures: [{ key: 'rate', title: 'k/s', digits: 1, of: ({ records, ms }) => records! / ms! }],
  comparisons: [],
  goals: [],
  ours: [],
  chart: { kind: 'bars', axis: '', figure: 'rate' },
  lanes: () => ['old', 'new', 'newest'].map((label) => ({ label, task: label })),
  observe: () => Promise.reject(new Error('not here')),
};

test('lanes that both sides run are compared, the others are told with the reason', async () => {
  const sides = { base: program('base', 20, 'new'), head: program('head', 10, 'newest') };
  const lanes = benchmark.lanes('quick');
  const { leftOut, statistics } = await compareSides(benchmark, sides, lanes, lanes, 2, () => {});
  expect(leftOut).toEqual([
    'base: new does not run: RangeError: Cannot run benchmark new: there is none',
    'head: newest does not run: RangeError: Cannot run benchmark newest: there is none',
  ]);
  expect(statistics).toEqual([
    { label: 'base: old', figures: { rate: { median: 50, min: 50, max: 50 } }, comparisons: {} },
    {
      label: 'head: old',
      figures: { rate: { median: 100, min: 100, max: 100 } },
      comparisons: { 'head ÷ base': { median: 2, min: 2, max: 2 } },
    },
  ]);
});

test('nothing is measured when nothing can be compared', async () => {
  const nothing = program('nothing', 10, 'old');
  const lanes = benchmark.lanes('quick').slice(0, 1);
  const sides = { base: nothing, head: nothing };
  const { leftOut, statistics } = await compareSides(benchmark, sides, lanes, lanes, 2, () => {});
  expect(leftOut).toHaveLength(2);
  expect(statistics).toEqual([]);
});
