// The names that generated code puts into functions: a prefix that none of them uses.
import type { ParsedFunction } from '../parse/parse-function.js';

/** A prefix for injected names that occurs in none of the texts. */
export function freshPrefix(functions: readonly ParsedFunction[]): string {
  let prefix = '$_';
  while (functions.some((fn) => fn.text.includes(prefix))) prefix += '_';
  return prefix;
}

/** `.name`, or `["any name"]`. */
export function member(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}
