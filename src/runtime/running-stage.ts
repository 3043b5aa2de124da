// One stage at work: its units, its output journal, and the stages placed with it that take its records.
import { instantiate, type StageInstance, tableId } from '../compiler/index.js';
import { fail } from '../errors/index.js';
import { EndKind, type Journal, JournalWriter, MarkWriter, openJournal } from '../journal/index.js';
import { type Arena, type Memory, RegionKind } from '../memory/index.js';
import { TABLE_COUNT } from '../operator/table-layout.js';
import { createCodec, type TextTable } from '../schema/index.js';
import { copier } from './copier.js';
import { describeThrown, encodeFailure, type Failure } from './failure.js';
import { linkStages } from './link-stages.js';
import { StageCounter, type StagePlan } from './plan.js';
import type { RunningModule } from './running-module.js';
import { answer, type StateAnswer, type StateQuery } from './state-query.js';

/** What a stage needs of the thread that it runs on. */
export interface StageHost {
  readonly memory: Memory;
  readonly arena: Arena;
  readonly texts: TextTable;
  readonly console: Pick<Console, 'log' | 'info' | 'warn' | 'error' | 'debug'>;
  /** Returns once a full output journal may have room; throws what must unwind the stage. */
  waitForRoom(stage: RunningStage): void;
  /** Takes a record that was skipped. */
  deadLetter(stage: RunningStage, failure: Failure): void;
}

/** Thrown through a stage's functions to leave them; never a failure of the stage. */
export class Unwind {
  readonly why: 'stop' | 'removed';
  constructor(why: 'stop' | 'removed') {
    this.why = why;
  }
}

/** Records that a worker writes before it publishes them in the middle of a batch. */
const PUBLISH_RECORDS = 256;

/** A table that a module has for a stage. */
export interface PlacedTable {
  /** Its number within the stage. */
  readonly id: number;
  /** Word address of its header. */
  readonly head: number;
}

export class RunningStage {
  readonly plan: StagePlan;
  readonly output: JournalWriter;
  readonly children: readonly RunningStage[];
  /** Takes one record of its parent's. */
  readonly accept: (record: number) => void;
  private readonly host: StageHost;
  private readonly copy: (to: number, from: number) => void;
  private readonly releaseLinks: () => void;
  private readonly regions = new Set<number>();
  /** What runs its units, in order. */
  private readonly units: (StageInstance | RunningModule | undefined)[] = [];
  /** Those that modules run: each takes over what its module has counted. */
  private readonly collects: (() => void)[] = [];
  /** Word addresses of the headers of its tables, by their numbers. */
  private readonly tables = new Map<number, number>();
  /** The same, for where they are counted. */
  private heads: readonly number[] = [];
  /** Where its input lies while it runs through a journal: the first slot of the batch, and the sequence of that record. */
  private input: Journal | undefined;
  private inputSlot = 0;
  private inputSequence = 0;
  /** The operator that threw, where that is known. */
  private thrower: { readonly operator: number; readonly error: unknown } | undefined;
  private readonly retained: boolean;
  /** Whether somebody reads the output journal, or it keeps its records for whoever comes. */
  writes: boolean;
  ended = false;
  recordsIn = 0;
  recordsOut = 0;
  private errors = 0;
  private readonly marks: MarkWriter | undefined;
  /** The sequence that the record would have that comes next, while the one is processed that marks go on from; else -1. */
  private marked = -1;

  /** @param children The stages placed with it that take its records. */
  constructor(plan: StagePlan, host: StageHost, children: readonly RunningStage[]) {
    this.plan = plan;
    this.host = host;
    this.children = children;
    const journal: Journal = openJournal(host.memory, plan.output);
    this.output = new JournalWriter(journal);
    this.marks = plan.marks && new MarkWriter(host.memory, plan.marks);
    this.retained = journal.retain === 'append';
    this.writes = this.retained;
    this.copy = copier(host.memory, journal.recordWords);
    const links = linkStages(this);
    this.releaseLinks = links.release;
    this.accept = links.accept;
    try {
      this.instantiateUnits(links.sink);
    } catch (error) {
      this.release();
      throw error;
    }
    links.bind(
      plan.program.units[0]?.backend === 'js'
        ? (this.units[0] as StageInstance).entry
        : (record) => this.enter(0, record),
    );
  }

