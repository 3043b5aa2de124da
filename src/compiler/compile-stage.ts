// Compiles a stage: analyses its operators one after the other, then puts out the driver that runs them as one.
import type { OperatorDefinition } from '../operator/index.js';
import { type KeyPart, tableLayout } from '../operator/table-layout.js';
import type { Struct } from '../schema/index.js';
import { analyseOperator, describeStruct, type OperatorPlan } from './analyse/analyse-operator.js';
import { StageValues } from './analyse/using.js';
import { compileError } from './diagnostics/compile-error.js';
import { driverSource } from './emit-js/driver-source.js';
import type { OperatorSummary, StageProgram, TableSpec } from './program.js';

export interface CompileInput {
  /** The stage's name, for messages. */
  readonly stage: string;
  readonly input: Struct;
  readonly operators: readonly OperatorDefinition[];
  /** The layout that must come out, where one is declared for the stage. */
  readonly out?: Struct | undefined;
  /** The engine's name, for stack traces. */
  readonly engine?: string;
}

/**
 * Compiles a stage.
 *
 * @throws {TypeError} for functions that can't be taken in, captured variables, and layouts that can't be settled; the
 *   error has `code`, `stage`, `operator`, `function` and, where it is about a place in a function, `frame`.
 */
export function compileStage({
  stage,
  input,
  operators,
  out,
  engine = 'engine',
}: CompileInput): StageProgram {
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
  const { source, scratchWords } = driverSource(
    plans,
    values,
    `roda-rx/${engine}/${stage}.js`.replace(/\s+/g, '-'),
  );
  return {
    name: stage,
    backend: 'js',
    operators: plans.map(summary),
    input,
    output: layout,
    source,
    tables: plans.flatMap(tableSpecs),
    constants: values.constants,
    params: values.params,
    texts: [...new Set(plans.flatMap((plan) => plan.texts))],
    scratchWords,
  };
}

function summary({ definition, input, output, state, key }: OperatorPlan): OperatorSummary {
  return {
    name: definition.name,
    input,
    out: output,
    ...(state === undefined ? {} : { state }),
    ...(key === undefined ? {} : { key: key.parts }),
  };
}

/** The tables of an operator: that of its state, then those beside it. */
export function tableSpecs({ definition, state, key, tables }: OperatorPlan, operator: number): TableSpec[] {
  const spec = (
    name: string,
    keys: readonly KeyPart[],
    value: Struct | undefined,
    maxKeys: number,
  ): TableSpec => {
    const { entryWords } = tableLayout(keys.length, value?.layout.words ?? 0, maxKeys);
    return { operator, name, keys, value, maxKeys, entryBytes: 8 * entryWords };
  };
  return [
    ...(key === undefined ? [] : [spec('state', key.parts, state, definition.maxKeys)]),
    ...tables.map(({ name, parts, value, maxKeys }) => spec(name, parts, value, maxKeys)),
  ];
}
