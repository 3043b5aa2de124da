// A WebAssembly module at work: what compiles of a group's stages, run as one loop.
import {
  failureOf,
  instantiateModule,
  type ModuleInstance,
  STAGE_BLOCK_BYTES,
  StageBlock,
  type WasmProgram,
} from '../compiler/index.js';
import type { Journal } from '../journal/index.js';
import { WORD_BYTES } from '../memory/index.js';
import type { ModulePlan } from './plan.js';
import { type RunningStage, type StageHost, Unwind } from './running-stage.js';

/** What `makeRoom` tells a module. */
const Room = { GONE: 0, MADE: 1, FAILED: 2 } as const;

export class RunningModule {
  private readonly host: StageHost;
  private readonly program: WasmProgram;
  /** By the module's own count. */
  private readonly stages: readonly RunningStage[];
  /** Byte address of the first stage's block. */
  private readonly blocks: number;
  private readonly instance: ModuleInstance;
  /** What JavaScript threw for the module, which leaves the record then. */
  private thrown: unknown;
  /** A step has failed of a stage whose first operators are not in the module. */
  private failure: { readonly error: unknown } | undefined;

  /** @param stages The group's stages. */
  constructor(plan: ModulePlan, host: StageHost, stages: readonly RunningStage[]) {
    const { program, region } = plan;
    this.host = host;
    this.program = program;
    this.stages = plan.stages.map((i) => stages[i] as RunningStage);
    this.blocks = region * WORD_BYTES;
    this.instance = instantiateModule(program, {
      memory: host.memory,
      texts: host.texts,
      arena: {
        allocate: (words, what, n) => {
          const table = program.tables[n];
          const of = this.stages[table?.stage ?? 0]?.plan.output.address ?? 0;
          return this.root.allocate(words, what, of, table?.id ?? 0);
        },
        free: (address) => this.root.free(address),
      },
      region,
      makeRoom: (k) => this.makeRoom(k),
      next: (k, address) => this.next(k, plan.units[k] as number, address / WORD_BYTES),
      accept: (child, address) => stages[child]?.accept(address / WORD_BYTES),
      failed: (site, address, a, b) => this.failed(site, address / WORD_BYTES, a, b),
      outOfMemory: (error) => {
        this.thrown = error;
      },
    });
    this.stages.forEach((stage, k) => {
      const tables = program.tables.flatMap(({ stage: of, id, slots }, n) =>
        of === k && slots === undefined ? [{ id, head: this.instance.tables[n] as number }] : [],
      );
      stage.setUnit(plan.units[k] as number, this, tables, () => this.collect(stage, k));
    });
  }

  /** Gives one record to the root; throws what a step threw whose stage began outside of the module. */
  entry(record: number): void {
    this.instance.entry(record * WORD_BYTES);
    const { failure } = this;
    if (failure === undefined) return;
    this.failure = undefined;
    throw failure.error;
  }

  /**
   * Gives records of a journal to the root.
   *
   * @returns How many of them it took: all, unless its stage has ended.
   */
  run({ slots, mask, recordWords }: Journal, slotIndex: number, count: number): number {
    return this.instance.run(slots * WORD_BYTES, mask, recordWords * WORD_BYTES, slotIndex, count);
  }

  /** Tells the module which stages have ended, and which outputs are read. To be called before a batch. */
  begin(): void {
    const { i32 } = this.host.memory;
    let at = this.blocks / 4;
    for (let k = 0; k < this.stages.length; k++) {
      const stage = this.stages[k] as RunningStage;
      i32[at + StageBlock.ENDED / 4] = stage.ended ? 1 : 0;
      i32[at + StageBlock.WRITES / 4] = stage.writes ? 1 : 0;
      at += STAGE_BLOCK_BYTES / 4;
    }
  }

  private get root(): RunningStage {
    return this.stages[0] as RunningStage;
  }

  /** Takes over what the module has counted for a stage, and gives back the claimed slots that nothing was written to. */
  private collect(stage: RunningStage, k: number): void {
    const { i32, f64 } = this.host.memory;
    const part = this.program.stages[k];
    const at = this.blocks + k * STAGE_BLOCK_BYTES;
    const room = (at + StageBlock.ROOM) / 4;
    stage.output.unclaim(i32[room] as number);
    i32[room] = 0;
    if (part?.last) stage.recordsOut = f64[(at + StageBlock.OUT) / 8] as number;
    if (part?.parent !== -1) stage.recordsIn = f64[(at + StageBlock.IN) / 8] as number;
  }

  /** Claims slots that lie one after the other in a stage's output, waiting for room if there is none. */
  private makeRoom(k: number): number {
    const stage = this.stages[k] as RunningStage;
    const { i32 } = this.host.memory;
    const at = (this.blocks + k * STAGE_BLOCK_BYTES) / 4;
    // The module has used up what it was given, and takes over what it finds here.
    i32[at + StageBlock.ROOM / 4] = 0;
    try {
      const run = stage.claimRun();
      if (run === undefined) return Room.GONE;
      i32[at + StageBlock.SLOT / 4] = run.address * WORD_BYTES;
      i32[at + StageBlock.ROOM / 4] = run.count;
      return Room.MADE;
    } catch (thrown) {
      return this.keep(thrown);
    }
  }

  /** Gives a record to the operators of its stage that follow the module's. */
  private next(k: number, unit: number, record: number): number {
    const stage = this.stages[k] as RunningStage;
    try {
      stage.enter(unit + 1, record);
      return 0;
    } catch (thrown) {
      stage.threwIn(unit + 1, thrown);
      return this.keep(thrown);
    }
  }

  private keep(thrown: unknown): number {
    if (thrown instanceof Unwind) throw thrown;
    this.thrown = thrown;
    return Room.FAILED;
  }

  /** A step has failed on the record that its stage had taken, which is at an address. Whether the stage has ended. */
  private failed(number: number, record: number, a: number, b: number): number {
    const site = this.program.failures[number];
    if (site === undefined) throw new Error(`the module has no failure ${number}`);
    const stage = this.stages[site.stage] as RunningStage;
    const isKept = site.kind === 'next' || site.kind === 'memory';
    const error = isKept ? this.thrown : failureOf(site, a, b);
    if (site.kind !== 'next') stage.failsIn(site.operator, error);
    if (!this.program.stages[site.stage]?.first) {
      this.failure = { error };
      return 0;
    }
    // Its count of records tells the sequence.
    this.collect(stage, site.stage);
    stage.entryFailed(error, record);
    this.begin();
    return stage.ended ? 1 : 0;
  }
}
