// Records a second through the order book: the stages of the example mbo-replay, beside a plain book
import process from 'node:process';
import type { Benchmark } from '../../harness/benchmark.js';
import { countCollections, peakResidentBytes } from '../../harness/resources.js';
import { plainBook } from '../../workloads/mbo/plain-book.js';
import { peakMegabytes, rate } from '../figures.js';
import { contestants, type Input, PLAIN } from './contestants.js';
import { marketBatches, marketRecords, warmUpBatches } from './input.js';
import { Tally } from './tally.js';

interface MboTask {
  readonly contestant: string;
  readonly size: number;
  readonly warmUpSize: number;
}

const labels = Object.keys(contestants);
const ours = labels.filter((label) => label !== PLAIN);

export const mbo: Benchmark = {
  name: 'mbo',
  title: '`mbo`: order books',
  about: `Market by order: every order of fifty instruments is followed, the volume at each price summed up, and the best five prices of
both sides weighed against each other, which gives a signal for nearly every record. The stages are those of the example
\`mbo-replay\`: three steps with tables, arrays and deletion. The market is generated beforehand, and held in memory as columns, or
as objects for the plain loop over \`Map\`s. Signals are counted and hashed on the main thread.`,
  rounds: 7,
  figures: [
    rate,
    { key: 'records, M', title: 'M records', digits: 2, of: ({ records }) => records! / 1e6 },
    { key: 'in collections, ms', title: 'GC ms', digits: 0, of: ({ collectionMs }) => collectionMs! },
    peakMegabytes,
  ],
  comparisons: [
    {
      title: `× ${PLAIN}`,
      by: 'ratio',
      digits: 2,
      baselineOf: (label) => (label === PLAIN ? undefined : PLAIN),
    },
  ],
  goals: [{ lane: 'roda, worker, columns', of: rate.title, must: 'at least', bound: 4.5 }],
  ours,
  chart: { kind: 'bars', axis: 'million records a second', figure: rate.key },

  lanes: (scale, size = scale === 'quick' ? 100_000 : 3_000_000) =>
    labels.map((label) => ({
      label,
      task: { contestant: label, size, warmUpSize: Math.min(size, 500_000) } satisfies MboTask,
    })),

  async observe(task) {
    const { contestant, size, warmUpSize } = task as MboTask;
    const found = contestants[contestant];
    if (found === undefined)
      throw new RangeError(`Cannot observe ${contestant}: there is no such contestant`);
    const inputOf = (batches: Input['batches']): Input => ({
      batches,
      records: found.takesObjects ? [...marketRecords(batches)] : [],
    });
    const [warmUp, input] = [inputOf(warmUpBatches(warmUpSize)), inputOf(marketBatches(size))];

    let tally = new Tally();
    const book = found.open((signal) => tally.add(signal));
    await book.feed(warmUp);
    tally = new Tally();
    globalThis.gc?.();
    const stopCounting = countCollections();
    const start = process.hrtime.bigint();
    await book.feed(input);
    const ms = Number(process.hrtime.bigint() - start) / 1e6;
    const collections = stopCounting();
    const peakRssBytes = peakResidentBytes();
    await book.close();

    const expected = new Tally();
    const next = plainBook((signal) => expected.add(signal));
    for (const record of marketRecords(input.batches)) next(record);
    tally.assertSame(expected);
    return { records: size, ms, ...collections, peakRssBytes };
  },
};
