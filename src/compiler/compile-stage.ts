// Compiles a stage: analyses its operators one after the other, then finds out what runs each of them.
import type { OperatorDefinition } from '../operator/index.js';
import type { Struct } from '../schema/index.js';
import { analyseOperator, describeStruct, type OperatorPlan } from './analyse/analyse-operator.js';
import { StageValues } from './analyse/using.js';
import { codeFrame } from './diagnostics/code-frame.js';
import { compileError, type Place } from './diagnostics/compile-error.js';
import { driverSource } from './emit-js/driver-source.js';
import { NotCompilable } from './lower/builder.js';
import { type LoweredModule, lowerUnits, type Unit } from './lower/lower-units.js';
import type { JsUnit, OperatorSummary, StageProgram, UnitProgram } from './program.js';
import { tableSpecs } from './table-specs.js';

/** Which backend a stage gets: `auto` compiles what can be compiled, `wasm` refuses what can't, `js` compiles nothing. */
export type BackendOption = 'auto' | 'js' | 'wasm';

export interface CompileInput {
  /** The stage's name, for messages. */
  readonly stage: string;
  readonly input: Struct;
  readonly operators: readonly OperatorDefinition[];
  /** The layout that must come out, where one is declared for the stage. */
  readonly out?: Struct | undefined;
  /** The engine's name, for stack traces. */
  readonly engine?: string;
  readonly backend?: BackendOption;
}

/** A stage's program, and what modules are made of once it is known which stages run together. */
export interface CompiledStage {
  readonly program: StageProgram;
  readonly plans: readonly OperatorPlan[];
  readonly values: StageValues;
  /** All of it as one module, if all of it compiles. */
  readonly whole: LoweredModule | undefined;
}

/** Compiled without a memory of its own: that of the engine takes the place. */
const NO_MEMORY = { shared: false, initialPages: 1, maximumPages: 1 };

/**
 * Compiles a stage.
 *
 * @throws {TypeError} for functions that can't be taken in, captured variables, and layouts that can't be settled; the
 *   error has `code`, `stage`, `operator`, `function` and, where it is about a place in a function, `frame`. With
 *   `backend: 'wasm'` also NOT_COMPILABLE.
 */
export function compileStage(compile: CompileInput): CompiledStage {
  const { stage, input, operators, out, engine = 'engine', backend = 'auto' } = compile;
  const values = new StageValues();
  const plans: OperatorPlan[] = [];
  let layout = input;
  for (const definition of operators) {
    const plan = analyseOperator(definition, layout, stage, values);
    plans.push(plan);
    layout = plan.output;
  }
  if (out !== undefined && out.fingerprint !== layout.fingerprint) {
    const place = { stage, operator: operators.at(-1)?.name ?? 'nothing', name: '' };
    throw compileError(
      'LAYOUTS_DIFFER',
      { record: 'what comes out', expected: describeStruct(out), got: describeStruct(layout) },
      place,
    );
  }
  const { whole, reasons } =
    backend === 'js'
      ? { whole: undefined, reasons: plans.map(() => '') }
      : tryLowering(plans, values, backend);
  const from = `roda-rx/${engine}/${stage}.js`.replace(/\s+/g, '-');
  const units = unitsOf(plans, values, reasons, from);
  return {
    program: {
      name: stage,
      operators: plans.map((plan, i) => summary(plan, reasons[i])),
      input,
      output: layout,
      units,
      tables: plans.flatMap(tableSpecs).filter(({ slots }) => slots === undefined),
      params: values.params,
      texts: [...new Set(plans.flatMap((plan) => plan.texts))],
      scratchWords: units.reduce((sum, unit) => sum + (unit.backend === 'js' ? unit.scratchWords : 0), 0),
    },
    plans,
    values,
    whole,
  };
}

/** A run of a stage's operators as a unit of a module of its own. */
export function unitOf(plans: readonly OperatorPlan[], values: StageValues, from = 0): Unit {
  return { parent: -1, first: true, last: true, from, plans, stage: values, outside: [] };
}

/** Lowers all operators as one unit; where that is not possible, finds those out that are the reason. */
function tryLowering(
  plans: readonly OperatorPlan[],
  values: StageValues,
  backend: BackendOption,
): { whole: LoweredModule | undefined; reasons: (string | undefined)[] } {
  const lower = (some: readonly OperatorPlan[]): LoweredModule | NotCompilable => {
    try {
      return lowerUnits([unitOf(some, values)], { name: 'stage', memory: NO_MEMORY });
    } catch (error) {
      if (error instanceof NotCompilable) return error;
      throw error;
    }
  };
  const whole = lower(plans);
  if (!(whole instanceof NotCompilable)) return { whole, reasons: plans.map(() => undefined) };
  const single = plans.map((plan) => (plans.length === 1 ? whole : lower([plan])));
  const isRefused = single.some((result) => result instanceof NotCompilable);
  // Each by itself compiles, but not all of them together.
  const refusals = single.map((result) => (isRefused ? result : whole));
  const first = refusals.findIndex((result) => result instanceof NotCompilable);
  if (backend === 'wasm')
    throw notCompilable(refusals[first] as NotCompilable, (plans[first] as OperatorPlan).place);
  return {
    whole: undefined,
    reasons: refusals.map((result) => (result instanceof NotCompilable ? describeReason(result) : undefined)),
  };
}

function notCompilable({ reason, source, node }: NotCompilable, place: Place): Error {
  const spot = source === undefined || node === undefined ? undefined : { text: source.text, node };
  return compileError('NOT_COMPILABLE', { reason }, source ?? place, spot);
}

function describeReason({ reason, source, node }: NotCompilable): string {
  if (source === undefined || node === undefined) return reason;
  return `${source.name} of ${source.operator}: ${reason}\n\n${codeFrame(source.text, node.start, node.end)}`;
}

/** Consecutive operators of one backend as units. */
function unitsOf(
  plans: readonly OperatorPlan[],
  values: StageValues,
  reasons: readonly (string | undefined)[],
  name: string,
): UnitProgram[] {
  const units: UnitProgram[] = [];
  for (let from = 0; from < plans.length; ) {
    let to = from + 1;
    while (to < plans.length && (reasons[to] === undefined) === (reasons[from] === undefined)) to++;
    units.push(
      reasons[from] === undefined
        ? { backend: 'wasm', from }
        : jsUnit(plans.slice(from, to), values, from, name),
    );
    from = to;
  }
  return units;
}

function jsUnit(plans: readonly OperatorPlan[], values: StageValues, from: number, name: string): JsUnit {
  const { source, scratchWords } = driverSource(plans, values, name);
  return { backend: 'js', from, source, constants: values.constants, scratchWords };
}

function summary(
  { definition, input, output, state, key }: OperatorPlan,
  reason: string | undefined,
): OperatorSummary {
  return {
    name: definition.name,
    input,
    out: output,
    ...(state === undefined ? {} : { state }),
    ...(key === undefined ? {} : { key: key.parts }),
    backend: reason === undefined ? 'wasm' : 'js',
    ...(reason ? { reason } : {}),
  };
}
