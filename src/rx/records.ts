// What sources and stages have in common: a hot Observable of records, to be subscribed to, pulled, or staged on.
import { Observable, type Subscriber } from 'rxjs';
import type { Engine, Listener, Outlet, PullReader, SubscriptionOptions } from '../engine/index.js';
import { Histogram, type HistogramOptions } from '../journal/by-hand/index.js';
import type { Struct, View } from '../schema/index.js';

/** Options of `latency()` of a source or stage. */
export interface LatencyOfOptions extends HistogramOptions {
  /** The histogram's name: `latency of` and the stage's unless told. */
  readonly name?: string;
}

/**
 * A hot Observable of the records of one journal.
 *
 * Subscribers get plain objects, which they may keep; all of one journal get the same objects. Who subscribes before the
 * first record sees everything; who comes later starts at a record published after the subscription is known to the
 * writer. While somebody subscribes, a full journal holds its writer back, unless the subscriber would rather lose records
 * (`overflow`).
 */
export abstract class Records<T> extends Observable<T> {
  private readonly records: Outlet<T>;
  private pulled: PullReader<T> | undefined;

  /** @internal */
  constructor(outlet: Outlet<T>) {
    super((subscriber) => outlet.listen(listener(subscriber, (next) => ({ next }))));
    this.records = outlet;
  }

  /** Its name, as in messages and statistics. */
  get name(): string {
    return this.records.name;
  }

  /** The layout of its records. */
  get struct(): Struct<T> {
    return this.records.struct;
  }

  /** @internal */
  get engine(): Engine {
    return this.records.engine;
  }

  /**
   * The records as views: no copy, valid only during the call. A view that is used later throws VIEW_EXPIRED;
   * `view.toJSON()` makes a plain object. Without `from`, all subscribers of a journal share one reader.
   *
   * @param options `from`, where to start; `overflow`, what happens when the subscriber is too slow.
   * @throws {RangeError} NOT_RETAINED, TOO_MANY_READERS, and SUBSCRIBER_LAPPED with `overflow: 'error'`, as errors of the
   *   Observable.
   */
  views(options: SubscriptionOptions = {}): Observable<View<T>> {
    return new Observable((subscriber) =>
      this.records.listen(
        listener<T, View<T>>(subscriber, (view) => ({ view })),
        options,
      ),
    );
  }

  /**
   * The records in batches as they come, arrays of 1 to 256 plain objects. How they are cut depends on timing.
   *
   * @param options `from`, where to start; `overflow`, what happens when the subscriber is too slow.
   * @throws {RangeError} NOT_RETAINED, TOO_MANY_READERS, and SUBSCRIBER_LAPPED with `overflow: 'error'`, as errors of the
   *   Observable.
   */
  batches(options: SubscriptionOptions = {}): Observable<readonly T[]> {
    return new Observable((subscriber) =>
      this.records.listen(
        listener<T, readonly T[]>(subscriber, (batch) => ({ batch })),
        options,
      ),
    );
  }

  /**
   * The records as plain objects, as by `subscribe`, with options.
   *
   * @param options `from`: `'start'` or a sequence, counted from 0, in a journal that keeps its records (`retain: 'append'`);
   *   `overflow`: what happens when the subscriber is too slow.
   * @throws {RangeError} NOT_RETAINED if the journal does not keep its records, TOO_MANY_READERS, and SUBSCRIBER_LAPPED with
   *   `overflow: 'error'`, as errors of the Observable.
   * @throws {TypeError} OPTION, as an error of the Observable, for a sequence that has not been published.
   *
   * @example
   * ```ts readings
   * const high = readings.stage({ retain: 'append', capacity: 1_000 }, filter((r) => r.value > 5));
   * high.observe({ from: 'start' }).subscribe((r) => console.log(r.sensorId)); // at any time
   * readings.observe({ overflow: 'drop-oldest' }).subscribe((r) => console.log(r.value)); // never holds readings back
   * ```
   */
  observe(options: SubscriptionOptions): Observable<T> {
    return new Observable((subscriber) =>
      this.records.listen(
        listener<T, T>(subscriber, (next) => ({ next })),
        options,
      ),
    );
  }

