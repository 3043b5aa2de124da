// Hand-overs: sources of an engine that its own thread writes first and a worker then, until its loop ends or its thread dies.
//
// Record n is the n-th of its source, so one that is lost, repeated or written over shows at once. Meanwhile subscribers come and
// go, each of which has to be placed, also while the loop sleeps; workers sleep until they are rung (see bundle.mjs).
import { setTimeout as pause } from 'node:timers/promises';
import { map } from '../../operators/index.js';
import { createEngine, type Engine, f64, type Source, struct } from '../../src/index.js';
import { EndKind, publishedSequence } from '../../src/journal/index.js';
import type { Tally } from './crew.js';
import { Fault, type FaultKind } from './orders.js';
import { Random } from './random.js';
import type { Ending, Scenario } from './scenario.js';

const Item = struct({ n: f64 }, 'Item');
type Item = { n: number };

/** Most records that a worker writes. */
const MOST_WRITTEN = 2_000;
/** Subscribers that come and go, one after the other, at most. */
const MOST_VISITS = 60;
/** Looks before the thread lets others go on. */
const LOOKS = 5_000;
/** Sources that may get memory that was given back too early. */
const OTHERS = 15;

/** What the loop does with its source, `first` records of which are there. */
const MODULE = `data:text/javascript,${encodeURIComponent(`
  const idle = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
  export default (loop) => {
    const { events } = loop.journals;
    const { first, to, batch, ending } = loop.data;
    let n = first;
    for (;;) {
      for (let left = batch; left > 0 && n < to; left--) events.write({ n: n++ });
      if (n === to) {
        if (ending === 'returns') return;
        if (ending === 'throws') throw new Error('thrown');
        if (ending === 'fails') {
          events.fail(new Error('failed'));
          idle(5);
          return;
        }
        if (ending === 'dies') {
          events.flush();
          events.claim();
          process.exit();
        }
        if (ending === 'is removed') {
          // It does not look whether it was told to stop.
          for (const end = performance.now() + 40; performance.now() < end; ) if (events.tryWrite({ n })) n++;
          return;
        }
      }
      if (!loop.next(n < to)) return;
    }
  };`)}`;

/** How a source ends whose loop ends so; one that is taken down is not told. */
const ENDS: Readonly<Record<Exclude<Ending, 'is removed'>, EndKind>> = {
  returns: EndKind.COMPLETE,
  throws: EndKind.ERROR,
  fails: EndKind.ERROR,
  dies: EndKind.ERROR,
  'is stopped': EndKind.COMPLETE,
};

/** A subscriber that takes every record from its first one on; `from` is which that has to be, if it is known. */
class Taker {
  next: number | undefined;
  end: EndKind = EndKind.OPEN;
  fault: Fault | undefined;
  taken = 0;

  constructor(from?: number) {
    this.next = from;
  }

  observer() {
    return {
      next: ({ n }: Item) => {
        if (this.next !== undefined && n !== this.next)
          this.fault ??= new Fault('order', `record ${n} came instead of ${this.next}`);
        this.next = n + 1;
        this.taken++;
      },
      error: () => {
        this.end = EndKind.ERROR;
      },
      complete: () => {
        this.end = EndKind.COMPLETE;
      },
    };
  }
}

/** Gives a source away and follows it to its end. */
export async function handOver(scenario: Scenario, watchdogMs: number): Promise<Tally> {
  const random = new Random(scenario.seed);
  const engine = createEngine({ wait: random.pick(['hybrid', 'park', 'park']), maxWorkers: 2 });
  /** Waits in looks, so that a process that is stopped does not count. */
  const until = async (what: string, isSo: () => boolean, kind: FaultKind = 'hang') => {
    for (let i = 0; i < LOOKS; i++) if (isSo()) return;
    for (let ms = 0; !isSo(); ms++) {
      if (ms >= watchdogMs) throw new Fault(kind, `for ${ms} ms, ${what}`);
      await pause(1);
    }
  };
  const { ending } = scenario.handover;
  const { capacity } = scenario;
  const abort = new AbortController();
  const events = engine.source(Item, { capacity });
  const taker = new Taker(0);
  const options = { placement: { worker: 'stages' }, signal: abort.signal };
  events
    .stage(
      options,
      map((r) => ({ n: r.n })),
    )
    .subscribe(taker.observer());
  const first = random.integer(0, capacity);
  for (let n = 0; n < first; n++) events.next({ n });
  const to = first + random.integer(1, MOST_WRITTEN);
  const data = { first, to, batch: scenario.writer.batch, ending };
  const worker = engine.worker(MODULE, { events }, { data });
  let isDone = false;
  const done = () => {
    isDone = true;
  };
  worker.done.then(done, done);
  // Refused: the worker writes.
  if (first < capacity) refused(() => events.next({ n: -1 }));

  const [graph] = engine.core.graphs;
  const { outlet } = (graph as NonNullable<typeof graph>).source;
  for (let visits = random.integer(0, MOST_VISITS); visits > 0 && outlet.end === EndKind.OPEN; visits--) {
    const visitor = new Taker();
    const visit = events.subscribe(visitor.observer());
    const isPlaced = () => [...outlet.egresses].every(({ reader }) => reader.hasJoined());
    await until('a subscriber has no place', () => isPlaced() || outlet.end !== EndKind.OPEN, 'unplaced');
    if (random.oneIn(4)) await pause(0);
    visit.unsubscribe();
    if (visitor.fault !== undefined) throw visitor.fault;
  }
  if (ending === 'is removed') {
    await until('not all was written', () => publishedSequence(outlet.journal) >= to);
    abort.abort(new Error('enough'));
    await others(engine, capacity, until);
  } else {
    if (ending === 'is stopped') events.complete();
    await until('the source has not ended', () => taker.end !== EndKind.OPEN);
    await until('the worker has not ended', () => isDone);
    const written = publishedSequence(outlet.journal);
    if (taker.fault !== undefined) throw taker.fault;
    if (taker.taken !== written) throw new Fault('count', `${taker.taken} of ${written} records came`);
    if (ending !== 'is stopped' && written !== to)
      throw new Fault('count', `${written} of ${to} were written`);
    const kinds = [taker.end, outlet.end];
    if (kinds.some((kind) => kind !== ENDS[ending]))
      throw new Fault('order', `it ended as ${kinds}, not as ${ENDS[ending]}`);
  }
  if (taker.fault !== undefined) throw taker.fault;
  let isClosed = false;
  const closed = () => {
    isClosed = true;
  };
  engine.close().then(closed, closed);
  await until('the engine is not closed', () => isClosed);
  return { written: taker.taken, read: taker.taken, lost: 0 };
}

/** Makes other sources, which must have nothing to do with what was taken down. */
async function others(
  engine: Engine,
  capacity: number,
  until: (what: string, isSo: () => boolean) => Promise<void>,
): Promise<void> {
  for (let i = 0; i < OTHERS; i++) {
    const source: Source<Item> = engine.source(Item, { capacity });
    const taker = new Taker(0);
    source.subscribe(taker.observer());
    for (let n = 0; n < capacity; n++) source.next({ n });
    await pause(2);
    await until('a source does not deliver', () => taker.taken >= capacity);
    if (taker.fault !== undefined) throw taker.fault;
    if (taker.taken !== capacity) throw new Fault('count', `${taker.taken} of ${capacity} records came`);
  }
}

function refused(act: () => void): void {
  try {
    act();
  } catch (error) {
    if ((error as { code?: string }).code !== 'SOURCE_GIVEN') throw error;
  }
}
