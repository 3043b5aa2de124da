// The benchmark: `npm run bench -- [--quick] [--workload name]… [--contestant text]… [--rounds n] [--size n] [--no-write]`

import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { BASELINES, type Entry, entries, findEntry } from './contestants/index.js';
import { describeMachine } from './harness/machine.js';
import { writeResults } from './harness/results-file.js';
import { type Lane, runSession } from './harness/session.js';
import { laneStatistics } from './harness/statistics.js';
import { resultsTable } from './harness/table.js';

const ROUNDS = 7;
const QUICK_ROUNDS = 3;

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    workload: { type: 'string', multiple: true },
    contestant: { type: 'string', multiple: true },
    rounds: { type: 'string' },
    size: { type: 'string' },
    // Only results of full runs are kept; with this not even those.
    'no-write': { type: 'boolean', default: false },
  },
});

const rounds = positiveInteger('rounds', options.rounds) ?? (options.quick ? QUICK_ROUNDS : ROUNDS);
const chosen = options.workload === undefined ? entries : options.workload.map(findEntry);
const complete = options.contestant === undefined && options.size === undefined && !options.quick;
const machine = describeMachine();
console.log(
  `${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, V8 ${machine.v8}, commit ${machine.commit}`,
);
for (const entry of chosen) await bench(entry);

async function bench(entry: Entry): Promise<void> {
  const size = positiveInteger('size', options.size) ?? (options.quick ? entry.quickSize : entry.size);
  const lanes = await runSession(lanesOf(entry, size), rounds, (round, label) => {
    if (process.stderr.isTTY)
      process.stderr.write(`\r\x1b[K${entry.name}: round ${round + 1} of ${rounds}, ${label}`);
  });
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  const statistics = laneStatistics(lanes, BASELINES);
  console.log(`\n${entry.name}, size ${size}, median [min..max] of ${rounds} rounds, results checked`);
  console.log(resultsTable(statistics, BASELINES));
  if (complete && !options['no-write']) {
    const folder = path.join(process.cwd(), 'bench', 'results');
    const file = writeResults(folder, { workload: entry.name, size, rounds, machine, statistics, lanes });
    console.log(`written to ${path.relative(process.cwd(), file)}`);
  }
}

function lanesOf(entry: Entry, size: number): Lane[] {
  const program = fileURLToPath(new URL('./observe.js', import.meta.url));
  const expected = entry.expectedAlerts(size);
  const warmUpSize = Math.min(entry.warmUpSize, size);
  return entry.contestants
    .filter((name) => options.contestant?.some((part) => name.includes(part)) ?? true)
    .map((contestant) => ({
      label: contestant,
      program,
      order: { workload: entry.name, contestant, size, warmUpSize, expected },
    }));
}

function positiveInteger(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new RangeError(`Cannot bench with --${name} ${text}: it is a positive integer`);
}
