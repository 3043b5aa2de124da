// An engine: one memory, its workers, its graphs, and its share of the event loop. Free of RxJS.
import { type BackendOption, type CompiledStage, compileStage } from '../compiler/index.js';
import { fail } from '../errors/index.js';
import { createBell, type WaitStrategy } from '../journal/index.js';
import {
  Arena,
  canShareMemory,
  createMemory,
  DEFAULT_MEMORY_BYTES,
  type Memory,
  PAGE_BYTES,
  RegionKind,
} from '../memory/index.js';
import type { Fused, OperatorDefinition } from '../operator/index.js';
import type { Failure } from '../runtime/failure.js';
import type { LogLevel } from '../runtime/messages.js';
import { platform } from '../runtime/platform/index.js';
import {
  type Codec,
  createCodec,
  createTextTable,
  isStruct,
  type Struct,
  type TextTable,
  textTableWords,
} from '../schema/index.js';
import { Closing } from './close.js';
import type { LoopWorker } from './custom-worker.js';
import { Disposal } from './disposal.js';
import { addEngine } from './engines.js';
import { FileHost } from './file-host.js';
import type { Graph } from './graph.js';
import { IdleWatcher } from './idle.js';
import { InlineHost } from './inline-host.js';
import { Journals } from './journals.js';
import { Measures } from './measures.js';
import { isOutOfMemory, type Planned, planOfSource, planOfStage, refusalOf } from './memory-plan.js';
import {
  checkEngineOptions,
  checkSourceOptions,
  checkStageOptions,
  describe,
  type EngineOptions,
  type SourceOptions,
  type StageOptions,
} from './options.js';
import { checkParams } from './params.js';
import { pinning } from './pinning.js';
import { hostOf, WorkerPool } from './placement.js';
import { Pump } from './pump.js';
import type { Slice } from './slice.js';
import { SlotStores } from './slot-stores.js';
import { SourceNode } from './source-node.js';
import { StageNode } from './stage-node.js';
import type { WorkerHost } from './worker-host.js';

/** Programs by the operators that they were made of, so that one pipeline started again is not compiled again. */
export type ProgramCache = Map<string, CompiledStage>;

export class Engine {
  readonly name: string;
  readonly placement: 'worker' | 'inline';
  readonly wait: WaitStrategy;
  readonly backend: BackendOption;
  readonly closeTimeoutMs: number;
  readonly memory: Memory;
  readonly arena: Arena;
  readonly texts: TextTable;
  /** Cell index of the bell of the engine's own thread. */
  readonly bell: number;
  readonly graphs = new Set<Graph>();
  /** Those with records, or an end, under way; the pump lets go of the quiet ones. */
  readonly activeGraphs = new Set<Graph>();
  readonly pump: Pump;
  readonly disposal: Disposal;
  readonly pool: WorkerPool;
  readonly inline: InlineHost;
  readonly journals: Journals;
  readonly files: FileHost;
  readonly slotStores: SlotStores;
  readonly measures: Measures;
  /** Workers with loops of the user's that run, or have failed. */
  readonly loops = new Set<LoopWorker>();
  readonly pinCores: boolean;
  private readonly codecs = new Map<string, Codec<unknown>>();
  private readonly stages = new Map<number, StageNode<unknown>>();
  private readonly keeper: ReturnType<typeof setInterval> | undefined;
  private ids = 0;
  /** The arena knows this thread as 1. */
  private threads = 1;
  private closing: Closing | undefined;
  private closed: Promise<void> | undefined;

  constructor(options: EngineOptions = {}) {
    checkEngineOptions(options);
    this.name = options.name ?? 'engine';
    this.placement = options.placement ?? (canShareMemory ? 'worker' : 'inline');
    this.wait = options.wait ?? 'hybrid';
    this.backend = options.backend ?? 'auto';
    this.closeTimeoutMs = options.closeTimeoutMs ?? 5_000;
    this.memory = createMemory(options.memory ?? DEFAULT_MEMORY_BYTES, this.placement === 'worker');
    this.arena = Arena.create(this.memory, (thread) => this.pool.isDead(thread));
    const bounds = {
      maxTexts: options.maxTexts ?? 65_536,
      maxBytes: options.maxTextBytes ?? 4 * 1024 * 1024,
    };
    const address = this.arena.allocate(textTableWords(bounds), 'the text table', { kind: RegionKind.TEXTS });
    this.texts = createTextTable(this.memory, { address, ...bounds });
    this.bell = createBell(this.arena);
    this.pump = new Pump(this);
    this.disposal = new Disposal(this);
    this.pinCores = options.pinCores ?? false;
    if (this.pinCores) pinning();
    this.pool = new WorkerPool(this, options.maxWorkers ?? Math.max(1, platform().cores - 1));
    this.inline = new InlineHost(this);
    this.journals = new Journals(this);
    this.files = new FileHost(this);
    this.slotStores = new SlotStores(this);
    this.measures = new Measures(this);
    // Far in the future: it is there to hold the process.
    if (options.keepAlive) this.keeper = setInterval(() => {}, 2 ** 30);
    addEngine(this);
  }

