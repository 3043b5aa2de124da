// Compares two programs, those of two commits: what both can run, they run in turns
import type { Benchmark, Lane } from './benchmark.js';
import { type Entrant, observeInProcess, runSession } from './session.js';
import { type LaneStatistics, laneStatistics, type Rules } from './statistics.js';

/** The programs that observe the two sides. */
export interface Sides {
  readonly base: string;
  readonly head: string;
}

export interface Compared {
  /** What could not be compared, and why. */
  readonly leftOut: readonly string[];
  /** How `base: …` and `head: …` are compared. */
  readonly rules: Rules;
  readonly statistics: readonly LaneStatistics[];
}

const SIDES = ['base', 'head'] as const;

/** The rules of a comparison: a benchmark's figures, and the first of them against that of the other side. */
function rulesOf({ figures }: Benchmark): Rules {
  const baselineOf = (label: string) =>
    label.startsWith('head: ') ? label.replace('head', 'base') : undefined;
  return { figures, comparisons: [{ title: 'head ÷ base', by: 'ratio', digits: 3, baselineOf }] };
}

/**
 * @param lanes The lanes to compare, as they are measured.
 * @param probes The same lanes, small: they tell which side can run what.
 */
export async function compareSides(
  benchmark: Benchmark,
  sides: Sides,
  lanes: readonly Lane[],
  probes: readonly Lane[],
  rounds: number,
  progress: (round: number, label: string) => void,
): Promise<Compared> {
  const leftOut: string[] = [];
  const entrants: Entrant[] = [];
  for (const lane of lanes) {
    const pair = SIDES.map((side) => entrant(benchmark, sides, side, lane));
    const probe = probes.find(({ label }) => label === lane.label) ?? lane;
    const missing = await whoCannot(SIDES.map((side) => entrant(benchmark, sides, side, probe)));
    leftOut.push(...missing);
    if (missing.length === 0) entrants.push(...pair);
  }
  const rules = rulesOf(benchmark);
  const observed = await runSession(entrants, rounds, progress);
  return { leftOut, rules, statistics: laneStatistics(observed, rules) };
}

function entrant({ name }: Benchmark, sides: Sides, side: 'base' | 'head', { label, task }: Lane): Entrant {
  return { label: `${side}: ${label}`, program: sides[side], order: { benchmark: name, task } };
}

async function whoCannot(entrants: readonly Entrant[]): Promise<string[]> {
  const missing: string[] = [];
  for (const entrant of entrants) {
    try {
      await observeInProcess(entrant);
    } catch (error) {
      missing.push(`${entrant.label} does not run: ${reasonOf(error)}`);
    }
  }
  return missing;
}

/** The line of a failed process that says what it failed of. */
function reasonOf(error: unknown): string {
  const lines = String(error).split('\n');
  return (lines.find((line) => /^\w*Error\b.*: /.test(line) && line !== lines[0]) ?? lines[0] ?? '').trim();
}
