// The engine's own thread as a host: runs inline stages when it is told to.
import type { JournalWriter } from '../journal/index.js';
import type { Arena, Memory } from '../memory/index.js';
import { describeThrown, type Failure } from '../runtime/failure.js';
import { Group } from '../runtime/group.js';
import { type RunningStage, type StageHost, Unwind } from '../runtime/running-stage.js';
import { gone, type StateAnswer, type StateQuery } from '../runtime/state-query.js';
import type { TextTable } from '../schema/index.js';
import { waitForRoom } from './back-pressure.js';
import type { Engine } from './engine.js';
import { failGroup } from './fail-group.js';
import type { Graph, PlacedGroup } from './graph.js';
import type { Host } from './host.js';
import type { Outlet } from './outlet.js';

interface InlineGroup {
  readonly group: Group;
  readonly placed: PlacedGroup;
  readonly graph: Graph;
  readonly outputs: readonly Output[];
  /** Most records that came of one record, as far as is known; at least 1. */
  widest: number;
}

interface Output {
  readonly outlet: Outlet<unknown>;
  readonly writer: JournalWriter;
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
    try {
      const group = new Group(placed.plan, this);
      const outputs = placed.stages.map(({ outlet }, i) => {
        const { output: writer } = group.stages[i] as RunningStage;
        // Workers that make room wake this thread: its stages may be held back.
        if (this.memory.shared) writer.setBell(this.bell);
        return { outlet, writer };
      });
      this.groups.push({ group, placed, graph: placed.graph, outputs, widest: 1 });
    } catch (thrown) {
      failGroup(placed, { cause: 'host', ...describeThrown(thrown) });
    }
  }

  /** Answers at once. */
  query(query: StateQuery): StateAnswer {
    for (const { group } of this.groups) {
      const stage = group.stages.find(({ plan }) => plan.id === query.stage);
      if (stage !== undefined) return stage.answer(query) ?? gone(query);
    }
    return gone(query);
  }

  wake(): void {
    this.dropRemoved();
  }

  /** Whether a batch of a graph's stages is on the stack. */
  isRunning(graph: Graph): boolean {
    return this.active.some((entry) => entry.graph === graph);
  }

  /** The output of a group that is full, so that the group takes nothing more, and how much room it wants there. */
  fullOutputOf(placed: PlacedGroup): { outlet: Outlet<unknown>; slots: number } | undefined {
    const entry = this.groups.find((other) => other.placed === placed);
    return entry && findFull(entry);
  }

  /** Whether a batch of a group is on the stack. */
  isOnStack(placed: PlacedGroup): boolean {
    return this.active.some((entry) => entry.placed === placed);
  }

  /** One turn of a group; whether it had something to do. */
  run(placed: PlacedGroup): boolean {
    return this.turnAll((entry) => entry.placed === placed);
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
    const { outlet } = waiting.outputs.find(({ writer }) => writer === output) as Output;
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
    const { group, outputs } = entry;
    const others = outputs.filter(isReadByOthers);
    this.active.push(entry);
    try {
      if (others.length === 0) {
        group.turn();
        return;
      }
      const before = others.map(({ writer }) => writer.next);
      const taken = group.turn(limitOf(entry, others));
      others.forEach(({ writer }, i) => {
        const made = writer.next - (before[i] as number);
        if (taken > 0) entry.widest = Math.max(entry.widest, Math.ceil(made / taken));
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

/** Whether a group has something to do, and room for what comes of it. */
function canTurn(entry: InlineGroup): boolean {
  return entry.group.isReady() && (entry.group.isRemoved || findFull(entry) === undefined);
}

/**
 * Whether an output is read by somebody whom this thread can't run in the middle of a record: a worker, or a pull reader of
 * this very thread. A stage takes no record as long as there is no room for what may come of it. So it seldom waits for a
 * worker, which would stop the event loop. For a pull reader it can't wait at all: a record that makes more than any before,
 * and more than there is room for, fails.
 */
function isReadByOthers({ outlet }: Output): boolean {
  if (outlet.journal.retain === 'append') return false;
  const { groups, engine } = outlet.graph;
  return (
    outlet.pullReaders.size > 0 ||
    outlet.files.size > 0 ||
    groups.some(({ input, host }) => input === outlet && host !== engine.inline)
  );
}

/** The first output without room for what a record may make, and how much that is. */
function findFull({ outputs, widest }: InlineGroup): { outlet: Outlet<unknown>; slots: number } | undefined {
  for (const output of outputs) {
    if (!isReadByOthers(output)) continue;
    const { outlet, writer } = output;
    const slots = Math.min(widest, outlet.journal.capacity);
    if (writer.look() < slots) return { outlet, slots };
  }
  return undefined;
}

/** How many records may be taken at once. */
function limitOf({ widest }: InlineGroup, outputs: readonly Output[]): number {
  if (outputs.some(({ outlet }) => outlet.pullReaders.size > 0)) return 1;
  const room = Math.min(...outputs.map(({ writer }) => writer.look()));
  return Math.max(1, Math.floor(room / widest));
}
