// A graph: one source and the stages that hang on it. Built until the first record seals it, then placed in groups.
import { composeModules, moduleWords } from '../compiler/index.js';
import { fail } from '../errors/index.js';
import {
  createMarks,
  EndKind,
  freeJournal,
  type Journal,
  type MarksShape,
  publishedSequence,
  readerPosition,
} from '../journal/index.js';
import { RegionKind } from '../memory/index.js';
import { GroupCell, GroupFlag, type GroupPlan, type ModulePlan } from '../runtime/plan.js';
import type { Egress } from './egress.js';
import type { Engine } from './engine.js';
import { beginDelivery, endDelivery } from './engines.js';
import type { FileNode } from './file-node.js';
import type { Host } from './host.js';
import type { Outlet } from './outlet.js';
import type { Slice } from './slice.js';
import type { SourceNode } from './source-node.js';
import type { StageNode } from './stage-node.js';

/** A group that has been given to a host. */
export interface PlacedGroup {
  readonly plan: GroupPlan;
  readonly graph: Graph;
  readonly host: Host;
  /** The outlet that it reads. */
  readonly input: Outlet<unknown>;
  readonly stages: readonly StageNode<unknown>[];
}

export class Graph {
  readonly engine: Engine;
  readonly id: number;
  readonly stages: StageNode<unknown>[] = [];
  /** Everything that this thread may read: the source's outlet, then those of the stages. */
  readonly outlets: Outlet<unknown>[] = [];
  /** Who delivers the records of its outlets: replaced on change. */
  egresses: readonly Egress<unknown>[] = [];
  groups: readonly PlacedGroup[] = [];
  /** Journals in files that keep records of its outlets. */
  readonly files = new Set<FileNode>();
  /** Whether it was made for one subscription, as `fused()` does, and goes with it. */
  isTransient = false;
  /** Deliveries of this graph that are on the stack. */
  deliveries = 0;
  /** Groups of a graph with a higher order run while those of this one wait for room, where they share a worker. */
  order = 0;
  /** Graphs that have to keep a higher order. */
  private readonly above = new Set<Graph>();
  /** Graphs whose sources were given records by listeners of this one, of whatever engine. */
  private readonly fed = new Set<Graph>();
  private readonly feeders = new Set<Graph>();
  /** The error that the source was ended with. */
  sourceError: unknown;
  source!: SourceNode<unknown>;
  private sealed = false;
  private disposed: { readonly reason?: { error: unknown } } | undefined;
  /** What is to be undone when the graph is taken down. */
  private readonly undo: Array<() => void> = [];

  constructor(engine: Engine, id: number) {
    this.engine = engine;
    this.id = id;
  }

  get isSealed(): boolean {
    return this.sealed;
  }

  get isDisposed(): boolean {
    return this.disposed !== undefined;
  }

  /** The error that it was taken down with, if any. */
  get disposalReason(): { error: unknown } | undefined {
    return this.disposed?.reason;
  }

  /** Is taken down when a signal aborts. */
  follow(signal: AbortSignal | undefined): void {
    if (signal === undefined) return;
    const abort = () => this.dispose({ error: signal.reason });
    if (signal.aborted) {
      abort();
      return;
    }
    signal.addEventListener('abort', abort);
    this.undo.push(() => signal.removeEventListener('abort', abort));
  }

  addStage(stage: StageNode<unknown>): void {
    if (this.sealed) throw fail('GRAPH_SEALED', { stage: stage.name, source: this.source.name });
    this.stages.push(stage);
    this.outlets.push(stage.outlet);
  }

  /** Memory for the marks of a journal, whose memory is freed if there is none; undefined if the source stamps no records. */
  marksOf(journal: Journal): MarksShape | undefined {
    const every = this.source.stampEvery;
    if (every === undefined) return undefined;
    const { arena } = this.engine;
    try {
      return createMarks(arena, journal, every);
    } catch (error) {
      freeJournal(arena, journal);
      throw error;
    }
  }

  /** Fixes the graph and gives its stages to their hosts. */
  seal(): void {
    if (this.sealed) return;
    const groups: PlacedGroup[] = [];
    try {
      for (const { stages, parents } of this.groupings())
        groups.push(this.plan(stages, parents, groups.length));
    } catch (error) {
      this.freeModules(groups);
      throw error;
    }
    this.sealed = true;
    this.groups = groups;
    for (const group of groups) group.host.install(group);
    this.source.meetReaders();
  }

