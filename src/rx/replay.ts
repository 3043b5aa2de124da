// A replay as users see it: a hot Observable of records that come from files, to build stages on.
import type { ReplayNode, SourceNode } from '../engine/index.js';
import type { Cut } from '../file/index.js';
import { addStage } from './add-stage.js';
import { Records } from './records.js';
import type { StageMethod } from './stage-method.js';

/**
 * Records of a journal in files, as a source. Made with `engine.replay(Struct, folder)` or `journal.replay()`; it begins with
 * {@link start}, once its stages and subscribers are there, and completes after the last record.
 *
 * @example
 * ```ts
 * import { createEngine, f64, struct, u32 } from 'roda-rx';
 * import { filter } from 'roda-rx/operators';
 * import { mkdtempSync, rmSync } from 'node:fs';
 *
 * const Reading = struct({ sensorId: u32, value: f64 });
 * const folder = mkdtempSync('/tmp/readings-');
 * const engine = createEngine();
 * const readings = engine.source(Reading);
 * const trail = await readings.persist(folder);
 * for (let i = 0; i < 10; i++) readings.next({ sensorId: i, value: i * i });
 * await trail.durable(); // would outlast a loss of power from here on
 *
 * const past = trail.replay({ from: 5 });
 * const seen: number[] = [];
 * past.stage(filter((r) => r.value > 30)).subscribe((r) => seen.push(r.sensorId));
 * if ((await past.start()) !== 5) throw new Error('there are five records from 5 on');
 * await engine.idle();
 * if (String(seen) !== '6,7,8,9') throw new Error(`saw ${seen}`);
 * await engine.close();
 * rmSync(folder, { recursive: true });
 * ```
 */
export class Replay<T> extends Records<T> {
  private readonly node: Pick<ReplayNode<T>, 'start' | 'cut'>;
  /** Adds a stage that takes these records: options first, if any, then operators. */
  readonly stage: StageMethod<T>;

  /** @internal */
  constructor(node: ReplayNode<T>) {
    super(node.source.outlet);
    this.node = node;
    const source = node.source as SourceNode<unknown>;
    this.stage = ((...args: unknown[]) => addStage(source, args)) as StageMethod<T>;
  }

  /**
   * Begins, or goes on; called again it returns the same promise.
   *
   * @returns The number of records, once all of them have been taken.
   * @throws {Error} FILE_DAMAGED, FILE_LAYOUT, FILE_FORMAT, FILE_FAILED, FILE_RANGE, which subscribers are told as well.
   */
  start(): Promise<number> {
    const started = this.node.start();
    // Subscribers are told of what goes wrong.
    started.catch(() => {});
    return started;
  }

  /** What lies behind the last whole record of the journal, if it was not closed in order; known once all has been read. */
  get cut(): Cut | undefined {
    return this.node.cut;
  }
}
