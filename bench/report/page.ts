// docs/benchmarks.md and its charts, made of results: every measured number in them is computed here
import { BENCHMARKS, loadBenchmark } from '../benchmarks/index.js';
import { BATCH_READINGS } from '../contestants/batches/batch-loop.js';
import type { Machine } from '../harness/machine.js';
import { nodeMajor, type SessionResults } from '../harness/results-file.js';
import { outcomes } from '../harness/statistics.js';
import { outcomeText, resultsTables } from '../harness/table.js';
import { besideNative, nativeLosses } from './beside-native.js';
import { drawChart } from './charts.js';
import { lossesOf } from './losses.js';
import { markdownTable } from './markdown.js';
import { type Session, sessionOf } from './session.js';

/** The page, and its charts by the names of their files. */
export interface Report {
  readonly page: string;
  readonly charts: ReadonlyMap<string, string>;
}

/** Where the page finds its charts. */
const CHARTS = 'images/benchmarks';

const INTRODUCTION = `# Benchmarks

How fast roda-rx is, what it takes, and what does better. This page and its charts are generated from the results in
\`bench/results/\` by \`npm run docs:benchmarks\`; nothing that was measured here is typed.

## Method

- Every observation is a process of its own: the contestant is loaded, warmed up by two runs with other keys than those that
  count, and runs once. Observations go round, and each round begins one contestant later than the one before.
- Every observation checks its results: the checksum of all alerts must be that of the plain loop, or the run fails.
- Figures are medians over the rounds, with [smallest..largest]. Comparisons are made of two observations of the same round, so
  that what slowed down both of them cancels out; their median is told, not a quotient of medians.
- Collections are counted by V8's profiler while the workload runs. Memory is the most that the system saw the whole process have
  resident, from its start.
- Records are made while they are fed; that is part of everybody's time. Every alert is delivered to a function on the main
  thread.

The baselines: **RxJS, idiomatic** is \`groupBy\`, \`mergeMap\`, \`scan\`, \`pairwise\`; **RxJS, own state** is \`map\` and \`filter\` whose
functions keep Maps; **@most/core** is \`loop\` with a Map as its seed; the **plain loop** is written out by hand over objects and
Maps with packed number keys; **worker, postMessage** sends batches of ${BATCH_READINGS.toLocaleString('en-US')} plain objects to that loop in a worker, and
**Piscina** the same as tasks of a pool with one thread. The slow ones get fewer records (see the tables); where the state grows
with the records, that helps them.

## Again, on your machine

\`\`\`sh
npm ci
# Everything; --benchmark sensor for one, --quick for a look
npm run bench
# The same on another Node
$(node scripts/node-binary.mjs 26) scripts/run.mjs bench/main.ts
# This page, from what was written to bench/results/
npm run docs:benchmarks
# Two commits, observation by observation
npm run bench:compare -- main~5 main
\`\`\`

A quiet machine gives narrow spreads. Where there are two cores, whoever uses one of them takes it from the worker.
`;

/** Makes the report of all sessions; benchmarks without results are left out. */
export async function makeReport(all: readonly SessionResults[]): Promise<Report> {
  const charts = new Map<string, string>();
  const sessions: Session[] = [];
  const sections: string[] = [];
  for (const name of BENCHMARKS) {
    const results = all
      .filter(({ benchmark }) => benchmark === name)
      .sort((a, b) => nodeMajor(a.machine) - nodeMajor(b.machine));
    if (results.length === 0) continue;
    const benchmark = await loadBenchmark(name);
    sections.push(`## ${benchmark.title}\n\n${benchmark.about}\n`);
    for (const session of results.map((session) => sessionOf(benchmark, session))) {
      const file = `${name}.node${nodeMajor(session.results.machine)}.svg`;
      charts.set(file, drawChart(session));
      sessions.push(session);
      sections.push(sessionSection(session, file));
    }
  }
  const page = [
    INTRODUCTION,
    machines(sessions),
    ...besideNative(sessions),
    ...sections,
    losses(sessions),
  ].join('\n');
  return { page, charts };
}

function sessionSection({ benchmark, lanes, node }: Session, chart: string): string {
  const title = benchmark.title.replaceAll('`', '');
  const tables = resultsTables(lanes, benchmark).map((table) => `${markdownTable(table)}\n`);
  const goals = outcomes(lanes, benchmark).map((outcome) => `- Goal: ${outcomeText(outcome, benchmark)}`);
  return [
    `### ${benchmark.name}, ${node}\n`,
    `![${title}, ${node}: ${benchmark.chart.axis}](${CHARTS}/${chart})\n`,
    ...tables,
    ...(goals.length > 0 ? [`${goals.join('\n')}\n`] : []),
  ].join('\n');
}

/** Where each session was run. */
function machines(sessions: readonly Session[]): string {
  const rows = sessions.map(({ benchmark, results: { machine, rounds } }) => [
    benchmark.name,
    String(rounds),
    machine.node,
    machine.v8,
    `${machine.commit}${machine.dirty ? ', with changes' : ''}`,
    hardware(machine),
  ]);
  return `## Machine\n\n${markdownTable([['benchmark', 'rounds', 'Node', 'V8', 'commit', 'machine'], ...rows])}\n`;
}

function hardware({ cpu, cores, memoryGb, platform }: Machine): string {
  return `${cpu}, ${cores} cores, ${memoryGb} GB, ${platform}`;
}

function losses(sessions: readonly Session[]): string {
  const lost = [...sessions.flatMap(lossesOf), ...nativeLosses(sessions)];
  return `## Where something else does better, and why\n\n${lost.length > 0 ? lost.join('\n') : 'Nowhere, in these results.'}\n`;
}
