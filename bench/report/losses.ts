// Where something else is faster, and why: the numbers from the results, the reasons by whom they are lost to
import type { Benchmark } from '../harness/benchmark.js';
import type { SessionResults } from '../harness/results-file.js';
import { type LaneStatistics, laneStatistics, outcomes, type Spread } from '../harness/statistics.js';
import { outcomeText, spreadText } from '../harness/table.js';

/** A benchmark with the session that it was last run in, on one version of Node. */
export interface Session {
  readonly benchmark: Benchmark;
  readonly results: SessionResults;
  readonly lanes: readonly LaneStatistics[];
}

export function sessionOf(benchmark: Benchmark, results: SessionResults): Session {
  return { benchmark, results, lanes: laneStatistics(results.lanes, benchmark) };
}

const REASONS: Readonly<Record<string, string>> = {
  'plain loop': `It has the record in its hand: nothing is checked, encoded, published or decoded, and V8 keeps two objects that
  are found again and again in its caches. What it can't do is leave the thread free, hold a writer back, tell what it is doing, or go on
  when one step throws.`,
  'RxJS, own state': `A call for each step is less than a journal, where there is this little to do.`,
  'RxJS, idiomatic': `Few records reach a group, so that its machinery doesn't weigh.`,
  '@most/core': `Its operators are one call each, without a subscriber's checks, and the state is the same Map of objects.`,
  'worker, postMessage': `Large batches of few fields are cloned faster than they are taken in one by one.`,
  Piscina: `Large batches of few fields are cloned faster than they are taken in one by one.`,
};

/** A list entry for everybody who is faster than the fastest of ours. */
export function lossesOf(session: Session): string[] {
  const { benchmark, results, lanes } = session;
  const [figure] = benchmark.figures;
  if (figure === undefined || benchmark.comparisons.length === 0) return [];
  const best = fastest(
    lanes.filter(({ label }) => benchmark.ours.includes(label)),
    figure.key,
  );
  if (best === undefined) return [];
  return Object.entries(REASONS).flatMap(([baseline, why]) => {
    const ratio = inverse(best.comparisons[`× ${baseline}`]);
    if (ratio === undefined || ratio.median <= 1) return [];
    const where = `\`${benchmark.name}\`, Node ${Number.parseInt(results.machine.node, 10)}`;
    return [
      `- **${baseline}** on ${where}: ${spreadText(ratio, 2)} times the records of ${best.label}, our fastest. ${why}`,
    ];
  });
}

/** A list entry for every goal that was missed. */
export function missedGoals({ benchmark, results, lanes }: Session): string[] {
  return outcomes(lanes, benchmark)
    .filter(({ met, value }) => !met && value !== undefined)
    .map((outcome) => {
      const where = `${benchmark.title}, Node ${Number.parseInt(results.machine.node, 10)}`;
      return `- ${where}: ${outcomeText(outcome, benchmark)}`;
    });
}

function fastest(lanes: readonly LaneStatistics[], key: string): LaneStatistics | undefined {
  return [...lanes].sort((a, b) => b.figures[key]!.median - a.figures[key]!.median)[0];
}

function inverse(ratio: Spread | undefined): Spread | undefined {
  return ratio && { median: 1 / ratio.median, min: 1 / ratio.max, max: 1 / ratio.min };
}
