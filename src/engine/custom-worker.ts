// A worker that runs a loop of the user's over journals.
import { fail } from '../errors/index.js';
import { Histogram, handleOf, Journal, type JournalHandle, JournalReader } from '../journal/by-hand/index.js';
import { describeThrown, type Thrown } from '../runtime/failure.js';
import type { GivenJournal, LoopPlan } from '../runtime/messages.js';
import { stopWorker } from './close.js';
import type { Engine } from './engine.js';
import { checkGiving } from './feed.js';
import { checkLoopOptions, describe } from './options.js';
import { SourceNode } from './source-node.js';
import type { WorkerHost } from './worker-host.js';

/** What a loop is given, by the names that its module knows it by. */
export type LoopInputs = Readonly<Record<string, LoopInput>>;
// biome-ignore lint/suspicious/noExplicitAny: each has records of its own type
type JournalInput = Journal<any> | JournalReader<any> | SourceNode<any>;
type LoopInput = JournalInput | Histogram;

/** Options of a worker with a loop of one's own. */
export interface LoopWorkerOptions {
  /** For messages and the name of the thread; `loop` and a number unless told. */
  readonly name?: string;
  /** The core that its thread is pinned to, on Linux, with the package `koffi` (see `pinCores` of the engine's options). */
  readonly core?: number;
  /** What the module finds as `data`: a value that can be posted, of which it gets a copy. */
  readonly data?: unknown;
}

/**
 * A worker with a loop of one's own, made with `engine.worker`. It holds the process until its loop ends, is told to stop, or
 * the engine is closed.
 */
export class LoopWorker {
  readonly name: string;
  private readonly engine: Engine;
  private readonly host: WorkerHost;
  private readonly ended: Promise<void>;
  private settle: (error: Error | undefined) => void = () => {};
  private isOver = false;
  private error: Error | undefined;
  private isObserved = false;
  /** Sources that it writes. */
  private readonly sources: readonly SourceNode<unknown>[];

  /** @internal */
  constructor(engine: Engine, module: string | URL, inputs: LoopInputs, options: LoopWorkerOptions = {}) {
    engine.checkOpen('start a worker');
    checkLoopOptions(options);
    const name = options.name ?? `loop${engine.nextId()}`;
    const address = addressOf(module, name);
    if (engine.placement === 'inline') throw fail('LOOP_IN_INLINE_ENGINE', { worker: name });
    this.name = name;
    this.engine = engine;
    this.ended = new Promise<void>((resolve, reject) => {
      this.settle = (error) => (error === undefined ? resolve() : reject(error));
    });
    // It is told by `done`, idle() or close().
    this.ended.catch(() => {});
    const given = Object.entries(inputs);
    for (const [key, input] of given) checkInput(engine, name, key, input);
    const histograms = given.filter((entry): entry is [string, Histogram] => entry[1] instanceof Histogram);
    const journals = given.filter(
      (entry): entry is [string, JournalInput] => !(entry[1] instanceof Histogram),
    );
    this.sources = Object.values(inputs).filter((input) => input instanceof SourceNode);
    for (const source of this.sources) checkGiving(source, name, this.sources);
    this.host = engine.pool.startLoop(name, options.core);
    this.host.hold(true);
    try {
      const loop: LoopPlan = {
        module: address,
        journals: Object.fromEntries(journals.map(([key, user]) => [key, give(user, this)])),
        histograms: Object.fromEntries(histograms.map(([key, { shape }]) => [key, shape])),
        data: options.data,
      };
      this.host.runLoop(loop, (thrown, cut) => this.end(thrown, cut));
    } catch (error) {
      for (const source of this.sources) source.feedEnded(describeThrown(error));
      void this.host.stop();
      throw error;
    }
    engine.loops.add(this);
  }

  /**
   * Resolves when the loop has ended; rejects with LOOP_FAILED if it threw, or its thread died. Who asks for it has been told
   * of the error; else `idle()` and `close()` of the engine reject with it, once.
   */
  get done(): Promise<void> {
    this.isObserved = true;
    return this.ended;
  }

  /**
   * Tells the loop to stop, and resolves once its thread has ended. Records that it has not read stay unread. A loop that
   * doesn't come back to `next()`, `isStopped` or the end of its turn within `closeTimeoutMs` is terminated; what it wrote then
   * ends with an error.
   */
  async stop(): Promise<void> {
    await stopWorker(this.host, performance.now() + this.engine.closeTimeoutMs);
  }

  /** @internal The number of its thread. */
  get thread(): number {
    return this.host.thread;
  }

  /** @internal Wakes its thread. */
  wake(): void {
    this.host.wake();
  }

  /** @internal Throws the error that nobody was told of, once. */
  throwUnobserved(): void {
    if (this.isObserved || this.error === undefined) return;
    // Whoever listens to what it fed has been told by that.
    if (this.sources.some(({ graph }) => graph.outlets.some(({ errorObserved }) => errorObserved))) return;
    this.isObserved = true;
    throw this.error;
  }

  private end(thrown: Thrown | undefined, cut = thrown): void {
    if (this.isOver) return;
    this.isOver = true;
    if (thrown !== undefined) {
      const { name, message, stack, code } = thrown;
      const cause = Object.assign(new Error(message), { name }, stack && { stack }, code && { code });
      this.error = fail('LOOP_FAILED', { worker: this.name, message: `${name}: ${message}` }, { cause });
    } else this.engine.loops.delete(this);
    for (const source of this.sources) source.feedEnded(cut);
    this.settle(this.error);
    this.host.hold(false);
    // Its thread has nothing more to do.
    void this.host.stop();
  }
}

/** The thread is woken by a bell in the engine's memory, the one that it has open: journals in another could not ring it. */
function checkInput(engine: Engine, worker: string, key: string, input: LoopInput): void {
  const { wasm } = engine.memory;
  if (input instanceof Histogram) {
    const { handle, name } = input;
    if (handle.memory !== wasm)
      throw fail('HISTOGRAM_UNUSABLE', { histogram: name, user: `worker ${worker}` });
  } else if (isJournalInput(input)) {
    const { memory, name } = handleTo(input);
    if (memory !== wasm) throw fail('JOURNAL_OF_ANOTHER_ENGINE', { worker, journal: name });
  } else {
    const allowed = 'a journal, a reader of one, a source or a histogram';
    throw fail('OPTION', { what: `worker ${worker}`, option: key, found: describe(input), allowed });
  }
}

const isJournalInput = (input: unknown): input is JournalInput =>
  [Journal, JournalReader, SourceNode].some((each) => input instanceof each);

function handleTo(user: JournalInput): JournalHandle<unknown> {
  if (user instanceof SourceNode) {
    const { outlet, engine } = user;
    return handleOf(outlet.journal, outlet.struct, engine.texts);
  }
  return user instanceof JournalReader ? user.of.handle : user.handle;
}

/** What a thread needs to use a journal, or to go on with a reader or a source, which are let go of here. */
function give(user: JournalInput, worker: LoopWorker): GivenJournal {
  const handle = handleTo(user);
  if (user instanceof JournalReader) return { handle, reader: user.detach(worker.thread) };
  return user instanceof SourceNode ? { handle, terms: user.give(worker) } : { handle };
}

function addressOf(module: string | URL, name: string): string {
  if (module instanceof URL) return module.href;
  if (typeof module === 'string' && URL.canParse(module)) return module;
  const allowed = "a URL, as of new URL('./loop.js', import.meta.url)";
  throw fail('OPTION', { what: `worker ${name}`, option: 'module', found: describe(module), allowed });
}
