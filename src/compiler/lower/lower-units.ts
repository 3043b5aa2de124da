// Lowers what compiles of a group's stages to one module: a loop over the records of the first stage, with all others
// inlined where their records come from.

import { struct, u32 } from '../../schema/index.js';
import type { OperatorPlan } from '../analyse/analyse-operator.js';
import type { TableSpec } from '../program.js';
import { tableSpecs } from '../table-specs.js';
import type { ModuleTable, Seed, WasmProgram } from '../wasm-program.js';
import { Builder } from './builder.js';
import { add, and, lt, mul, select, sub } from './cells.js';
import { ModuleParts } from './context.js';
import { SeveralEmits } from './emission.js';
import { FailureSites } from './failure-sites.js';
import { call, type DefinedFunction, get, i32, type Local, local, type Module, unary } from './ir.js';
import { advance, GROUP, LookAhead, type Ring } from './look-ahead.js';
import { lowerStage, type StageContext, type StageInput } from './lower-stage.js';
import { Lowering } from './lowering.js';
import type { OperatorInput, StatePlaces } from './operator.js';
import { mayLackState } from './sites.js';
import type { StepSlots } from './slots-handle.js';
import { StageCells } from './stage-cells.js';
import { TableCode } from './table.js';
import type { StepTable } from './table-handle.js';
import { tidy } from './tidy.js';
import { dropUnused } from './unused.js';
import type { StageConstants } from './using.js';

/** Consecutive operators of one stage that compile. */
export interface Unit {
  /** The unit whose stage's records it takes, by its place in the list; -1 for the first, the root. */
  readonly parent: number;
  /** Whether it has its stage's first operator, and its last. */
  readonly first: boolean;
  readonly last: boolean;
  /** The place of its first operator in its stage. */
  readonly from: number;
  readonly plans: readonly OperatorPlan[];
  readonly stage: StageConstants;
  /** Stages outside of the module that take its records, by the numbers that `accept` takes. */
  readonly outside: readonly number[];
}

export interface LowerOptions {
  readonly name: string;
  readonly memory: Module['memory'];
}

/** The cell that says whether a state without a key is there. */
const FLAG = struct({ there: u32 });

/** A module that is not encoded yet. */
export interface LoweredModule extends Omit<WasmProgram, 'bytes'> {
  readonly module: Module;
}

/**
 * Lowers units to a module.
 *
 * @throws {NotCompilable} For what only JavaScript can run, with the place; `plan` is the operator.
 */
export function lowerUnits(units: readonly Unit[], options: LowerOptions): LoweredModule {
  const shared = new Set<object>();
  for (;;) {
    try {
      return new ModuleLowering(units, options, shared).lower();
    } catch (error) {
      // Every turn adds an operator.
      if (!(error instanceof SeveralEmits)) throw error;
      shared.add(error.operator);
    }
  }
}

class ModuleLowering {
  private readonly parts = new ModuleParts();
  private readonly failures = new FailureSites();
  private readonly tables: ModuleTable[] = [];
  private readonly seeds: Seed[] = [];
  private readonly cells: StageCells;

  constructor(
    private readonly units: readonly Unit[],
    private readonly options: LowerOptions,
    private readonly shared: ReadonlySet<object>,
  ) {
    this.cells = new StageCells(units.length);
  }

  lower(): LoweredModule {
    const inputs = this.units.map((unit, stage) =>
      unit.plans.map((plan, i) => this.operator(unit, stage, plan, i)),
    );
    const stage = (number: number): StageInput => {
      const unit = this.units[number] as Unit;
      return {
        number,
        operators: inputs[number] ?? [],
        input: (unit.plans[0] as OperatorPlan).input,
        output: (unit.plans.at(-1) as OperatorPlan).output,
        last: unit.last,
        children: this.units.flatMap((child, i) => (child.parent === number ? [stage(i)] : [])),
        outside: unit.outside,
      };
    };
    const run = this.run(stage(0));
    const entry = entryOf(run);
    // Helpers are written as they are to be.
    for (const fn of [run, ...this.parts.steps]) {
      dropUnused(fn);
      tidy(fn);
    }
    const functions = [run, entry, ...this.parts.steps, ...this.parts.helpers];
    return {
      module: {
        name: this.options.name,
        memory: this.options.memory,
        functions,
        exports: new Map([
          ['run', run],
          ['entry', entry],
        ]),
      },
      stages: this.units.map(({ first, last, parent }) => ({ first, last, parent })),
      tables: this.tables,
      texts: [...this.parts.texts.keys()],
      failures: this.failures.sites,
      imports: this.parts.importNames,
      data: this.parts.data(),
      scratchBytes: this.parts.scratchBytes,
      seeds: this.seeds,
    };
  }