  /**
   * Measures from now on how long records take from when they are handed to the source until they are delivered here: into a
   * histogram of nanoseconds, which is also `engine.histogram(name)`. The source must have been told to stamp records
   * (`stampEvery`).
   *
   * A sample's beginning is that of the call that hands the record in, `next()` for example, so what that waits for room counts.
   * Its end is right before the first subscriber of this stage gets the first record that comes of it (with
   * `batches()`, the batch that it is in); each reader with options of its own gives a sample of its own, pull readers give
   * none. Of a stamped record of which nothing comes there is no sample.
   *
   * @param options `name`, the histogram's: `latency of` and the stage's unless told; `digits`.
   * @throws {Error} LATENCY_UNAVAILABLE if the source stamps no records; LATENCY_TIMED if it was called with another name;
   *   HISTOGRAM_WRITTEN if something else is measured under that name; HISTOGRAM_DIFFERS.
   *
   * @example
   * ```ts
   * import { createEngine, f64, struct, u32 } from 'roda-rx';
   * import { filter } from 'roda-rx/operators';
   *
   * const engine = createEngine();
   * const readings = engine.source(struct({ sensorId: u32, value: f64 }), { stampEvery: 10 });
   * const high = readings.stage(filter((r) => r.value >= 50));
   * const times = high.latency();
   * high.subscribe(() => {});
   * for (let value = 0; value < 100; value++) readings.next({ sensorId: 1, value });
   * await engine.idle();
   * if (times.count !== 5) throw new Error('of 50, 60, 70, 80 and 90');
   * await engine.close();
   * ```
   */
  latency(options: LatencyOfOptions = {}): Histogram {
    const { engine } = this;
    const { name, digits } = options;
    return new Histogram(
      engine.memory,
      engine.measures.timed(this.records as unknown as Outlet<unknown>, name, digits),
    );
  }

  /**
   * A pull reader, which gives out records when asked. It holds the writer back from now on until it is closed, so a
   * `next()` on the same thread that would have to wait for it throws WouldDeadlockError.
   *
   * @param options Where to start.
   * @throws {RangeError} NOT_RETAINED; TOO_MANY_READERS, since a journal has 32 readers at most.
   * @throws {Error} ENGINE_CLOSED after `close()`.
   */
  reader(options: SubscriptionOptions = {}): PullReader<T> {
    return this.records.pull(options);
  }

  /**
   * The next record once there is one, from a pull reader of its own that begins with the first call; undefined once the
   * records have ended. Call it (or {@link tryReceive}) before the first record to miss none.
   *
   * @throws {StageError} Once the records before a failure have been read.
   */
  async receive(): Promise<T | undefined> {
    return this.ownReader().receive();
  }

  /** The next record, or undefined if there is none at the moment; see {@link receive}. */
  tryReceive(): T | undefined {
    return this.ownReader().tryReceive();
  }

  /**
   * Reads record by record, holding the writer back, from the call until the loop is left.
   *
   * @example
   * ```ts readings
   * const high = readings.stage(filter((r) => r.value > 5));
   * const printed = (async () => {
   *   for await (const r of high) console.log(r.sensorId, r.value);
   * })();
   * ```
   */
  [Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    return this.records.pull()[Symbol.asyncIterator]();
  }

  private ownReader(): PullReader<T> {
    this.pulled ??= this.records.pull();
    return this.pulled;
  }
}

/** A listener that passes on to an RxJS subscriber what comes. */
function listener<T, V>(
  subscriber: Subscriber<V>,
  take: (pass: (value: V) => void) => Partial<Listener<T>>,
): Listener<T> {
  return {
    ...take((value) => subscriber.next(value)),
    complete: () => subscriber.complete(),
    error: (error) => subscriber.error(error),
  };
}
