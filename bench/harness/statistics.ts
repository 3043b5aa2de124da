// What is made of a session's observations: rates with their spread, and ratios of lanes paired by round

import type { LaneObservations } from './session.js';

/** The middle and the ends of some values. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export interface LaneStatistics {
  readonly label: string;
  /** Million records a second. */
  readonly rate: Spread;
  /** How many times as fast as the baseline in the same round, by the baseline's label. */
  readonly ratios: Readonly<Record<string, Spread>>;
  readonly collections: Spread;
  readonly collectionMs: Spread;
  /** Millions of bytes. */
  readonly peakRssMb: Spread;
}

export function laneStatistics(
  lanes: readonly LaneObservations[],
  baselines: readonly string[],
): LaneStatistics[] {
  const rates = new Map(lanes.map((lane) => [lane.label, laneRates(lane)]));
  return lanes.map(({ label, observations }) => {
    const own = rates.get(label)!;
    const ratios: Record<string, Spread> = {};
    for (const baseline of baselines) {
      const other = rates.get(baseline);
      if (other !== undefined) ratios[baseline] = spread(own.map((rate, round) => rate / other[round]!));
    }
    return {
      label,
      rate: spread(own),
      ratios,
      collections: spread(observations.map((o) => o.collections)),
      collectionMs: spread(observations.map((o) => o.collectionMs)),
      peakRssMb: spread(observations.map((o) => o.peakRssBytes / 1e6)),
    };
  });
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

function laneRates({ observations }: LaneObservations): number[] {
  return observations.map(({ records, ms }) => records / ms / 1000);
}
