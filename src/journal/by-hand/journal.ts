// A journal by hand: outside of pipelines, written and read by whoever has its handle.
import { fail } from '../../errors/index.js';
import { type Memory, openMemory } from '../../memory/index.js';
import {
  type Codec,
  createCodec,
  describe,
  isStruct,
  openTextTable,
  type Struct,
  type TextTable,
  type TextTableHandle,
} from '../../schema/index.js';
import { EndKind } from '../descriptor.js';
import {
  type Journal as Core,
  endKind,
  openJournal as openCore,
  publishedSequence,
  type Retain,
} from '../journal.js';
import { Copies } from './copies.js';
import { usersHere } from './here.js';
import { type Joined, takeOver } from './join.js';
import { checkReaderOptions, type JournalReaderOptions, type ReaderPlace } from './options.js';
import { JournalReader } from './reader.js';
import type { JournalThread } from './thread.js';
import { JournalWriter, type WriterTerms } from './writer.js';

/** All that another thread needs to open a journal: to be posted to it, and opened there with `openJournal`. */
export interface JournalHandle<T> {
  readonly kind: 'journal';
  readonly name: string;
  readonly struct: Struct<T>;
  /** Where it lies: its memory, and the word address in it. */
  readonly memory: WebAssembly.Memory;
  readonly address: number;
  readonly texts: TextTableHandle;
}

export function handleOf<T>(journal: Core, struct: Struct<T>, texts: TextTable): JournalHandle<T> {
  const { name, address, memory } = journal;
  return { kind: 'journal', name, struct, memory: memory.wasm, address, texts: texts.handle };
}

/** What a journal by hand is made of, on the thread that uses it. */
export interface JournalParts<T> {
  readonly core: Core;
  readonly codec: Codec<T>;
  readonly texts: TextTable;
  readonly thread: JournalThread;
  /** Gives its memory back, where this thread can do that. */
  readonly free?: () => void;
}

/**
 * A journal outside of pipelines: a log of records in shared memory, with one writer and up to 32 readers, each on any
 * thread. Made with `engine.journal(Struct)`, or with `openJournal(handle)` on another thread.
 *
 * @example
 * ```ts
 * import { createEngine, f64, struct, u32 } from 'roda-rx';
 *
 * const engine = createEngine();
 * const prices = engine.journal(struct({ id: u32, price: f64 }), { capacity: 1_000, retain: 'append' });
 * const reader = prices.reader();
 * const writer = prices.writer();
 * for (let i = 0; i < 5; i++) writer.write({ id: i, price: 100 + i });
 *
 * const seen: number[] = [];
 * while (reader.next()) seen.push(reader.current?.price ?? 0);
 * const lastThree = reader.window(prices.next - 3, 3)?.map((record) => record.price);
 * if (seen.length !== 5 || String(lastThree) !== '102,103,104') throw new Error(`read ${seen}`);
 * await engine.close();
 * ```
 */
export class Journal<T> {
  /** The layout of its records. */
  readonly struct: Struct<T>;
  private readonly parts: JournalParts<T>;
  private isClosed = false;

  /** @internal */
  constructor(parts: JournalParts<T>) {
    this.struct = parts.codec.struct;
    this.parts = parts;
  }

  /** Its name, as in messages. */
  get name(): string {
    return this.parts.core.name;
  }

  /** Its slots; for a ring a power of two. */
  get capacity(): number {
    return this.parts.core.capacity;
  }

  /** What it keeps. */
  get retain(): Retain {
    return this.parts.core.retain;
  }

  /** The sequence of its first record. */
  get start(): number {
    return this.parts.core.start;
  }

  /** The sequence that the next record to be published will have. */
  get next(): number {
    return publishedSequence(this.checked());
  }

  /** How many records have been published. */
  get size(): number {
    return this.next - this.start;
  }

  /** Whether it may be written, or how it has ended. */
  get state(): 'open' | 'complete' | 'error' {
    const kind = endKind(this.checked());
    return kind === EndKind.OPEN ? 'open' : kind === EndKind.COMPLETE ? 'complete' : 'error';
  }

