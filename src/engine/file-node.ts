// A journal in files as the engine knows it: which records of a journal in memory it keeps, and how far it is.
import { type CodedError, fail } from '../errors/index.js';
import { PersisterCell, type RecordLayout } from '../file/index.js';
import {
  createBell,
  freeBell,
  type Journal,
  joinReader,
  leaveReader,
  publishedSequence,
  readerPosition,
} from '../journal/index.js';
import { loadSequence } from '../journal/sequence.js';
import { LINE_CELLS, LINE_WORDS, RegionKind } from '../memory/index.js';
import type { FromFileWorker, Opened } from '../runtime/file-messages.js';
import { leavesOf, type Struct } from '../schema/index.js';
import type { Engine } from './engine.js';
import { errorOf, type FileClient } from './file-host.js';
import type { FileSettings } from './file-options.js';
import { describe } from './options.js';

/** Who writes the journal in memory. */
export interface Kept {
  readonly journal: Journal;
  /** Publishes what the writer has taken, where that is this thread. */
  flush(): void;
  /** Makes the engine follow what is under way. */
  activate(): void;
  /** The files can't be written any more: ends whoever writes. */
  fail(error: CodedError): void;
}

interface Waiter {
  readonly until: number;
  resolve(): void;
  reject(error: unknown): void;
}

/** The layout of a struct, as files name it. */
export function layoutOf(struct: Struct<unknown>): RecordLayout {
  const { name, fingerprint, layout } = struct;
  const texts = [...leavesOf({ kind: 'struct', struct })].filter(({ type }) => type === 'text');
  return { name, fingerprint, recordBytes: layout.bytes, texts: texts.map(({ offset }) => offset) };
}

export class FileNode implements FileClient {
  readonly path: string;
  readonly engine: Engine;
  /** What ended it before it was closed. */
  error: CodedError | undefined;
  /** Whether somebody was told. */
  errorObserved = false;
  private readonly settings: FileSettings;
  private readonly bell: number;
  private readonly line: number;
  private id = 0;
  private kept: Kept | undefined;
  private reader = -1;
  private opened: Opened | undefined;
  private settle: { resolve(opened: Opened): void; reject(error: unknown): void } | undefined;
  private state: 'opening' | 'open' | 'closing' | 'closed' = 'opening';
  private waiters: Waiter[] = [];
  private closed: Array<() => void> = [];

  constructor(engine: Engine, path: string, settings: FileSettings) {
    this.engine = engine;
    this.path = path;
    this.settings = settings;
    const { arena } = engine;
    this.bell = createBell(arena);
    const use = { kind: RegionKind.CONTROL };
    const line = arena.allocate(LINE_WORDS, `the control line of ${path}`, use);
    this.line = (line / LINE_WORDS) * LINE_CELLS;
  }

  /**
   * Opens the folder.
   *
   * @param start The sequence of the first record, if there is no journal yet.
   */
  async open(struct: Struct<unknown>, start: number): Promise<Opened> {
    const { files } = this.engine;
    const opened = new Promise<Opened>((resolve, reject) => {
      this.settle = { resolve, reject };
    });
    files.hold(true);
    try {
      this.id = await files.join(this);
      const { segmentBytes, retention, sync } = this.settings;
      const options = { segmentBytes, retention, start };
      files.post({ type: 'open', id: this.id, path: this.path, layout: layoutOf(struct), options, sync });
      this.opened = await opened;
      return this.opened;
    } catch (error) {
      this.release();
      throw error;
    } finally {
      files.hold(false);
    }
  }

  /** Takes a place among a journal's readers, from its first record on. */
  join(kept: Kept): void {
    this.kept = kept;
    const { journal } = kept;
    this.reader = joinReader(journal, { bell: this.bell, gating: true, from: journal.start });
  }

  /** Begins to keep what it has joined. */
  attach(): void {
    const { journal } = this.kept as Kept;
    this.state = 'open';
    this.engine.pool.keepsFiles(true);
    const { name, address } = journal;
    const to = { journal: { name, address }, reader: this.reader, bell: this.bell, line: this.line };
    this.engine.files.post({ type: 'attach', id: this.id, to });
  }

  /** It was opened in vain. */
  abandon(): void {
    this.engine.files.post({ type: 'close', id: this.id });
    this.release();
  }

  /** What was found when it was opened. */
  get found(): Opened {
    return this.opened as Opened;
  }

  /** Whether it is still being opened: it takes no records yet. */
  get isOpening(): boolean {
    return this.state === 'opening';
  }

  /** Whether its worker has let go of the journal. */
  get isReleased(): boolean {
    return this.state === 'closed';
  }

  /** Records of a journal that it has not written yet; 0 for another journal. */
  lagIn(journal: Journal): number {
    if (this.state === 'closed' || this.kept?.journal !== journal) return 0;
    if (readerPosition(journal, this.reader) < 0) return 0;
    const from = this.opened?.next ?? 0;
    const written = Math.max(from, loadSequence(this.engine.memory, this.line + PersisterCell.WRITTEN));
    return publishedSequence(journal) - journal.start - (written - from);
  }

