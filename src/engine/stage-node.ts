// A stage as the engine knows it: its program, where it runs, and its output.
import type { CompiledStage, StageProgram } from '../compiler/index.js';
import { createJournal, joinReader } from '../journal/index.js';
import { RegionKind } from '../memory/index.js';
import type { Failure } from '../runtime/failure.js';
import { COUNTER_WORDS, GROUP_CELLS, StageCounter, type StagePlan } from '../runtime/plan.js';
import type { Struct } from '../schema/index.js';
import type { Engine } from './engine.js';
import type { Graph } from './graph.js';
import type { Host } from './host.js';
import type { StageOptions } from './options.js';
import { Outlet } from './outlet.js';
import type { SlotStore } from './slot-store.js';
import type { SourceNode } from './source-node.js';

/** A record that was skipped, and why. */
export interface DeadLetter {
  /** The stage's name. */
  readonly stage: string;
  /** The operator whose function threw. */
  readonly operator: string | undefined;
  /** The record, as a plain object. */
  readonly record: unknown;
  /** Its sequence in the journal that the stage reads. */
  readonly sequence: number | undefined;
  /** What was thrown. */
  readonly message: string;
  readonly stack: string | undefined;
}

export class StageNode<T> {
  readonly id: number;
  readonly name: string;
  readonly engine: Engine;
  readonly graph: Graph;
  readonly parent: SourceNode<unknown> | StageNode<unknown>;
  readonly compiled: CompiledStage;
  readonly program: StageProgram;
  readonly host: Host;
  readonly outlet: Outlet<T>;
  readonly options: StageOptions;
  /** Slot stores that it writes. */
  private readonly stores: readonly SlotStore[];
  /** Lets others write what it measures with. */
  private readonly releaseMeasures: () => void;
  readonly deadLetterListeners = new Set<(letter: DeadLetter) => void>();
  /** Its line among the readers of its parent's journal, if it starts a group; else -1. */
  readonly reader: number;
  /** Word address of its counters, and behind them the scratch records of its driver. */
  private readonly counters: number;

  /** @throws {RangeError} OUT_OF_MEMORY, CAPACITY, TOO_MANY_READERS, and what `SlotStores.claim` and `Measures.claim` throw; then it has left nothing behind. */

  constructor(
    parent: SourceNode<unknown> | StageNode<unknown>,
    id: number,
    name: string,
    compiled: CompiledStage,
    host: Host,
    options: StageOptions,
  ) {
    this.id = id;
    this.name = name;
    this.parent = parent;
    this.graph = parent.graph;
    this.engine = parent.engine;
    this.compiled = compiled;
    this.program = compiled.program;
    this.host = host;
    this.options = options;
    const { arena } = this.engine;
    const { program } = compiled;
    const output = program.output as Struct<T>;
    this.engine.codec(output);
    const journal = createJournal(arena, {
      name,
      recordWords: output.layout.words,
      ...(options.capacity === undefined ? {} : { capacity: options.capacity }),
      ...(options.retain === undefined ? {} : { retain: options.retain }),
    });
    const marks = this.graph.marksOf(journal);
    const taken = [journal.address, ...(marks === undefined ? [] : [marks.address])];
    let stores: readonly SlotStore[] = [];
    let releaseMeasures = (): void => {};
    try {
      const definitions = compiled.plans.map(({ definition }) => definition);
      stores = this.engine.slotStores.claim(name, definitions);
      this.stores = stores;
      releaseMeasures = this.engine.measures.claim(name, definitions);
      this.releaseMeasures = releaseMeasures;
      this.counters = arena.allocate(
        COUNTER_WORDS + program.scratchWords,
        `the scratch records of stage ${name}`,
        { kind: RegionKind.COUNTERS, of: journal.address },
      );
      taken.push(this.counters);
      this.reader = this.startsGroup ? this.joinParent() : -1;
    } catch (error) {
      for (const region of taken) arena.free(region);
      for (const store of stores) store.release();
      releaseMeasures();
      throw error;
    }
    this.outlet = new Outlet(this.graph, name, output, journal, marks, () => host.wake());
  }

  /** Whether it reads its parent's journal, being placed elsewhere; else the parent's records come to it directly. */
  get startsGroup(): boolean {
    return !('host' in this.parent) || this.parent.host !== this.host;
  }

  /** Cell index of the flag of the group that it starts. */
  get flag(): number {
    return this.counters * 2 + GROUP_CELLS;
  }

  plan(parent: number): StagePlan {
    const { name, address } = this.outlet.journal;
    return {
      name: this.name,
      id: this.id,
      parent,
      program: this.program,
      output: { name, address },
      marks: this.outlet.marks,
      counters: this.counters,
      scratch: this.counters + COUNTER_WORDS,
      onError: this.options.onError ?? 'stop',
    };
  }

  /** Records taken and emitted, errors, and keys, as of the last batch. */
  counts(): { recordsIn: number; recordsOut: number; errors: number; keys: number } {
    const { f64 } = this.engine.memory;
    return {
      recordsIn: f64[this.counters + StageCounter.IN] as number,
      recordsOut: f64[this.counters + StageCounter.OUT] as number,
      errors: f64[this.counters + StageCounter.ERRORS] as number,
      keys: f64[this.counters + StageCounter.KEYS] as number,
    };
  }

  deadLetter(failure: Failure): void {
    const { operator, record, sequence, message, stack } = failure;
    const letter = { stage: this.name, operator, record, sequence, message, stack };
    this.graph.deliver(() => {
      for (const listener of [...this.deadLetterListeners]) listener(letter);
    });
  }

  /** Frees what it has besides its journal, and lets others write to its slot stores and histograms. */
  free(): void {
    for (const store of this.stores) store.release();
    this.releaseMeasures();
    this.engine.arena.free(this.counters);
  }

  private joinParent(): number {
    const { journal } = this.parent.outlet;
    return joinReader(journal, { bell: this.host.bell, gating: true, from: journal.start });
  }
}