  /**
   * What to post to another thread, in a message or as `workerData`, to be opened there with `openJournal`.
   *
   * @throws {Error} JOURNAL_NOT_SHARED for one of an inline engine, whose memory no other thread sees.
   */
  get handle(): JournalHandle<T> {
    const core = this.checked();
    if (!core.memory.shared) throw fail('JOURNAL_NOT_SHARED', { journal: core.name });
    return handleOf(core, this.struct, this.parts.texts);
  }

  /**
   * The writer. Texts that are new can be written on the engine's own thread only.
   *
   * @throws {Error} JOURNAL_HAS_WRITER while there is another, on whatever thread; JOURNAL_ENDED after the end.
   */
  writer(): JournalWriter<T> {
    return this.writerOn();
  }

  /** @internal A writer on other terms than those of journals by hand. */
  writerOn(terms?: WriterTerms): JournalWriter<T> {
    const core = this.checked();
    const { codec, thread } = this.parts;
    return new JournalWriter(core, codec, thread, usersHere(core.memory.buffer, core.address), terms);
  }

  /**
   * A reader of this thread. While it is open it holds the writer of a ring back, unless `overflow` says otherwise.
   *
   * @param options `from`, `overflow`, `keep`.
   * @throws {TypeError} OPTION for an option that can't be.
   * @throws {RangeError} JOURNAL_FROM for a place that doesn't exist; NOT_RETAINED for one that can't be had; TOO_MANY_READERS
   *   when 32 are open.
   */
  reader(options: JournalReaderOptions = {}): JournalReader<T> {
    checkReaderOptions(this.checked(), options);
    return this.readerAt(options);
  }

  /** @internal The reader of another thread, detached there. */
  takeOver({ slot, options, begin }: ReaderPlace): JournalReader<T> {
    return this.readerAt(options, takeOver(this.checked(), this.parts.thread, slot, begin));
  }

  /**
   * Gives its memory back to the engine. On a thread that has opened it by its handle it does nothing; the memory of all
   * journals is given back with their engine anyway.
   *
   * @throws {Error} JOURNAL_IN_USE while a writer or a reader of any thread is open.
   */
  close(): void {
    if (this.isClosed || this.parts.free === undefined) return;
    this.parts.free();
    this.isClosed = true;
  }

  private readerAt(options: JournalReaderOptions, joined?: Joined): JournalReader<T> {
    const { core, codec, thread, texts } = this.parts;
    const copies = (slot: number) => new Copies(core, this.struct, texts, slot);
    const here = usersHere(core.memory.buffer, core.address);
    return new JournalReader(core, this, codec, thread, here, copies, options, joined);
  }

  private checked(): Core {
    if (this.isClosed) throw fail('JOURNAL_CLOSED', { journal: this.name });
    return this.parts.core;
  }
}

/** A memory as this thread sees it, with its texts: opened once for all journals in it. */
const memories = new WeakMap<ArrayBufferLike, { memory: Memory; texts: TextTable }>();

/**
 * Opens a journal by its handle.
 *
 * @param thread This thread.
 * @throws {TypeError} JOURNAL_HANDLE for something else than a handle.
 */
export function openByHandle<T>(handle: JournalHandle<T>, thread: JournalThread): Journal<T> {
  const given = handle as Partial<JournalHandle<T>> | null | undefined;
  if (given?.kind !== 'journal' || !isStruct(given.struct) || !(given.memory instanceof WebAssembly.Memory)) {
    throw fail('JOURNAL_HANDLE', { found: describe(handle) });
  }
  let opened = memories.get(handle.memory.buffer);
  if (opened === undefined) {
    const memory = openMemory(handle.memory);
    opened = { memory, texts: openTextTable(memory, handle.texts) };
    memories.set(handle.memory.buffer, opened);
  }
  const { memory, texts } = opened;
  const core = openCore(memory, handle);
  return new Journal({ core, codec: createCodec(handle.struct, memory, texts), texts, thread });
}