  /** The sequence before which everything is durable. */
  get durable(): number {
    if (this.state === 'opening') return this.opened?.next ?? 0;
    if (this.state === 'closed') return this.durableAtEnd;
    // Its worker may not have come to tell yet.
    return Math.max(this.found.next, loadSequence(this.engine.memory, this.line + PersisterCell.DURABLE));
  }
  private durableAtEnd = 0;

  /** The sequence of the next record that is published. */
  get next(): number {
    const base = this.opened?.next ?? 0;
    const { journal } = this.kept ?? {};
    if (journal === undefined || this.state === 'closed') return this.nextAtEnd || base;
    return base + publishedSequence(journal) - journal.start;
  }
  private nextAtEnd = 0;

  /** The sequence of the next record that is written. */
  get written(): number {
    const { journal } = this.kept ?? {};
    return journal === undefined ? this.next : this.next - this.lagIn(journal);
  }

  /** Whether everything that was published is written, and synced as far as the policy or somebody who waits says. */
  get isQuiet(): boolean {
    if (this.state === 'closed') return true;
    const { journal } = this.kept ?? {};
    if (journal === undefined) return true;
    if (this.lagIn(journal) > 0) return false;
    const { durable, next } = this;
    if (durable >= next) return true;
    return this.settings.sync === 'never' && !this.waiters.some(({ until }) => until <= next);
  }

  /** Whether somebody waits for records that have been published. */
  get isAwaited(): boolean {
    const { next } = this;
    return this.waiters.some(({ until }) => until <= next);
  }

  /**
   * Resolves once a record, and all before it, are durable.
   *
   * @param sequence The record's; the last one published unless told.
   */
  wait(sequence?: number): Promise<void> {
    if (sequence !== undefined && !(Number.isSafeInteger(sequence) && sequence >= 0))
      return Promise.reject(fail('FILE_SEQUENCE', { path: this.path, found: describe(sequence) }));
    this.kept?.flush();
    const until = sequence === undefined ? this.next : sequence + 1;
    if (this.error !== undefined) {
      this.errorObserved = true;
      return Promise.reject(this.error);
    }
    if (this.durable >= until) return Promise.resolve();
    if (this.state === 'closed') return Promise.reject(this.closedBefore(until));
    const waited = new Promise<void>((resolve, reject) => {
      this.waiters.push({ until, resolve, reject });
    });
    if (this.settings.sync !== 'batch') this.engine.files.post({ type: 'sync', id: this.id, until });
    this.kept?.activate();
    this.engine.pump.watch(this);
    return waited;
  }

  /** Resumes whoever's record is durable. Whether somebody still waits. */
  poll(): boolean {
    if (this.waiters.length > 0) {
      const { durable } = this;
      const done = this.waiters.filter(({ until }) => until <= durable);
      this.waiters = this.waiters.filter(({ until }) => until > durable);
      for (const { resolve } of done) resolve();
    }
    return this.waiters.length > 0;
  }

  /** Syncs what is and will be published soon, whatever the policy: somebody waits for the end. */
  hurry(): void {
    if (this.state !== 'open') return;
    this.engine.files.post({ type: 'sync', id: this.id, until: Number.POSITIVE_INFINITY });
  }

  /** Ends once everything published is written and durable; resolves then, or once it has failed. */
  close(): Promise<void> {
    if (this.state === 'closed') return Promise.resolve();
    if (this.state === 'open') {
      this.state = 'closing';
      this.engine.files.post({ type: 'close', id: this.id });
      this.engine.files.hold(true);
      void this.whenClosed().then(() => this.engine.files.hold(false));
    }
    return this.whenClosed();
  }

  receive(message: FromFileWorker): void {
    if (message.type === 'opened') this.settle?.resolve(message.opened);
    else if (message.type === 'closed') this.release();
    else if (message.type === 'failed') this.failed(errorOf(message.problem));
  }

  died(error: CodedError): void {
    this.failed(error);
  }

  private failed(error: CodedError): void {
    if (this.state === 'closed') return;
    if (this.state === 'opening') {
      this.settle?.reject(error);
      return;
    }
    this.error = error;
    const { kept } = this;
    this.release();
    if (this.settings.onError === 'stop') kept?.fail(error);
  }

  private whenClosed(): Promise<void> {
    if (this.state === 'closed') return Promise.resolve();
    return new Promise((resolve) => this.closed.push(resolve));
  }

  /** Its worker has let go of it. */
  private release(): void {
    if (this.state === 'closed') return;
    const { kept, engine } = this;
    const { durable, next } = this;
    if (this.state !== 'opening') engine.pool.keepsFiles(false);
    this.state = 'closed';
    this.durableAtEnd = durable;
    this.nextAtEnd = next;
    if (kept !== undefined) leaveReader(kept.journal, this.reader);
    this.kept = undefined;
    engine.files.leave(this.id);
    engine.files.byHand.delete(this);
    freeBell(engine.arena, this.bell);
    engine.arena.free((this.line / LINE_CELLS) * LINE_WORDS);
    this.poll();
    for (const { until, reject } of this.waiters.splice(0)) {
      if (this.error !== undefined) this.errorObserved = true;
      reject(this.error ?? this.closedBefore(until));
    }
    for (const resolve of this.closed.splice(0)) resolve();
    engine.pump.wake();
  }

  private closedBefore(until: number): CodedError {
    return fail('FILE_CLOSED', { path: this.path, sequence: until - 1, next: this.nextAtEnd });
  }
}
