// Takes the arguments of `stage()` apart and adds the stage.

import {
  describe,
  type ProgramCache,
  type SourceNode,
  type StageNode,
  type StageOptions,
} from '../engine/index.js';
import { fail } from '../errors/index.js';
import { type Fused, isFused } from '../operator/index.js';
import { Stage } from './stage.js';

/** Options first, if any, then operators. */
export function splitArguments<O>(
  what: string,
  args: readonly unknown[],
): { options: O; operators: Fused<never, unknown>[] } {
  const [first, ...rest] = args;
  const hasOptions = typeof first === 'object' && first !== null && !isFused(first);
  if (Array.isArray(first)) throw fail('NOT_AN_OPERATOR', { what, position: 1, found: describe(first) });
  const operators = hasOptions ? rest : args;
  operators.forEach((operator, i) => {
    if (isFused(operator)) return;
    const position = i + (hasOptions ? 2 : 1);
    throw fail('NOT_AN_OPERATOR', { what, position, found: describe(operator) });
  });
  return { options: (hasOptions ? first : {}) as O, operators: operators as Fused<never, unknown>[] };
}

export function addStage(
  parent: SourceNode<unknown> | StageNode<unknown>,
  args: readonly unknown[],
  cache?: ProgramCache,
): Stage<unknown> {
  const { options, operators } = splitArguments<StageOptions>(`a stage after ${parent.name}`, args);
  return new Stage(parent.engine.stage(parent, operators, options, cache));
}
