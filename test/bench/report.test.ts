// The page of benchmarks and its charts are what the results say, to the letter
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseResults, readResults, type SessionResults } from '../../bench/harness/results-file.js';
import { makeReport } from '../../bench/report/page.js';
import { linearScale, logScale, shortNumber } from '../../bench/report/scales.js';
import { element, text } from '../../bench/report/svg.js';
import { root } from '../../scripts/setup.mjs';

const RESULTS = path.join(root, 'bench', 'results');
const CHARTS = path.join(root, 'docs', 'images', 'benchmarks');

test('docs/benchmarks.md and its charts are what bench/results/ says: npm run docs:benchmarks', async () => {
  const { page, charts } = await makeReport(readResults(RESULTS));
  expect(readFileSync(path.join(root, 'docs', 'benchmarks.md'), 'utf8')).toBe(page);
  expect(readdirSync(CHARTS).sort()).toEqual([...charts.keys()].sort());
  for (const [name, chart] of charts) {
    expect(readFileSync(path.join(CHARTS, name), 'utf8'), name).toBe(chart);
    expect(page).toContain(`images/benchmarks/${name}`);
  }
});

test('every chart is well-formed, and says what it shows, of what, and in which unit', async () => {
  const { charts } = await makeReport([...sessions()]);
  expect(charts.size).toBeGreaterThan(3);
  for (const chart of charts.values()) {
    expect(openElements(chart)).toEqual([]);
    expect(chart).toMatch(/<title>[^<]+, Node \d+<\/title>/);
    expect(chart).toMatch(
      /(million records a second|MB|milliseconds|microseconds, logarithmic|records, logarithmic)<\/text>/,
    );
    expect(chart).toContain('prefers-color-scheme: dark');
    expect(chart).not.toMatch(/NaN|undefined|Infinity/);
  }
});

test('a chart of lines has a line for each series, with its lanes in order, and a name at its end', async () => {
  const curve = [...sessions()].find(({ benchmark }) => benchmark === 'records-curve')!;
  const { charts } = await makeReport([curve]);
  const chart = charts.get('records-curve.node20.svg')!;
  const lines = [...chart.matchAll(/<polyline class="line-ours" points="([^"]*)"/g)].map(([, points]) =>
    points!.split(' ').map((place) => place.split(',').map(Number)),
  );
  expect(lines.map((places) => places.length)).toEqual([2, 2]);
  for (const [from, to] of lines) {
    // More records to the right; what costs more is higher up.
    expect(to![0]).toBeGreaterThan(from![0]!);
    expect(to![1]).toBeLessThan(from![1]!);
  }
  for (const name of ['roda, inline, columns', 'roda, worker, columns'])
    expect(chart).toContain(`>${name}</text>`);
});

test('another figure changes page and chart', async () => {
  const [session] = sessions();
  const slower = structuredClone(session!);
  for (const { observations } of slower.lanes) {
    for (const observation of observations as Record<string, number>[])
      observation['ms'] = 2 * observation['ms']!;
  }
  const before = await makeReport([session!]);
  const after = await makeReport([slower]);
  expect(after.page).not.toBe(before.page);
  expect([...after.charts.values()]).not.toEqual([...before.charts.values()]);
});

test('who is faster than the fastest of ours is named, with the ratio paired by round', async () => {
  const { page } = await makeReport([
    session('sensor', { 'plain loop': [10, 20], 'roda, inline': [20, 80] }),
  ]);
  expect(page).toContain(
    '- **plain loop** on `sensor`, Node 20: 2.67 [2.00..4.00] times the records of roda, inline, our fastest. It has',
  );
  const { page: other } = await makeReport([
    session('sensor', { 'plain loop': [20, 20], 'roda, inline': [10, 10] }),
  ]);
  expect(other).not.toContain('**plain loop** on');
});

test('the native engine stands beside the fastest of ours, and is named where it does better', async () => {
  const { page } = await makeReport([
    session('sensor', { 'roda, inline': [1_000], 'roda, worker': [2_000] }),
  ]);
  // 1,000 records in a second, of the ten million that it was given.
  expect(page).toMatch(
    /\| `sensor`, 10M \| 45\.0 \| 17\.1 \[10\.8\.\.20\.5\] \| \d+\.\d \| \d+\.\d \| 85\.0 \| roda, inline.*Node 20 \|/,
  );
  expect(page).toContain('| `mbo`, 10M | 8.1 | 4.5 [2.2..5.8] | – | – | 3.9 | not measured |');
  const losses = page.slice(page.indexOf('## Where something else'));
  for (const name of ['The native engine', 'Its steps fused by hand', 'What the native engine prints']) {
    expect(losses).toContain(`- **${name}** on \`sensor\`, 10M: `);
  }
  const { page: faster } = await makeReport([session('sensor', { 'roda, inline': [0.001] })]);
  expect(faster).not.toMatch(/\*\*(The native|Its steps|What the native)/);
});

