// An outlet: the journal of a source or a stage as this thread reads it.
import { fail, StageError } from '../errors/index.js';
import {
  EndKind,
  endKind,
  endPayload,
  type HistogramShape,
  type HistogramWriter,
  type Journal,
  JournalReader,
  joinReader,
  leaveReader,
  type MarksShape,
  publishedSequence,
} from '../journal/index.js';
import { decodeFailure } from '../runtime/failure.js';
import type { Codec, Struct } from '../schema/index.js';
import { Egress, type Listener } from './egress.js';
import type { Engine } from './engine.js';
import type { FileNode } from './file-node.js';
import type { Graph } from './graph.js';
import { checkSubscriptionOptions, type SubscriptionOptions } from './options.js';
import { PullReader } from './pull-reader.js';

export class Outlet<T> {
  readonly name: string;
  readonly engine: Engine;
  readonly graph: Graph;
  readonly struct: Struct<T>;
  readonly journal: Journal;
  readonly codec: Codec<T>;
  /** When the records of the source were handed in that some of its records come of. */
  readonly marks: MarksShape | undefined;
  readonly egresses = new Set<Egress<T>>();
  readonly pullReaders = new Set<PullReader<T>>();
  /** Journals in files that keep its records. */
  readonly files = new Set<FileNode>();
  /** Records that subscribers were too slow for. */
  dropped = 0;
  /** Whether somebody was told of the error that ended it. */
  errorObserved = false;
  private shared: Egress<T> | undefined;
  private endError: { error: unknown } | undefined;
  /** Makes the writer of the journal see who joined. */
  private readonly wakeWriter: () => void;

  /** Counts how long records took from the source until they are delivered; made by {@link measure}. */
  timed:
    | { readonly shape: HistogramShape; readonly writer: HistogramWriter; readonly release: () => void }
    | undefined;

  constructor(
    graph: Graph,
    name: string,
    struct: Struct<T>,
    journal: Journal,
    marks: MarksShape | undefined,
    wakeWriter: () => void,
  ) {
    this.marks = marks;
    this.graph = graph;
    this.engine = graph.engine;
    this.name = name;
    this.struct = struct;
    this.journal = journal;
    this.codec = this.engine.codec(struct);
    this.wakeWriter = wakeWriter;
  }

  /** Tells a listener of every record from now on (or from `options.from`), and of the end. Returns how to stop it. */
  listen(listener: Listener<T>, options: SubscriptionOptions = {}): () => void {
    this.engine.checkOpen(`subscribe to ${this.name}`);
    if (this.graph.isDisposed) {
      const reason = this.graph.disposalReason;
      if (reason === undefined) listener.complete();
      else listener.error(reason.error);
      return () => {};
    }
    checkSubscriptionOptions(options);
    const { from, overflow = 'block' } = options;
    if (from !== undefined || overflow !== 'block') return this.join(options).add(listener, 0);
    // The others share one reader; who comes later is not told what was published before.
    if (this.shared === undefined || !this.egresses.has(this.shared)) this.shared = this.join(options);
    return this.shared.add(listener, publishedSequence(this.journal));
  }

  /**
   * A reader that is asked for records.
   *
   * @throws What the graph has been taken down for.
   */
  pull(options: Pick<SubscriptionOptions, 'from'> = {}): PullReader<T> {
    this.engine.checkOpen(`read ${this.name}`);
    if (this.graph.isDisposed) throw this.graph.disposalReason?.error;
    const reader = new PullReader(this, this.joinJournal(options));
    this.pullReaders.add(reader);
    return reader;
  }

  /** How the journal ended. */
  get end(): EndKind {
    return endKind(this.journal);
  }

  /** The error that ended it; the same object for everybody. */
  get error(): unknown {
    if (this.endError === undefined) {
      const failure = decodeFailure(endPayload(this.journal));
      this.endError = { error: failure.cause === 'source' ? this.graph.sourceError : errorOf(failure) };
    }
    return this.endError.error;
  }

  /** Whether it ended with the error of a stage that nobody has been told of. */
  get hasUnobservedError(): boolean {
    return this.end === EndKind.ERROR && !this.errorObserved && this.error instanceof StageError;
  }

  /** An egress delivers nothing more. */
  remove(egress: Egress<T>): void {
    this.egresses.delete(egress);
    this.graph.meetEgresses();
  }

  leave(reader: JournalReader): void {
    leaveReader(this.journal, reader.slot);
  }

  private join(options: SubscriptionOptions): Egress<T> {
    const { overflow = 'block' } = options;
    const reader = this.joinJournal(options);
    let egress: Egress<T>;
    try {
      egress = new Egress(this, reader, overflow);
    } catch (error) {
      // No room for its copies: its line is for others.
      this.leave(reader);
      throw error;
    }
    this.egresses.add(egress);
    this.graph.meetEgresses();
    this.engine.activate(this.graph);
    return egress;
  }

  private joinJournal(options: SubscriptionOptions): JournalReader {
    const from = this.startOf(options);
    const slot = joinReader(this.journal, {
      bell: this.engine.bell,
      gating: (options.overflow ?? 'block') === 'block',
      ...(from === undefined ? {} : { from }),
    });
    this.wakeWriter();
    return new JournalReader(this.journal, slot);
  }

  private startOf({ from }: SubscriptionOptions): number | undefined {
    const { journal } = this;
    if (from === undefined) return this.graph.isSealed ? undefined : journal.start;
    const sequence = from === 'start' ? journal.start : from;
    if (journal.retain !== 'append' && this.graph.isSealed)
      throw fail('NOT_RETAINED', { journal: this.name, from });
    if (
      !(Number.isSafeInteger(sequence) && sequence >= journal.start && sequence <= publishedSequence(journal))
    ) {
      const allowed = `'start' or a sequence from ${journal.start} to ${publishedSequence(journal)}`;
      throw fail('OPTION', {
        what: `a subscription to ${this.name}`,
        option: 'from',
        found: String(from),
        allowed,
      });
    }
    return sequence;
  }
}

function errorOf(failure: ReturnType<typeof decodeFailure>): Error {
  const { stage, operator, sequence, record, name, message, stack, code } = failure;
  const cause = Object.assign(new Error(message), { name }, stack && { stack }, code && { code });
  if (failure.cause === 'feed') {
    return fail('SOURCE_FAILED', { source: stage, message: `${name}: ${message}` }, { cause });
  }
  const text = fail('STAGE_FAILED', { stage, operator, sequence, message: `${name}: ${message}` }).message;
  return new StageError(text, { stage, operator, sequence, record, cause });
}
