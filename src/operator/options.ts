// Options of operators, and their checks: a name that does not exist would otherwise count for nothing, silently.
import { fail } from '../errors/index.js';
import { describe, isStruct } from '../schema/index.js';

/**
 * Checks what an operator is given as its options.
 *
 * @param known The options that it has.
 * @throws {TypeError} OPTIONS for something else than an object, OPTION for an option that does not exist.
 */
export function checkOptions(operator: string, options: unknown, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    const found = describe(options);
    throw fail('OPTIONS', { what: operator, found, allowed: known.join(', ') });
  }
  for (const option of Object.keys(options)) {
    if (known.includes(option)) continue;
    const using = known.includes('using') ? `; what functions use goes into \`using: { ${option} }\`` : '';
    throw fail('OPTION', {
      what: operator,
      option,
      found: 'unknown',
      allowed: `${known.join(', ')}${using}`,
    });
  }
}

/** @throws {TypeError} OPTION if a layout is given that is no struct. */
export function checkLayout(operator: string, option: string, given: unknown): void {
  if (given === undefined || isStruct(given)) return;
  throw fail('OPTION', { what: operator, option, found: describe(given), allowed: 'a struct' });
}
