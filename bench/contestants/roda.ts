// roda-rx: its stages inline and in workers, fed record by record and by columns
import { createEngine, type Engine, type Source } from 'roda-rx';
import { type Reading, type ReadingWorkload, readingColumns } from '../workloads/reading-workload.js';
import type { Contestant, Open, Sinks } from './contestant.js';
import type { OURS } from './index.js';
import { type BuildStages, buildStages, ReadingStruct, type Stages } from './roda-pipelines.js';

/** How a contestant is placed, fed and read. */
interface Manner {
  readonly placement: 'inline' | 'worker';
  readonly feed: 'next' | 'columns';
  /** Whether the subscriber gets plain objects, or views over memory. */
  readonly read: 'objects' | 'views';
}

const manners: Readonly<Record<(typeof OURS)[number], Manner>> = {
  'roda, inline': { placement: 'inline', feed: 'next', read: 'objects' },
  'roda, inline, columns': { placement: 'inline', feed: 'columns', read: 'objects' },
  'roda, worker': { placement: 'worker', feed: 'next', read: 'objects' },
  'roda, worker, columns': { placement: 'worker', feed: 'columns', read: 'objects' },
  'roda, worker, columns, views': { placement: 'worker', feed: 'columns', read: 'views' },
};

/** Readings in a batch of columns. */
const BATCH = 4096;

export function rodaContestant(label: (typeof OURS)[number]): Contestant {
  const manner = manners[label];
  return {
    sensor: openRoda(manner, buildStages.sensor),
    service: openRoda(manner, buildStages.service),
    'many-keys': openRoda(manner, buildStages['many-keys']),
  };
}

function openRoda<Summary>({ placement, feed, read }: Manner, build: BuildStages<Summary>): Open<Summary> {
  return (workload, sinks) => {
    const engine = createEngine({ placement });
    const readings = engine.source(ReadingStruct);
    subscribe(build(readings), sinks, read);
    const feedAll = feeders[feed](engine, readings, workload);
    return {
      feed: feedAll,
      close: () => engine.close(),
    };
  };
}

function subscribe<Summary>(
  { summaries, alerts }: Stages<Summary>,
  sinks: Sinks<Summary>,
  read: Manner['read'],
) {
  (read === 'views' ? alerts.views() : alerts).subscribe(sinks.alert);
  if (sinks.summary !== undefined) summaries.subscribe(sinks.summary);
}

type Feeder = <Summary>(
  engine: Engine,
  readings: Source<Reading>,
  workload: ReadingWorkload<Summary>,
) => (size: number, idOffset: number) => Promise<void>;

/** Ways to feed an engine's source; what they return resolves once all results are delivered. */
export const feeders: Readonly<Record<Manner['feed'], Feeder>> = {
  next(engine, readings, workload) {
    // One function for warm-up and run, as all contestants have.
    const next = (reading: Reading) => readings.next(reading);
    return (size, idOffset) => {
      workload.feed(size, next, idOffset);
      return engine.idle();
    };
  },

  columns(engine, readings, workload) {
    const columns = readingColumns(BATCH);
    return (size, idOffset) => {
      const total = workload.readings(size);
      for (let from = 0; from < total; from += BATCH) {
        const length = workload.fill(size, columns, from, idOffset);
        const batch = { id: columns.id, value: columns.value, ts: columns.ts };
        readings.nextMany(
          length === BATCH
            ? batch
            : {
                id: batch.id.subarray(0, length),
                value: batch.value.subarray(0, length),
                ts: batch.ts.subarray(0, length),
              },
        );
      }
      return engine.idle();
    };
  },
};
