// Journals by hand of an engine: made in its memory, and given back to it.
import { fail } from '../errors/index.js';
import {
  encodeError,
  FOREIGN_THREAD,
  forgetHere,
  isInUse,
  Journal,
  type JournalHandle,
  type JournalOptions,
  type JournalParts,
  type JournalThread,
  leaveForThread,
  openByHandle,
  usersHere,
} from '../journal/by-hand/index.js';
import { type Journal as Core, createJournal, freeJournal } from '../journal/index.js';
import { platform } from '../runtime/platform/index.js';
import { isStruct, type Struct } from '../schema/index.js';
import type { Engine } from './engine.js';
import { drainAll, isWithinDelivery } from './engines.js';
import { planOfJournal } from './memory-plan.js';
import { checkJournalOptions, describe } from './options.js';

/** The engine's own thread, as the arena knows it. */
const OWN_THREAD = 1;
/** Longest sleep of the engine's own thread between two looks at its workers. */
const SLICE_MS = 2;

export class Journals {
  private readonly engine: Engine;
  private readonly thread: JournalThread;
  private readonly open = new Set<Core>();
  private made = 0;

  constructor(engine: Engine) {
    this.engine = engine;
    this.thread = {
      number: OWN_THREAD,
      bell: 0,
      canBlock: platform().canBlock,
      sliceMs: SLICE_MS,
      whileBlocked: () => {
        engine.checkWorkers();
        if (!isWithinDelivery()) drainAll();
      },
    };
  }

  /** Those that have memory. */
  get all(): Iterable<Core> {
    return this.open;
  }

  create<T>(struct: Struct<T>, options: JournalOptions = {}): Journal<T> {
    return new Journal(this.parts(struct, options));
  }

  /** What a journal is made of. */
  parts<T>(struct: Struct<T>, options: JournalOptions): JournalParts<T> {
    const { engine, thread } = this;
    engine.checkOpen('create a journal');
    if (!isStruct(struct)) throw fail('NOT_A_STRUCT', { what: 'a journal', found: describe(struct) });
    checkJournalOptions(options);
    const name = options.name ?? `journal${this.made++}`;
    const codec = engine.codec(struct);
    const core = engine.whereThereIsRoom(planOfJournal(name, struct, options), () =>
      createJournal(engine.arena, { ...options, name, recordWords: struct.layout.words }),
    );
    this.open.add(core);
    return { core, codec, texts: engine.texts, thread, free: () => this.free(core) };
  }

  /** Ends what this thread writes, in order. */
  endOwn(): void {
    for (const { memory, address } of this.open) usersHere(memory.buffer, address).writer?.end();
  }

  /** A thread of the engine has ended: what it had of journals is given back, and what it wrote has failed. */
  leaveFor(thread: number, error: Error): void {
    for (const core of this.open) leaveForThread(core, thread, encodeError(error));
  }

  private free(core: Core): void {
    if (isInUse(core)) throw fail('JOURNAL_IN_USE', { journal: core.name });
    this.open.delete(core);
    forgetHere(core.memory.buffer, core.address);
    freeJournal(this.engine.arena, core);
  }
}

/**
 * Opens a journal that was made by an engine of another thread.
 *
 * Any thread can: a worker of one's own, started with Node's `worker_threads` or as a Web Worker. What is opened is closed with
 * its readers and writers there; the memory stays the engine's, and for whoever has it open also after that has been closed.
 * A thread that ends with an open reader or writer leaves them open.
 *
 * @param handle What `journal.handle` gave, posted to this thread.
 * @throws {TypeError} JOURNAL_HANDLE for something else than a handle.
 * @throws {Error} CODEGEN_FORBIDDEN where code can't be generated.
 */
export function openJournal<T>(handle: JournalHandle<T>): Journal<T> {
  return openByHandle(handle, { number: FOREIGN_THREAD, bell: 0, canBlock: platform().canBlock });
}
