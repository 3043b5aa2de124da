// The engine's own thread as a host: runs inline stages when it is told to.
import type { JournalWriter } from '../journal/index.js';
import type { Arena, Memory } from '../memory/index.js';
import { describeThrown, type Failure } from '../runtime/failure.js';
import { Group } from '../runtime/group.js';
import { type RunningStage, type StageHost, Unwind } from '../runtime/running-stage.js';
import type { TextTable } from '../schema/index.js';
import { waitForRoom } from './back-pressure.js';
import type { Engine } from './engine.js';
import { failGroup } from './fail-group.js';
import type { Graph, PlacedGroup } from './graph.js';
import type { Host } from './host.js';
import type { StageNode } from './stage-node.js';

interface InlineGroup {
  readonly group: Group;
  readonly placed: PlacedGroup;
  readonly graph: Graph;
  /** Most records that came of one record, as far as is known of stages with pull readers; at least 1. */
  widest: number;
}

export class InlineHost implements Host, StageHost {
  readonly name = 'inline';
  readonly isGone = false;
  readonly memory: Memory;
  readonly arena: Arena;
  readonly texts: TextTable;
  readonly console: Console = console;
  private readonly engine: Engine;
  private groups: InlineGroup[] = [];
  private readonly active: InlineGroup[] = [];

  constructor(engine: Engine) {
    this.engine = engine;
    this.memory = engine.memory;
    this.arena = engine.arena;
    this.texts = engine.texts;
  }

  get bell(): number {
    return this.engine.bell;
  }

  install(placed: PlacedGroup): void {
    const { graph } = placed;
    try {
      this.groups.push({ group: new Group(placed.plan, this), placed, graph, widest: 1 });
    } catch (thrown) {
      failGroup(placed, { cause: 'host', ...describeThrown(thrown) });
    }
  }

  wake(): void {
    this.dropRemoved();
  }

  /** Whether a batch of a graph's stages is on the stack. */
  isRunning(graph: Graph): boolean {
    return this.active.some((entry) => entry.graph === graph);
  }

  /** Whether something is there to run. */
  isReady(): boolean {
    return this.groups.some(canTurn);
  }

  /** One turn of every group (of a graph); whether any had something to do. */
  round(graph?: Graph): boolean {
    const worked = this.turnAll((entry) => graph === undefined || entry.graph === graph);
    this.dropRemoved();
    return worked;
  }

  /** Makes room in a full output: delivers to its listeners, runs the stages behind it, or waits for other threads. */
  waitForRoom(stage: RunningStage): void {
    const waiting = this.active.at(-1) as InlineGroup;
    if (waiting.group.isRemoved) throw new Unwind('removed');
    const { output } = stage;
    if (output.look() > 0) return;
    if (output.journal.retain === 'append') throw stage.journalFull();
    const { outlet } = waiting.placed.stages.find(({ id }) => id === stage.plan.id) as StageNode<unknown>;
    const isOver = () => false;
    const progress = () => this.runDownstream(waiting) || waiting.graph.drain();
    // In the middle of a record there is no way back: a thread that may not block goes on looking.
    while (!waitForRoom(outlet, output, isOver, progress));
    if (waiting.group.isRemoved) throw new Unwind('removed');
  }

  deadLetter(stage: RunningStage, failure: Failure): void {
    this.engine.deadLetter(stage.plan.id, failure);
  }

  private runDownstream({ graph, group }: InlineGroup): boolean {
    return this.turnAll((entry) => entry.graph === graph && entry.group.plan.rank > group.plan.rank);
  }

  private turnAll(isMeant: (entry: InlineGroup) => boolean): boolean {
    let worked = false;
    for (const entry of this.groups) {
      if (!isMeant(entry) || !canTurn(entry)) continue;
      this.turn(entry);
      worked = true;
    }
    return worked;
  }

  private turn(entry: InlineGroup): void {
    this.active.push(entry);
    try {
      const outputs = pulledOutputs(entry);
      if (outputs.length === 0) {
        entry.group.turn();
        return;
      }
      const before = outputs.map((output) => output.next);
      entry.group.turn(1);
      outputs.forEach((output, i) => {
        entry.widest = Math.max(entry.widest, output.next - (before[i] as number));
      });
    } finally {
      this.active.pop();
    }
  }

  private dropRemoved(): void {
    for (const { group } of this.groups) {
      if (group.isRemoved && !group.isRunning) group.remove();
    }
    this.groups = this.groups.filter(({ group }) => !group.isRemoved || group.isRunning);
  }
}

/**
 * Whether a group has something to do, and its pull readers have left room for what a record may make. They are read by this
 * very thread, so a stage can't wait for them in the middle of a record: it takes records one by one, and none that may
 * not fit. One that makes more than any before, and more than there is room for, fails.
 */
function canTurn(entry: InlineGroup): boolean {
  if (!entry.group.isReady()) return false;
  return entry.group.isRemoved || pulledOutputs(entry).every((output) => output.look() >= entry.widest);
}

/** The outputs that pull readers of this thread read. */
function pulledOutputs({ group, placed }: InlineGroup): JournalWriter[] {
  if (placed.stages.every(({ outlet }) => outlet.pullReaders.size === 0)) return [];
  return placed.stages.flatMap(({ outlet }, i) => {
    const { output } = group.stages[i] as RunningStage;
    return outlet.pullReaders.size > 0 && output.journal.retain === 'ring' ? [output] : [];
  });
}