  /** A listener of this graph gives records to the source of another, which then runs on top of it. */
  feeds(graph: Graph): void {
    if (graph === this || this.fed.has(graph) || this.isDisposed || graph.isDisposed) return;
    this.fed.add(graph);
    graph.feeders.add(this);
    if (graph.engine === this.engine) graph.putOnTopOf(this);
  }

  /**
   * Whether it feeds, perhaps through others, a graph whose listeners are being called. These wait until they return, so
   * what is delivered to it now would find that graph's journals full.
   */
  feedsDelivery(visited = new Set<Graph>()): boolean {
    visited.add(this);
    for (const graph of this.fed) {
      if (visited.has(graph)) continue;
      if (graph.deliveries > 0 || graph.feedsDelivery(visited)) return true;
    }
    return false;
  }

  /** Calls listeners. */
  deliver(call: () => void): void {
    const outer = this.beginDelivery();
    try {
      call();
    } finally {
      this.endDelivery(outer);
    }
  }

  /** Listeners are going to be called. Returns the graph whose listener that is done by, for {@link endDelivery}. */
  beginDelivery(): Graph | undefined {
    this.deliveries++;
    return beginDelivery(this);
  }

  endDelivery(outer: Graph | undefined): void {
    endDelivery(outer);
    this.deliveries--;
  }

  /** Delivers a slice of every outlet (see {@link Egress.drain}). Whether there was something. */
  drain(slice?: Slice): boolean {
    let drained = false;
    for (const egress of this.egresses) if (egress.drain(slice)) drained = true;
    return drained;
  }

  /** Somebody has begun or ended to deliver records of its outlets. */
  meetEgresses(): void {
    this.egresses = this.outlets.flatMap((outlet) => [...outlet.egresses]);
  }

  /**
   * From now on its groups run while those of another graph wait for room, where they share a worker: this thread has
   * to wait for this graph before it can make room in the other.
   *
   * Graphs that were put on top of this one stay there. The first store is that of the highest order, so that at no time
   * a worker sees one of them below this one.
   */
  putOnTopOf(below: Graph): true {
    this.above.delete(below);
    below.above.add(this);
    const highest = Math.max(...[...this.engine.graphs].map((graph) => graph.order));
    const raised = this.withAbove();
    for (const [i, graph] of raised.entries()) graph.setOrder(highest + raised.length - i);
    return true;
  }

  /** Whether everything that was published has been processed and delivered. Pull readers don't count. */
  get isQuiet(): boolean {
    if (!this.sealed || this.isDisposed) return true;
    for (const group of this.groups) {
      if (!hasPassed(group)) return false;
      if (
        group.input.end !== EndKind.OPEN &&
        group.stages.some((stage) => stage.outlet.end === EndKind.OPEN)
      ) {
        if (!group.host.isGone) return false;
      }
    }
    for (const egress of this.egresses) if (!egress.isQuiet) return false;
    for (const file of this.files) if (!file.isQuiet) return false;
    return true;
  }

  /** Whether another thread writes its source: then records may come at any time. */
  get isFed(): boolean {
    return this.source.feed !== undefined && !this.source.feed.isOver;
  }

  /** Whether a stage runs on this thread. */
  get hasInline(): boolean {
    return this.stages.some((stage) => stage.host === this.engine.inline);
  }

  /** Takes the graph down: its hosts drop it, and its memory is freed once they have. */
  dispose(reason?: { error: unknown }): void {
    if (this.isDisposed) return;
    this.disposed = reason === undefined ? {} : { reason };
    for (const undo of this.undo.splice(0)) undo();
    const { cells, i32 } = this.engine.memory;
    this.source.stop();
    for (const outlet of this.outlets) {
      for (const egress of outlet.egresses) {
        if (reason === undefined) egress.complete();
        else egress.abort(reason.error);
      }
      for (const reader of outlet.pullReaders) reader.close();
    }
    for (const file of this.files) void file.close();
    for (const { plan, host } of this.groups) {
      cells.compareExchange(i32, plan.flag, GroupFlag.RUN, GroupFlag.REMOVE);
      host.wake();
    }
    this.engine.graphs.delete(this);
    for (const graph of this.engine.graphs) graph.above.delete(this);
    for (const graph of this.fed) graph.feeders.delete(this);
    for (const graph of this.feeders) graph.fed.delete(this);
    this.engine.activeGraphs.delete(this);
    this.engine.disposal.add(this);
  }

  /** Groups that their hosts have not let go of. */
  get usedGroups(): readonly PlacedGroup[] {
    const { cells, i32 } = this.engine.memory;
    return this.groups.filter(
      ({ plan, host }) => !host.isGone && cells.load(i32, plan.flag) !== GroupFlag.REMOVED,
    );
  }

