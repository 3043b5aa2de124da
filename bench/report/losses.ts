// Where something else does better, and why: the numbers from the results, the reasons by what they are lost to
import { peakMegabytes } from '../benchmarks/figures.js';
import { type LaneStatistics, outcomes, type Spread } from '../harness/statistics.js';
import { outcomeText, spreadText } from '../harness/table.js';
import { listEntry } from './markdown.js';
import type { Session } from './session.js';

/** Why a baseline is faster, where it is. */
const REASONS: Readonly<Record<string, string>> = {
  'plain loop': `It has the record in its hand: nothing is checked, encoded, published or decoded, and V8 keeps objects that are
    found again and again in its caches. What it can't do is leave the thread free, hold a writer back, tell what it is doing, or
    go on when one step throws.`,
  'native C loop': `Compiled for this machine and this one pipeline, over plain records, with nothing in between.`,
  'RxJS, own state': `A call for each step is less than a journal, where there is this little to do.`,
  'RxJS, idiomatic': `Few records reach a group, so that its machinery doesn't weigh.`,
  '@most/core': `An operator is one call there, without a subscriber's checks, and the state the same Map of objects.`,
  'worker, postMessage': `Large batches of few fields are cloned faster than they are taken in one by one.`,
  Piscina: `Large batches of few fields are cloned faster than they are taken in one by one.`,
};

/** The baseline whose memory the others are held against: it keeps nothing but its state. */
const LIGHTEST = 'plain loop';

/** List entries for everything that is done better by somebody else, or not as well as intended. */
export function lossesOf(session: Session): string[] {
  return [...slower(session), ...heavier(session), ...later(session), ...missed(session)].map(listEntry);
}

/** Who handles more records than the fastest of ours. */
function slower({ benchmark, lanes, node }: Session): string[] {
  const key = benchmark.figures[0]?.key ?? '';
  const ours = lanes.filter(({ label }) => benchmark.ours.includes(label));
  const [best] = ours.sort((a, b) => b.figures[key]!.median - a.figures[key]!.median);
  return Object.entries(REASONS).flatMap(([baseline, why]) => {
    const ratio = inverse(best?.comparisons[`× ${baseline}`]);
    if (best === undefined || ratio === undefined || ratio.median <= 1) return [];
    const times = spreadText(ratio, 2);
    return [
      `**${baseline}** on \`${benchmark.name}\`, ${node}: ${times} times the records of ${best.label}, our fastest. ${why}`,
    ];
  });
}

/** How much more memory an engine takes than the lightest baseline. */
function heavier({ benchmark, lanes, node }: Session): string[] {
  const lightest = lanes.find(({ label }) => label === LIGHTEST);
  if (lightest === undefined) return [];
  const more = lanes
    .filter(({ label }) => benchmark.ours.includes(label))
    .map((lane) => peakOf(lane) - peakOf(lightest))
    .filter((megabytes) => megabytes > 0);
  if (more.length === 0) return [];
  const [least, most] = [Math.min(...more), Math.max(...more)].map((megabytes) => megabytes.toFixed(0));
  const much = least === most ? `${most}` : `${least} to ${most}`;
  return [
    `**Memory** on \`${benchmark.name}\`, ${node}: ${much} MB more than the ${LIGHTEST}. The journals, the code that compiles
    functions, and for a worker a second heap: the price of an engine, however long the stream.`,
  ];
}

/** How much later an answer comes than by hand. */
function later({ benchmark, lanes, node }: Session): string[] {
  if (Object.keys(REASONS).some((label) => lanes.some((lane) => lane.label === label))) return [];
  return lanes.flatMap(({ label, comparisons }) =>
    benchmark.comparisons.flatMap(({ title, digits, by, baselineOf }) => {
      // What is compared with itself, or is not ours, loses nothing.
      if (!benchmark.ours.includes(label) || benchmark.ours.includes(baselineOf(label) ?? '')) return [];
      const spread = comparisons[title];
      if (spread === undefined || spread.median <= (by === 'ratio' ? 1 : 0)) return [];
      return [
        `**By hand**, ${benchmark.title.toLowerCase()}, ${node}: ${label}, ${spreadText(spread, digits)} ${title}.`,
      ];
    }),
  );
}

/** Goals that were missed. */
function missed({ benchmark, lanes, node }: Session): string[] {
  return outcomes(lanes, benchmark)
    .filter(({ met, value }) => !met && value !== undefined)
    .map(
      (outcome) =>
        `**A goal**, ${benchmark.title.toLowerCase()}, ${node}: ${outcomeText(outcome, benchmark)}.`,
    );
}

function peakOf({ figures }: LaneStatistics): number {
  return figures[peakMegabytes.key]!.median;
}

function inverse(ratio: Spread | undefined): Spread | undefined {
  return ratio && { median: 1 / ratio.median, min: 1 / ratio.max, max: 1 / ratio.min };
}
