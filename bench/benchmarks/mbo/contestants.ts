// Who makes signals of the market: a plain book, and the stages of the example in several manners
import { createEngine } from 'roda-rx';
import type { MboColumns } from '../../../examples/mbo-replay/columns.js';
import { bookStages } from '../../../examples/mbo-replay/pipeline.js';
import { Mbo } from '../../../examples/mbo-replay/records.js';
import { plainBook } from '../../workloads/mbo/plain-book.js';
import type { Mbo as MboRecord, Signal } from '../../workloads/mbo/records.js';

/** What is fed: batches, and their records as objects for whoever wants those. */
export interface Input {
  readonly batches: readonly MboColumns[];
  readonly records: readonly MboRecord[];
}

/** A running book. It keeps its state from one feed to the next. */
export interface Book {
  /** Resolves once all signals have been told. */
  feed(input: Input): Promise<void>;
  close(): Promise<void>;
}

/** What is read of a signal. */
export type Seen = Pick<Signal, 'symbol' | 'imbalance' | 'bidVolume' | 'askVolume'>;

export interface BookContestant {
  /** Whether it is fed objects. */
  readonly takesObjects: boolean;
  open(tell: (signal: Seen) => void): Book;
}

function roda(placement: 'inline' | 'worker'): BookContestant {
  return {
    takesObjects: false,
    open(tell) {
      const engine = createEngine();
      const orders = engine.source(Mbo);
      const where = placement === 'inline' ? 'inline' : { worker: 'book' };
      bookStages(orders, { placement: where }).signals.views().subscribe(tell);
      return {
        async feed({ batches }) {
          for (const batch of batches) orders.nextMany(batch);
          await engine.idle();
        },
        close: () => engine.close(),
      };
    },
  };
}

export const PLAIN = 'plain loop';

export const contestants: Readonly<Record<string, BookContestant>> = {
  [PLAIN]: {
    takesObjects: true,
    open(tell) {
      const next = plainBook(tell);
      return {
        async feed({ records }) {
          for (const record of records) next(record);
        },
        async close() {},
      };
    },
  },
  'roda, inline, columns': roda('inline'),
  'roda, worker, columns': roda('worker'),
};
