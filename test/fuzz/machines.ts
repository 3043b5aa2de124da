// The two backends at work on a pipeline: vectors of records go in, and what comes of them is kept.
import type { OperatorPlan } from '../../src/compiler/analyse/analyse-operator.js';
import { driverSource } from '../../src/compiler/emit-js/driver-source.js';
import { encode } from '../../src/compiler/emit-wasm/encode.js';
import {
  type FailureSite,
  failureOf,
  instantiateModule,
  type JsUnit,
  type ModuleInstance,
  moduleWords,
  STAGE_BLOCK_BYTES,
  StageBlock,
  type StageEnv,
  type StageInstance,
  type WasmProgram,
} from '../../src/compiler/index.js';
import { lowerUnits, type Unit } from '../../src/compiler/lower/lower-units.js';
import { fail } from '../../src/errors/index.js';
import { createTable, disposeTable } from '../../src/operator/table-memory.js';
import { type Codec, createCodec, generate, type Struct } from '../../src/schema/index.js';
import type { RandomPipeline } from './pipeline.js';
import { Outcome, type World } from './world.js';

/** Slots of the rings that records come from and go to. */
const SLOTS = 16;

type Make = (
  env: StageEnv & {
    readonly fail: unknown;
    createTable(what: string, table: number): number;
    disposeTable(head: number): void;
  },
) => StageInstance;

/** A pipeline on one of the backends. */
export interface Machine {
  /** @param from The low 32 bits of the sequence of the first record. */
  run(records: readonly object[], from: number): Outcome;
  /** Begins anew. */
  restart(): void;
  dispose(): void;
}

/** Memory of a machine, given back as one. */
class Regions {
  private readonly taken: number[] = [];

  constructor(private readonly world: World) {}

  /** A region's word address. */
  words(words: number): number {
    const address = this.world.arena.allocate(Math.max(1, words), 'fuzz');
    this.taken.push(address);
    return address;
  }

  free(): void {
    for (const address of this.taken.splice(0)) this.world.arena.free(address);
  }
}

const codecOf = ({ memory, texts }: World, of: Struct): Codec<unknown> => createCodec(of, memory, texts);

export class JsMachine implements Machine {
  private readonly units: readonly JsUnit[];
  private readonly makers: readonly Make[];
  private readonly codecs: readonly Codec<unknown>[];
  private readonly input: Codec<unknown>;
  private readonly regions: Regions;
  private readonly ring: number;
  private readonly scratches: readonly number[];
  private instances: StageInstance[] = [];
  private outcome = new Outcome();
  private index = 0;

  constructor(
    private readonly world: World,
    private readonly pipeline: RandomPipeline,
  ) {
    const { stages, input } = pipeline;
    this.units = stages.map(({ plans, values }) => {
      const { source, scratchWords } = driverSource(plans, values, 'fuzz.js');
      return { backend: 'js', from: 0, source, constants: values.constants, scratchWords };
    });
    // As `instantiate` does, but once for all restarts.
    this.makers = this.units.map(({ source }) => generate<Make>('stage fuzz', ['env'], source));
    this.codecs = stages.map(({ output }) => codecOf(world, output));
    this.input = codecOf(world, input);
    this.regions = new Regions(world);
    this.ring = this.regions.words(input.layout.words * SLOTS);
    this.scratches = this.units.map(({ scratchWords }) => this.regions.words(scratchWords));
    internTexts(world, pipeline);
    this.restart();
  }

  restart(): void {
    const { memory, texts, tableMemory } = this.world;
    const { arena } = tableMemory;
    for (const instance of this.instances) instance.dispose();
    this.instances = this.units.map((unit, k) =>
      (this.makers[k] as Make)({
        fail,
        createTable: (what, table) => createTable(this.world.tableMemory, what, table),
        disposeTable: (head) => disposeTable(this.world.tableMemory, head),
        memory,
        texts,
        arena,
        constants: unit.constants,
        scratch: this.scratches[k] as number,
        console: { log() {} },
        sink: (p) => {
          this.outcome.emitted.push({ stage: k, index: this.index, what: this.codecs[k]?.decode(p) });
          this.enter(k + 1, p);
        },
      }),
    );
  }

  private enter(stage: number, p: number): void {
    try {
      this.instances[stage]?.entry(p);
    } catch (thrown) {
      this.outcome.failures.push({ stage, index: this.index, what: thrown as Error });
    }
  }

  run(records: readonly object[]): Outcome {
    this.outcome = new Outcome();
    records.forEach((record, i) => {
      this.index = i;
      const at = this.ring + (i % SLOTS) * this.pipeline.input.layout.words;
      this.input.encode(at, record);
      this.enter(0, at);
    });
    return this.outcome;
  }

  dispose(): void {
    for (const instance of this.instances) instance.dispose();
    this.regions.free();
  }
}

/** Texts of the code must be in the table before it runs. */
function internTexts({ texts }: World, { stages }: RandomPipeline): void {
  for (const { plans } of stages) {
    for (const plan of plans as readonly OperatorPlan[]) for (const text of plan.texts) texts.intern(text);
  }
}

