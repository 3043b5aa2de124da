// A source: an Observer where records come in, and a hot Observable of them.
import type { Observer } from 'rxjs';
import { describe, type FileOptions, type OpenRecord, type SourceNode } from '../engine/index.js';
import { fail } from '../errors/index.js';
import type { Columns, WriterView } from '../schema/index.js';
import { addStage } from './add-stage.js';
import { type FileJournal, persistRecords } from './file-journal.js';
import { Records } from './records.js';
import type { StageMethod } from './stage-method.js';
import { calledThroughSubscribe } from './through-subscribe.js';

/** How long `consume` takes records before the event loop gets its turn. */
const SLICE_MS = 4;
/** Records between two looks at the clock. */
const LOOK_RECORDS = 64;

/** Writes records in place, one at a time. Made with `source.writer()`. */
export interface RecordWriter<T> {
  /**
   * The next record, zeroed, to be written field by field; 64-bit fields also as halves (`tsLo`, `tsHi`). Stores wrap
   * as those of typed arrays do. Valid until {@link publish}; called again before, it returns the same. Undefined if the
   * source has ended or the record was dropped for want of room.
   *
   * It is in the journal already, but nobody sees it before it is published. If the source takes another record, or its
   * work is flushed, before that, it is set aside and gets its place when it is published. Records within it are to be
   * asked for again then.
   *
   * @throws {RangeError | WouldDeadlockError} As `next`, where there is no room.
   */
  claim(): WriterView<T> | undefined;
  /**
   * Takes the record that was claimed; without one it does nothing.
   *
   * @throws {RangeError | WouldDeadlockError} As `next`, where there is no room for one that was set aside; it may be
   *   published again later.
   */
  publish(): void;
}

/**
 * Where records come in: an RxJS Observer, and a hot Observable of what it has taken. Made with `engine.source(Struct)`.
 *
 * @example
 * ```ts sensor$
 * const engine = createEngine();
 * const readings = engine.source(Reading, { name: 'readings' });
 * readings.subscribe((r) => console.log(r.value));
 * readings.next({ sensorId: 1, value: 10, timestamp: 1 }); // by hand
 * readings.nextMany({ sensorId: [1, 2], value: [11, 12], timestamp: [2, 3] }); // in columns
 * sensor$.subscribe(readings); // from RxJS, its end included
 * await engine.close();
 * ```
 */
export class Source<T> extends Records<T> implements Observer<T> {
  /** @internal */
  readonly node: SourceNode<T>;
  /** Adds a stage that takes these records: options first, if any, then operators. */
  readonly stage: StageMethod<T>;
  /**
   * Takes a record: checks it and encodes it into the journal, allocating nothing. After the end it is ignored and
   * counted. If the journal is full the source's overflow policy applies: by default it waits, and meanwhile delivers
   * what waits for subscribers of this thread.
   *
   * @throws {TypeError | RangeError} If a field is missing, has the wrong type or a value that it can't hold; nothing is
   *   taken then, and it is counted as `invalid`. When the source was passed to `subscribe`, such a record ends the pipeline
   *   with the error instead, or is dropped, with `onInvalid: 'skip'`.
   * @throws {RangeError} TEXT_TABLE_FULL for one text too many; SOURCE_FULL if there is no room and `overflow` is `error`, or
   *   the journal keeps every record and has reached its capacity.
   * @throws {WouldDeadlockError} If waiting for room could never end.
   */
  readonly next: (value: T) => void;

  /** @internal */
  constructor(node: SourceNode<T>) {
    super(node.outlet);
    this.node = node;
    this.next = node.entry((value) => this.take(value));
    this.stage = ((...args: unknown[]) => addStage(node as SourceNode<unknown>, args)) as StageMethod<T>;
  }

  private take(value: T): void {
    try {
      this.node.next(value);
    } catch (error) {
      if (!calledThroughSubscribe()) throw error;
      // RxJS would rethrow it where nobody can catch it.
      if (!this.node.skips(error)) this.node.error(error);
    }
  }

  // RxJS calls these unbound.
  /** Ends the source with an error, behind all records taken; it travels through all stages. Ignored after the end. */
  error = (error: unknown): void => this.node.error(error);
  /** Ends the source, behind all records taken; the end travels through all stages. Ignored after the end. */
  complete = (): void => this.node.complete();

  /**
   * Takes a record if there is room at once; whether it did. After the end it is ignored, counted, and true returned.
   *
   * @throws {TypeError | RangeError} As {@link next}, for a record that doesn't fit.
   */
  tryNext(value: T): boolean {
    return this.node.tryNext(value);
  }

  /**
   * Resolves once there is room for a record, or the source has ended.
   *
   * @throws {RangeError} SOURCE_FULL if there never will be: the journal keeps every record and has reached its capacity.
   */
  ready(): Promise<void> {
    return this.node.ready();
  }

