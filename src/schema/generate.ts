// Turns generated source text into functions.
import { fail } from '../errors/index.js';

/**
 * The function with these parameters and this body.
 *
 * @param what What it is for, for the error.
 * @throws {Error} CODEGEN_FORBIDDEN where the environment forbids code generation.
 */
export function generate<F>(what: string, parameters: readonly string[], body: string): F {
  try {
    return new Function(...parameters, `'use strict';\n${body}`) as F;
  } catch (error) {
    if (error instanceof EvalError) throw fail('CODEGEN_FORBIDDEN', { what }, { cause: error });
    throw error;
  }
}
