// The resident loop of a worker: polls the journals of its groups, sleeps when there is nothing to do.
import {
  type JournalWriter,
  NAP_CAPACITY,
  NAP_MS,
  nap,
  PARK_MS,
  ring,
  sleepUntilRung,
  spinsBeforeSleep,
} from '../journal/index.js';
import { Arena, type Memory, openMemory } from '../memory/index.js';
import { openTextTable, type TextTable } from '../schema/index.js';
import { describeThrown, type Failure } from './failure.js';
import { Group } from './group.js';
import {
  Control,
  type FromWorker,
  type LogLevel,
  MAX_MESSAGES,
  type ToWorker,
  type WorkerInit,
} from './messages.js';
import { GroupFlag, type GroupPlan } from './plan.js';
import { type RunningStage, type StageHost, Unwind } from './running-stage.js';
import { gone, type StateQuery } from './state-query.js';
import { workerConsole } from './worker-console.js';

/** Rounds without anything to do, in a journal that has no room, before the thread sleeps. */
const FULL_SPINS = 500;

/** A wait for room in an output. */
interface Wait {
  output: JournalWriter;
  waiting: Group;
  readonly isReady: () => boolean;
}

export class WorkerLoop implements StageHost {
  readonly memory: Memory;
  readonly arena: Arena;
  readonly texts: TextTable;
  readonly console: StageHost['console'];
  readonly init: WorkerInit;
  private readonly post: (message: FromWorker) => void;
  private readonly receive: (() => ToWorker | undefined) | undefined;
  private groups: Group[] = [];
  /** Groups whose batches are on the stack, the innermost last. */
  private readonly active: Group[] = [];
  /** How many there are: the list itself never shrinks, as it would have to be allocated anew. */
  private depth = 0;
  /** By how many batches are on the stack. */
  private readonly waits: Wait[] = [];
  private handledMail = 0;
  private stopped = false;

  /** @param receive Takes a message that waits, where that can be done without the event loop. */
  constructor(init: WorkerInit, post: (message: FromWorker) => void, receive?: () => ToWorker | undefined) {
    this.init = init;
    this.receive = receive;
    this.memory = openMemory(init.memory);
    this.arena = Arena.open(this.memory, init.thread);
    this.texts = openTextTable(this.memory, init.texts);
    this.post = post;
    this.console = workerConsole((level: LogLevel, text: string) => this.send({ type: 'log', level, text }));
  }

  /** Whether the loop was told to end for good. */
  get isStopped(): boolean {
    return this.stopped;
  }

  /** Whether the engine has something to say, or has told it to stop. */
  isInterrupted(): boolean {
    return this.stopped || this.hasMail();
  }

  /** Tells the engine that this thread ends, also where its event loop is blocked and no event can reach it. */
  ending(): void {
    this.memory.cells.store(this.memory.i32, this.init.control + Control.ENDING, 1);
    ring(this.memory, this.init.engineBell);
  }

  /** Takes a message from the engine. */
  handle(message: ToWorker): void {
    this.handledMail++;
    if (message.type === 'stop') this.stopped = true;
    else if (message.type === 'install') this.install(message.plan);
    else if (message.type === 'state') this.answer(message.query);
  }

  /** Runs until a message is waiting or nothing is left to run. */
  run(): void {
    let idle = 0;
    let spins = 0;
    while (!this.hasMail() && this.groups.length > 0) {
      if (this.round()) {
        idle = 0;
        continue;
      }
      if (idle === 0) spins = this.spinsBeforeSleep();
      if (++idle <= spins) continue;
      // Whoever waits for this worker to be done looks now.
      ring(this.memory, this.init.engineBell);
      sleepUntilRung(this.memory, this.init.bell, this.isReady, PARK_MS);
      // Whatever woke it, there is something to do, or it sleeps on.
      idle = spins;
    }
  }

  /**
   * Runs those readers of a full journal that are placed here, then waits for the others. While its bell is in the
   * journal the engine knows that the stage waits, and that the groups below it on the stack do. What makes room may
   * have come only now: a listener that feeds a new pipeline returns when that runs.
   */
  waitForRoom(stage: RunningStage): void {
    const { output } = stage;
    if (output.look() > 0) return;
    if (output.journal.retain === 'append') throw stage.journalFull();
    const waiting = this.active[this.depth - 1] as Group;
    const { isReady } = this.waitOf(output, waiting);
    output.setBell(this.init.bell);
    let mayNap = output.journal.capacity >= NAP_CAPACITY;
    try {
      for (let spins = 0; output.look() === 0; spins++) {
        if (waiting.isRemoved) throw new Unwind('removed');
        const message = this.hasMail() ? this.receive?.() : undefined;
        if (message !== undefined) this.handle(message);
        if (this.runAbove(waiting)) spins = 0;
        else if (spins > FULL_SPINS) {
          if (mayNap) nap(this.memory, this.init.bell, NAP_MS);
          else sleepUntilRung(this.memory, this.init.bell, isReady, PARK_MS);
          mayNap = false;
          spins = 0;
        }
      }
    } finally {
      output.setBell(0);
    }
  }

