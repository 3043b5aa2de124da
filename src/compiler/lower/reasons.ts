// Why something can't be compiled, and what operands are called there.
import { NotCompilable } from './builder.js';
import type { Operand } from './operand.js';

/** @param reason To be read after "because". */
export function refuse(reason: string): never {
  throw new NotCompilable(reason);
}

const WORDS: Readonly<Record<Exclude<Operand['kind'], 'union' | 'nil' | 'namespace'>, string>> = {
  number: 'a number',
  bool: 'a boolean',
  bigint: 'a bigint',
  text: 'a text',
  record: 'a record',
  array: 'an array',
  object: 'an object',
  tuple: 'an array',
  constant: 'an object',
  closure: 'a function',
  known: 'a function',
};

/** What an operand is, in words. */
export function describeOperand(operand: Operand): string {
  if (operand.kind === 'union') return [...new Set(operand.alternatives.map(describeOperand))].join(' or ');
  if (operand.kind === 'nil') return String(operand.value);
  return operand.kind === 'namespace' ? operand.name : WORDS[operand.kind];
}