test('a goal that is missed is told where we lose', async () => {
  const { page } = await makeReport([session('hand-off', { 'journal, two threads': [1000] })]);
  expect(page).toMatch(/- \*\*A goal\*\*, .*M records\/s\s+at least 100: missed, 0\.00\.\n/);
});

test('results of several versions of Node stand below each other', async () => {
  const on20 = session('sensor', { 'plain loop': [10] });
  const on26 = { ...on20, machine: { ...on20.machine, node: '26.0.0' } };
  const { page, charts } = await makeReport([on26, on20]);
  expect([...charts.keys()]).toEqual(['sensor.node20.svg', 'sensor.node26.svg']);
  expect(page.indexOf('### sensor, Node 20')).toBeLessThan(page.indexOf('### sensor, Node 26'));
});

describe('scales', () => {
  test('a linear scale starts at zero and ends at a round value that is not below the highest', () => {
    for (const highest of [0.003, 0.7, 1, 4.75, 22.03, 99, 100, 101, 12_345]) {
      const scale = linearScale(highest, 0, 1);
      expect(scale.ticks[0]).toBe(0);
      expect(scale.ticks.at(-1)).toBeGreaterThanOrEqual(highest);
      expect(scale.ticks.length).toBeLessThanOrEqual(8);
      expect(scale.at(0)).toBe(0);
      expect(scale.at(scale.ticks.at(-1)!)).toBe(1);
    }
    expect(linearScale(22.03, 0, 1).ticks).toEqual([0, 5, 10, 15, 20, 25]);
  });

  test('a logarithmic scale has powers of ten around the values', () => {
    const scale = logScale(0.21, 4058, 0, 100);
    expect(scale.ticks.map((tick) => Number(tick.toPrecision(6)))).toEqual([0.1, 1, 10, 100, 1000, 10000]);
    expect(scale.at(10)).toBeCloseTo(40);
  });

  test('numbers are told in few digits', () => {
    expect([0.5, 0.254, 4.756, 22.03, 1500.4, 100_000].map(shortNumber)).toEqual([
      '0.5',
      '0.25',
      '4.76',
      '22',
      '1,500',
      '100,000',
    ]);
  });
});

test('text in pictures is escaped', () => {
  expect(text(1, 2.04, 'a < b & "c"')).toBe('<text x="1" y="2">a &lt; b &amp; "c"</text>');
  expect(element('g', { class: '"><b' })).toBe('<g class="&quot;&gt;&lt;b"/>');
});

/** A session of every kind of benchmark, made up. */
function* sessions(): Generator<SessionResults> {
  yield session('sensor', { 'plain loop': [10, 12, 11], 'roda, inline': [20, 22, 24] });
  yield session('memory', { 'inline engine': [10], 'one worker': [20] });
  yield session('hand-off', { 'journal, two threads': [10, 11] });
  yield session('round-trip', { 'bare ping, both spin': [1, 2], 'one stage, both spin': [3, 4] });
  yield session('records-curve', {
    'roda, inline, columns, 1,000,000 records': [10, 12],
    'roda, inline, columns, 10,000,000 records': [11, 13],
    'roda, worker, columns, 1,000,000 records': [20, 21],
    'roda, worker, columns, 100,000,000 records': [22, 22],
  });
  yield session('start-up', { 'bare worker and parser': [50, 60], 'first alert': [70, 90] });
}

/** Lanes by label, an observation for each time in milliseconds. */
function session(benchmark: string, lanes: Readonly<Record<string, readonly number[]>>): SessionResults {
  const machine = {
    cpu: 'c <1>',
    cores: 2,
    memoryGb: 8,
    platform: 'p',
    node: '20.1.0',
    v8: '11',
    commit: 'abc',
    dirty: false,
  };
  const rest = { records: 1000, collections: 1, collectionMs: 1, peakRssBytes: 5e7, loadingMs: 5 };
  const percentiles = { p50: 0.3, p90: 1, p99: 3, 'p99.9': 100, max: 2000, samples: 10 };
  const text = JSON.stringify({
    benchmark,
    rounds: 2,
    machine,
    lanes: Object.fromEntries(
      Object.entries(lanes).map(([label, times]) => [
        label,
        { observations: times.map((ms) => ({ ...rest, ...percentiles, ms })) },
      ]),
    ),
  });
  return parseResults(text);
}

/** The elements that are not closed at the end, or the first that closes another than the innermost. */
function openElements(svg: string): string[] {
  const open: string[] = [];
  for (const [, closing, name, , empty] of svg.matchAll(
    /<(\/?)([a-z]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/gi,
  )) {
    if (closing === '/') {
      if (open.pop() !== name) return [`</${name}>`];
    } else if (empty !== '/') open.push(name!);
  }
  return open;
}