  /**
   * Takes many records and makes them visible.
   *
   * @param records An iterable of them, each taken as by {@link next}; or columns: for each field an array or typed array
   *   with a value for each record, for a nested struct such columns again. Columns are checked as a whole before any record
   *   of them is taken.
   * @throws {TypeError | RangeError} As {@link next}; RECORDS_TYPE for something else; COLUMN_MISSING, COLUMN_LENGTH for columns that don't fit together.
   *
   * @example
   * ```ts readings
   * readings.nextMany([{ sensorId: 1, value: 10, timestamp: 1 }]);
   * readings.nextMany({ sensorId: new Uint32Array([1, 2]), value: [11, 12], timestamp: [2, 3] });
   * ```
   */
  nextMany(records: Iterable<T> | Columns<T>): void {
    if (typeof records !== 'object' || records === null) {
      const takes = 'an iterable of records, or columns';
      throw fail('RECORDS_TYPE', { source: this.node.name, found: describe(records), takes });
    }
    if (Symbol.iterator in records) {
      for (const record of records as Iterable<T>) this.node.next(record);
      this.node.flush();
    } else {
      this.node.nextColumns(records as Columns<T>);
    }
  }

  /**
   * A writer that fills records in place, unchecked: numbers wrap as in typed arrays.
   *
   * @example
   * ```ts readings
   * const writer = readings.writer();
   * const record = writer.claim();
   * if (record !== undefined) {
   *   record.sensorId = 1;
   *   record.value = 10;
   *   record.timestampLo = 1; // or record.timestamp = 1
   *   writer.publish();
   * }
   * ```
   */
  writer(): RecordWriter<T> {
    const { node } = this;
    let record: OpenRecord<T> | undefined;
    return {
      claim: () => {
        record ??= node.open();
        return record?.view;
      },
      publish: () => {
        if (record === undefined) return;
        node.take(record);
        record = undefined;
      },
    };
  }

  /**
   * Keeps all records, from the first one on, in the files of a folder, which are appended by a worker. Resolves once the folder
   * has been opened; await it before the first record. While the files are written they hold the writer back, as a reader
   * does.
   *
   * @param folder Its path; it is made if it is not there.
   * @param options `sync`, `segmentBytes`, `retention`, `onError`.
   * @throws {TypeError} OPTION for an option that can't be; FILE_LAYOUT if the folder's records have another layout.
   * @throws {Error} FILE_LATE after the first record; FILE_UNAVAILABLE in browsers and for inline engines; FILE_LOCKED,
   *   FILE_DAMAGED, FILE_FORMAT, FILE_FAILED.
   *
   * @example
   * ```ts readings
   * const high = readings.stage(filter((r) => r.value > 5));
   * const trail = await high.persist('/tmp/roda-rx-high', { sync: { everyMs: 20 }, retention: { bytes: 1e9 } });
   * readings.next({ sensorId: 1, value: 10, timestamp: 1 });
   * await engine.idle();
   * await trail.durable(); // the record would outlast a loss of power
   * ```
   */
  persist(folder: string, options: FileOptions = {}): Promise<FileJournal<T>> {
    return persistRecords(this.node.outlet, folder, options);
  }

  /** Makes everything taken so far visible to its readers; in an inline engine, also runs and delivers it. */
  flush(): void {
    this.node.flush();
  }

  /**
   * Takes all records of an async iterable or a ReadableStream, waiting whenever the journal is full: it asks for a record
   * only when the one before has been taken. If the source ends meanwhile it stops, and tells the iterable. The event loop
   * gets its turns every few milliseconds, also where the iterable never pauses.
   *
   * @returns The number of records taken, once the iterable has ended. The source stays open.
   * @throws What the iterable throws, and what {@link next} throws for a record that doesn't fit (unless it is skipped);
   *   SOURCE_FULL if the journal keeps every record and has reached its capacity.
   */
  async consume(records: AsyncIterable<T> | Iterable<T> | ReadableStream<T>): Promise<number> {
    let taken = 0;
    let seen = 0;
    let until = performance.now() + SLICE_MS;
    for await (const record of iterable(records, this.node.name)) {
      if (++seen % LOOK_RECORDS === 0 && performance.now() > until) {
        await this.node.breathe();
        until = performance.now() + SLICE_MS;
      }
      try {
        const offered = this.node.offer(record);
        if (!(typeof offered === 'boolean' ? offered : await offered)) break;
        taken++;
      } catch (error) {
        if (!this.node.skips(error)) throw error;
      }
    }
    this.node.flush();
    return taken;
  }
}

function iterable<T>(
  records: AsyncIterable<T> | Iterable<T> | ReadableStream<T>,
  source: string,
): AsyncIterable<T> | Iterable<T> {
  const isStream = typeof (records as ReadableStream<T> | null)?.getReader === 'function';
  if (typeof records !== 'object' || records === null || !(isStream || isIterable(records))) {
    const takes =
      'an iterable, an async iterable or a ReadableStream; an Observable is subscribed to, with the source';
    throw fail('RECORDS_TYPE', { source, found: describe(records), takes });
  }
  if (isIterable(records)) return records;
  // Not every browser's streams are iterable.
  return readAll(records);
}

const isIterable = <T>(records: object): records is AsyncIterable<T> | Iterable<T> =>
  Symbol.asyncIterator in records || Symbol.iterator in records;

async function* readAll<T>(stream: ReadableStream<T>): AsyncGenerator<T> {
  const reader = stream.getReader();
  let ended = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      ended = done;
      if (done) return;
      yield value;
    }
  } finally {
    // As a stream's own iterator does. If it failed, its error has been thrown already.
    if (!ended) await reader.cancel().catch(() => {});
    reader.releaseLock();
  }
}
