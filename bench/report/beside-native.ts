// This project's results beside those of the Rust engine, and where that one or its steps fused by hand do better
import { peakMegabytes, rate } from '../benchmarks/figures.js';
import type { LaneStatistics, Spread } from '../harness/statistics.js';
import { spreadText } from '../harness/table.js';
import { listEntry, markdownTable } from './markdown.js';
import { NATIVE_RUNS, NATIVE_TRIPS, type NativeRun } from './native-engine.js';
import type { Session } from './session.js';

const ABOUT = `## Beside the native engine

What the Rust engine whose design this one started from prints, what is true of it, and ours. Its figures are not of this page's harness:
the unmodified engine was run by a program of its own, on a machine with two cores, and what came out was checked. It prints rates
that are taken when its counters stand still, which is before the work is done; **true** is the time until the last result is out.
**Ours** is the fastest of our lanes in the newest results, until the last alert has been delivered; × is its median over the true
one's. **Fused by hand** are the same steps in one native thread, without journals. Rates are millions of records a second.
`;

/** Why the steps fused by hand are faster, where they are. */
const FUSED = `One native thread, one loop for this one pipeline, and nothing that could be watched, held back or read by others.`;
/** Why the engine is. */
const ENGINE = `Its records are bytes from the start, and its closures are compiled for the machine.`;
/** Why its round trip is shorter. */
const TRIP = `Two plain loops on two threads; ours makes an object of the answer, and looks whether its worker is to stop.`;
/** Why what it prints is not beaten. */
const PRINTED = `That is what its source takes in, not what it has processed.`;

/** A run, and the lane of ours beside it; none if there are no results. */
interface Pair {
  readonly run: NativeRun;
  readonly ours: LaneStatistics | undefined;
  readonly node: string;
}

/** The section; nothing without any results of ours. */
export function besideNative(sessions: readonly Session[]): string[] {
  const pairs = pairsOf(sessions);
  if (pairs.every(({ ours }) => ours === undefined)) return [];
  const rates = pairs.map(({ run, ours, node }) => {
    const own = ours?.figures[rate.key];
    return [
      run.workload,
      run.printed?.toFixed(1) ?? '–',
      spreadText(run.actual, 1),
      spreadText(own, 1),
      own === undefined ? '–' : (own.median / run.actual.median).toFixed(1),
      run.fused?.toFixed(1) ?? '–',
      nameOf(ours, node),
    ];
  });
  const memory = pairs.map(({ run, ours, node }) => {
    const own = ours?.figures[peakMegabytes.key];
    const times = own === undefined || run.grows ? '–' : (run.residentMegabytes / own.median).toFixed(1);
    return [run.workload, String(run.residentMegabytes), spreadText(own, 0), times, nameOf(ours, node)];
  });
  return [
    ABOUT,
    `${markdownTable([['', 'printed', 'true', 'ours', '×', 'fused by hand', 'our lane'], ...rates])}\n`,
    'Memory, resident, in MB; × is theirs over ours. Ours is the same for any number of records, unless they bring ever more keys, as\n`many-keys` does: there ours ran with fewer, which also makes its tables quicker.\n',
    `${markdownTable([['', 'theirs', 'ours', '×', 'our lane'], ...memory])}\n`,
    'Round trips in microseconds, all threads spinning.\n',
    `${markdownTable([['through', 'theirs, p50', 'ours, p50', 'theirs, p99', 'ours, p99'], ...tripRows(sessions)])}\n`,
  ];
}

/** List entries for what it, or its steps fused by hand, do better. */
export function nativeLosses(sessions: readonly Session[]): string[] {
  return [...slowerThanNative(sessions), ...laterThanNative(sessions)];
}

function laterThanNative(sessions: readonly Session[]): string[] {
  return NATIVE_TRIPS.flatMap(({ through, p50, ours }) => {
    const own = tripFigure(sessions, ours, 'p50, µs')?.median;
    const [, theirs] = p50;
    if (own === undefined || own <= theirs) return [];
    const entry = `**The native engine**, a round trip through ${through}: p50 ${theirs} µs, ours ${own.toFixed(2)} µs. ${TRIP}`;
    return [listEntry(entry)];
  });
}

function slowerThanNative(sessions: readonly Session[]): string[] {
  return pairsOf(sessions).flatMap(({ run, ours, node }) => {
    const own = ours?.figures[rate.key]?.median;
    if (own === undefined) return [];
    const rivals = [
      { name: 'The native engine', figure: run.actual.median, why: ENGINE },
      { name: 'Its steps fused by hand', figure: run.fused, why: FUSED },
      { name: 'What the native engine prints', figure: run.printed, why: PRINTED },
    ];
    return rivals.flatMap(({ name, figure, why }) => {
      if (figure === undefined || figure <= own) return [];
      const times = (figure / own).toFixed(2);
      return [
        listEntry(
          `**${name}** on ${run.workload}: ${times} times the records of ${nameOf(ours, node)}. ${why}`,
        ),
      ];
    });
  });
}

function pairsOf(sessions: readonly Session[]): Pair[] {
  return NATIVE_RUNS.map((run) => {
    // Of several versions of Node, the first: that which all benchmarks have.
    const session = sessions.find(({ benchmark }) => benchmark.name === run.ours.benchmark);
    const wanted = run.ours.lanes ?? session?.benchmark.ours ?? [];
    const lanes = session?.lanes.filter(({ label }) => wanted.includes(label)) ?? [];
    const median = (lane: LaneStatistics) => lane.figures[rate.key]?.median ?? 0;
    const [ours] = [...lanes].sort((a, b) => median(b) - median(a));
    return { run, ours, node: session?.node ?? '' };
  });
}

function tripRows(sessions: readonly Session[]): string[][] {
  return NATIVE_TRIPS.map(({ through, p50, p99, ours }) => {
    const figure = (title: string) => tripFigure(sessions, ours, title);
    const [from, to] = p50;
    return [
      through,
      from === to ? String(from) : `${from} to ${to}`,
      spreadText(figure('p50, µs'), 2),
      `${p99 >= 1_000 ? 'up to ' : ''}${p99}`,
      spreadText(figure('p99, µs'), 2),
    ];
  });
}

function tripFigure(sessions: readonly Session[], label: string, title: string): Spread | undefined {
  const session = sessions.find(({ benchmark }) => benchmark.name === 'round-trip');
  const key = session?.benchmark.figures.find((found) => found.title === title)?.key;
  return key === undefined ? undefined : session?.lanes.find((lane) => lane.label === label)?.figures[key];
}

function nameOf(lane: LaneStatistics | undefined, node: string): string {
  if (lane === undefined) return 'not measured';
  const millions = lane.figures['records, M']?.median;
  return `${lane.label}${millions === undefined ? '' : `, ${millions.toFixed(0)}M`}, ${node}`;
}
