// The file of a session's results: the same session always gives the same text, one observation a line
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Observation } from './benchmark.js';
import type { Machine } from './machine.js';
import type { LaneObservations } from './session.js';
import { laneStatistics, type Rules, type Spread } from './statistics.js';

/** A session as it is kept. */
export interface SessionResults {
  readonly benchmark: string;
  readonly rounds: number;
  readonly machine: Machine;
  readonly lanes: readonly LaneObservations[];
}

/** Writes results to `folder`, in a file named by benchmark and Node's major version; returns its path. */
export function writeResults(folder: string, results: SessionResults, rules: Rules): string {
  const file = path.join(folder, `${results.benchmark}.node${nodeMajor(results.machine)}.json`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, resultsText(results, rules));
  return file;
}

/** The text of a results file. The statistics in it are for people: programs make them of the observations. */
export function resultsText(
  { benchmark, rounds, machine, ...results }: SessionResults,
  rules: Rules,
): string {
  // As they will be read: what is made of them is the same then.
  const lanes = results.lanes.map(({ label, observations }) => ({
    label,
    observations: observations.map(roundMembers),
  }));
  const statistics = laneStatistics(lanes, rules);
  const entries = lanes.map(({ label, observations }, at) => {
    const { figures, comparisons } = statistics[at]!;
    return `    ${JSON.stringify(label)}: {
      "figures": ${members(figures, 6)},
      "comparisons": ${members(comparisons, 6)},
      "observations": [
${observations.map((observation) => `        ${line(observation)}`).join(',\n')}
      ]
    }`;
  });
  return `{
  "benchmark": ${JSON.stringify(benchmark)},
  "rounds": ${rounds},
  "machine": ${JSON.stringify(machine, null, 2).replaceAll('\n', '\n  ')},
  "lanes": {
${entries.join(',\n')}
  }
}
`;
}

/** The sessions kept in a folder, in the order of their files' names. */
export function readResults(folder: string): SessionResults[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => parseResults(readFileSync(path.join(folder, name), 'utf8')));
}

/** A session from the text of its file. */
export function parseResults(text: string): SessionResults {
  const { benchmark, rounds, machine, lanes } = JSON.parse(text) as {
    benchmark: string;
    rounds: number;
    machine: Machine;
    lanes: Record<string, { observations: Observation[] }>;
  };
  return {
    benchmark,
    rounds,
    machine,
    lanes: Object.entries(lanes).map(([label, { observations }]) => ({ label, observations })),
  };
}

export function nodeMajor({ node }: Machine): number {
  return Number.parseInt(node, 10);
}

/** An object of spreads, one a line, without those that there are no values for. */
function members(values: Readonly<Record<string, Spread>>, indent: number): string {
  const entries = Object.entries(values).filter(([, { median }]) => !Number.isNaN(median));
  if (entries.length === 0) return '{}';
  const pad = ' '.repeat(indent);
  const lines = entries.map(([name, value]) => `${pad}  ${JSON.stringify(name)}: ${line(value)}`);
  return `{\n${lines.join(',\n')}\n${pad}}`;
}

/** A flat object of numbers on one line, to three decimals. */
function line(values: object): string {
  const entries = Object.entries(roundMembers(values as Record<string, number>)).map(
    ([name, value]) => `${JSON.stringify(name)}: ${value}`,
  );
  return `{ ${entries.join(', ')} }`;
}

function roundMembers(values: Observation): Observation {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Number(value.toFixed(3))]));
}
