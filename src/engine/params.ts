// Live parameters of an operator: they must be of the engine that runs it.
import { fail } from '../errors/index.js';
import { isParam, isWithUsing, type OperatorDefinition } from '../operator/index.js';

/** @throws {TypeError} PARAM_OF_ANOTHER_ENGINE */
export function checkParams(owner: object, definition: OperatorDefinition): void {
  const check = (name: string, value: unknown) => {
    if (isParam(value) && value.owner !== owner) {
      throw fail('PARAM_OF_ANOTHER_ENGINE', { operator: definition.name, name });
    }
    if (isWithUsing(value)) for (const [inner, used] of Object.entries(value.using)) check(inner, used);
  };
  for (const [name, value] of Object.entries(definition.using)) check(name, value);
}