export class WasmMachine implements Machine {
  readonly program: WasmProgram;
  private readonly codecs: readonly Codec<unknown>[];
  private readonly input: Codec<unknown>;
  private readonly regions: Regions;
  private readonly ring: number;
  private readonly outputs: readonly number[];
  private instance: ModuleInstance | undefined;
  /** Word address of the module's region. */
  private region = 0;
  private outcome = new Outcome();
  /** Of the record that runs; -1 while many do. */
  private index = -1;
  private from = 0;
  private outOfMemory: unknown;

  /** @throws {NotCompilable} */
  constructor(
    private readonly world: World,
    private readonly pipeline: RandomPipeline,
  ) {
    const { stages, input } = pipeline;
    const { pages } = world;
    const memory = { shared: false, initialPages: pages, maximumPages: pages };
    const units = stages.map(
      ({ plans, values }, k): Unit => ({
        parent: k - 1,
        first: true,
        last: true,
        from: 0,
        plans,
        stage: values,
        outside: [],
      }),
    );
    const { module, ...rest } = lowerUnits(units, { name: 'fuzz', memory });
    this.program = { ...rest, bytes: encode(module) };
    this.codecs = stages.map(({ output }) => codecOf(world, output));
    this.input = codecOf(world, input);
    this.regions = new Regions(world);
    this.ring = this.regions.words(input.layout.words * SLOTS);
    this.outputs = stages.map(({ output }) => this.regions.words(output.layout.words * SLOTS));
    for (const text of this.program.texts) world.texts.intern(text);
    internTexts(world, pipeline);
    this.restart();
  }

  restart(): void {
    const { memory, texts, tableMemory } = this.world;
    const { arena } = tableMemory;
    this.disposeTables();
    const { program } = this;
    this.region = this.regions.words(moduleWords(program));
    const env = { memory, texts, arena, region: this.region };
    this.instance = instantiateModule(program, {
      ...env,
      makeRoom: (k) => {
        memory.i32[this.cell(k, StageBlock.ROOM)] = 0;
        this.drain(k);
        return 1;
      },
      next: () => 0,
      accept: () => {},
      failed: (number, address, a, b) => {
        const site = program.failures[number] as FailureSite;
        const what = site.kind === 'memory' ? (this.outOfMemory as Error) : failureOf(site, a, b);
        this.outcome.failures.push({ stage: site.stage, index: this.indexOf(site.stage, address), what });
        return 0;
      },
      outOfMemory: (error) => {
        this.outOfMemory = error;
      },
    });
    this.outputs.forEach((_, k) => {
      memory.i32[this.cell(k, StageBlock.WRITES)] = 1;
      this.empty(k);
    });
  }

  private indexOf(stage: number, address: number): number {
    if (this.index >= 0 || stage > 0) return this.index;
    const slot = (address / 8 - this.ring) / this.pipeline.input.layout.words;
    return (slot - this.from) & (SLOTS - 1);
  }

  /** The i32 index of a cell of a stage's block. */
  private cell(stage: number, at: number): number {
    return (this.region * 8 + stage * STAGE_BLOCK_BYTES + at) / 4;
  }

  private empty(k: number): void {
    const { i32 } = this.world.memory;
    i32[this.cell(k, StageBlock.SLOT)] = (this.outputs[k] as number) * 8;
    i32[this.cell(k, StageBlock.ROOM)] = SLOTS;
  }

  private drain(k: number): void {
    const { words } = (this.pipeline.stages[k] as { output: Struct }).output.layout;
    const count = SLOTS - (this.world.memory.i32[this.cell(k, StageBlock.ROOM)] as number);
    for (let i = 0; i < count; i++) {
      const what = this.codecs[k]?.decode((this.outputs[k] as number) + i * words);
      this.outcome.emitted.push({ stage: k, index: this.index, what });
    }
    this.empty(k);
  }

  run(records: readonly object[], from: number): Outcome {
    this.outcome = new Outcome();
    this.from = from & (SLOTS - 1);
    const { words } = this.pipeline.input.layout;
    const atOnce = (from & 1) === 1;
    records.forEach((record, i) => {
      const at = this.ring + ((this.from + i) & (SLOTS - 1)) * words;
      this.input.encode(at, record);
      if (atOnce) return;
      this.index = i;
      this.instance?.entry(at * 8);
      for (const k of this.outputs.keys()) this.drain(k);
    });
    if (!atOnce) return this.outcome;
    this.index = -1;
    this.instance?.run(this.ring * 8, SLOTS - 1, words * 8, from, records.length);
    for (const k of this.outputs.keys()) this.drain(k);
    return this.outcome;
  }

  private disposeTables(): void {
    for (const head of this.instance?.tables ?? []) disposeTable(this.world.tableMemory, head);
  }

  dispose(): void {
    this.disposeTables();
    this.regions.free();
  }
}
