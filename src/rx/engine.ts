// The engine as users see it.
import {
  Engine as Core,
  type EngineOptions,
  type EngineStats,
  engineStats,
  type SourceOptions,
} from '../engine/index.js';
import type { Param } from '../operator/index.js';
import type { Struct } from '../schema/index.js';
import { Source } from './source.js';

/**
 * Runs pipelines. It has one memory, the workers that its stages are placed in, and delivers to subscribers on the
 * thread that created it. Made with {@link createEngine}.
 */
export class Engine {
  /** @internal */
  readonly core: Core;

  /** @internal */
  constructor(core: Core) {
    this.core = core;
  }

  get name(): string {
    return this.core.name;
  }

  /**
   * A source of records.
   *
   * @param struct Their layout.
   * @param options `name`, `capacity`, `retain`, `overflow`, `onInvalid`.
   */
  source<T>(struct: Struct<T>, options?: SourceOptions): Source<T> {
    return new Source(this.core.source(struct, options));
  }

  /**
   * A live parameter: a number that functions see through `using` and that may change while stages run. A value set
   * before `next()` holds for that record and all after it.
   */
  param(value: number): Param {
    return this.core.param(value);
  }

  /** Makes everything that sources have taken visible; runs and delivers inline stages. */
  flush(): void {
    this.core.flush();
  }

  /**
   * Resolves once every record taken so far has passed all stages and has been delivered to subscribers. Records taken
   * later don't delay it; pull readers don't count.
   *
   * @throws {StageError} If a stage has failed and nobody was told.
   */
  idle(): Promise<void> {
    return this.core.idle();
  }

  /** Records in and out, lag, occupancy, drops and errors of all sources and stages, read while they run. */
  stats(): EngineStats {
    return engineStats(this.core);
  }

  /**
   * Ends all sources, waits until what they have taken is processed and delivered, and ends the workers. Subscribers
   * complete.
   *
   * @throws {Error} CLOSE_TIMEOUT if something had to be terminated after `closeTimeoutMs`.
   * @throws {StageError} If a stage has failed and nobody was told.
   */
  close(): Promise<void> {
    return this.core.close();
  }

  /** As {@link close}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/**
 * Creates an engine. Its workers start with its first stages; it costs nothing before.
 *
 * @throws {RangeError} MEMORY_SIZE for a memory out of range.
 * @throws {Error} SHARED_MEMORY_UNAVAILABLE where memory can't be shared, unless `placement` is `inline`.
 */
export function createEngine(options?: EngineOptions): Engine {
  return new Engine(new Core(options));
}
