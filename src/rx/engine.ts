// The engine as users see it.
import {
  Engine as Core,
  checkHistogramOptions,
  createParam,
  describe,
  type EngineMemory,
  type EngineOptions,
  type EngineStats,
  engineMemory,
  engineStats,
  keepJournal,
  LoopWorker,
  type LoopWorkerOptions,
  ReplayNode,
  type ReplayOptions,
  type SlotsOptions,
  type SourceOptions,
} from '../engine/index.js';
import { fail } from '../errors/index.js';
import {
  Histogram,
  type HistogramOptions,
  type Journal,
  type JournalOptions,
  type JournalReader,
} from '../journal/by-hand/index.js';
import type { Param, TableKey, TableKeyOf } from '../operator/index.js';
import type { Struct } from '../schema/index.js';
import { defined } from './defined.js';
import { KeptJournal, type KeptJournalOptions } from './kept-journal.js';
import { Progress } from './progress.js';
import { Replay } from './replay.js';
import { SlotStore } from './slots.js';
import { Source } from './source.js';

/** What a loop of the user's is given, by the names that its module knows it by. */
export type LoopInputs = Readonly<Record<string, LoopInput>>;
// biome-ignore lint/suspicious/noExplicitAny: each has records of its own type
type LoopInput = Journal<any> | JournalReader<any> | Source<any> | Histogram;

/**
 * Runs pipelines. It has one memory, the workers that its stages are placed in, and delivers to subscribers on the
 * thread that created it. Made with {@link createEngine}.
 */
export class Engine {
  /** @internal */
  readonly core: Core;

  /** @internal */
  constructor(core: Core) {
    this.core = core;
  }

  /** Its name, as in messages and the names of threads. */
  get name(): string {
    return this.core.name;
  }

  /**
   * A source of records, with a journal of its own. With its stages it forms a graph, which is sealed by the first record.
   *
   * @param struct Their layout.
   * @param options `name`, `capacity`, `retain`, `overflow`, `onInvalid`.
   * @throws {TypeError} OPTION for an option that can't be.
   * @throws {RangeError} CAPACITY for a capacity out of range; OUT_OF_MEMORY if the journal does not fit.
   * @throws {Error} ENGINE_CLOSED after `close()`; CODEGEN_FORBIDDEN where code can't be generated.
   */
  source<T>(struct: Struct<T>, options?: SourceOptions): Source<T> {
    return new Source(this.core.source(struct, options));
  }

  /**
   * A journal outside of pipelines, to be written and read by hand, on any thread (see {@link Journal}).
   *
   * @param struct The layout of its records.
   * @param options `name`, `capacity`, `retain`, `start`.
   * @throws {TypeError} OPTION for an option that can't be; NOT_A_STRUCT for something else than a struct.
   * @throws {RangeError} CAPACITY for a capacity out of range; OUT_OF_MEMORY if the journal does not fit.
   * @throws {Error} ENGINE_CLOSED after `close()`; CODEGEN_FORBIDDEN where code can't be generated.
   */
  journal<T>(struct: Struct<T>, options?: JournalOptions & { readonly file?: never }): Journal<T>;
  /**
   * A journal by hand whose records are kept in the files of a folder (see {@link KeptJournal}); resolves once it is open.
   *
   * @param options `file`, the folder; `sync`, `segmentBytes`, `retention`; `name`, `capacity`, `retain`, `start`.
   * @throws {TypeError} OPTION; FILE_LAYOUT if the folder's records have another layout.
   * @throws {Error} FILE_UNAVAILABLE in browsers and for inline engines; FILE_LOCKED, FILE_DAMAGED, FILE_FORMAT, FILE_FAILED.
   */
  journal<T>(struct: Struct<T>, options: KeptJournalOptions): Promise<KeptJournal<T>>;
  journal<T>(
    struct: Struct<T>,
    options: JournalOptions | KeptJournalOptions = {},
  ): Journal<T> | Promise<KeptJournal<T>> {
    if (!('file' in options) || options.file === undefined) {
      return this.core.journals.create(struct, options as JournalOptions);
    }
    const { file, sync, segmentBytes, retention, ...own } = options;
    const files = defined({ sync, segmentBytes, retention });
    return keepJournal(this.core, struct, file, files, own).then(
      ({ parts, node }) => new KeptJournal(parts, node),
    );
  }

