// A stage as the engine knows it: its program, where it runs, and its output.
import type { StageProgram } from '../compiler/index.js';
import { createJournal, freeJournal } from '../journal/index.js';
import type { Failure } from '../runtime/failure.js';
import { COUNTER_WORDS, StageCounter, type StagePlan } from '../runtime/plan.js';
import type { Struct } from '../schema/index.js';
import type { Engine } from './engine.js';
import type { Graph } from './graph.js';
import type { Host } from './host.js';
import type { StageOptions } from './options.js';
import { Outlet } from './outlet.js';
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
  readonly program: StageProgram;
  readonly host: Host;
  readonly outlet: Outlet<T>;
  readonly options: StageOptions;
  readonly deadLetterListeners = new Set<(letter: DeadLetter) => void>();
  private readonly counters: number;
  private readonly scratch: number;

  constructor(
    parent: SourceNode<unknown> | StageNode<unknown>,
    id: number,
    name: string,
    program: StageProgram,
    host: Host,
    options: StageOptions,
  ) {
    this.id = id;
    this.name = name;
    this.parent = parent;
    this.graph = parent.graph;
    this.engine = parent.engine;
    this.program = program;
    this.host = host;
    this.options = options;
    const { arena } = this.engine;
    const output = program.output as Struct<T>;
    const journal = createJournal(arena, {
      name,
      recordWords: output.layout.words,
      ...(options.capacity === undefined ? {} : { capacity: options.capacity }),
      ...(options.retain === undefined ? {} : { retain: options.retain }),
    });
    const what = `the counters and scratch records of stage ${name}`;
    try {
      this.counters = arena.allocate(COUNTER_WORDS + program.scratchWords, what);
    } catch (error) {
      freeJournal(arena, journal);
      throw error;
    }
    this.scratch = this.counters + COUNTER_WORDS;
    this.outlet = new Outlet(this.graph, name, output, journal, () => host.wake());
  }

  plan(parent: number): StagePlan {
    const { name, address } = this.outlet.journal;
    return {
      name: this.name,
      id: this.id,
      parent,
      program: this.program,
      output: { name, address },
      counters: this.counters,
      scratch: this.scratch,
      onError: this.options.onError ?? 'stop',
    };
  }

  /** Records taken and emitted, and errors, as of the last batch. */
  counts(): { recordsIn: number; recordsOut: number; errors: number } {
    const { f64 } = this.engine.memory;
    return {
      recordsIn: f64[this.counters + StageCounter.IN] as number,
      recordsOut: f64[this.counters + StageCounter.OUT] as number,
      errors: f64[this.counters + StageCounter.ERRORS] as number,
    };
  }

  deadLetter(failure: Failure): void {
    const { operator, record, sequence, message, stack } = failure;
    const letter = { stage: this.name, operator, record, sequence, message, stack };
    this.graph.deliver(() => {
      for (const listener of [...this.deadLetterListeners]) listener(letter);
    });
  }

  /** Frees what it has besides its journal. */
  free(): void {
    this.engine.arena.free(this.counters);
  }
}
