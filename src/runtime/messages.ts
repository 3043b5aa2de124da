// What an engine and its workers say to each other in messages. Records never travel this way.

import type { JournalHandle, ReaderPlace, WriterTerms } from '../journal/by-hand/index.js';
import type { Crowd, HistogramShape, WaitStrategy } from '../journal/index.js';
import type { TextTableHandle } from '../schema/index.js';
import type { Failure, Thrown } from './failure.js';
import type { GroupPlan } from './plan.js';
import type { StateAnswer, StateQuery } from './state-query.js';

/** What a worker is started with. */
export interface WorkerInit {
  readonly name: string;
  /** The number by which the arena knows its thread. */
  readonly thread: number;
  readonly memory: WebAssembly.Memory;
  readonly texts: TextTableHandle;
  /** Cell index of its control line (see {@link Control}). */
  readonly control: number;
  /** Cell indices of its own bell and of the engine's. */
  readonly bell: number;
  readonly engineBell: number;
  readonly wait: WaitStrategy;
  readonly crowd: WorkerCrowd;
  /** The core that its thread is to run on, if it is to run on one. */
  readonly pin?: Pin;
}

/** A core, and what a thread needs to be pinned to it. */
export interface Pin {
  /** Its number, as the system has it. */
  readonly core: number;
  /** The file of the module `koffi`. */
  readonly koffi: string;
}

/** How a worker stands among those of its engine, and where it finds how many there are now. */
export interface WorkerCrowd extends Crowd {
  /** Cell index of their number. */
  readonly workersCell: number;
}

/** From the engine to a worker. Each is announced by MAIL, since a resident loop receives nothing. */
export type ToWorker =
  | { readonly type: 'init'; readonly init: WorkerInit }
  | { readonly type: 'install'; readonly plan: GroupPlan }
  | { readonly type: 'state'; readonly query: StateQuery }
  | ({ readonly type: 'loop' } & LoopPlan)
  | { readonly type: 'stop' };

/** A loop of the user's. */
export interface LoopPlan {
  /** The address of its module. */
  readonly module: string;
  readonly journals: Readonly<Record<string, GivenJournal>>;
  readonly histograms: Readonly<Record<string, HistogramShape>>;
  /** What the user has for it. */
  readonly data: unknown;
}

/**
 * A journal that a loop of the user's is given: its place in it if it goes on with a reader; what is special about its writer if it
 * is that of a source, which it is to write.
 */
export interface GivenJournal {
  readonly handle: JournalHandle<unknown>;
  readonly reader?: ReaderPlace;
  readonly terms?: Omit<WriterTerms, 'encodeError'>;
}

/** From a worker to the engine. */
export type FromWorker =
  | { readonly type: 'ready' }
  | { readonly type: 'state'; readonly answer: StateAnswer }
  | { readonly type: 'log'; readonly level: LogLevel; readonly text: string }
  | { readonly type: 'dead-letter'; readonly stage: number; readonly failure: Failure }
  | { readonly type: 'loop-ended'; readonly failure?: Thrown }
  | { readonly type: 'install-failed'; readonly group: number; readonly failure: Failure };

export type LogLevel = 'log' | 'info' | 'warn' | 'error' | 'debug';

/** Cells of a worker's control line. */
export const Control = {
  /** Messages posted to the worker; written by the engine. */
  MAIL: 0,
  /** Messages that the worker has posted; written by the worker. */
  SENT: 1,
  /** Messages of the worker that the engine has handled; written by the engine. */
  HANDLED: 2,
  /** 1 once the worker's thread is ending; written by the worker. */
  ENDING: 3,
} as const;

/** Messages that a worker posts before it waits for the engine to handle some: no queue is unbounded. */
export const MAX_MESSAGES = 1_024;