  /** Whether no listener and no host is in the middle of its records. */
  get isUnused(): boolean {
    if (this.deliveries > 0 || this.usedGroups.length > 0 || this.isFed) return false;
    return [...this.files].every((file) => file.isReleased);
  }

  /** Frees the memory of a graph that has been taken down; false while it is used. */
  free(): boolean {
    if (!this.isUnused) return false;
    const { arena } = this.engine;
    this.freeModules(this.groups);
    for (const stage of this.stages) stage.free();
    for (const outlet of this.outlets) {
      freeJournal(arena, outlet.journal);
      if (outlet.marks !== undefined) arena.free(outlet.marks.address);
      // Others may record in the histogram that its deliveries were timed in.
      outlet.timed?.release();
    }
    return true;
  }

  /** This graph behind all those that have to keep a higher order, the highest first. */
  private withAbove(visited: Graph[] = [], found: Graph[] = []): Graph[] {
    if (visited.includes(this)) return found;
    visited.push(this);
    for (const graph of this.above) graph.withAbove(visited, found);
    found.push(this);
    return found;
  }

  private setOrder(order: number): void {
    this.order = order;
    const { cells, i32 } = this.engine.memory;
    for (const { plan, host } of this.groups) {
      cells.store(i32, plan.flag + GroupCell.ORDER, order);
      host.wake();
    }
  }

  /** Which stages run through each other, each with the place of the one before it among them, -1 for the first. */
  groupings(): { readonly stages: readonly StageNode<unknown>[]; readonly parents: readonly number[] }[] {
    const roots = this.stages.filter((stage) => stage.startsGroup);
    return roots.map((root) => {
      const stages = this.stages.filter((stage) => groupRoot(stage) === root);
      return { stages, parents: stages.map((stage) => stages.indexOf(stage.parent as StageNode<unknown>)) };
    });
  }

  /** What a host is told of stages that run through each other. */
  private plan(stages: readonly StageNode<unknown>[], parents: readonly number[], rank: number): PlacedGroup {
    const root = stages[0] as StageNode<unknown>;
    const { host } = root;
    const input = root.parent.outlet;
    const plan: GroupPlan = {
      id: this.engine.nextId(),
      graph: this.id,
      rank,
      input: { name: input.journal.name, address: input.journal.address },
      marks: input.marks,
      reader: root.reader,
      flag: root.flag,
      stages: stages.map((stage, i) => stage.plan(parents[i] as number)),
      modules: this.modulesOf(stages, parents),
    };
    return { plan, graph: this, host, input, stages };
  }

  private freeModules(groups: readonly PlacedGroup[]): void {
    for (const { plan } of groups) for (const { region } of plan.modules) this.engine.arena.free(region);
  }

  /** Composes what compiles of a group's stages to modules, and gives each its memory. */
  private modulesOf(stages: readonly StageNode<unknown>[], parents: readonly number[]): ModulePlan[] {
    const { arena, texts, moduleMemory } = this.engine;
    const group = stages.map(({ compiled }, i) => ({ compiled, parent: parents[i] as number }));
    const name = stages[0]?.name ?? '';
    const use = { kind: RegionKind.MODULE, of: stages[0]?.outlet.journal.address ?? 0 };
    const modules: ModulePlan[] = [];
    try {
      for (const module of composeModules(name, group, moduleMemory)) {
        for (const text of module.program.texts) texts.intern(text);
        const words = moduleWords(module.program);
        modules.push({ ...module, region: arena.allocate(words, `the module of stage ${name}`, use) });
      }
    } catch (error) {
      for (const { region } of modules) arena.free(region);
      throw error;
    }
    return modules;
  }
}

/** Whether a group has read its input up to a sequence (all that was published unless told), or reads no more. */
export function hasPassed(group: PlacedGroup, sequence = publishedSequence(group.input.journal)): boolean {
  return readerPosition(group.input.journal, group.plan.reader) >= sequence || hasEnded(group);
}

/** Whether all stages of a group have ended, or will do nothing more. */
export function hasEnded({ host, stages }: PlacedGroup): boolean {
  return host.isGone || stages.every(({ outlet }) => outlet.end !== EndKind.OPEN);
}

/** The first stage of the chain on one host that a stage belongs to. */
function groupRoot(stage: StageNode<unknown>): StageNode<unknown> {
  let root = stage;
  while (!root.startsGroup) root = root.parent as StageNode<unknown>;
  return root;
}