  /** Makes its units on JavaScript ready to run; modules come by {@link setUnit}. */
  private instantiateUnits(sink: (record: number) => void): void {
    const { plan, host } = this;
    const { units, name } = plan.program;
    let { scratch } = plan;
    units.forEach((unit, i) => {
      this.units.push(undefined);
      if (unit.backend !== 'js') return;
      const { memory, texts, console } = host;
      const out = i === units.length - 1 ? sink : (record: number) => this.enter(i + 1, record);
      const arena = {
        allocate: (words: number, what: string, table: number) =>
          this.allocate(words, what, plan.output.address, tableId(unit.from, table)),
        free: (region: number) => this.free(region),
      };
      const env = { memory, texts, arena, constants: unit.constants, scratch, sink: out, console };
      const driver = instantiate(name, unit, env);
      this.units[i] = driver;
      const { operators, tables } = plan.program;
      const end = units[i + 1]?.from ?? operators.length;
      const own = tables.filter(({ operator }) => operator >= unit.from && operator < end);
      for (const [n, { id }] of own.entries()) this.placeTable(id, driver.tables[n] as number);
      scratch += unit.scratchWords;
    });
  }

  /**
   * Takes memory for a table; it is given back when the stage goes.
   *
   * @param of The journal of the stage whose table it is.
   * @param table The table's number within that stage.
   */
  allocate(words: number, what: string, of: number, table: number): number {
    const region = this.host.arena.allocate(words, what, { kind: RegionKind.TABLE, of, table });
    this.regions.add(region);
    return region;
  }

  free(region: number): void {
    this.regions.delete(region);
    this.host.arena.free(region);
  }

  /** Gives a unit to a module, with its tables. `collect` takes over what the module has counted for the stage. */
  setUnit(unit: number, module: RunningModule, tables: readonly PlacedTable[], collect: () => void): void {
    this.units[unit] = module;
    for (const { id, head } of tables) this.placeTable(id, head);
    this.collects.push(collect);
  }

  private placeTable(id: number, head: number): void {
    this.tables.set(id, head);
    this.heads = [...this.tables.values()];
  }

  /** Runs a record through a unit and those after it. */
  enter(unit: number, record: number): void {
    (this.units[unit] as StageInstance | RunningModule).entry(record);
  }

  /** Sees which readers came and went, and returns how much room there is. To be called between batches. */
  look(): number {
    const room = this.output.look();
    this.writes = this.retained || this.output.hasReaders;
    return room;
  }

  /**
   * Takes records from a journal.
   *
   * @returns How many of them it is done with: all, unless it failed and has ended.
   */
  run(journal: Journal, slotIndex: number, count: number, sequence: number): number {
    this.input = journal;
    this.inputSlot = slotIndex;
    this.inputSequence = sequence;
    const first = this.units[0];
    const done = isDriver(first)
      ? this.drive(first, journal, slotIndex, count)
      : (first as RunningModule).run(journal, slotIndex, count);
    this.input = undefined;
    this.recordsIn += done;
    return done;
  }

  /** Takes the batch through a driver, which ends at what a function throws. */
  private drive(driver: StageInstance, journal: Journal, slotIndex: number, count: number): number {
    const { slots, mask, recordWords } = journal;
    let done = 0;
    while (done < count && !this.ended) {
      try {
        driver.run(slots, mask, recordWords, (slotIndex + done) | 0, count - done);
        return count;
      } catch (thrown) {
        const { index } = driver.failedAt();
        this.entryFailed(thrown, slots + ((slotIndex + done + index) & mask) * recordWords);
        done += index + 1;
      }
    }
    return done;
  }

  /** Takes over what its modules have counted. */
  private collect(): void {
    for (let i = 0; i < this.collects.length; i++) this.collects[i]?.();
  }

  /** The next record has a mark: the first that comes of it gets that, too. */
  mark(time: number): void {
    if (this.marks === undefined || !this.writes || this.ended) return;
    this.collect();
    this.marked = this.output.next;
    this.marks.put(this.marked, time);
  }

  /** The record that has a mark is done with. */
  unmark(): void {
    if (this.marked < 0) return;
    this.collect();
    if (this.output.next === this.marked) this.marks?.takeBack();
    this.marked = -1;
  }

  /** Makes the batch's output and counters visible. */
  publish(): void {
    this.collect();
    this.output.publish();
    const { f64, i32 } = this.host.memory;
    const at = this.plan.counters;
    let keys = 0;
    for (let i = 0; i < this.heads.length; i++) {
      keys += i32[2 * (this.heads[i] as number) + TABLE_COUNT] as number;
    }
    // Read by the engine without ordering: each is one aligned word, and a moment's delay does no harm.
    f64[at + StageCounter.IN] = this.recordsIn;
    f64[at + StageCounter.OUT] = this.recordsOut;
    f64[at + StageCounter.ERRORS] = this.errors;
    f64[at + StageCounter.KEYS] = keys;
  }

