// Random pipelines: one or two stages of one to three random operators over a random layout, analysed.
import * as library from '../../operators/index.js';
import { analyseOperator, type OperatorPlan } from '../../src/compiler/analyse/analyse-operator.js';
import { StageValues } from '../../src/compiler/analyse/using.js';
import type { OperatorDefinition, Param } from '../../src/operator/index.js';
import type { Struct } from '../../src/schema/index.js';
import type { Choices } from './choices.js';
import { layoutText, type RandomOperator, randomOperator } from './grammar/operators.js';
import { randomStruct } from './layouts.js';

export interface RandomStage {
  readonly operators: readonly RandomOperator[];
  readonly plans: readonly OperatorPlan[];
  readonly values: StageValues;
  readonly input: Struct;
  readonly output: Struct;
}

export interface RandomPipeline {
  readonly input: Struct;
  readonly stages: readonly RandomStage[];
  /** Why operators were refused that took the place of others. */
  readonly refusals: readonly string[];
}

/** How often another operator is tried in the place of one that the compiler refuses. */
const TRIES = 3;

export function randomPipeline(choices: Choices, param: Param): RandomPipeline {
  const input = randomStruct(choices);
  const stages: RandomStage[] = [];
  const refusals: string[] = [];
  let layout = input;
  const stageCount = choices.weighted([
    [4, 1],
    [1, 2],
  ] as const);
  for (let k = 0; k < stageCount; k++) {
    const first = layout;
    const values = new StageValues();
    const operators: RandomOperator[] = [];
    const plans: OperatorPlan[] = [];
    const count = choices.between(1, 3);
    for (let i = 0; i < count; i++) {
      for (let tried = 0; tried < TRIES; tried++) {
        const operator = randomOperator(choices, layout, param);
        const plan = analysed(operator, layout, values, refusals);
        if (plan === undefined) continue;
        operators.push(operator);
        plans.push(plan);
        layout = plan.output;
        break;
      }
    }
    if (operators.length > 0) stages.push({ operators, plans, values, input: first, output: layout });
  }
  return { input, stages, refusals };
}

function analysed(
  operator: RandomOperator,
  input: Struct,
  values: StageValues,
  refusals: string[],
): OperatorPlan | undefined {
  const [definition] = operator.make(library).operators;
  try {
    return analyseOperator(definition as OperatorDefinition, input, 'fuzz', values);
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (code === undefined) throw new Error(`The analysis broke on ${operator.text}`, { cause: error });
    refusals.push(`${code} ${operator.name}: ${message.split('\n')[0]}`);
    return undefined;
  }
}

/** A pipeline, for people. */
export function pipelineText({ input, stages }: RandomPipeline): string {
  const parts = stages.map(
    ({ operators }) => `stage(\n${operators.map(({ text }) => `  ${text},`).join('\n')}\n)`,
  );
  return [layoutText(input), ...parts].join('\n');
}
