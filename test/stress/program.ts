// The stress program: performs random scenarios for a time, or until so many records have been written.
//
//   npm run stress -- [--seconds 60 | --records 1e9 | --reads 1e8 | --scenarios n] [--kind journal | sequences | slots | by-hand |
//     histogram | marks | handover] [--seed n] [--fixed json] [--watchdog ms] [--json]
import process from 'node:process';
import { parseArgs } from 'node:util';
import { isMainThread, workerData } from 'node:worker_threads';
import { Crew, type Tally } from './crew.js';
import { handOver } from './handover.js';
import { Fault } from './orders.js';
import { BUSY, chooseScenario, type Fixed, fixForSpeed, type Scenario } from './scenario.js';
import { serve } from './thread.js';

/** How often a rate is printed. */
const REPORT_MS = 10_000;
/** Where records are counted, all scenarios but one in so many are those that make many of them. */
const SLOW_ONES = 8;
/** Longest time without progress, on a machine that has other things to do. */
const WATCHDOG_MS = 20_000;

/** What the program prints with `--json`. */
export interface Report {
  readonly seed: number;
  readonly scenarios: number;
  readonly seconds: number;
  readonly tally: Tally;
  readonly fault?: { readonly kind: string; readonly message: string; readonly scenario: Scenario };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string' },
      records: { type: 'string' },
      scenarios: { type: 'string' },
      reads: { type: 'string' },
      kind: { type: 'string' },
      seed: { type: 'string' },
      fixed: { type: 'string', default: '{}' },
      watchdog: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const seed = number('seed', values.seed) ?? Math.floor(Math.random() * 2 ** 31);
  const records = number('records', values.records) ?? Number.POSITIVE_INFINITY;
  const reads = number('reads', values.reads) ?? Number.POSITIVE_INFINITY;
  const scenarios = number('scenarios', values.scenarios) ?? Number.POSITIVE_INFINITY;
  const bounded =
    records < Number.POSITIVE_INFINITY ||
    reads < Number.POSITIVE_INFINITY ||
    scenarios < Number.POSITIVE_INFINITY;
  const seconds = number('seconds', values.seconds) ?? (bounded ? Number.POSITIVE_INFINITY : 60);
  const say = (text: string) => {
    if (!values.json) console.log(text);
  };
  const watchdogMs = number('watchdog', values.watchdog) ?? WATCHDOG_MS;
  const crew = new Crew(__filename, watchdogMs);
  const start = performance.now();
  const passed = () => (performance.now() - start) / 1_000;
  const total: Tally = { written: 0, read: 0, lost: 0 };
  const rate = () => `${(total.written / passed() / 1e6).toFixed(1)}M a second`;
  const fixed: Fixed = {
    ...(values.kind === undefined ? {} : { kind: values.kind as Scenario['kind'] }),
    ...(JSON.parse(values.fixed) as Fixed),
  };
  const countsRecords = records < Number.POSITIVE_INFINITY;
  let done = 0;
  let fault: Report['fault'];
  let reported = passed();
  say(`seed ${seed}`);
  while (done < scenarios && total.written < records && total.read < reads && passed() < seconds) {
    const isFast = done % SLOW_ONES !== 0;
    const fast: Fixed =
      countsRecords && isFast
        ? fixForSpeed(seed + done)
        : reads < Number.POSITIVE_INFINITY && isFast
          ? BUSY
          : {};
    const scenario = chooseScenario(seed + done, { ...fast, ...fixed });
    try {
      const tally =
        scenario.kind === 'handover' ? await handOver(scenario, watchdogMs) : await crew.perform(scenario);
      total.written += tally.written;
      total.read += tally.read;
      total.lost += tally.lost;
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      fault = { kind: error.kind, message: error.message, scenario };
      break;
    }
    done++;
    if (passed() - reported < REPORT_MS / 1_000) continue;
    reported = passed();
    say(`${reported.toFixed(0)} s: ${done} scenarios, ${counts(total)}, ${rate()}`);
  }
  const report: Report = { seed, scenarios: done, seconds: passed(), tally: total, ...(fault && { fault }) };
  if (values.json) console.log(JSON.stringify(report));
  say(`${done} scenarios in ${report.seconds.toFixed(1)} s: ${counts(total)}, ${rate()}`);
  if (fault !== undefined) {
    say(`${fault.kind}: ${fault.message}\nin ${JSON.stringify(fault.scenario)}\nseed ${fault.scenario.seed}`);
  }
  // Threads that hang would hold the process.
  process.exit(fault === undefined ? 0 : 1);
}

function counts({ written, read, lost }: Tally): string {
  return `${written} records written, ${read} read and checked, ${lost} lost by lapped readers`;
}

function number(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isFinite(value) && value >= 0) return value;
  throw new RangeError(`Cannot run with --${option} ${text}: it must be a number`);
}

if (isMainThread) void main();
else serve(workerData as WebAssembly.Memory);