  /** Answers a question about one of its tables; undefined once it has ended. */
  answer(query: StateQuery): StateAnswer | undefined {
    const head = this.tables.get(query.table);
    const spec = this.plan.program.tables.find(({ id }) => id === query.table);
    if (this.ended || head === undefined || spec === undefined) return undefined;
    return answer(this.host.memory, head, spec, query);
  }

  /** Ends it and the stages that take its records. */
  end(kind: Exclude<EndKind, 0>, payload: string): void {
    if (this.ended) return;
    this.ended = true;
    for (const child of this.children) child.end(kind, payload);
    this.publish();
    this.output.end(kind, payload);
  }

  /** What to throw when the output keeps every record and has no slot left. */
  journalFull(): Error {
    const { name, capacity } = this.output.journal;
    return fail('JOURNAL_FULL', { journal: name, capacity });
  }

  /** Gives back the memory of its tables. */
  release(): void {
    for (const region of this.regions) this.host.arena.free(region);
    this.regions.clear();
    this.releaseLinks();
  }

  /** Writes a record into the output journal. */
  write(record: number): void {
    const { output } = this;
    let slot = output.claim();
    while (slot === 0) {
      output.publish();
      this.host.waitForRoom(this);
      if (!this.retained && !output.hasReaders) return;
      slot = output.claim();
    }
    this.copy(slot, record);
    if (output.pending >= PUBLISH_RECORDS) output.publish();
  }

  /**
   * Claims slots of the output journal that lie one after the other, after it has published what was written before;
   * undefined if nobody reads it any more.
   */
  claimRun(): { readonly address: number; readonly count: number } | undefined {
    const { output } = this;
    output.publish();
    let run = output.claimRun(PUBLISH_RECORDS);
    while (run.count === 0) {
      this.host.waitForRoom(this);
      if (!this.retained && !output.hasReaders) return undefined;
      run = output.claimRun(PUBLISH_RECORDS);
    }
    return run;
  }

  /** Tells in which operator an error was thrown, where that is not in the stage's first unit. */
  failsIn(operator: number, error: unknown): void {
    this.thrower = { operator, error };
  }

  /** As {@link failsIn}, for what a unit on JavaScript threw. */
  threwIn(unit: number, error: unknown): void {
    const driver = this.units[unit];
    const from = this.plan.program.units[unit]?.from ?? 0;
    if (isDriver(driver) && this.thrower?.error !== error)
      this.failsIn(from + driver.failedAt().operator, error);
  }

  /** The processing of a record that it had taken threw. */
  entryFailed(thrown: unknown, record: number): void {
    if (thrown instanceof Unwind) throw thrown;
    this.errors++;
    const { plan } = this;
    const failure: Failure = {
      cause: (thrown as { code?: unknown } | undefined)?.code === 'JOURNAL_FULL' ? 'journal' : 'function',
      stage: plan.name,
      operator: plan.program.operators[this.operatorOf(thrown)]?.name ?? 'unknown',
      record: createCodec(plan.program.input, this.host.memory, this.host.texts).decode(record),
      sequence: this.sequenceOf(record),
      ...describeThrown(thrown),
    };
    if (plan.onError === 'skip') this.host.deadLetter(this, failure);
    else this.end(EndKind.ERROR, encodeFailure(failure));
  }

  private operatorOf(thrown: unknown): number {
    const { thrower } = this;
    this.thrower = undefined;
    if (thrower !== undefined && thrower.error === thrown) return thrower.operator;
    // The innermost of its drivers that has thrown: those around it have not got to their ends.
    const [first] = this.units;
    return isDriver(first) ? first.failedAt().operator : this.plan.program.operators.length - 1;
  }

  /** The sequence of a record of its input. */
  private sequenceOf(record: number): number {
    const { input } = this;
    if (input === undefined) return this.recordsIn - 1;
    const slot = (record - input.slots) / input.recordWords;
    return this.inputSequence + ((slot - this.inputSlot) & input.mask);
  }
}

function isDriver(unit: StageInstance | RunningModule | undefined): unit is StageInstance {
  return unit !== undefined && 'failedAt' in unit;
}
