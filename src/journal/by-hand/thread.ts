// What a journal by hand knows of the thread that uses it.

/** A thread that reads or writes journals by hand. */
export interface JournalThread {
  /** The number by which the engine knows it: 1 is the engine's own. */
  readonly number: number;
  /** Cell index of a bell that the thread has anyway; 0 where each reader and writer has its own. */
  readonly bell: number;
  /** Whether it may block. */
  readonly canBlock: boolean;
  /** Called again and again while it is blocked: does what only this thread can do, throws if there is no use in waiting. */
  whileBlocked?(): void;
  /** Whether a sleep is to be cut short: {@link whileBlocked} has something to throw. */
  isInterrupted?(): boolean;
  /** Longest sleep between two calls of {@link whileBlocked}, in ms. */
  readonly sliceMs?: number;
  /** Told of every reader and writer that is opened here. */
  opened?(user: JournalUser): void;
}

/** A reader or writer, as the loop of its thread sees it. */
export interface JournalUser {
  /** Publishes what was taken. */
  flush?(): void;
  /** Notes how things are, before its thread does what it can. */
  mark(): void;
  /** Whether something has come since, that its thread may not have seen: records, an end, room that was missing, readers. */
  hasNews(): boolean;
  /** Sees to it, or no longer, that the thread's bell rings when there is news. */
  listen?(isListening: boolean): void;
  /** Gives up; `error` if the thread's loop has failed. */
  abandon(error: unknown): void;
}

/** The number of a thread that the engine doesn't know. */
export const FOREIGN_THREAD = 0x7fff_ffff;
