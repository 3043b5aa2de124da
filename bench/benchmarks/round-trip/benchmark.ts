// Round trips: how long a record takes through stages and back, beside a bare ping by the same means
import type { Benchmark, Scale } from '../../harness/benchmark.js';
import { bareIdle, bareSpun } from './bare.js';
import { latencyFigures, latencyObservation } from './latencies.js';
import { rodaIdle, rodaSpun } from './roda.js';
import { type IdleTrip, type SpunTrip, type Trips, timeIdle, timeSpun } from './trips.js';

interface RoundTripTask extends Trips {
  readonly lane: string;
}

interface LaneSpec {
  /** The lane that does the same by hand. */
  readonly beside?: string;
  readonly trips: Readonly<Record<Scale, Trips>>;
  readonly spun?: () => SpunTrip | Promise<SpunTrip>;
  readonly idle?: () => IdleTrip | Promise<IdleTrip>;
}

const manyTrips: LaneSpec['trips'] = {
  full: { warmUp: 20_000, samples: 500_000 },
  quick: { warmUp: 1_000, samples: 5_000 },
};
const idleTrips: LaneSpec['trips'] = {
  full: { warmUp: 20_000, samples: 500 },
  quick: { warmUp: 300, samples: 50 },
};
const someTrips: LaneSpec['trips'] = {
  full: { warmUp: 1_000, samples: 20_000 },
  quick: { warmUp: 20, samples: 100 },
};

const lanes: Readonly<Record<string, LaneSpec>> = {
  'bare ping, both spin': { trips: manyTrips, spun: bareSpun },
  'one stage, both spin': {
    beside: 'bare ping, both spin',
    trips: manyTrips,
    spun: () => rodaSpun({ wait: 'spin', stages: ['worker'] }),
  },
  'bare ping, worker spins': { trips: idleTrips, idle: () => bareIdle(false) },
  'subscriber, worker spins': {
    beside: 'bare ping, worker spins',
    trips: idleTrips,
    idle: () => rodaIdle({ wait: 'spin', stages: ['worker'] }),
  },
  'bare ping, worker parked': { trips: idleTrips, idle: () => bareIdle(true) },
  'subscriber, worker parked': {
    beside: 'bare ping, worker parked',
    trips: idleTrips,
    idle: () => rodaIdle({ wait: 'park', stages: ['worker'] }),
  },
  'two stages, two workers': {
    trips: someTrips,
    spun: () => rodaSpun({ wait: 'spin', stages: [{ worker: 'first' }, { worker: 'second' }] }),
  },
};

const BESIDE = '× bare ping';

export const roundTrip: Benchmark = {
  name: 'round-trip',
  title: 'Round trips',
  about: `One record at a time from the main thread through a stage in a worker and back. With both threads spinning, a pull reader looks
for the answer; to a subscriber, the main thread sleeps in its event loop before each trip, and looks once a turn then. A bare
ping is a worker written by hand that answers through two cells of shared memory, by the same means of waiting. Through two
workers there are three threads; of the workers, as many spin as there are cores besides that of the main thread.`,
  rounds: 5,
  figures: latencyFigures,
  comparisons: [{ title: BESIDE, by: 'ratio', digits: 2, baselineOf: (label) => lanes[label]?.beside }],
  goals: [
    { lane: 'one stage, both spin', of: 'p50, µs', must: 'at most', bound: 1 },
    { lane: 'subscriber, worker spins', of: BESIDE, must: 'at most', bound: 1.5 },
    { lane: 'subscriber, worker parked', of: BESIDE, must: 'at most', bound: 1.5 },
    { lane: 'two stages, two workers', of: 'p50, µs', must: 'at most', bound: 10 },
  ],
  ours: Object.keys(lanes).filter((label) => !label.startsWith('bare')),
  chart: {
    kind: 'percentiles',
    axis: 'microseconds',
    unit: 'µs',
    figures: latencyFigures.map(({ key }) => key),
  },

  lanes: (scale, samples) =>
    Object.entries(lanes).map(([label, { trips }]) => ({
      label,
      task: { lane: label, ...trips[scale], ...(samples && { samples }) } satisfies RoundTripTask,
    })),

  async observe(task) {
    const { lane, ...trips } = task as RoundTripTask;
    const { spun, idle } = lanes[lane] ?? {};
    const trip = await (spun ?? idle)?.();
    if (trip === undefined) throw new RangeError(`Cannot observe ${lane}: there is no such round trip`);
    const times = spun ? timeSpun(trip as SpunTrip, trips) : await timeIdle(trip as IdleTrip, trips);
    await trip.close();
    return latencyObservation(times);
  },
};
