// What a host is told to run: stages that are placed together, as plain data that can be posted.
import type { ComposedModule, StageProgram } from '../compiler/index.js';
import type { JournalHandle, MarksShape } from '../journal/index.js';
import { LINE_CELLS, LINE_WORDS } from '../memory/index.js';

/** What happens to a record whose processing throws: the stage ends, or the record goes to `deadLetters`. */
export type OnError = 'stop' | 'skip';

/** One stage of a group. */
export interface StagePlan {
  readonly name: string;
  /** Its place among the engine's stages. */
  readonly id: number;
  /** Index, within the group, of the stage whose records it takes; -1 for the first, which reads the group's input. */
  readonly parent: number;
  readonly program: StageProgram;
  readonly output: JournalHandle;
  /** Where marks go of its output, if the source marks records. */
  readonly marks: MarksShape | undefined;
  /** Word address of its counters (see {@link StageCounter}). */
  readonly counters: number;
  /** Word address of the driver's scratch records. */
  readonly scratch: number;
  readonly onError: OnError;
}

/** A module of a group, and where its memory is. */
export interface ModulePlan extends ComposedModule {
  /** Word address of the words that `moduleWords` asks for. */
  readonly region: number;
}

/** Stages that run through each other on one thread, from one input journal. */
export interface GroupPlan {
  readonly id: number;
  /** The graph that it belongs to: what hangs together through stages. */
  readonly graph: number;
  /** Grows along every path of a graph. */
  readonly rank: number;
  readonly input: JournalHandle;
  /** The marks of the input. */
  readonly marks: MarksShape | undefined;
  /** The group's line among the input's readers. */
  readonly reader: number;
  /** Parents before children. */
  readonly stages: readonly StagePlan[];
  /** What runs those of their units that compile. */
  readonly modules: readonly ModulePlan[];
  /** Cell index of the group's flag, and of its cells (see {@link GroupCell}), in the line of its first stage's counters. */
  readonly flag: number;
}

/** Counters of a stage, as f64 words; written by its thread only, at the end of a batch. */
export const StageCounter = { IN: 0, OUT: 1, ERRORS: 2, KEYS: 3 } as const;
/** Words of a stage's counters. */
export const COUNTER_WORDS = LINE_WORDS;

/** The first of the cells of a group, counted from the first cell of its first stage's counters. */
export const GROUP_CELLS = LINE_CELLS - 2;

/** Cells of a group, from its flag on. */
export const GroupCell = {
  /** What becomes of it (see {@link GroupFlag}). */
  FLAG: 0,
  /** Groups of graphs with a higher one may run while this one waits for room; written by the engine. */
  ORDER: 1,
} as const;

/** What a group's flag says; RUN and REMOVE are written by the engine, the others by its host. */
export const GroupFlag = { RUN: 0, REMOVE: 1, REMOVED: 2 } as const;
