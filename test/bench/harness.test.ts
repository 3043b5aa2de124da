// The benchmark's harness: order of observations, checks, statistics, goals, and the text of results
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { observeContestant } from '../../bench/benchmarks/throughput.js';
import { pushContestant } from '../../bench/contestants/contestant.js';
import { plainLoop } from '../../bench/contestants/plain-loop.js';
import type { Observation } from '../../bench/harness/benchmark.js';
import { countCollections } from '../../bench/harness/resources.js';
import { parseResults, resultsText } from '../../bench/harness/results-file.js';
import { runSession } from '../../bench/harness/session.js';
import { laneStatistics, outcomes, type Rules, spread } from '../../bench/harness/statistics.js';
import { alignColumns, goalsText, outcomeText, resultsTables } from '../../bench/harness/table.js';
import { sensor } from '../../bench/workloads/sensor.js';

const task = { contestant: 'x', size: 1000, warmUpSize: 100, expected: sensor.listed[0]!.alerts };

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'bench-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

test('an observation counts records and time, and leaves the warm-up out', async () => {
  const { records, ms, peakRssBytes } = await observeContestant(sensor, pushContestant(plainLoop), task);
  expect(records).toBe(1000);
  expect(ms).toBeGreaterThan(0);
  expect(peakRssBytes).toBeGreaterThan(1e6);
});

test('an observation refuses a contestant that loses an alert', async () => {
  let lost = false;
  const losing = pushContestant({
    ...plainLoop,
    sensor: (sinks) =>
      plainLoop.sensor({
        alert: (alert) => {
          if (alert.id === 1 && !lost) lost = true;
          else sinks.alert(alert);
        },
      }),
  });
  await expect(observeContestant(sensor, losing, task)).rejects.toThrow(
    'Wrong results from x in sensor of 1000',
  );
});

test('collections are counted with the time that they took', () => {
  const stop = countCollections();
  for (let i = 0; i < 200; i++) new Array(100_000).fill(i);
  const { collections, collectionMs } = stop();
  expect(collections).toBeGreaterThan(0);
  expect(collectionMs).toBeGreaterThan(0);
});

test('a session rotates the order from round to round, a process for each observation', async () => {
  const program = path.join(folder, 'observe.mjs');
  writeFileSync(
    program,
    'process.send({ pid: process.pid, lane: JSON.parse(process.argv[2]).task }); process.disconnect();',
  );
  const turns: string[] = [];
  const entrants = [0, 1, 2].map((lane) => ({
    label: `lane ${lane}`,
    program,
    order: { benchmark: 'x', task: lane },
  }));
  const observed = await runSession(entrants, 2, (round, label) => turns.push(`${round}: ${label}`));
  expect(turns.map((turn) => turn.replace('lane ', ''))).toEqual([
    '0: 0',
    '0: 1',
    '0: 2',
    '1: 1',
    '1: 2',
    '1: 0',
  ]);
  const seen = observed.flatMap(({ observations }, lane) => observations.map((o) => o['lane'] === lane));
  expect(seen).toEqual(new Array(6).fill(true));
  expect(new Set(observed.flatMap(({ observations }) => observations.map((o) => o['pid']))).size).toBe(6);
});

test('a session ends with an error when a process does, and tells what it said', async () => {
  const program = path.join(folder, 'fail.mjs');
  writeFileSync(program, 'console.error("the reason"); process.exitCode = 3;');
  const entrant = { label: 'a', program, order: { benchmark: 'x', task: 0 } };
  await expect(runSession([entrant], 1, () => {})).rejects.toThrow(
    /Cannot observe a: its process ended with 3\nthe reason/,
  );
});

