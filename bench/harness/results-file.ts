// The file of a session's results: the same session always gives the same text, one observation a line

import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Machine } from './machine.js';
import type { LaneObservations } from './session.js';
import type { LaneStatistics, Spread } from './statistics.js';

export interface SessionResults {
  readonly workload: string;
  readonly size: number;
  readonly rounds: number;
  readonly machine: Machine;
  readonly statistics: readonly LaneStatistics[];
  readonly lanes: readonly LaneObservations[];
}

/** Writes the results to `folder`, in a file named by workload and Node's major version; returns its path. */
export function writeResults(folder: string, results: SessionResults): string {
  const major = results.machine.node.split('.')[0];
  const file = path.join(folder, `${results.workload}.node${major}.json`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, resultsText(results));
  return file;
}

export function resultsText({ workload, size, rounds, machine, statistics, lanes }: SessionResults): string {
  const contestants = statistics.map((lane, at) => {
    const ratios = Object.entries(lane.ratios).map(
      ([label, ratio]) => `${JSON.stringify(label)}: ${line(ratio)}`,
    );
    const observations = lanes[at]!.observations.map((observation) => `        ${line(observation)}`);
    return `    ${JSON.stringify(lane.label)}: {
      "rate, M records/s": ${line(lane.rate)},
      "times the rate of": { ${ratios.join(', ')} },
      "peak resident, MB": ${line(lane.peakRssMb)},
      "observations": [
${observations.join(',\n')}
      ]
    }`;
  });
  return `{
  "workload": ${JSON.stringify(workload)},
  "size": ${size},
  "rounds": ${rounds},
  "machine": ${JSON.stringify(machine, null, 2).replaceAll('\n', '\n  ')},
  "contestants": {
${contestants.join(',\n')}
  }
}
`;
}

/** A flat object of numbers on one line, to three decimals. */
function line(values: object): string {
  const members = Object.entries(values as Spread).map(
    ([name, value]) => `${JSON.stringify(name)}: ${Number((value as number).toFixed(3))}`,
  );
  return `{ ${members.join(', ')} }`;
}