  /**
   * The records of a journal in files as a source, which begins when it is started (see {@link Replay}).
   *
   * @param struct The layout of its records.
   * @param folder Where it lies.
   * @param options `from`, `to`, `pace`, `timestamp`, `unit`, `speed`, `name`, `capacity`.
   * @throws {TypeError} OPTION for an option that can't be.
   * @throws {Error} FILE_UNAVAILABLE in browsers; ENGINE_CLOSED after `close()`.
   */
  replay<T>(struct: Struct<T>, folder: string, options: ReplayOptions = {}): Replay<T> {
    return new Replay(new ReplayNode(this.core, struct, folder, options));
  }

  /**
   * A slot store: the latest record of each slot, for whoever wants to know it now, in any thread.
   *
   * It takes 8 bytes, two records and the key (8 bytes for each part) for each slot, and for keys another 8 to 16 bytes each.
   *
   * @param struct The layout of its records.
   * @param capacity How many slots it has, from 1 to 2^28.
   * @param options `name`; `key`, the type of its keys: without it, slots are addressed by index, from 0.
   * @throws {RangeError} SLOTS_CAPACITY for a capacity out of range; OUT_OF_MEMORY or MEMORY_PLAN if it does not fit.
   * @throws {TypeError} OPTION for an option that can't be.
   *
   * @example
   * ```ts
   * import { createEngine, f64, struct, u32 } from 'roda-rx';
   * import { toSlots } from 'roda-rx/operators';
   *
   * const engine = createEngine();
   * const Quote = struct({ instrument: u32, price: f64 });
   * const quotes = engine.source(Quote);
   * const latest = engine.slots(Quote, 1_000, { key: u32 });
   * quotes.stage(toSlots(latest, (q) => q.instrument));
   * quotes.next({ instrument: 7, price: 9.5 });
   * quotes.next({ instrument: 7, price: 9.75 });
   * await engine.idle();
   * if (latest.get(7)?.price !== 9.75) throw new Error('not the latest');
   * await engine.close();
   * ```
   */
  slots<T, const K extends TableKey>(
    struct: Struct<T>,
    capacity: number,
    options: SlotsOptions<K> & { readonly key: K },
  ): SlotStore<TableKeyOf<K>, T>;
  slots<T>(
    struct: Struct<T>,
    capacity: number,
    options?: Omit<SlotsOptions, 'key'> & { readonly key?: undefined },
  ): SlotStore<number, T>;
  slots<T>(
    struct: Struct<T>,
    capacity: number,
    options: { readonly name?: string; readonly key?: TableKey | undefined } = {},
  ): unknown {
    return new SlotStore(this.core.slotStores.create<unknown, T>(struct, capacity, options as SlotsOptions));
  }

  /**
   * The histogram of a name, which is made if there is none: that of a `latency`, or one to record in by hand or, given with
   * `using`, in functions of a stage (see {@link Histogram}). It lives as long as the engine.
   *
   * @param name Its name.
   * @param options `digits`.
   * @throws {TypeError} OPTION for an option that can't be.
   * @throws {RangeError} OUT_OF_MEMORY if it does not fit.
   * @throws {Error} ENGINE_CLOSED after `close()` if it is new; HISTOGRAM_DIFFERS if there is one with other `digits`.
   *
   * @example
   * ```ts
   * import { createEngine, struct, u32 } from 'roda-rx';
   * import { tap } from 'roda-rx/operators';
   *
   * const engine = createEngine();
   * const orders = engine.source(struct({ quantity: u32 }));
   * const quantities = engine.histogram('quantities');
   * orders.stage(tap((o, { quantities }) => quantities.record(o.quantity), { using: { quantities } }));
   * for (let quantity = 1; quantity <= 100; quantity++) orders.next({ quantity });
   * await engine.idle();
   * const { count, min, max } = quantities.snapshot();
   * if (`${count} ${min} ${max} ${quantities.percentile(90)}` !== '100 1 100 90') throw new Error('not counted');
   * await engine.close();
   * ```
   */
  histogram(name: string, options: HistogramOptions = {}): Histogram {
    checkHistogramOptions(options);
    return new Histogram(this.core.memory, this.core.measures.histogram(name, options.digits));
  }

