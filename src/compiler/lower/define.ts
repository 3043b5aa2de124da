// Makes helper functions of a module.
import { Builder } from './builder.js';
import type { ModuleParts } from './context.js';
import { type DefinedFunction, type Local, local, type ValueType } from './ir.js';

/** A function of the module; `build` gets its parameters. */
export function define<N extends string>(
  module: ModuleParts,
  name: string,
  params: Readonly<Record<N, ValueType>>,
  result: ValueType | undefined,
  build: (b: Builder, params: Readonly<Record<N, Local>>) => void,
): DefinedFunction {
  const named = Object.fromEntries(
    Object.entries(params).map(([name, type]) => [name, local(type as ValueType, name)]),
  ) as Record<N, Local>;
  return module.helper(name, Object.values(named), result, (fn) => build(new Builder(fn.body), named));
}
