// What the engine needs of the environment, the same for Node and for browsers.
import type { FromWorker, Pin, ToWorker } from '../messages.js';

/** The engine's side of one worker. */
export interface WorkerLink<To = ToWorker> {
  post(message: To): void;
  /** Handles messages of the worker that have arrived and could not be delivered yet, without an event loop. */
  drain(): void;
  /** Whether the worker is known to have died, also while this thread's event loop is blocked. */
  isDead(): boolean;
  /** Holds the process while the worker lives, or no longer. */
  ref(): void;
  unref(): void;
  /** Ends the worker wherever it is. */
  terminate(): Promise<void>;
  /** Resolves once the worker has ended. */
  readonly exited: Promise<void>;
}

export interface WorkerEvents<From = FromWorker> {
  message(message: From): void;
  /** The worker has ended; `error` if it died of one. */
  exit(error: Error | undefined): void;
}

export interface Platform {
  /** Cores that this process may use. */
  readonly cores: number;
  /** Whether this thread may block. */
  readonly canBlock: boolean;
  /** What pinning threads to cores takes, or why that can't be. */
  pinning(): Pinning;
  /** Whether there are files. */
  readonly hasFiles: boolean;
  startWorker<To = ToWorker, From = FromWorker>(
    source: string,
    name: string,
    events: WorkerEvents<From>,
  ): WorkerLink<To>;
  /** Calls back, synchronously, when this thread ends, as far as that can be foreseen. Returns how to undo it. */
  onEnding(callback: () => void): () => void;
  /** Calls back on the next turn of the event loop. Does not hold the process by itself if `unref` was called. */
  nextTurn(callback: () => void): void;
}

/** Cores for this process, and the module that pins threads to them; or why there is no pinning. */
export type Pinning =
  | { readonly cores: readonly number[]; readonly koffi: string }
  | { readonly why: string };

/** A worker's own side. */
export interface WorkerSide<To = ToWorker, From = FromWorker> {
  /** Pins this thread to a core; missing where that can't be. */
  readonly pin?: (pin: Pin) => void;
  onMessage(handler: (message: To) => void): void;
  /** Takes a message that has arrived, without the event loop; missing where that can't be. */
  readonly receive?: () => To | undefined;
  /** @param transfer Buffers that are given away with it. */
  post(message: From, transfer?: readonly ArrayBuffer[]): void;
  /** Calls back, synchronously, when the thread is about to end, as far as that can be foreseen. */
  onEnding(callback: () => void): void;
  close(): void;
}
