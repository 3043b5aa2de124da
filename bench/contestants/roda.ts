// roda-rx: its stages inline and in workers, fed record by record and by columns
import { createEngine, type Engine, type Source } from 'roda-rx';
import { type Reading, type ReadingWorkload, readingColumns } from '../workloads/reading-workload.js';
import type { Contestant, Pipeline, Sinks } from './contestant.js';
import { type BuildStages, buildStages, ReadingStruct, type Stages } from './roda-pipelines.js';

/** How a contestant is placed, fed and read. */
interface Manner {
  readonly name: string;
  readonly placement: 'inline' | 'worker';
  readonly feed: 'next' | 'columns';
  /** Whether the subscriber gets plain objects, or views over memory. */
  readonly read: 'objects' | 'views';
}

export const manners: readonly Manner[] = [
  { name: 'roda, inline', placement: 'inline', feed: 'next', read: 'objects' },
  { name: 'roda, inline, columns', placement: 'inline', feed: 'columns', read: 'objects' },
  { name: 'roda, worker', placement: 'worker', feed: 'next', read: 'objects' },
  { name: 'roda, worker, columns', placement: 'worker', feed: 'columns', read: 'objects' },
  { name: 'roda, worker, columns, views', placement: 'worker', feed: 'columns', read: 'views' },
];

/** Readings in a batch of columns. */
const BATCH = 4096;

export const rodaContestants = {
  sensor: manners.map((manner) => rodaContestant(manner, buildStages.sensor)),
  service: manners.map((manner) => rodaContestant(manner, buildStages.service)),
  'many-keys': manners.map((manner) => rodaContestant(manner, buildStages['many-keys'])),
};

function rodaContestant<Summary>(manner: Manner, build: BuildStages<Summary>): Contestant<Summary> {
  const { name, placement, feed, read } = manner;
  return {
    name,
    open(workload, sinks): Pipeline {
      const engine = createEngine({ placement });
      const readings = engine.source(ReadingStruct);
      subscribe(build(readings), sinks, read);
      return {
        feed: (size, idOffset) => feeders[feed](engine, readings, workload, size, idOffset),
        close: () => engine.close(),
      };
    },
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
  size: number,
  idOffset: number,
) => Promise<void>;

const feeders: Readonly<Record<Manner['feed'], Feeder>> = {
  next(engine, readings, workload, size, idOffset) {
    workload.feed(size, (reading) => readings.next(reading), idOffset);
    return engine.idle();
  },

  columns(engine, readings, workload, size, idOffset) {
    const columns = readingColumns(BATCH);
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
  },
};
