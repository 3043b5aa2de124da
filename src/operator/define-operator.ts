// How an operator is defined: a step in the language of its functions, and the state that it keeps.
import { fail } from '../errors/index.js';
import { describe, type Struct } from '../schema/index.js';
import type { Fused } from './fused.js';
import { DEFAULT_MAX_KEYS, type KeyedTables, type TablesOf } from './keyed-table.js';
import { checkLayout, checkOptions } from './options.js';
import type { AnyFunction, Using, UsingValues } from './using.js';

/** The state of a step: one record, or with a key one record for each key. Valid only during the step. */
export interface State<S> {
  /** Whether a record has been stored (for this key). */
  readonly exists: boolean;
  /** The stored record, in place: what is assigned to its fields is stored. `undefined` unless `exists`. */
  readonly value: S;
  /**
   * Stores a copy of a record, and the key with it on first use.
   *
   * @throws {RangeError} TABLE_FULL for one key more than `maxKeys`, which ends the stage.
   */
  set(record: Readonly<S>): void;
  /**
   * Forgets the record, and the key with it. `value` must not be used any more, until something is set again.
   *
   * @returns Whether there was one.
   */
  delete(): boolean;
}

/**
 * What a step gets as its last parameter: the operator's functions, which get their `using` values and tables by themselves,
 * its constants and tables, `same` and `unbox`. It is to be taken apart in the parameter list: `(record, state, emit, { key,
 * same })`.
 */
export type StepScope<F, C, D = {}> = {
  readonly [K in keyof F]-?: NonNullable<F[K]> extends (...args: [...infer A, infer _U]) => infer R
    ? NonNullable<F[K]> & ((...args: A) => R)
    : NonNullable<F[K]>;
} & C &
  TablesOf<D> & {
    /** Whether two records of one layout are equal, field by field, with `Object.is`: NaN equals NaN, -0 differs from 0. */
    readonly same: (a: unknown, b: unknown) => boolean;
    /** What a function named in `values` returned: the scalar or the record. */
    // biome-ignore lint/suspicious/noExplicitAny: its type is the selecting function's.
    readonly unbox: (value: any) => any;
  };

/** Options that every operator with functions takes. */
export interface OperatorOptions<U extends UsingValues = UsingValues> {
  /**
   * What the functions get as their last parameter: numbers, bigints, booleans, strings, arrays and plain objects of
   * those, functions that capture nothing (or `withUsing(fn, { … })`), live parameters (`engine.param(1.5)`).
   */
  readonly using?: U;
}

/** Options of operators whose output layout is read off their functions. */
export interface OutputOptions<R, U extends UsingValues = UsingValues> extends OperatorOptions<U> {
  /**
   * The layout of the records that are emitted, where it can't be read off the functions or shall be narrower. Numbers
   * that are stored in narrower fields wrap as in typed arrays.
   */
  readonly out?: Struct<R>;
}

/** Options of operators with a state for each key. */
export interface KeyedOptions<U extends UsingValues = UsingValues> extends OperatorOptions<U> {
  /** How many keys the state may hold, from 1 to 2^28; 1,048,576 unless told. One more fails with TABLE_FULL. */
  readonly maxKeys?: number;
}

/**
 * A key, or a part of one: a number (NaN equals NaN, -0 equals 0), a bigint that is known to be an i64 or a u64 (never equal
 * to a number), a boolean, or the text of a `text` field.
 */
export type KeyPart = number | bigint | boolean | string;

/** What a key function may return: a scalar, or a tuple of 1 to 32 scalars, always as many of the same kinds. */
export type Key = KeyPart | readonly [KeyPart, ...KeyPart[]];

/** What can be told to mean "emit nothing". */
export type Nothing = false | null | undefined | 0 | 0n | '' | void;

/** What is emitted of what a function returns: everything but `false`, `null`, `undefined`, `0`, `0n` and `''`. */
export type Emitted<R> = Exclude<R, Nothing>;

