// The engine's own thread as a host: runs inline stages when it is told to.
import type { Arena, Memory } from '../memory/index.js';
import type { Failure } from '../runtime/failure.js';
import { Group } from '../runtime/group.js';
import { type RunningStage, type StageHost, Unwind } from '../runtime/running-stage.js';
import type { TextTable } from '../schema/index.js';
import { waitForRoom } from './back-pressure.js';
import type { Engine } from './engine.js';
import type { Graph, PlacedGroup } from './graph.js';
import type { Host } from './host.js';

interface InlineGroup {
  readonly group: Group;
  readonly placed: PlacedGroup;
  readonly graph: Graph;
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
    const [first] = placed.stages;
    if (first !== undefined)
      this.groups.push({ group: new Group(placed.plan, this), placed, graph: first.graph });
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
    waitForRoom(this.engine, waiting.graph, output, () => this.runDownstream(waiting));
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
      entry.group.turn(room(entry));
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

/** Whether a group has something to do, and what its pull readers left room for. */
function canTurn(entry: InlineGroup): boolean {
  return entry.group.isReady() && (room(entry) > 0 || entry.group.isRemoved);
}

/**
 * How many records a group may take before an output with pull readers is full, if each record makes one. They are read
 * by this very thread, so a stage can't wait for them in the middle of a record.
 */
function room({ group, placed }: InlineGroup): number {
  let least = Number.POSITIVE_INFINITY;
  placed.stages.forEach(({ outlet }, i) => {
    const output = group.stages[i]?.output;
    if (outlet.pullReaders.size > 0 && output?.journal.retain === 'ring')
      least = Math.min(least, output.look());
  });
  return least;
}
