// The functions of JavaScript that operations call, by the names under which modules import them.
import { sharedNow } from '../../journal/index.js';
import type { ValueType } from './ir.js';

const OTHERS: Readonly<Record<string, (...args: number[]) => number>> = {
  '%': (a = 0, b = 0) => a % b,
  'Date.now': () => Date.now(),
  'performance.now': () => performance.now(),
  sharedNow,
};

/** The name and type of a function from doubles to a double, for `ModuleParts.importFunction`. */
export function doubleImport(name: string, arity: number): [string, readonly ValueType[], ValueType] {
  return [`${name}/${arity}`, Array(arity).fill('f64'), 'f64'];
}

/** What an import of `doubleImport` is; undefined for other names. */
export function importedOperation(name: string): ((...args: number[]) => number) | undefined {
  const [, of = ''] = /^(.*)\/\d+$/.exec(name) ?? [];
  if (of.startsWith('Math.')) return Math[of.slice('Math.'.length) as 'hypot'];
  return OTHERS[of];
}

/** Whether an import of `doubleImport` does nothing but work out its result. */
export const isPureImport = (name: string): boolean =>
  name.startsWith('%/') || (name.startsWith('Math.') && !name.startsWith('Math.random/'));
