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
  /** Told of every writer that is opened here, so that what it has taken can be published where no microtask comes. */
  opened?(writer: { flush(): void; close(): void }): void;
}

/** The number of a thread that the engine doesn't know. */
export const FOREIGN_THREAD = 0x7fff_ffff;