  get isClosed(): boolean {
    return this.closing !== undefined;
  }

  /** The memory that modules of its stages import. */
  get moduleMemory(): { shared: boolean; initialPages: number; maximumPages: number } {
    const pages = this.memory.buffer.byteLength / PAGE_BYTES;
    return { shared: this.memory.shared, initialPages: pages, maximumPages: pages };
  }

  nextId(): number {
    return this.ids++;
  }

  /** A number for another thread, by which the arena knows it. */
  nextThread(): number {
    return ++this.threads;
  }

  checkOpen(action: string): void {
    if (this.closing !== undefined) throw fail('ENGINE_CLOSED', { action });
  }

  source<T>(struct: Struct<T>, options: SourceOptions = {}): SourceNode<T> {
    this.checkOpen('create a source');
    if (!isStruct(struct)) throw fail('NOT_A_STRUCT', { what: 'a source', found: describe(struct) });
    checkSourceOptions(options);
    return this.whereThereIsRoom(planOfSource(struct, options), () => new SourceNode(this, struct, options));
  }

  /** Adds a stage behind a source or a stage. */
  stage<T>(
    parent: SourceNode<unknown> | StageNode<unknown>,
    operators: readonly Fused<never, unknown>[],
    options: StageOptions,
    cache?: ProgramCache,
  ): StageNode<T> {
    checkStageOptions(options);
    const id = this.nextId();
    const name = options.name ?? `stage${id}`;
    this.checkOpen(`add stage ${name}`);
    if (parent.graph.isDisposed)
      throw fail('GRAPH_REMOVED', { stage: name, source: parent.graph.source.name });
    if (parent.graph.isSealed) throw fail('GRAPH_SEALED', { stage: name, source: parent.graph.source.name });
    if (parent.graph.stages.some((other) => other.name === options.name)) {
      const allowed = `a name that no other stage of source ${parent.graph.source.name} has`;
      throw fail('OPTION', { what: 'a stage', option: 'name', found: describe(name), allowed });
    }
    const definitions = operators.flatMap((fused) => fused.operators);
    if (definitions.length === 0) throw fail('NO_OPERATORS', { what: `stage ${name}` });
    // Taken first: if it is a new worker, it starts while this thread compiles.
    const host = hostOf(this, name, options.placement ?? this.placement, parent);
    try {
      const backend = options.backend ?? this.backend;
      const compiled = this.compile(name, parent.outlet.struct, definitions, backend, cache);
      const plan = planOfStage(name, parent.graph, compiled.program, options);
      const stage = this.whereThereIsRoom(
        plan,
        () => new StageNode<T>(parent, id, name, compiled, host, options),
      );
      this.stages.set(id, stage as unknown as StageNode<unknown>);
      parent.graph.addStage(stage as unknown as StageNode<unknown>);
      parent.graph.follow(options.signal);
      return stage;
    } catch (error) {
      this.pool.release(host);
      throw error;
    }
  }

  /** The codec of a layout. */
  codec<T>(struct: Struct<T>): Codec<T> {
    const key = `${struct.name} ${struct.fingerprint}`;
    let codec = this.codecs.get(key);
    if (codec === undefined) {
      codec = createCodec(struct, this.memory, this.texts) as Codec<unknown>;
      this.codecs.set(key, codec);
    }
    return codec as Codec<T>;
  }

  /** Publishes what all sources have taken and runs inline stages. */
  flush(): void {
    for (const graph of this.activeGraphs) graph.source.flush();
  }

  async idle(): Promise<void> {
    this.flush();
    const watcher = new IdleWatcher(this.activeGraphs);
    this.settleAll();
    if (watcher.poll()) {
      this.pump.watch(watcher);
      await watcher.done;
    }
    // Workers post what they have to tell of a record, such as a dead letter, before they pass it.
    this.handleMessages();
    this.throwUnobserved();
  }

  close(): Promise<void> {
    if (this.closed === undefined) {
      const closing = new Closing(this);
      this.closing = closing;
      // Assigned before anything is delivered: a subscriber may close, too.
      let resolve: (closed: Promise<void>) => void = () => {};
      this.closed = new Promise((settle) => {
        resolve = settle;
      });
      resolve(closing.run().finally(() => clearInterval(this.keeper)));
    }
    return this.closed;
  }