  private operator(unit: Unit, stage: number, plan: OperatorPlan, i: number): OperatorInput {
    return {
      plan,
      stage: unit.stage,
      place: unit.from + i,
      state: this.statePlaces(plan, stage, unit.from + i),
      tables: this.stepTables(plan, stage, unit.from + i),
      shared: this.shared.has(plan),
    };
  }

  private statePlaces(plan: OperatorPlan, stage: number, operator: number): StatePlaces | undefined {
    const { key, state, definition } = plan;
    if (key !== undefined && state !== undefined) {
      const [spec] = tableSpecs(plan, operator);
      const table = this.table(spec as TableSpec, stage, plan.handles.deletes);
      return { table, record: 0, flag: undefined };
    }
    if (key !== undefined || state === undefined) return undefined;
    const record = this.parts.scratch(state.layout.bytes).offset;
    const { seed } = definition;
    if (seed !== undefined) this.seeds.push({ offset: record, struct: state, value: seed });
    if (!mayLackState(plan)) return { table: undefined, record, flag: undefined };
    const flag = this.parts.scratch(8).offset;
    if (seed !== undefined) this.seeds.push({ offset: flag, struct: FLAG, value: { there: 1 } });
    return { table: undefined, record, flag };
  }

  private stepTables(plan: OperatorPlan, stage: number, operator: number): (StepTable | StepSlots)[] {
    const specs = tableSpecs(plan, operator).slice(-plan.tables.length);
    return plan.tables.map((table, k) => {
      const spec = specs[k] as TableSpec;
      if (spec.slots !== undefined) return { plan: table, n: this.tables.push({ ...spec, stage }) - 1 };
      return {
        plan: table,
        code: this.table(spec, stage, table.deletes),
        region: { name: `table ${table.name} of ${plan.definition.name}` },
        operator: plan.definition.name,
      };
    });
  }

  /** The code of a table of the module. */
  private table(spec: TableSpec, stage: number, deletes: boolean): TableCode {
    const n = this.tables.push({ ...spec, stage }) - 1;
    const { keys, value, maxKeys } = spec;
    const stateWords = value?.layout.words ?? 0;
    return new TableCode(this.parts, { n, parts: keys, stateWords, maxKeys, deletes });
  }

  /** `run(base, mask, bytes, from, count) → done` */
  private run(root: StageInput): DefinedFunction {
    const params = ['base', 'mask', 'bytes', 'from', 'count'].map((name) => local('i32', name));
    const [base, mask, bytes, from, count] = params.map(get) as [Get, Get, Get, Get, Get];
    const fn: DefinedFunction = { kind: 'defined', name: 'run', params, result: 'i32', body: [] };
    const builder = new Builder(fn.body);
    const low = new Lowering(this.parts, builder, this.failures);
    // Few values live through a turn: engines spill what they can't keep in registers.
    const [record, left, group, end] = ['record', 'left', 'group', 'end'].map((name) =>
      local('i32', name),
    ) as [Local, Local, Local, Local];
    builder.set(end, add(base, mul(add(mask, 1), bytes)));
    const ring: Ring = { base: params[0] as Local, end, bytes: params[2] as Local };
    const ahead = LookAhead.of(this.parts, root);
    const done = sub(sub(count, left), group);
    const context: StageContext = {
      cells: this.cells,
      ended: ({ builder: at }) => at.add({ op: 'return', value: add(done, 1) }),
    };
    builder.set(record, add(base, mul(and(from, mask), bytes)));
    builder.set(left, count);
    builder.loop('groups', (groups) => {
      builder.set(group, ahead === undefined ? get(left) : select(lt(left, GROUP), left, GROUP));
      builder.set(left, sub(left, group));
      ahead?.begin(builder, record, group, ring);
      builder.block('end', (over) => {
        builder.break(over, unary('i32.eqz', get(group)));
        builder.loop('records', (loop) => {
          low.setRegion(get(record), { name: 'the input' });
          const input = low.record(root.input, { address: get(record), offset: 0 });
          lowerStage(low, root, input, context, get(record));
          advance(builder, record, ring);
          builder.set(group, sub(group, 1));
          builder.break(loop, get(group));
        });
      });
      if (ahead !== undefined) builder.break(groups, get(left));
    });
    builder.add({ op: 'return', value: done });
    return fn;
  }
}

type Get = ReturnType<typeof get>;

/** `entry(address)`: a run of one record. */
function entryOf(run: DefinedFunction): DefinedFunction {
  const address: Local = local('i32', 'address');
  const none = i32(0);
  const one = call(run, get(address), none, none, none, i32(1));
  return {
    kind: 'defined',
    name: 'entry',
    params: [address],
    result: undefined,
    body: [{ op: 'run', call: one }],
  };
}
