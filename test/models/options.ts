// What the models take besides functions: layouts that the compiler would infer, and what functions use
import { isParam, isWithUsing, type UsingValues } from '../../src/operator/index.js';
import type { Struct } from '../../src/schema/index.js';

export interface ModelOptions<U = unknown> {
  readonly using?: U;
}

export interface OutputModelOptions<R, U = unknown> extends ModelOptions<U> {
  /** The layout of what is emitted; without it records are not coerced. */
  readonly out?: Struct<R> | undefined;
}

export interface KeyedModelOptions<U = unknown> extends ModelOptions<U> {
  readonly maxKeys?: number | undefined;
}

// biome-ignore lint/suspicious/noExplicitAny: what functions see of `using` is theirs to know.
export type Seen = any;

/** What functions see of `using`: parameters as the numbers they are now, functions with what they use themselves. */
export function seen(using: unknown): Seen {
  const scope: Record<string, unknown> = {};
  for (const [name, value] of Object.entries((using ?? {}) as UsingValues)) {
    if (isParam(value)) Object.defineProperty(scope, name, { get: () => value.value, enumerable: true });
    else if (isWithUsing(value)) {
      const inner = seen(value.using);
      scope[name] = (...args: unknown[]) => value.fn(...args, inner);
    } else scope[name] = value;
  }
  return scope;
}
