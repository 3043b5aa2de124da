// A loop of the user's in a worker of the engine: a module's function over journals, with the engine's back-off.
import { fail } from '../errors/index.js';
import {
  Histogram,
  type Journal,
  type JournalReader,
  type JournalUser,
  type JournalWriter,
  openByHandle,
} from '../journal/by-hand/index.js';
import { PARK_MS, sleepUntilRung, spinsBeforeSleep, type WaitStrategy } from '../journal/index.js';
import type { Memory } from '../memory/index.js';
import { generate } from '../schema/index.js';
import { describeThrown, encodeFailure, type Thrown } from './failure.js';
import type { LoopPlan, WorkerInit } from './messages.js';

/** Journals and readers by name, as they were given to `engine.worker`; in the place of a source, its writer. */
// biome-ignore lint/suspicious/noExplicitAny: each has records of its own type
export type LoopJournals = Readonly<Record<string, Journal<any> | JournalReader<any> | JournalWriter<any>>>;

/** Histograms by name, as they were given to `engine.worker`. */
export type LoopHistograms = Readonly<Record<string, Histogram>>;

/**
 * What the module of an `engine.worker` is given: its default export is called with it, on the worker's thread.
 *
 * That function either returns another, one turn of the loop, which is called again and again (what it returns says whether it
 * had something to do), or loops itself for as long as {@link next} returns true.
 */
export interface LoopContext<
  J extends LoopJournals = LoopJournals,
  D = unknown,
  H extends LoopHistograms = LoopHistograms,
> {
  /** The worker's name. */
  readonly name: string;
  /** The journals and readers that were given to it, and the writers of sources that were, under the same names. */
  readonly journals: J;
  /** The histograms that were given to it, under the same names. */
  readonly histograms: H;
  /** What `engine.worker` was given as `data`. */
  readonly data: D;
  /** What the engine's workers do when there is nothing to read. */
  readonly wait: WaitStrategy;
  /** Whether the loop was told to stop: to be asked within long turns. */
  readonly isStopped: boolean;
  /**
   * Between two turns: publishes what the writers of this thread have taken, and, if there was nothing to do, spins and then
   * sleeps as the engine's wait strategy says, until there are records, an end, or room that a writer of this thread missed.
   *
   * @param worked Whether the turn before had something to do.
   * @returns False once the loop has been told to stop.
   */
  next(worked: unknown): boolean;
}

/** The module of an `engine.worker`. */
export interface LoopModule<J extends LoopJournals = LoopJournals> {
  readonly default: (loop: LoopContext<J>) => unknown;
}

/** What it asks of its thread. */
export interface LoopThread {
  readonly init: WorkerInit;
  readonly memory: Memory;
  /** Whether the engine has something to say to it: that is only to stop. */
  isInterrupted(): boolean;
}

export class CustomLoop implements LoopContext {
  readonly name: string;
  readonly journals: LoopJournals;
  readonly histograms: LoopHistograms;
  readonly data: unknown;
  readonly wait: WaitStrategy;
  private readonly thread: LoopThread;
  private readonly users: JournalUser[] = [];
  private idle = 0;
  private spins = 0;

  constructor(thread: LoopThread, { journals, histograms, data }: Omit<LoopPlan, 'module'>) {
    const { name, wait, thread: number, bell } = thread.init;
    this.name = name;
    this.data = data;
    this.wait = wait;
    this.thread = thread;
    const journalThread = {
      number,
      bell,
      canBlock: true,
      isInterrupted: () => this.isStopped,
      whileBlocked: () => {
        if (this.isStopped) throw fail('LOOP_STOPPED', { worker: name });
      },
      opened: (user: JournalUser) => {
        this.users.push(user);
      },
    };
    this.journals = Object.fromEntries(
      Object.entries(journals).map(([key, { handle, reader, terms }]) => {
        const journal = openByHandle(handle, journalThread);
        if (reader !== undefined) return [key, journal.takeOver(reader)];
        if (terms === undefined) return [key, journal];
        const encodeError = (error: unknown) =>
          encodeFailure({ cause: 'feed', stage: handle.name, ...describeThrown(error) });
        return [key, journal.writerOn({ ...terms, encodeError })];
      }),
    );
    this.histograms = Object.fromEntries(
      Object.entries(histograms).map(([key, shape]) => [key, new Histogram(thread.memory, shape)]),
    );
  }

  get isStopped(): boolean {
    return this.thread.isInterrupted();
  }

  next(worked: unknown): boolean {
    for (const user of this.users) user.flush?.();
    if (this.isStopped) return false;
    if (worked || this.hasNews()) this.idle = 0;
    else {
      if (this.idle === 0) this.spins = this.spinsBeforeSleep();
      // Woken for nothing, it sleeps again at once.
      if (this.idle < this.spins) this.idle++;
      else this.sleep();
    }
    for (const user of this.users) user.mark();
    return !this.isStopped;
  }

  /** Runs a module's function to its end. Returns what it has thrown, if that was not for being told to stop. */
  async run({ default: main }: LoopModule): Promise<Thrown | undefined> {
    let failure: { thrown: unknown } | undefined;
    try {
      // Told in the words of the module: it is somebody else's.
      if (typeof main !== 'function') throw new TypeError('its module has no function as its default export');
      const turn = await main(this);
      if (typeof turn === 'function') {
        let worked: unknown = true;
        while (this.next(worked)) worked = turn();
      }
    } catch (thrown) {
      const { code } = (thrown ?? {}) as { code?: unknown };
      if (!this.isStopped || code !== 'LOOP_STOPPED') failure = { thrown };
    }
    for (const user of this.users)
      user.abandon(failure && (failure.thrown ?? new Error('nothing was thrown')));
    return failure && describeThrown(failure.thrown);
  }

  private sleep(): void {
    const { memory, init } = this.thread;
    for (const user of this.users) user.listen?.(true);
    sleepUntilRung(memory, init.bell, () => this.isStopped || this.hasNews(), PARK_MS);
    for (const user of this.users) user.listen?.(false);
  }

  private hasNews(): boolean {
    for (const user of this.users) if (user.hasNews()) return true;
    return false;
  }

  private spinsBeforeSleep(): number {
    const { cells, i32 } = this.thread.memory;
    const { wait, crowd } = this.thread.init;
    return spinsBeforeSleep(wait, crowd, cells.load(i32, crowd.workersCell));
  }
}

/**
 * Imports a module. By a function of its own, whose text no bundler looks into.
 *
 * @throws {Error} CODEGEN_FORBIDDEN where the environment forbids code generation.
 */
export function importModule(address: string): Promise<LoopModule> {
  type Import = (address: string) => Promise<LoopModule>;
  return generate<Import>(`what imports ${address}`, ['address'], 'return import(address)')(address);
}