  /**
   * How far the records have got that pass the `progress` of a name, and how fast they go (see {@link Progress}).
   *
   * @param name Its name; it may be asked for before the stage is built.
   * @throws {TypeError} OPTION for a name that can't be.
   * @throws {RangeError} OUT_OF_MEMORY if there is no room for its line.
   */
  progress(name: string): Progress {
    return new Progress(this.core.memory, this.core.measures.progress(name));
  }

  /**
   * Starts a worker that runs a loop of your own over journals, with the engine's back-off.
   *
   * Its module is imported on the worker's thread, and its default export called with a {@link LoopContext}: it opens readers
   * and writers of the journals, and returns one turn of the loop, a function that is called again and again. Between turns
   * that had nothing to do the thread spins and sleeps as the engine's `wait` says.
   *
   * A source that is given to it is its to write, for good: the loop finds the source's writer (a {@link JournalWriter}) in its
   * place. That seals the source's graph, so its stages have to be there. On this thread `next()` and whatever else takes
   * records throws SOURCE_GIVEN; `complete()` and `error()` first stop the loop. The source ends with its loop, if not before:
   * it completes, or fails with SOURCE_FAILED if the loop threw or its thread died.
   *
   * A histogram that is given to it is the same for both threads, and for all others: each may record, read and reset it. The
   * loop finds it among `histograms`.
   *
   * @param module The module's URL; JavaScript that the environment can import.
   * @param given Journals of this engine, by the names that the module knows them by; readers of them, which the loop goes
   *   on with at their place, so that nothing is missed that is written before it has begun; sources that it is to write; and
   *   histograms.
   * @param options `name`, `core`, and `data` for the module.
   * @throws {TypeError} OPTION for an option that can't be; JOURNAL_OF_ANOTHER_ENGINE, HISTOGRAM_UNUSABLE.
   * @throws {RangeError} CORE for a core that is not for this process.
   * @throws {Error} ENGINE_CLOSED after `close()`; LOOP_IN_INLINE_ENGINE, JOURNAL_NOT_SHARED in an inline engine;
   *   SOURCE_NOT_GIVEN for a source that another worker writes or that has ended; PINNING_UNAVAILABLE where threads can't be
   *   pinned.
   *
   * @example
   * ```ts
   * import { createEngine, f64, struct } from 'roda-rx';
   *
   * const engine = createEngine();
   * const prices = engine.journal(struct({ price: f64 }));
   * const means = engine.journal(struct({ mean: f64 }));
   * const reader = means.reader();
   * // As a rule a file: new URL('./mean.js', import.meta.url)
   * const mean = `export default ({ journals }) => {
   *   const writer = journals.means.writer();
   *   let [sum, count] = [0, 0];
   *   return () => journals.prices.readAll(({ price }) => writer.write({ mean: (sum += price) / ++count }));
   * }`;
   * engine.worker(`data:text/javascript,${encodeURIComponent(mean)}`, { prices: prices.reader(), means });
   *
   * const writer = prices.writer();
   * for (const price of [1, 3]) writer.write({ price });
   * const seen: number[] = [];
   * while (seen.length < 2 && (await reader.ready())) reader.readAll(({ mean }) => seen.push(mean));
   * if (String(seen) !== '1,2') throw new Error(`the means are ${seen}`);
   * await engine.close();
   * ```
   */
  worker(module: string | URL, given: LoopInputs, options?: LoopWorkerOptions): LoopWorker {
    if (typeof given !== 'object' || given === null) {
      const allowed = 'a journal, a reader, a source or a histogram for each name';
      throw fail('OPTIONS', { what: 'a worker', found: describe(given), allowed });
    }
    const inputs = Object.entries(given).map(([name, user]) => [
      name,
      user instanceof Source ? user.node : user,
    ]);
    return new LoopWorker(this.core, module, Object.fromEntries(inputs), options);
  }

