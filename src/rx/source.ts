// A source: an Observer where records come in, and a hot Observable of them.
import type { Observer } from 'rxjs';
import type { SourceNode } from '../engine/index.js';
import type { Columns, WriterView } from '../schema/index.js';
import { addStage } from './add-stage.js';
import { Records } from './records.js';
import type { StageMethod } from './stage-method.js';
import { calledThroughSubscribe } from './through-subscribe.js';

/** Writes records in place, one at a time. Made with `source.writer()`. */
export interface RecordWriter<T> {
  /**
   * The next record, zeroed, to be written field by field; 64-bit fields also as halves (`tsLo`, `tsHi`). Stores wrap
   * as those of typed arrays do. Valid until {@link publish}. Undefined if the source has ended or the record was
   * dropped for want of room.
   */
  claim(): WriterView<T> | undefined;
  /** Takes the record that was claimed. */
  publish(): void;
}

/** Where records come in. Made with `engine.source(Struct)`. */
export class Source<T> extends Records<T> implements Observer<T> {
  private readonly node: SourceNode<T>;
  /** Adds a stage that takes these records: options first, if any, then operators. */
  readonly stage: StageMethod<T>;

  /** @internal */
  constructor(node: SourceNode<T>) {
    super(node.outlet);
    this.node = node;
    this.stage = ((...args: unknown[]) => addStage(node as SourceNode<unknown>, args)) as StageMethod<T>;
  }

  /**
   * Takes a record: checks it and encodes it into the journal, allocating nothing. After the end it is ignored and
   * counted. If the journal is full the source's overflow policy applies: by default it waits, and meanwhile delivers
   * what waits for subscribers of this thread.
   *
   * @throws {TypeError | RangeError} If a field is missing, has the wrong type or a value that it can't hold; nothing is
   *   taken then. When the source was passed to `subscribe`, such a record ends the pipeline with the error instead, or
   *   is counted, with `onInvalid: 'skip'`.
   * @throws {WouldDeadlockError} If waiting for room could never end.
   */
  next(value: T): void {
    try {
      this.node.next(value);
    } catch (error) {
      if (!calledThroughSubscribe()) throw error;
      // RxJS would rethrow it where nobody can catch it.
      if (isInvalid(error) && this.node.onInvalid === 'skip') this.node.countInvalid();
      else this.node.error(error);
    }
  }

  // RxJS calls these unbound.
  error = (error: unknown): void => this.node.error(error);
  complete = (): void => this.node.complete();

  /** Takes a record if there is room at once; whether it did. After the end it is ignored, counted, and true returned. */
  tryNext(value: T): boolean {
    return this.node.tryNext(value);
  }

  /** Resolves once there is room for a record, or the source has ended. */
  ready(): Promise<void> {
    return this.node.ready();
  }

  /** Takes many records: an iterable of them, or columns, one array of the same length for each field. */
  nextMany(records: Iterable<T> | Columns<T>): void {
    if (Symbol.iterator in records) {
      for (const record of records as Iterable<T>) this.node.next(record);
      this.node.flush();
    } else {
      this.node.nextColumns(records as Columns<T>);
    }
  }

  /** A writer that fills records in place. */
  writer(): RecordWriter<T> {
    const { node } = this;
    let view: WriterView<T> | undefined;
    return {
      claim: () => {
        view ??= node.claimSlot();
        return view;
      },
      publish: () => {
        if (view === undefined) return;
        node.publishSlot(view);
        view = undefined;
      },
    };
  }

  /** Makes everything taken so far visible to its readers; runs and delivers inline stages. */
  flush(): void {
    this.node.flush();
  }

  /**
   * Takes all records of an async iterable or a ReadableStream, waiting whenever the journal is full.
   *
   * @returns The number of records taken, once the iterable has ended. The source stays open.
   * @throws What the iterable throws, and what {@link next} throws for a record that doesn't fit (unless it is skipped).
   */
  async consume(records: AsyncIterable<T> | Iterable<T> | ReadableStream<T>): Promise<number> {
    let taken = 0;
    for await (const record of iterate(records)) {
      if (this.node.hasEnded) break;
      try {
        while (!this.node.tryNext(record)) await this.node.ready();
        taken++;
      } catch (error) {
        if (!isInvalid(error) || this.node.onInvalid === 'error') throw error;
        this.node.countInvalid();
      }
    }
    this.node.flush();
    return taken;
  }

  /** @internal */
  get internals(): SourceNode<T> {
    return this.node;
  }
}

/** Whether an error says that a record doesn't fit its struct. */
export function isInvalid(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && (code.startsWith('FIELD_') || code.startsWith('RECORD_'));
}

async function* iterate<T>(records: AsyncIterable<T> | Iterable<T> | ReadableStream<T>): AsyncGenerator<T> {
  if (Symbol.asyncIterator in records || Symbol.iterator in records) {
    yield* records as AsyncIterable<T>;
    return;
  }
  // Not every browser's streams are iterable.
  const reader = (records as ReadableStream<T>).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    reader.releaseLock();
  }
}
