// Parameters that nothing is passed for: an operator passes its arguments, and `using` comes last.
import { compileError } from '../diagnostics/compile-error.js';
import { callSo } from '../diagnostics/remedies.js';
import { counting } from '../diagnostics/rewrites.js';
import { patternNames } from '../parse/scopes.js';
import type { Analysis } from './analysis.js';
import type { UsedFunction } from './using.js';

/**
 * @throws {TypeError} PARAMETER_UNFILLED for a parameter that is read though its operator doesn't pass it.
 */
export function checkPassed(fn: UsedFunction, analysis: Analysis): void {
  const { parsed, using } = fn;
  const passed = analysis.passed.get(parsed.node)?.most;
  if (passed === undefined) return;
  const { params } = parsed.node;
  params.forEach((param, i) => {
    if (i < passed || param.type === 'RestElement' || param.type === 'AssignmentPattern') return;
    const isUsing = i === params.length - 1 && using.entries.size > 0;
    if (isUsing) return;
    const names = patternNames(param);
    const used = names.some((name) => {
      const binding = parsed.scopes.bindings.get(name);
      return [...parsed.scopes.bindings].some(([node, other]) => other === binding && node !== name);
    });
    if (!used) return;
    const parameter = parsed.text.slice(param.start, param.end);
    const step = i === 1 ? counting(analysis.definition, parsed) : undefined;
    const remedy = step && `Count the records in state:\n\n${callSo(step)}`;
    const spot = { text: parsed.text, node: param };
    throw compileError('PARAMETER_UNFILLED', { parameter, passed }, parsed, spot, remedy);
  });
}
