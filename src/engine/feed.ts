// A source that a worker writes: what is left to the engine's thread is to end it when that worker does.
//
// The journal has one writer at any time. This thread's writes no more once the worker has been told of the journal, and
// another is made here only when the loop has ended or its thread is gone.
import { fail } from '../errors/index.js';
import { EndKind, endKind, JournalWriter } from '../journal/index.js';
import { encodeFailure, type Thrown } from '../runtime/failure.js';
import type { LoopWorker } from './custom-worker.js';
import type { SourceNode } from './source-node.js';

export class Feed {
  readonly worker: LoopWorker;
  /** Whether the worker has nothing to write any more. */
  isOver = false;
  private readonly source: SourceNode<unknown>;
  /** The text of the error that was asked for on this thread. */
  private asked: string | undefined;

  constructor(source: SourceNode<unknown>, worker: LoopWorker) {
    this.source = source;
    this.worker = worker;
  }

  /** Tells the loop to stop; it is terminated if it does not come to that in time. */
  stop(): void {
    if (!this.isOver) void this.worker.stop();
  }

  /** As {@link stop}, and ends the source then: with an error, if there is a text. */
  endWith(payload: string | undefined): void {
    this.asked ??= payload;
    this.stop();
  }

  /** Lets the loop see who joined, even if it sleeps. */
  meetReaders(): void {
    if (this.isOver) new JournalWriter(this.source.outlet.journal).look();
    else this.worker.wake();
  }

  /** The worker has ended; `thrown` if it has not come to its end. */
  end(thrown: Thrown | undefined): void {
    if (this.isOver) return;
    this.isOver = true;
    const { name: stage, graph, engine, outlet } = this.source;
    if (graph.isDisposed) {
      engine.disposal.release(graph);
      engine.pump.wake();
      return;
    }
    if (endKind(outlet.journal) === EndKind.OPEN) {
      const writer = new JournalWriter(outlet.journal);
      if (this.asked !== undefined) writer.end(EndKind.ERROR, this.asked);
      else if (thrown === undefined) writer.end(EndKind.COMPLETE);
      else writer.end(EndKind.ERROR, encodeFailure({ cause: 'feed', stage, ...thrown }));
    }
    engine.activate(graph);
    engine.settle(graph);
  }
}

/**
 * Sees whether a source can be given to a worker.
 *
 * @param among Those that it is given at the same time.
 * @throws {Error} SOURCE_NOT_GIVEN.
 */
export function checkGiving(
  source: SourceNode<unknown>,
  worker: string,
  among: readonly SourceNode<unknown>[],
): void {
  const why = whyNot(source, among);
  if (why !== undefined) throw fail('SOURCE_NOT_GIVEN', { source: source.name, worker, why });
}

function whyNot(source: SourceNode<unknown>, among: readonly SourceNode<unknown>[]): string | undefined {
  if (source.feed !== undefined) return `worker ${source.feed.worker.name} writes it`;
  if (source.hasEnded) return 'it has ended';
  if (among.filter((other) => other === source).length > 1) return 'it is given twice';
  return source.waits > 0 ? 'it is waiting for room for a record' : undefined;
}