test('spread() gives the median and the ends', () => {
  expect(spread([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3 });
  expect(spread([4, 1, 2, 3])).toEqual({ median: 2.5, min: 1, max: 4 });
});

const rules: Rules = {
  figures: [
    { key: 'rate', title: 'k/s', digits: 1, of: ({ records, ms }) => records! / ms! },
    { key: 'elsewhere', title: 'elsewhere', digits: 0, of: ({ elsewhere }) => elsewhere ?? Number.NaN },
  ],
  comparisons: [
    { title: '× one', by: 'ratio', digits: 2, baselineOf: (label) => (label === 'one' ? undefined : 'one') },
    { title: '+ one', by: 'difference', digits: 2, baselineOf: () => 'one' },
    { title: '× absent', by: 'ratio', digits: 2, baselineOf: () => 'absent' },
  ],
};

test('lanes are compared round by round, not median by median', () => {
  const [, fast] = laneStatistics([lane('one', 20, 40, 10), lane('fast', 10, 80, 5)], rules);
  expect(fast?.comparisons).toEqual({
    '× one': { median: 2, min: 0.5, max: 2 },
    '+ one': { median: 50, min: -12.5, max: 100 },
  });
});

test('a goal is met or missed by the median, of a figure or of a comparison', () => {
  const statistics = laneStatistics([lane('one', 20, 20, 20), lane('fast', 10, 10, 40)], rules);
  const goals = [
    { lane: 'fast', of: 'k/s', must: 'at least', bound: 100 },
    { lane: 'fast', of: 'k/s', must: 'at most', bound: 99 },
    { lane: 'fast', of: '× one', must: 'at least', bound: 2.1 },
    { lane: 'nobody', of: 'k/s', must: 'at least', bound: 1 },
  ] as const;
  const told = outcomes(statistics, { ...rules, goals });
  expect(told.map(({ met }) => met)).toEqual([true, false, false, false]);
  expect(told.map((outcome) => outcomeText(outcome, rules))).toEqual([
    'fast: k/s at least 100: met, 100.0 [25.0..100.0]',
    'fast: k/s at most 99: missed, 100.0 [25.0..100.0]',
    'fast: × one at least 2.1: missed, 2.00 [0.50..2.00]',
    'nobody: k/s at least 1: not observed',
  ]);
});

test('of a goal with an alternative one is enough, and both are told', () => {
  const statistics = laneStatistics([lane('one', 20, 20, 20), lane('fast', 10, 10, 40)], rules);
  const or = { lane: 'fast', of: '× one', must: 'at least', bound: 2 } as const;
  const of = (bound: number, second: number) =>
    ({ lane: 'fast', of: 'k/s', must: 'at least', bound, or: { ...or, bound: second } }) as const;
  const goals = [
    of(100, 3),
    of(101, 2),
    of(101, 3),
    { ...of(1, 1), lane: 'nobody', or: { ...or, lane: 'no' } },
  ];
  const told = outcomes(statistics, { ...rules, goals });
  expect(told.map(({ met }) => met)).toEqual([true, true, false, false]);
  const texts = told.map((outcome) => outcomeText(outcome, rules));
  const [values, asked] = ['100.0 [25.0..100.0] and 2.00 [0.50..2.00]', '× one at least'];
  expect(texts).toEqual([
    `fast: k/s at least 100, or ${asked} 3: met, ${values}`,
    `fast: k/s at least 101, or ${asked} 2: met, ${values}`,
    `fast: k/s at least 101, or ${asked} 3: missed, ${values}`,
    `nobody: k/s at least 1, or ${asked} 2: not observed`,
  ]);
  expect(goalsText(told.map((outcome, i) => ({ outcome, text: `${i}` })))).toBe(
    'Goals: 1 missed, 1 not observed, 2 met\n  2\n  3\n  0\n  1',
  );
});

const machine = {
  cpu: 'c',
  cores: 2,
  memoryGb: 8,
  platform: 'p',
  node: '20.1.0',
  v8: '11',
  commit: 'abc',
  dirty: true,
};

test('results are the same when they are read back, to three decimals, and the same results give the same text', () => {
  const lanes = [lane('one', 10, 20), lane('other', 20.12345, 20)];
  const results = { benchmark: 'x', rounds: 2, machine, lanes };
  const text = resultsText(results, rules);
  const again = parseResults(text);
  expect(again.machine).toEqual(machine);
  expect(again.lanes[1]?.observations).toEqual([
    { records: 1000, ms: 20.123 },
    { records: 1000, ms: 20 },
  ]);
  expect(resultsText(again, rules)).toBe(text);
});

test('tables have aligned columns, without those that nobody has a value for', () => {
  const tables = resultsTables(laneStatistics([lane('one', 10), lane('other, longer', 20)], rules), rules);
  expect(tables.map(([head]) => head)).toEqual([
    ['', 'k/s'],
    ['', '× one', '+ one'],
  ]);
  for (const table of tables) {
    const widths = alignColumns(table)
      .split('\n')
      .map((row) => row.length);
    expect(new Set(widths).size).toBe(1);
  }
});

test('a single comparison stands beside the figure that it compares', () => {
  const single = { ...rules, comparisons: rules.comparisons.slice(0, 1) };
  const tables = resultsTables(laneStatistics([lane('one', 10), lane('other', 20)], single), single);
  expect(tables).toEqual([
    [
      ['', 'k/s', '× one'],
      ['one', '100.0', '–'],
      ['other', '50.0', '0.50'],
    ],
  ]);
});

function lane(label: string, ...times: number[]): { label: string; observations: Observation[] } {
  return { label, observations: times.map((ms) => ({ records: 1000, ms })) };
}
