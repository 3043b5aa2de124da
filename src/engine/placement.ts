// Placement: which thread runs a stage.
import { fail } from '../errors/index.js';
import { canShareMemory, LINE_CELLS, LINE_WORDS, RegionKind } from '../memory/index.js';
import { platform } from '../runtime/platform/index.js';
import type { Engine } from './engine.js';
import type { Host } from './host.js';
import type { Placement } from './options.js';
import { pinByRank, pinTo } from './pinning.js';
import type { SourceNode } from './source-node.js';
import type { StageNode } from './stage-node.js';
import { WorkerHost } from './worker-host.js';

/** The workers of an engine, started when stages are given to them. */
export class WorkerPool {
  private readonly engine: Engine;
  private readonly limit: number;
  private readonly automatic: WorkerHost[] = [];
  private readonly named = new Map<string, WorkerHost>();
  /** Those with a loop of the user's. */
  private readonly loops = new Set<WorkerHost>();
  /** Cell index of their number. */
  private readonly countCell: number;

  /** @param limit Most workers that are started by themselves; named ones come on top. */
  constructor(engine: Engine, limit: number) {
    this.engine = engine;
    this.limit = limit;
    const use = { kind: RegionKind.CONTROL };
    const line = engine.arena.allocate(LINE_WORDS, 'the number of workers', use);
    this.countCell = (line / LINE_WORDS) * LINE_CELLS;
  }

  /** Journals that are kept in files. */
  private kept = 0;

  get workers(): readonly WorkerHost[] {
    return [...this.automatic, ...this.named.values(), ...this.loops];
  }

  /**
   * The worker for a stage: one that has none, if there is one. While there are cores to spare each stage gets its own;
   * then it joins the worker of the stage before it, because records then pass without a journal between them; else the
   * one with the fewest stages.
   */
  pick(name: string, parent: SourceNode<unknown> | StageNode<unknown>): WorkerHost {
    const idle = this.automatic.find(({ stages }) => stages === 0);
    const worker =
      idle ?? (this.automatic.length < this.limit ? this.startAutomatic(name) : this.join(parent));
    worker.stages++;
    return worker;
  }

  /** The worker of a name. */
  pickNamed(name: string, core?: number): WorkerHost {
    let worker = this.named.get(name);
    if (worker !== undefined && core !== undefined && worker.core !== core) {
      throw fail('WORKER_CORE', { worker: name, core, pinned: worker.core });
    }
    if (worker === undefined) {
      worker = this.start(name, core);
      this.named.set(name, worker);
      this.tellCount();
    }
    worker.stages++;
    return worker;
  }

  /** A worker for a loop of the user's. */
  startLoop(name: string, core?: number): WorkerHost {
    const worker = this.start(name, core);
    this.loops.add(worker);
    this.tellCount();
    return worker;
  }

  /** A stage is gone, and its memory free. */
  release(host: Host): void {
    if (!(host instanceof WorkerHost)) return;
    host.stages--;
    host.freeIfUnused();
  }

  /** A worker has ended; others may take its place. */
  remove(worker: WorkerHost): void {
    const at = this.automatic.indexOf(worker);
    if (at >= 0) this.automatic.splice(at, 1);
    for (const [name, named] of this.named) if (named === worker) this.named.delete(name);
    this.loops.delete(worker);
    this.tellCount();
  }

  /** Files are kept from now on, or no longer: their worker needs a core, as others do. */
  keepsFiles(keeps: boolean): void {
    this.kept += keeps ? 1 : -1;
    this.tellCount();
  }

  /** Whether a worker's thread, by its number, is known to have ended; asked at any point of the engine's work. */
  isDead(thread: number): boolean {
    return this.workers.some((worker) => worker.thread === thread && worker.isDead());
  }

  private startAutomatic(name: string): WorkerHost {
    const worker = this.start(name);
    this.automatic.push(worker);
    this.tellCount();
    return worker;
  }

  private join(parent: SourceNode<unknown> | StageNode<unknown>): WorkerHost {
    if ('host' in parent && parent.host instanceof WorkerHost && !parent.host.isGone) return parent.host;
    return [...this.automatic].sort((a, b) => a.stages - b.stages)[0] as WorkerHost;
  }

  private start(name: string, core?: number): WorkerHost {
    const taken = new Set(this.workers.map(({ rank }) => rank));
    let rank = 0;
    while (taken.has(rank)) rank++;
    const spareCores = Math.max(1, platform().cores - 1);
    const crowd = { rank, spareCores, workersCell: this.countCell };
    const { pinCores } = this.engine;
    const pin = core !== undefined ? pinTo(core) : pinCores ? pinByRank(rank) : undefined;
    return new WorkerHost(this.engine, `${this.engine.name}/${name}`, crowd, pin);
  }

  /** Tells the workers how many they are. */
  private tellCount(): void {
    const { cells, i32 } = this.engine.memory;
    cells.store(i32, this.countCell, this.workers.length + (this.kept > 0 ? 1 : 0));
  }
}

/** The host of a stage. */
export function hostOf(
  engine: Engine,
  stage: string,
  placement: Placement,
  parent: SourceNode<unknown> | StageNode<unknown>,
): Host {
  if (placement === 'inline') return engine.inline;
  if (engine.placement === 'inline') {
    throw canShareMemory ? fail('WORKER_IN_INLINE_ENGINE', { stage }) : fail('SHARED_MEMORY_UNAVAILABLE', {});
  }
  return placement === 'worker'
    ? engine.pool.pick(stage, parent)
    : engine.pool.pickNamed(placement.worker, placement.core);
}
