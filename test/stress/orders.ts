// What the threads of the stress program are told, and what they answer.
import type {
  HistogramShape,
  JournalHandle,
  MarksShape,
  SlotsShape,
  WaitStrategy,
} from '../../src/journal/index.js';
import type { Arena, Memory } from '../../src/memory/index.js';
import type { TextTableHandle } from '../../src/schema/index.js';
import type { Random } from './random.js';
import type { ReaderPlan, Scenario } from './scenario.js';

/** What a thread has of its own. */
export interface Tools {
  readonly memory: Memory;
  readonly arena: Arena;
  readonly random: Random;
}

interface AnyOrder {
  readonly scenario: Scenario;
  /** Of the thread's own random numbers. */
  readonly seed: number;
  /** Cell that is not 0 once the writer shall end. */
  readonly stop: number;
  /** Cell in which the thread counts what it has done. */
  readonly progress: number;
  /** The bell of the thread. */
  readonly bell: number;
}

export interface WriteOrder extends AnyOrder {
  readonly role: 'write';
  readonly journal: JournalHandle;
  /** Who passes the records on, and where to. */
  readonly relay: { readonly line: number; readonly output: JournalHandle } | null;
}

export interface ReadOrder extends AnyOrder {
  readonly role: 'read';
  readonly journal: JournalHandle;
  readonly line: number;
  readonly plan: ReaderPlan;
}

export interface VisitOrder extends AnyOrder {
  readonly role: 'visit';
  readonly journal: JournalHandle;
}

export interface RelayOrder extends AnyOrder {
  readonly role: 'relay';
  readonly journal: JournalHandle;
  readonly line: number;
  readonly output: JournalHandle;
  readonly wait: WaitStrategy;
}

/** Stores or loads sequences in one cursor, given by its cell; `done` is set when no more will be stored. */
export interface SequenceOrder extends AnyOrder {
  readonly role: 'store-sequences' | 'load-sequences';
  readonly cursor: number;
  readonly done: number;
}

/** Reads the slots of a store. */
export interface SlotOrder extends AnyOrder {
  readonly role: 'read-slots';
  readonly shape: SlotsShape;
}

/** Follows the changes of a store, and stores the greatest sequence that it has seen in a cell. */
export interface FollowSlotsOrder extends AnyOrder {
  readonly role: 'follow-slots';
  readonly shape: SlotsShape;
  readonly seen: number;
}

export interface WriteSlotsOrder extends AnyOrder {
  readonly role: 'write-slots';
  readonly shape: SlotsShape;
  /** The cells of those who follow. */
  readonly seen: readonly number[];
}

/** Writes or reads a journal by hand, as the thread with a number. */
export interface ByHandOrder extends AnyOrder {
  readonly role: 'write-by-hand' | 'read-by-hand';
  readonly journal: JournalHandle;
  readonly texts: TextTableHandle;
  readonly thread: number;
  /** Cells that count who writes, and the records that were written. */
  readonly holders: number;
  readonly written: number;
}

/** Records in a histogram, or reads it: those who record announce in lines what they do, and count in a cell how many are done. */
interface AnyValuesOrder extends AnyOrder {
  readonly shape: HistogramShape;
  readonly over: number;
  readonly recorders: number;
}

export interface RecordValuesOrder extends AnyValuesOrder {
  readonly role: 'record-values';
  readonly line: number;
}

/** Resets a histogram, and says in a line how many values it got. */
export interface TakeValuesOrder extends AnyValuesOrder {
  readonly role: 'take-values';
  readonly line: number;
}

export interface ReadValuesOrder extends AnyValuesOrder {
  readonly role: 'read-values';
  /** Of those who record, and of those who reset. */
  readonly lines: readonly number[];
  readonly takers: readonly number[];
}

/** Writes marks of records, whose sequence it stores in a cursor; waits for the readers with these positions. */
export interface WriteMarksOrder extends AnyOrder {
  readonly role: 'write-marks';
  readonly shape: MarksShape;
  readonly published: number;
  readonly positions: readonly number[];
}

export interface ReadMarksOrder extends AnyOrder {
  readonly role: 'read-marks';
  readonly shape: MarksShape;
  readonly published: number;
  readonly position: number;
  readonly plan: ReaderPlan;
}

export type Order =
  | WriteOrder
  | ReadOrder
  | VisitOrder
  | RelayOrder
  | SequenceOrder
  | SlotOrder
  | FollowSlotsOrder
  | WriteSlotsOrder
  | ByHandOrder
  | RecordValuesOrder
  | TakeValuesOrder
  | ReadValuesOrder
  | WriteMarksOrder
  | ReadMarksOrder;

/** What went wrong: the record, the count, a reader that nobody placed, or time itself. */
export type FaultKind = 'record' | 'count' | 'order' | 'unplaced' | 'sequence' | 'threw' | 'hang';

/** Thrown by a thread that finds something wrong. */
export class Fault extends Error {
  readonly kind: FaultKind;

  constructor(kind: FaultKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

/** How a thread is done with an order. */
export type Outcome =
  | {
      readonly records: number;
      readonly lost: number;
      /** A reader that was there from the first record to the end. */
      readonly stayed?: boolean;
      /** A writer that ended without an end. */
      readonly died?: boolean;
      /** Values of a histogram, by bucket. */
      readonly counts?: Float64Array;
    }
  | { readonly fault: FaultKind; readonly message: string };
