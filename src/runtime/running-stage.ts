// One stage at work: its driver, its output journal, and the stages placed with it that take its records.
import { instantiate, type StageInstance } from '../compiler/index.js';
import { fail } from '../errors/index.js';
import { EndKind, type Journal, JournalWriter, openJournal } from '../journal/index.js';
import type { Arena, Memory } from '../memory/index.js';
import { createCodec, type TextTable } from '../schema/index.js';
import { copier } from './copier.js';
import { describeThrown, encodeFailure, type Failure } from './failure.js';
import { linkStages } from './link-stages.js';
import { StageCounter, type StagePlan } from './plan.js';

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

export class RunningStage {
  readonly plan: StagePlan;
  readonly output: JournalWriter;
  readonly instance: StageInstance;
  readonly children: readonly RunningStage[];
  /** Takes one record of its parent's. */
  readonly accept: (record: number) => void;
  private readonly host: StageHost;
  private readonly copy: (to: number, from: number) => void;
  private readonly read: (address: number) => unknown;
  private readonly regions = new Set<number>();
  private readonly retained: boolean;
  /** Whether somebody reads the output journal, or it keeps its records for whoever comes. */
  writes: boolean;
  ended = false;
  recordsIn = 0;
  recordsOut = 0;
  private errors = 0;

  /** @param children The stages placed with it that take its records. */
  constructor(plan: StagePlan, host: StageHost, children: readonly RunningStage[]) {
    this.plan = plan;
    this.host = host;
    this.children = children;
    const journal: Journal = openJournal(host.memory, plan.output);
    this.output = new JournalWriter(journal);
    this.retained = journal.retain === 'append';
    this.writes = this.retained;
    this.copy = copier(host.memory, journal.recordWords);
    const codec = createCodec(plan.program.input, host.memory, host.texts);
    this.read = codec.decode;
    const links = linkStages(this);
    this.accept = links.accept;
    try {
      this.instance = this.instantiate(links.sink);
    } catch (error) {
      this.release();
      throw error;
    }
    links.bind(this.instance.entry);
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
    let done = 0;
    while (done < count && !this.ended) {
      const { slots, mask, recordWords } = journal;
      try {
        this.instance.run(slots, mask, recordWords, (slotIndex + done) | 0, count - done);
        this.recordsIn += count - done;
        return count;
      } catch (thrown) {
        if (thrown instanceof Unwind) throw thrown;
        const { index } = this.instance.failedAt();
        this.recordsIn += index + 1;
        const record = slots + ((slotIndex + done + index) & mask) * recordWords;
        this.failed(thrown, record, sequence + done + index);
        done += index + 1;
      }
    }
    return done;
  }

  /** Makes the batch's output and counters visible. */
  publish(): void {
    this.output.publish();
    const { f64 } = this.host.memory;
    const at = this.plan.counters;
    // Read by the engine without ordering: each is one aligned word, and a moment's delay does no harm.
    f64[at + StageCounter.IN] = this.recordsIn;
    f64[at + StageCounter.OUT] = this.recordsOut;
    f64[at + StageCounter.ERRORS] = this.errors;
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

  /** A record that its parent gave it threw. */
  entryFailed(thrown: unknown, record: number): void {
    if (thrown instanceof Unwind) throw thrown;
    this.failed(thrown, record, this.recordsIn - 1);
  }

  /** Makes its driver, whose tables are given back when the stage goes. */
  private instantiate(sink: (record: number) => void): StageInstance {
    const { plan, host } = this;
    return instantiate(plan.program, {
      memory: host.memory,
      texts: host.texts,
      arena: {
        allocate: (words, what) => {
          const region = host.arena.allocate(words, what);
          this.regions.add(region);
          return region;
        },
        free: (region) => {
          this.regions.delete(region);
          host.arena.free(region);
        },
      },
      constants: plan.program.constants,
      scratch: plan.scratch,
      sink,
      console: host.console,
    });
  }

  private failed(thrown: unknown, record: number, sequence: number): void {
    this.errors++;
    const { plan } = this;
    const failure: Failure = {
      cause: (thrown as { code?: unknown } | undefined)?.code === 'JOURNAL_FULL' ? 'journal' : 'function',
      stage: plan.name,
      operator: plan.program.operators[this.instance.failedAt().operator]?.name ?? 'unknown',
      record: this.read(record),
      sequence,
      ...describeThrown(thrown),
    };
    if (plan.onError === 'skip') this.host.deadLetter(this, failure);
    else this.end(EndKind.ERROR, encodeFailure(failure));
  }
}
