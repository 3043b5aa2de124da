// A stage: one fused loop inside, a hot Observable outside.
import { Observable } from 'rxjs';
import {
  type DeadLetter,
  explainStage,
  type FileOptions,
  type StageExplanation,
  type StageNode,
} from '../engine/index.js';
import { addStage } from './add-stage.js';
import { type FileJournal, persistRecords } from './file-journal.js';
import { Records } from './records.js';
import type { StageMethod } from './stage-method.js';

/**
 * A stage of a pipeline: its operators run as one loop, in a worker unless placed otherwise; outside it is a hot Observable
 * of what they emit. Made with `stage()` of a source or of another stage. It runs whether or not anybody subscribes.
 */
export class Stage<T> extends Records<T> {
  private readonly node: StageNode<T>;
  /** Adds a stage that takes these records: options first, if any, then operators. */
  readonly stage: StageMethod<T>;
  /**
   * The records that were skipped because their processing threw, with `onError: 'skip'`. Hot; what comes while nobody
   * subscribes is counted in `engine.stats()` only. It does not complete.
   */
  readonly deadLetters: Observable<DeadLetter>;

  /** @internal */
  constructor(node: StageNode<T>) {
    super(node.outlet);
    this.node = node;
    this.stage = ((...args: unknown[]) => addStage(node as StageNode<unknown>, args)) as StageMethod<T>;
    this.deadLetters = new Observable((subscriber) => {
      const take = (letter: DeadLetter) => subscriber.next(letter);
      node.deadLetterListeners.add(take);
      return () => node.deadLetterListeners.delete(take);
    });
  }

  /**
   * Keeps all records, from the first one on, in the files of a folder (see {@link Source.persist}): the audit trail.
   *
   * @param folder Its path; it is made if it is not there.
   * @param options `sync`, `segmentBytes`, `retention`, `onError`.
   * @throws As the same of a source.
   */
  persist(folder: string, options: FileOptions = {}): Promise<FileJournal<T>> {
    return persistRecords(this.node.outlet, folder, options);
  }

  /**
   * How it is built: operators, layouts, placement, backend, and the text of its loop.
   *
   * @example
   * ```ts readings
   * const { placement, backend, output } = readings.stage(filter((r) => r.value > 5)).explain();
   * console.log(placement, backend, output.layout.bytes); // engine/stage1 js 24
   * ```
   */
  explain(): StageExplanation {
    return explainStage(this.node as StageNode<unknown>);
  }
}
