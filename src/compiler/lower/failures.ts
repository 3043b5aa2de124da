// The failures that operations can end in, and the errors that JavaScript makes of them: those of the js backend.
import { fail } from '../../errors/index.js';
import type { FailureSite } from '../wasm-program.js';

const RAISE = {
  /** An index outside of a fixed array. */
  index: (index: number, length: number): never => {
    throw fail('INDEX_RANGE', { index, length });
  },
  /** A bigint divided by 0n. */
  division: () => BigInt(1) / BigInt(0),
  /** `BigInt(x)` of a number that is not a whole one. */
  fraction: (x: number) => BigInt(x),
  /** A shift that makes a bigint longer than the engine allows. */
  bigintSize: () => BigInt(1) << (BigInt(1) << BigInt(62)),
};

export type FailureKind = keyof typeof RAISE;

/** Throws the error of a failure. */
export function raise(kind: FailureKind, a: number, b: number): never {
  RAISE[kind](a, b);
  throw new Error(`no failure: ${kind}`);
}

/** The error of a failure that the module tells of; not for `next` and `memory`, whose errors JavaScript has already. */
export function failureOf({ kind, errorClass, message = '', at }: FailureSite, a: number, b: number): Error {
  try {
    if (kind === 'tableFull') throw fail('TABLE_FULL', { operator: message, maxKeys: a });
    if (kind === 'throw') {
      const make = ERRORS[errorClass as keyof typeof ERRORS] ?? Error;
      throw new make(message);
    }
    return raise(kind as FailureKind, a, b);
  } catch (thrown) {
    const error = thrown as Error;
    error.stack = `${error.name}: ${error.message}\n    at ${at}`;
    return error;
  }
}

const ERRORS = { Error, TypeError, RangeError, SyntaxError, EvalError, URIError, ReferenceError };