  /** What tells whether a wait of the innermost group is over: made once for each depth, so that waiting allocates nothing. */
  private waitOf(output: JournalWriter, waiting: Group): Wait {
    this.waits[this.depth] ??= this.newWait(output, waiting);
    const wait = this.waits[this.depth] as Wait;
    wait.output = output;
    wait.waiting = waiting;
    return wait;
  }

  private newWait(output: JournalWriter, waiting: Group): Wait {
    const mayRun = (group: Group) => mayRunAbove(group, wait.waiting) && group.isReady();
    const wait: Wait = {
      output,
      waiting,
      isReady: () =>
        wait.output.look() > 0 ||
        wait.waiting.isRemoved ||
        (this.receive !== undefined && this.hasMail()) ||
        this.groups.some(mayRun),
    };
    return wait;
  }

  deadLetter(stage: RunningStage, failure: Failure): void {
    this.send({ type: 'dead-letter', stage: stage.plan.id, failure });
  }

  /** Between two batches, or where a stage waits for room. */
  private answer(query: StateQuery): void {
    const stage = this.groups.flatMap(({ stages }) => stages).find(({ plan }) => plan.id === query.stage);
    this.send({ type: 'state', answer: stage?.answer(query) ?? gone(query) });
  }

  private install(plan: GroupPlan): void {
    const { cells, i32 } = this.memory;
    if (cells.load(i32, plan.flag) === GroupFlag.REMOVE) {
      // Taken down before it began.
      cells.store(i32, plan.flag, GroupFlag.REMOVED);
      ring(this.memory, this.init.engineBell);
      return;
    }
    try {
      this.groups.push(new Group(plan, this));
    } catch (thrown) {
      const stage = plan.stages[0]?.name ?? '';
      this.send({
        type: 'install-failed',
        group: plan.id,
        failure: { cause: 'host', stage, ...describeThrown(thrown) },
      });
    }
  }

  /** One turn of every group; whether any of them had something to do. */
  private round(): boolean {
    let worked = false;
    const { groups } = this;
    for (let i = 0; i < groups.length; i++) {
      const group = groups[i] as Group;
      if (group.isRemoved) {
        this.groups = this.groups.filter((other) => other !== group);
        group.remove();
        ring(this.memory, this.init.engineBell);
        worked = true;
      } else if (this.turn(group) > 0) worked = true;
    }
    return worked;
  }

  private turn(group: Group): number {
    this.active[this.depth++] = group;
    try {
      return group.turn();
    } finally {
      this.depth--;
    }
  }

  /** Runs groups on top of one that waits. */
  private runAbove(waiting: Group): boolean {
    let worked = false;
    const { groups } = this;
    for (let i = 0; i < groups.length; i++) {
      const group = groups[i] as Group;
      if (group.isRunning || group.isRemoved || !mayRunAbove(group, waiting)) continue;
      if (this.turn(group) > 0) worked = true;
    }
    return worked;
  }

  /** How often it looks before it sleeps, among the workers that there are now. */
  private spinsBeforeSleep(): number {
    const { wait, crowd } = this.init;
    return spinsBeforeSleep(wait, crowd, this.memory.cells.load(this.memory.i32, crowd.workersCell));
  }

  private readonly isReady = (): boolean => this.hasMail() || this.groups.some(isReady);

  private hasMail(): boolean {
    const { cells, i32 } = this.memory;
    return cells.load(i32, this.init.control + Control.MAIL) !== this.handledMail;
  }

  /** Posts a message, and waits while too many of them have not been handled. */
  send(message: FromWorker): void {
    const { cells, i32 } = this.memory;
    const { control, bell } = this.init;
    this.post(message);
    const sent = cells.add(i32, control + Control.SENT, 1) + 1;
    const hasCredit = () => ((sent - cells.load(i32, control + Control.HANDLED)) | 0) < MAX_MESSAGES;
    while (!hasCredit()) sleepUntilRung(this.memory, bell, hasCredit, PARK_MS);
  }
}

const isReady = (group: Group): boolean => group.isReady();

/**
 * Whether a group may run while another waits: if it comes later in the same graph, or its graph has been put on top of the
 * other's. The others must not: they could wait for it, on top of it. Since ranks grow along every path, the last of all
 * waiting groups of a graph can always go on.
 */
function mayRunAbove(group: Group, waiting: Group): boolean {
  if (group.plan.graph === waiting.plan.graph) return group.plan.rank > waiting.plan.rank;
  return group.order > waiting.order;
}