  /**
   * A live parameter: a number that functions see through `using` and that may change while stages run. A value set
   * before `next()` holds for that record and all after it, until another is set.
   *
   * @param value Its first value.
   * @throws {TypeError} PARAM_VALUE for something else than a number.
   * @throws {Error} ENGINE_CLOSED after `close()`.
   *
   * @example
   * ```ts readings
   * const limit = engine.param(3);
   * readings.stage(filter((r, { limit }) => r.value > limit, { using: { limit } }));
   * limit.value = 5; // for all records from now on
   * ```
   */
  param(value: number): Param {
    return createParam(this.core, value);
  }

  /** Makes everything that sources have taken visible to its readers; in an inline engine, also runs and delivers it. */
  flush(): void {
    this.core.flush();
  }

  /**
   * Resolves once every record taken so far has passed all stages and has been delivered to subscribers. Records taken
   * later don't delay it; pull readers don't count.
   *
   * @throws {StageError} If a stage has failed and nobody was told, once.
   */
  idle(): Promise<void> {
    return this.core.idle();
  }

  /** Records in and out, lag, occupancy, drops and errors of all sources and stages, read while they run. */
  stats(): EngineStats {
    return engineStats(this.core);
  }

  /**
   * What the engine's memory is used for: every region with its bytes now and at most, before records come and while they do.
   *
   * @example
   * ```ts readings
   * readings.stage(stateful((r) => r.sensorId, (r) => ({ id: r.sensorId, n: 0 }), (s) => { s.n += 1; }, { maxKeys: 10_000 }));
   * const { regions, size } = engine.memory();
   * const state = regions.find(({ kind }) => kind === 'keyed state');
   * console.log(`${state?.bytes} bytes now, ${state?.bound} with 10,000 keys, of ${size}`);
   * ```
   */
  memory(): EngineMemory {
    return engineMemory(this.core);
  }

  /**
   * Ends all sources, waits until what they have taken is processed and delivered, and ends the workers. Subscribers
   * complete; pull readers are closed; journals by hand end that this thread writes. Called again, it returns the same promise.
   *
   * @throws {Error} CLOSE_TIMEOUT if something had to be terminated after `closeTimeoutMs` (5,000 ms unless told).
   * @throws {StageError} If a stage has failed and nobody was told.
   */
  close(): Promise<void> {
    return this.core.close();
  }

  /** As {@link close}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/**
 * Creates an engine. Its workers start with its first stages.
 *
 * @param options `name`, `placement`, `memory`, `wait`, `maxWorkers`, `pinCores`, `closeTimeoutMs`, `keepAlive`, `maxTexts`, `maxTextBytes`.
 * @throws {TypeError} OPTION for an option that can't be.
 * @throws {Error} PINNING_UNAVAILABLE where threads can't be pinned, with `pinCores`.
 * @throws {RangeError} MEMORY_SIZE for a memory out of range; OUT_OF_MEMORY if the text table does not fit into it.
 * @throws {Error} SHARED_MEMORY_UNAVAILABLE if `placement` is `worker` where memory can't be shared.
 *
 * @example
 * ```ts
 * import { createEngine, f64, struct, u32 } from 'roda-rx';
 * import { map } from 'roda-rx/operators';
 *
 * const engine = createEngine();
 * const readings = engine.source(struct({ sensorId: u32, value: f64 }));
 * readings.stage(map((r) => ({ doubled: r.value * 2 }))).subscribe((r) => console.log(r.doubled));
 * readings.next({ sensorId: 1, value: 21 });
 * await engine.close(); // 42 has been printed
 * ```
 */
export function createEngine(options?: EngineOptions): Engine {
  return new Engine(new Core(options));
}
