// Two programs against each other; `npm run bench:compare` prepares them: `compare.ts BASE_PROGRAM HEAD_PROGRAM [options]`
import { parseArgs } from 'node:util';
import { BENCHMARKS, loadBenchmark } from './benchmarks/index.js';
import { positiveInteger } from './harness/arguments.js';
import type { Benchmark, Lane, Scale } from './harness/benchmark.js';
import { compareSides, type Sides } from './harness/comparison.js';
import { describeMachine, machineText } from './harness/machine.js';
import { clearProgress, showProgress } from './harness/progress.js';
import { alignColumns, resultsTables } from './harness/table.js';

const QUICK_ROUNDS = 3;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    benchmark: { type: 'string', multiple: true },
    lane: { type: 'string', multiple: true },
    rounds: { type: 'string' },
    size: { type: 'string' },
  },
});
const [base, head] = positionals;
if (base === undefined || head === undefined) throw new RangeError('Cannot compare without two programs');
const rounds = positiveInteger('rounds', options.rounds);
const size = positiveInteger('size', options.size);
const scale: Scale = options.quick ? 'quick' : 'full';

console.log(machineText(describeMachine()));
for (const name of options.benchmark ?? BENCHMARKS) await compare(await loadBenchmark(name), { base, head });

async function compare(benchmark: Benchmark, sides: Sides): Promise<void> {
  const { name, title, ours } = benchmark;
  const chosen = ({ label }: Lane) =>
    options.lane === undefined ? ours.includes(label) : options.lane.some((part) => label.includes(part));
  const times = rounds ?? (scale === 'quick' ? QUICK_ROUNDS : benchmark.rounds);
  const { leftOut, rules, statistics } = await compareSides(
    benchmark,
    sides,
    benchmark.lanes(scale, size).filter(chosen),
    benchmark.lanes('quick').filter(chosen),
    times,
    (round, label) => showProgress(`${name}: round ${round + 1} of ${times}, ${label}`),
  );
  clearProgress();
  console.log(`\n${title} (${name}), ${times} rounds, results checked; median [min..max]`);
  for (const reason of leftOut) console.log(`left out: ${reason}`);
  for (const table of resultsTables(statistics, rules)) console.log(alignColumns(table));
}