  /** Whether it is being closed and the time for that is over. */
  get isOverdue(): boolean {
    return this.closing?.isOverdue() ?? false;
  }

  /** Something is under way in a graph: the pump follows it until it is quiet. */
  activate(graph: Graph): void {
    this.activeGraphs.add(graph);
    this.pump.wake();
  }

  /** Delivers a slice of every outlet (see {@link Egress.drain}). Whether there was something. */
  drain(slice?: Slice): boolean {
    let drained = false;
    for (const graph of this.activeGraphs) if (graph.drain(slice)) drained = true;
    return drained;
  }

  /** Whether something waits for a listener. */
  get hasDeliveries(): boolean {
    for (const graph of this.activeGraphs) {
      for (const egress of graph.egresses) if (!egress.isQuiet) return true;
    }
    return false;
  }

  get isQuiet(): boolean {
    for (const graph of this.activeGraphs) if (!graph.isQuiet) return false;
    return true;
  }

  /** Runs inline stages for one round, unless they are being run or delivered. */
  runInline(graph?: Graph): boolean {
    if (graph !== undefined && this.inline.isRunning(graph)) return false;
    return this.inline.round(graph);
  }

  /** Runs and delivers a graph's inline stages until nothing is left, unless that is what called. */
  settle(graph: Graph): void {
    if (!graph.isSealed || graph.isDisposed || !graph.hasInline) return;
    if (graph.deliveries > 0 || this.inline.isRunning(graph)) return;
    const outlets = graph.outlets.filter(
      (_, i) => this.placement === 'inline' || graph.stages[i - 1]?.host === this.inline,
    );
    let worked = true;
    while (worked) {
      worked = this.inline.round(graph);
      for (const outlet of outlets)
        for (const egress of outlet.egresses) while (egress.drain()) worked = true;
    }
  }

  /** Prints the lines and passes on the dead letters that workers have posted. */
  handleMessages(): void {
    for (const worker of this.pool.workers) worker.handleMessages();
  }

  /** Handles what waits of workers, and finds out who has died, while the event loop is blocked. */
  checkWorkers(): void {
    for (const worker of this.pool.workers) worker.check();
    this.files.check();
  }

  hostEnded(worker: WorkerHost): void {
    this.pool.remove(worker);
    this.pump.wake();
  }

  log(level: LogLevel, text: string): void {
    console[level](text);
  }

  deadLetter(stage: number, failure: Failure): void {
    this.stages.get(stage)?.deadLetter(failure);
  }

  /** A graph's memory has been freed. */
  forget(graph: Graph): void {
    for (const stage of graph.stages) {
      this.stages.delete(stage.id);
      this.pool.release(stage.host);
    }
    for (const worker of this.pool.workers) for (const group of graph.groups) worker.forget(group);
  }

  /** Throws the error of a stage that nobody was told of, once. */
  throwUnobserved(): void {
    for (const graph of this.graphs) {
      for (const { outlet } of graph.stages) {
        if (!outlet.hasUnobservedError) continue;
        for (const other of graph.outlets) other.errorObserved = true;
        throw outlet.error;
      }
      for (const file of graph.files) {
        if (file.error === undefined || file.errorObserved) continue;
        file.errorObserved = true;
        throw file.error;
      }
    }
    for (const loop of this.loops) loop.throwUnobserved();
  }

  private settleAll(): void {
    for (const graph of this.activeGraphs) this.settle(graph);
  }

  private compile(
    stage: string,
    input: Struct<unknown>,
    operators: readonly OperatorDefinition[],
    backend: BackendOption,
    cache: ProgramCache | undefined,
  ): CompiledStage {
    const key = `${stage} ${backend} ${input.fingerprint}`;
    let compiled = cache?.get(key);
    if (compiled === undefined) {
      for (const definition of operators) checkParams(this, definition);
      compiled = compileStage({
        engine: this.name,
        stage,
        input,
        operators: this.measures.place(operators),
        backend,
      });
      // Constants in functions are interned here, since only this thread may.
      for (const text of compiled.program.texts) this.texts.intern(text);
      cache?.set(key, compiled);
    }
    return compiled;
  }

  /** Makes what needs memory; if there is none, once pipelines that were taken down have given theirs back. */
  whereThereIsRoom<N>(plan: Planned, make: () => N): N {
    const isPromise = plan.tables.some(({ isBounded }) => isBounded);
    for (;;) {
      try {
        const refusal = isPromise ? refusalOf(this, plan) : undefined;
        if (refusal !== undefined) throw refusal;
        return make();
      } catch (error) {
        if (!isOutOfMemory(error)) throw error;
        if (!this.disposal.reclaim()) throw refusalOf(this, plan) ?? error;
      }
    }
  }
}
