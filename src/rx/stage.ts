// A stage: one fused loop inside, a hot Observable outside.
import { Observable } from 'rxjs';
import {
  type DeadLetter,
  entriesOf,
  explainStage,
  type FileOptions,
  type StageExplanation,
  type StageNode,
  type StateOptions,
  stateOf,
} from '../engine/index.js';
import type { Key } from '../operator/index.js';
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
   * What the stage keeps for a key right now, as a plain object, while it runs: of a `stateful` its state. The thread of the
   * stage answers between two batches, or where it waits for room in the middle of a record, with what it has stored by then; a
   * worker that sleeps is woken. Records that were taken just before may not have got there: `await engine.idle()` makes sure.
   *
   * @param key A key as the operator's key function returns it.
   * @param options `operator`: its name or its place in the stage, from 0, where several keep state by key; `table`: one of the
   *   tables of a `step` instead of its state.
   * @returns undefined if the stage has nothing for the key.
   * @throws {TypeError} STATE_KEY for a key of another type.
   * @throws {Error} STATE_UNAVAILABLE if the stage keeps no state by key, or several and `options` does not say which, or has
   *   ended. ENGINE_CLOSED after `close()`.
   *
   * @example
   * ```ts readings
   * const sums = readings.stage(stateful((r) => r.sensorId, (r) => ({ sum: r.value }), (s, r) => { s.sum += r.value; }));
   * readings.next({ sensorId: 1, value: 20, timestamp: 0 });
   * await engine.idle();
   * if ((await sums.state(1))?.sum !== 20) throw new Error('no such sum');
   * ```
   */
  async state<S = T>(key: Key, options: StateOptions = {}): Promise<S | undefined> {
    return (await stateOf(this.node as StageNode<unknown>, key, options)) as S | undefined;
  }

  /**
   * What the stage keeps for all keys, as `[key, state]`, while it runs. The thread of the stage copies at most 256 entries at
   * a time, between two batches, so the loop goes on while they are visited: each entry is as it was at some moment; keys that
   * come or go meanwhile may be missed, and one that is deleted and comes back may be seen twice. In the order in which keys
   * came, unless some were deleted.
   *
   * @param options As for {@link state}.
   * @throws {Error} STATE_UNAVAILABLE, ENGINE_CLOSED as for {@link state}, also in the middle if the stage ends.
   *
   * @example
   * ```ts readings
   * const sums = readings.stage(stateful((r) => r.sensorId, (r) => ({ sum: r.value }), (s, r) => { s.sum += r.value; }));
   * readings.next({ sensorId: 1, value: 20, timestamp: 0 });
   * await engine.idle();
   * for await (const [sensorId, { sum }] of sums.entries<number>()) console.log(sensorId, sum); // 1 20
   * ```
   */
  entries<K extends Key = Key, S = T>(options: StateOptions = {}): AsyncGenerator<[K, S], void, undefined> {
    return entriesOf(this.node as StageNode<unknown>, options) as AsyncGenerator<[K, S], void, undefined>;
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
