// A group at work: reads its input journal in batches and runs each record through its stages.
import {
  EndKind,
  endKind,
  endPayload,
  type Journal,
  JournalReader,
  leaveReader,
  MarkReader,
  openJournal,
} from '../journal/index.js';
import { GroupCell, GroupFlag, type GroupPlan, type StagePlan } from './plan.js';
import { RunningModule } from './running-module.js';
import { RunningStage, type StageHost, Unwind } from './running-stage.js';

/** Most records that a group takes before it publishes what came of them. */
export const BATCH_RECORDS = 1_024;
/** The same at first: nobody knows yet how long its functions take. */
const FIRST_BATCH_RECORDS = 32;
/** How long a batch should take at most, so that what came of it is seen in time, and that the group is to go. */
const BATCH_MS = 4;
/**
 * Batches of compiled functions that are not timed after one that was quick, in less than a sixteenth of that: the clock allocates
 * what it shows, and nothing else does while they run.
 */
const UNTIMED_BATCHES = 15;

export class Group {
  readonly plan: GroupPlan;
  readonly input: Journal;
  private readonly host: StageHost;
  private readonly reader: JournalReader;
  readonly stages: RunningStage[] = [];
  private readonly root: RunningStage;
  private readonly modules: readonly RunningModule[];
  private readonly marks: MarkReader | undefined;
  private running = false;
  private over = false;
  /** Records of a batch: fewer where functions are slow. */
  private batch = FIRST_BATCH_RECORDS;
  /** Whether modules run all of its operators. */
  private readonly isCompiled: boolean;
  /** Batches that are let pass before the next is timed. */
  private untimed = 0;

  constructor(plan: GroupPlan, host: StageHost) {
    this.plan = plan;
    this.host = host;
    this.input = openJournal(host.memory, plan.input);
    this.reader = new JournalReader(this.input, plan.reader);
    this.marks = plan.marks && new MarkReader(host.memory, plan.marks);
    // Children before parents, so that a parent can be linked to them.
    try {
      for (let i = plan.stages.length - 1; i >= 0; i--) {
        const children = this.stages.filter((stage) => stage.plan.parent === i);
        this.stages.unshift(new RunningStage(plan.stages[i] as StagePlan, host, children));
      }
      this.modules = plan.modules.map((module) => new RunningModule(module, host, this.stages));
    } catch (error) {
      for (const stage of this.stages) stage.release();
      throw error;
    }
    this.root = this.stages[0] as RunningStage;
    this.isCompiled = plan.stages.every(({ program }) =>
      program.units.every(({ backend }) => backend !== 'js'),
    );
  }

  /** Whether one of its batches is on the stack of its thread. */
  get isRunning(): boolean {
    return this.running;
  }

  /** Whether it has ended, or the engine wants it gone. */
  get isRemoved(): boolean {
    if (this.over) return true;
    const { cells, i32 } = this.host.memory;
    return cells.load(i32, this.plan.flag) !== GroupFlag.RUN;
  }

  /** Groups of graphs with a higher one may run while this one waits. */
  get order(): number {
    const { cells, i32 } = this.host.memory;
    return cells.load(i32, this.plan.flag + GroupCell.ORDER);
  }

  /** Whether there is something to do. */
  isReady(): boolean {
    if (this.running) return false;
    if (this.isRemoved) return true;
    return !this.over && (this.reader.available() > 0 || endKind(this.input) !== EndKind.OPEN);
  }

  /**
   * Takes what there is to read, up to a batch; ends with its input.
   *
   * @param limit Most records to take.
   * @returns How many records it took.
   */
  turn(limit = BATCH_RECORDS): number {
    if (this.over || this.running) return 0;
    // By index, all the way down: iterators are objects, and a loop that seldom runs may not have got rid of them.
    const { stages, modules } = this;
    // Loaded before the records: if it shows, everything before the end is visible.
    const end = endKind(this.input);
    const available = this.reader.available();
    const count = Math.min(available, this.batch, limit);
    let room = BATCH_RECORDS;
    for (let i = 0; i < stages.length; i++) room = Math.min(room, (stages[i] as RunningStage).look());
    if (count === 0) {
      if (available === 0 && end !== EndKind.OPEN) this.finish(end);
      return 0;
    }
    for (let i = 0; i < modules.length; i++) (modules[i] as RunningModule).begin();
    this.running = true;
    // A record alone is not worth two looks at the clock; and with little room, what takes long may be the waiting.
    const isTimed = this.untimed === 0 && (count > 1 || this.batch === 1) && room >= count;
    const start = isTimed ? performance.now() : 0;
    try {
      const done = this.marks === undefined ? this.run(0, count) : this.runMarked(this.marks, count);
      for (let i = 0; i < stages.length; i++) (stages[i] as RunningStage).publish();
      this.reader.advance(done);
      if (this.root.ended) this.leave();
      if (isTimed) this.pace(count, performance.now() - start);
      else if (this.untimed > 0) this.untimed--;
      return done;
    } catch (thrown) {
      if (!(thrown instanceof Unwind)) throw thrown;
      return 0;
    } finally {
      this.running = false;
    }
  }

  /**
   * Ends its work, once: frees what the stages hold and tells the engine that nothing of it is used any more. From then on
   * the flag, too, may belong to somebody else.
   */
  remove(): void {
    if (this.over) return;
    this.over = true;
    for (const stage of this.stages) stage.release();
    const { cells, i32 } = this.host.memory;
    cells.store(i32, this.plan.flag, GroupFlag.REMOVED);
  }

  /** Takes some of the records that are there. Returns how many of them it is done with. */
  private run(first: number, count: number): number {
    const { position, slotIndex } = this.reader;
    return this.root.run(this.input, (slotIndex + first) | 0, count, position + first);
  }

  /** As {@link run} from the first, with each record that has a mark by itself, so that it is known what comes of it. */
  private runMarked(marks: MarkReader, count: number): number {
    const { position } = this.reader;
    let done = 0;
    while (done < count && !this.root.ended) {
      const unmarked = marks.next(position + done, position + count) - position - done;
      if (unmarked > 0) {
        done += this.run(done, unmarked);
        continue;
      }
      for (const stage of this.stages) stage.mark(marks.time);
      done += this.run(done, 1);
      for (const stage of this.stages) stage.unmark();
      marks.pass();
    }
    return done;
  }

  /** Learns from the time that a batch took. */
  private pace(count: number, ms: number): void {
    if (ms > BATCH_MS) this.batch = Math.max(1, count >>> 1);
    else if (count === this.batch && ms < BATCH_MS / 2) this.batch = Math.min(2 * count, BATCH_RECORDS);
    const isQuick = this.batch === BATCH_RECORDS && ms < BATCH_MS / 16;
    if (this.isCompiled && isQuick) this.untimed = UNTIMED_BATCHES;
  }

  private finish(end: Exclude<EndKind, 0>): void {
    this.root.end(end, end === EndKind.ERROR ? endPayload(this.input) : '');
    this.leave();
  }

  private leave(): void {
    leaveReader(this.input, this.plan.reader);
    this.remove();
  }
}
