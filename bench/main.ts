// The benchmarks: `npm run bench -- [--quick] [--benchmark name]… [--lane text]… [--rounds n] [--size n] [--results folder]`
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { BENCHMARKS, loadBenchmark } from './benchmarks/index.js';
import { positiveInteger } from './harness/arguments.js';
import type { Benchmark } from './harness/benchmark.js';
import { describeMachine, machineText } from './harness/machine.js';
import { clearProgress, showProgress } from './harness/progress.js';
import { writeResults } from './harness/results-file.js';
import { type Entrant, runSession } from './harness/session.js';
import { laneStatistics, type Outcome, outcomes } from './harness/statistics.js';
import { alignColumns, goalsText, outcomeText, resultsTables } from './harness/table.js';

const QUICK_ROUNDS = 2;

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    benchmark: { type: 'string', multiple: true },
    lane: { type: 'string', multiple: true },
    rounds: { type: 'string' },
    size: { type: 'string' },
    // Where results are written: those of full runs to bench/results/ unless told, others nowhere.
    results: { type: 'string' },
  },
});
const rounds = positiveInteger('rounds', options.rounds);
const size = positiveInteger('size', options.size);
const scale = options.quick ? 'quick' : 'full';
const isFull = scale === 'full' && options.lane === undefined && size === undefined;

const machine = describeMachine();
console.log(machineText(machine));
/** What became of the goals of full runs. They are told, and fail nothing: how long something takes is no test. */
const goals: { outcome: Outcome; text: string }[] = [];
for (const name of options.benchmark ?? BENCHMARKS) await run(await loadBenchmark(name));
if (goals.length > 0) console.log(`\n${goalsText(goals)}`);

async function run(benchmark: Benchmark): Promise<void> {
  const { name, title } = benchmark;
  const program = fileURLToPath(new URL('./observe.js', import.meta.url));
  const entrants: Entrant[] = benchmark
    .lanes(scale, size)
    .filter(({ label }) => options.lane?.some((part) => label.includes(part)) ?? true)
    .map(({ label, task }) => ({ label, program, order: { benchmark: name, task } }));
  const times = rounds ?? (scale === 'quick' ? QUICK_ROUNDS : benchmark.rounds);
  const start = performance.now();
  const lanes = await runSession(entrants, times, (round, label) => {
    showProgress(`${name}: round ${round + 1} of ${times}, ${label}`);
  });
  clearProgress();
  const seconds = ((performance.now() - start) / 1000).toFixed(0);

  const statistics = laneStatistics(lanes, benchmark);
  console.log(`\n${title} (${name}), ${times} rounds in ${seconds} s, results checked; median [min..max]`);
  for (const table of resultsTables(statistics, benchmark)) console.log(`${alignColumns(table)}\n`);
  if (isFull) {
    for (const outcome of outcomes(statistics, benchmark)) {
      const text = outcomeText(outcome, benchmark);
      goals.push({ outcome, text: `${name}: ${text}` });
      console.log(text);
    }
  }
  const folder = options.results ?? (isFull ? path.join('bench', 'results') : undefined);
  if (folder === undefined) return;
  const file = writeResults(folder, { benchmark: name, rounds: times, machine, lanes }, benchmark);
  console.log(`written to ${file}`);
}
