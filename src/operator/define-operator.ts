// How an operator is defined: a step in the language of its functions, and the state that it keeps.
import type { Struct } from '../schema/index.js';
import type { Fused } from './fused.js';
import type { AnyFunction, Using, UsingValues } from './using.js';

/** The state of a step: one record, or with a key one record for each key. Valid only during the step. */
export interface State<S> {
  /** Whether a record has been stored (for this key). */
  readonly exists: boolean;
  /** The stored record; its fields may be assigned. Not to be read unless `exists`. */
  readonly value: S;
  /** Stores a copy of a record, and the key with it on first use. */
  set(record: Readonly<S>): void;
}

/** What an operator's functions look like to its step: they get their `using` values by themselves. */
export type StepScope<F, C> = {
  readonly [K in keyof F]-?: NonNullable<F[K]> extends (...args: [...infer A, infer _U]) => infer R
    ? (...args: A) => R
    : NonNullable<F[K]>;
} & C & {
    /** Whether two records of one layout are equal, field by field, with `Object.is`. */
    readonly same: (a: unknown, b: unknown) => boolean;
    /** What a function named in `values` returned: the scalar or the record. */
    // biome-ignore lint/suspicious/noExplicitAny: its type is the selecting function's.
    readonly unbox: (value: any) => any;
  };

/** Options that every operator with functions takes. */
export interface OperatorOptions<U extends UsingValues = UsingValues> {
  /** Constants, functions and live parameters that the functions get as their last parameter. */
  readonly using?: U;
}

/** Options of operators whose output layout is read off their functions. */
export interface OutputOptions<R, U extends UsingValues = UsingValues> extends OperatorOptions<U> {
  /** The layout of the records that are emitted, where it can't be read off the functions. */
  readonly out?: Struct<R>;
}

/** Options of operators with a state for each key. */
export interface KeyedOptions<U extends UsingValues = UsingValues> extends OperatorOptions<U> {
  /** How many keys the state may hold, from 1 to 2^28; 1,048,576 unless told. One more fails with TABLE_FULL. */
  readonly maxKeys?: number;
}

/** What a key function may return: numbers, bigints, booleans, texts, and tuples of those. */
export type KeyPart = number | bigint | boolean | string;
export type Key = KeyPart | readonly [KeyPart, ...KeyPart[]];

/** What can be told to mean "emit nothing". */
export type Nothing = false | null | undefined | 0 | 0n | '' | void;

/** What is emitted of what a function returns. */
export type Emitted<R> = Exclude<R, Nothing>;

/** The definition of an operator, as `defineOperator` takes it. */
export interface OperatorSpec<In, Out, S, F, C> {
  /** Its name, for messages and `explain()`. */
  readonly name: string;
  /** The functions that its user gave, by the names under which the step calls them. */
  readonly functions?: F;
  /** Which of the functions makes the key of the state. Without, there is one state for all records. */
  readonly key?: keyof F & string;
  /** The layout of the state; otherwise read off what is stored in it. */
  readonly state?: Struct<S> | undefined;
  /** Without a key: what the state holds from the start. */
  readonly seed?: S | undefined;
  /** Functions that return a scalar or tuple to be kept: it is boxed into a record; `unbox` undoes it. */
  readonly values?: readonly (keyof F & string)[];
  /** Constants that the step sees. */
  readonly constants?: C;
  /** What the user's functions use. */
  readonly using?: UsingValues | undefined;
  /** The layout of the records that are emitted; otherwise read off what is emitted. */
  readonly out?: Struct<Out> | undefined;
  readonly maxKeys?: number | undefined;
  /** Runs for each record; may emit none, one or many. Like the user's functions it sees nothing but its arguments. */
  readonly step: (
    record: Readonly<In>,
    state: State<S>,
    emit: (record: Out) => void,
    scope: StepScope<F, C>,
  ) => void;
}

/** An operator's definition as the compiler takes it. */
export interface OperatorDefinition {
  readonly name: string;
  readonly functions: Readonly<Record<string, AnyFunction>>;
  readonly key: string | undefined;
  readonly state: Struct<unknown> | undefined;
  readonly seed: Readonly<Record<string, unknown>> | undefined;
  readonly values: readonly string[];
  readonly constants: Readonly<Record<string, unknown>>;
  readonly using: UsingValues;
  readonly out: Struct<unknown> | undefined;
  readonly maxKeys: number;
  readonly step: AnyFunction;
  /** The layout that its input must have (set by `compose`). */
  readonly input: Struct<unknown> | undefined;
}

/** How many keys a keyed state may hold unless told. */
export const DEFAULT_MAX_KEYS = 1_048_576;

/**
 * Defines an operator. The built-in ones are defined with it too.
 *
 * @example Every third record
 * ```ts
 * import { defineOperator } from 'roda-rx';
 *
 * function everyThird<T extends object>() {
 *   return defineOperator<T, T, { n: number }>({
 *     name: 'everyThird',
 *     seed: { n: 0 },
 *     step: (record, state, emit) => {
 *       state.value.n = (state.value.n + 1) % 3;
 *       if (state.value.n === 0) emit(record);
 *     },
 *   });
 * }
 * ```
 */
export function defineOperator<In, Out, S = unknown, F = unknown, C = unknown>(
  spec: OperatorSpec<In, Out, S, F, C>,
): Fused<In, Out> {
  const functions: Record<string, AnyFunction> = {};
  for (const [name, fn] of Object.entries((spec.functions ?? {}) as Record<string, AnyFunction | undefined>)) {
    if (fn !== undefined) functions[name] = fn;
  }
  const definition: OperatorDefinition = {
    name: spec.name,
    functions,
    key: spec.key,
    state: spec.state as Struct<unknown> | undefined,
    seed: spec.seed as Readonly<Record<string, unknown>> | undefined,
    values: spec.values ?? [],
    constants: (spec.constants ?? {}) as Readonly<Record<string, unknown>>,
    using: spec.using ?? {},
    out: spec.out as Struct<unknown> | undefined,
    maxKeys: spec.maxKeys ?? DEFAULT_MAX_KEYS,
    step: spec.step as AnyFunction,
    input: undefined,
  };
  return { kind: 'fused', operators: [definition] };
}

export type { Using };
