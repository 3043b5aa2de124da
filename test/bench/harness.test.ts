// The benchmark's harness: order, checks, statistics, and the text of its results
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pushContestant } from '../../bench/contestants/contestant.js';
import { plainLoop } from '../../bench/contestants/plain-loop.js';
import { type Observation, type Order, observe } from '../../bench/harness/observation.js';
import { resultsText } from '../../bench/harness/results-file.js';
import { runSession } from '../../bench/harness/session.js';
import { laneStatistics, spread } from '../../bench/harness/statistics.js';
import { resultsTable } from '../../bench/harness/table.js';
import { sensor } from '../../bench/workloads/sensor.js';

const listed = sensor.listed[0]!;
const order: Order = {
  workload: 'sensor',
  contestant: 'x',
  size: 1000,
  warmUpSize: 100,
  expected: listed.alerts,
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'bench-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

test('an observation counts records and time, and leaves the warm-up out', async () => {
  const { records, ms, peakRssBytes } = await observe(sensor, pushContestant('x', plainLoop.sensor), order);
  expect(records).toBe(1000);
  expect(ms).toBeGreaterThan(0);
  expect(peakRssBytes).toBeGreaterThan(1e6);
});

test('an observation refuses a contestant that loses an alert', async () => {
  let lost = false;
  const losing = pushContestant<never>('x', (sinks) =>
    plainLoop.sensor({
      alert: (alert) => {
        if (alert.id === 1 && !lost) lost = true;
        else sinks.alert(alert);
      },
    }),
  );
  await expect(observe(sensor, losing, order)).rejects.toThrow('Wrong alerts from x in sensor of 1000');
});

test('a session rotates the order from round to round, a process for each observation', async () => {
  const program = path.join(folder, 'observe.mjs');
  writeFileSync(
    program,
    'process.send({ pid: process.pid, order: JSON.parse(process.argv[2]) }); process.disconnect();',
  );
  const turns: string[] = [];
  const lanes = ['a', 'b', 'c'].map((label) => ({ label, program, order: { ...order, contestant: label } }));
  const observed = await runSession(lanes, 2, (round, label) => turns.push(`${round}${label}`));
  expect(turns).toEqual(['0a', '0b', '0c', '1b', '1c', '1a']);
  const seen = observed.flatMap(({ label, observations }) =>
    observations.map((o) => ({ label, ...(o as unknown as { pid: number; order: Order }) })),
  );
  expect(seen.map(({ label, order }) => label === order.contestant)).toEqual(new Array(6).fill(true));
  expect(new Set(seen.map(({ pid }) => pid)).size).toBe(6);
});

test('a session ends with an error when a process does', async () => {
  const program = path.join(folder, 'fail.mjs');
  writeFileSync(program, 'process.exit(3);');
  await expect(runSession([{ label: 'a', program, order }], 1, () => {})).rejects.toThrow(
    'its process ended with 3',
  );
});

test('spread() gives the median and the ends', () => {
  expect(spread([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3 });
  expect(spread([4, 1, 2, 3])).toEqual({ median: 2.5, min: 1, max: 4 });
});

test('ratios are paired by round', () => {
  const [fast] = laneStatistics([lane('fast', 10, 40), lane('base', 20, 40)], ['base', 'absent']);
  expect(fast?.ratios).toEqual({ base: { median: 1.5, min: 1, max: 2 } });
});

test('the same results give the same text, which is JSON, and a table with aligned columns', () => {
  const lanes = [lane('one', 10, 20), lane('other, longer', 20, 20)];
  const statistics = laneStatistics(lanes, ['one']);
  const machine = { cpu: 'c', cores: 2, memoryGb: 8, platform: 'p', node: '20.1.0', v8: '11', commit: 'abc' };
  const results = { workload: 'sensor', size: 1000, rounds: 2, machine, statistics, lanes };
  expect(resultsText(results)).toBe(resultsText(structuredClone(results)));
  expect(JSON.parse(resultsText(results)).contestants.one.observations).toHaveLength(2);
  const widths = resultsTable(statistics, ['one'])
    .split('\n')
    .map((row) => row.length);
  expect(new Set(widths).size).toBe(1);
});

function lane(label: string, ...times: number[]): { label: string; observations: Observation[] } {
  const rest = { records: 1000, collections: 1, collectionMs: 0.5, peakRssBytes: 5e7 };
  return { label, observations: times.map((ms) => ({ ...rest, ms })) };
}
