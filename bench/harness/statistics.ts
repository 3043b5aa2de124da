// What is made of a session's observations: figures with their spread, and lanes compared round by round
import type { Benchmark, Comparison, Goal } from './benchmark.js';
import type { LaneObservations } from './session.js';

/** The middle and the ends of some values. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export interface LaneStatistics {
  readonly label: string;
  /** By the figure's key. */
  readonly figures: Readonly<Record<string, Spread>>;
  /** By the comparison's title; only those that the lane takes part in. */
  readonly comparisons: Readonly<Record<string, Spread>>;
}

/** What the statistics of a session are made by. */
export type Rules = Pick<Benchmark, 'figures' | 'comparisons'>;

export function laneStatistics(lanes: readonly LaneObservations[], rules: Rules): LaneStatistics[] {
  return lanes.map((lane) => {
    const figures = rules.figures.map(({ key, of }) => [key, spread(lane.observations.map(of))] as const);
    const comparisons = rules.comparisons.flatMap((comparison) => {
      const compared = compare(lane, lanes, comparison, rules);
      return compared === undefined ? [] : [[comparison.title, compared] as const];
    });
    return {
      label: lane.label,
      figures: Object.fromEntries(figures),
      comparisons: Object.fromEntries(comparisons),
    };
  });
}

/** Compares observations of the same round, so that what troubled both of them cancels out. */
function compare(
  lane: LaneObservations,
  lanes: readonly LaneObservations[],
  comparison: Comparison,
  { figures }: Rules,
): Spread | undefined {
  const label = comparison.baselineOf(lane.label);
  const baseline = lanes.find((other) => other.label === label);
  const [figure] = figures;
  if (baseline === undefined || figure === undefined) return undefined;
  return spread(
    lane.observations.map((observation, round) => {
      const [own, other] = [figure.of(observation), figure.of(baseline.observations[round]!)];
      return comparison.by === 'ratio' ? own / other : own - other;
    }),
  );
}

/** The median (of an even number of values the mean of the middle two), the smallest and the largest of some values. */
export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return {
    median: sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2,
    min: sorted[0]!,
    max: sorted.at(-1)!,
  };
}

/** A goal, and what became of it; without a value if its lane was not observed. */
export interface Outcome {
  readonly goal: Goal;
  readonly value: Spread | undefined;
  /** Whether it is met, or the one that is as good. */
  readonly met: boolean;
  readonly or?: Outcome;
}

/** Holds the goals against medians. */
export function outcomes(
  lanes: readonly LaneStatistics[],
  { figures, goals }: Pick<Benchmark, 'figures' | 'goals'>,
): Outcome[] {
  const outcomeOf = (goal: Goal): Outcome => {
    const lane = lanes.find(({ label }) => label === goal.lane);
    const key = figures.find(({ title }) => title === goal.of)?.key;
    const value = key === undefined ? lane?.comparisons[goal.of] : lane?.figures[key];
    const met =
      value !== undefined &&
      (goal.must === 'at least' ? value.median >= goal.bound : value.median <= goal.bound);
    if (goal.or === undefined) return { goal, value, met };
    const or = outcomeOf(goal.or);
    return { goal, value, met: met || or.met, or };
  };
  return goals.map(outcomeOf);
}