/** The definition of an operator, as `defineOperator` takes it. */
export interface OperatorSpec<In, Out, S, F, C, D = {}> {
  /** Its name, for messages and `explain()`. */
  readonly name: string;
  /** The functions that its user gave, by the names under which the step calls them; `undefined` for one not given. */
  readonly functions?: F;
  /**
   * Which of the functions makes the key of the state; it is called with the record before the step runs. Without, there
   * is one state for all records.
   */
  readonly key?: keyof F & string;
  /** The layout of the state; otherwise read off what is stored in it. */
  readonly state?: Struct<S> | undefined;
  /** Without a key: what the state holds from the start. */
  readonly seed?: S | undefined;
  /**
   * Functions whose result is to be kept in the state: a scalar `s` comes as the record `{ value: s }`, a tuple as
   * `{ 0: …, 1: … }`, a record as it is; `unbox` undoes it.
   */
  readonly values?: readonly (keyof F & string)[];
  /** Constants that the step gets in its last parameter, of the kinds that `using` may hold. */
  readonly constants?: C;
  /**
   * Keyed tables beside the state, by name, made by `keyedTable`. The step and the functions get them in their last parameters;
   * the name of none may be that of something in `using` or `constants`.
   */
  readonly tables?: D;
  /** What the user's functions use. */
  readonly using?: UsingValues | undefined;
  /** The layout of the records that are emitted; otherwise read off what is emitted. */
  readonly out?: Struct<Out> | undefined;
  /** How many keys the state may hold, from 1 to 2^28; 1,048,576 unless told. */
  readonly maxKeys?: number | undefined;
  /** Runs for each record; may emit none, one or many. Like the user's functions it sees nothing but its arguments. */
  readonly step: (
    record: Readonly<In>,
    state: State<S>,
    emit: (record: Out) => void,
    scope: StepScope<F, C, D>,
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
  readonly tables: KeyedTables;
  readonly using: UsingValues;
  readonly out: Struct<unknown> | undefined;
  readonly maxKeys: number;
  /** Whether `maxKeys` was given. */
  readonly isBounded: boolean;
  readonly step: AnyFunction;
  /** The layout that its input must have (set by `compose`). */
  readonly input: Struct<unknown> | undefined;
}

/**
 * Defines an operator: a step that runs for each record, the functions it calls, and the state it keeps. The built-in
 * operators are defined with it too.
 *
 * The step is called with the record, the state, `emit`, and an object with the operator's functions and constants. Like the
 * functions of stages it is taken in by its source, so it sees nothing but these. It may emit none, one or many records;
 * what it has emitted doesn't change any more when its state does. Layouts that are not declared are read off what it stores
 * and emits. For each key the state takes 8 bytes for each part of the key and its record, padded to 8 bytes, and some 5 to
 * 7 bytes of index.
 *
 * What is wrong with a definition is told by the `stage()` that uses it.
 *
 * @param spec `name`, `functions`, `key`, `state`, `seed`, `values`, `constants`, `tables`, `using`, `out`, `maxKeys`,
 *   `step`.
 * @returns A description; it does nothing until a stage takes it in, and may be given to any number of stages.
 *
 * @example Every third record
 * ```ts
 * import { createEngine, defineOperator, f64, struct } from 'roda-rx';
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
 *
 * const engine = createEngine({ placement: 'inline' });
 * const numbers = engine.source(struct({ n: f64 }));
 * const seen: number[] = [];
 * numbers.stage(everyThird()).subscribe(({ n }) => seen.push(n));
 * for (let n = 1; n <= 7; n++) numbers.next({ n });
 * await engine.close();
 * if (seen.join() !== '3,6') throw new Error(`saw ${seen}`);
 * ```
 *
 * @example The first record of each key
 * ```ts
 * import { createEngine, defineOperator, type Key, struct, u32 } from 'roda-rx';
 *
 * function firstBy<T extends object>(key: (record: Readonly<T>) => Key) {
 *   return defineOperator<T, T, { seen: boolean }, { key: typeof key }>({
 *     name: 'firstBy',
 *     functions: { key },
 *     key: 'key',
 *     step: (record, state, emit) => {
 *       if (!state.exists) {
 *         state.set({ seen: true });
 *         emit(record);
 *       }
 *     },
 *   });
 * }
 *
 * const engine = createEngine({ placement: 'inline' });
 * const orders = engine.source(struct({ customer: u32, amount: u32 }));
 * const seen: number[] = [];
 * orders.stage(firstBy((o) => o.customer)).subscribe(({ amount }) => seen.push(amount));
 * orders.nextMany({ customer: [1, 2, 1, 3], amount: [10, 20, 30, 40] });
 * await engine.close();
 * if (seen.join() !== '10,20,40') throw new Error(`saw ${seen}`);
 * ```
 */
export function defineOperator<In, Out, S = unknown, F = unknown, C = unknown, D = {}>(
  spec: OperatorSpec<In, Out, S, F, C, D>,
): Fused<In, Out> {
  checkOptions('an operator', spec, SPEC);
  checkLayout(spec.name, 'out', spec.out);
  checkLayout(spec.name, 'state', spec.state);
  checkKey(spec);
  const functions: Record<string, AnyFunction> = {};
  for (const [name, fn] of Object.entries(
    (spec.functions ?? {}) as Record<string, AnyFunction | undefined>,
  )) {
    if (typeof fn !== 'function') {
      const takes = Object.keys(spec.functions ?? {}).map((of) => (of === name ? arrowFor(of, fn) : of));
      const detail = `\n\nPass an arrow function for it: ${spec.name}(${takes.join(', ')})`;
      const type = fn === undefined || typeof fn === 'object' ? describe(fn) : `a ${typeof fn}`;
      throw fail('NOT_A_FUNCTION', { where: `${name} of ${spec.name}`, type, detail });
    }
    functions[name] = fn;
  }
  const definition: OperatorDefinition = {
    name: spec.name,
    functions,
    key: spec.key,
    state: spec.state as Struct<unknown> | undefined,
    seed: spec.seed as Readonly<Record<string, unknown>> | undefined,
    values: spec.values ?? [],
    constants: (spec.constants ?? {}) as Readonly<Record<string, unknown>>,
    tables: (spec.tables ?? {}) as KeyedTables,
    using: spec.using ?? {},
    out: spec.out as Struct<unknown> | undefined,
    maxKeys: spec.maxKeys ?? DEFAULT_MAX_KEYS,
    isBounded: spec.maxKeys !== undefined,
    step: spec.step as AnyFunction,
    input: undefined,
  };
  return { kind: 'fused', operators: [definition] };
}

const SPEC = 'name functions key state seed values constants tables using out maxKeys step'.split(' ');

/** @throws {TypeError} OPTION for a key that is none of the functions, or a seed beside a key. */
function checkKey(
  spec: Pick<OperatorDefinition, 'name'> & { key?: unknown; seed?: unknown; functions?: unknown },
): void {
  const { name, key, seed, functions } = spec;
  if (key === undefined) return;
  const names = Object.keys((functions ?? {}) as object);
  const refuse = (option: string, found: string, allowed: string) =>
    fail('OPTION', { what: name, option, found, allowed });
  if (!names.includes(key as string))
    throw refuse(
      'key',
      describe(key),
      `the name of one of its functions (${names.join(', ') || 'it has none'})`,
    );
  if (seed !== undefined)
    throw refuse('seed', 'given beside a key', 'one without a key: with it each key begins without a state');
}

/** The function that was meant by the name of a field, where that can be told. */
function arrowFor(name: string, given: unknown): string {
  const isField = name === 'key' && typeof given === 'string' && /^[A-Za-z_]\w*$/.test(given);
  return isField ? `(r) => r.${given}` : name;
}

export type { Using };
