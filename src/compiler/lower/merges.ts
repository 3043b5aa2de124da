// Merged literals: where paths meet that bring different literals, one of its own stands for all. As long as more than one of
// them can be reached, none of them may be changed: the others would not show it.
import type { Merges } from './control.js';
import type { Environment } from './environment.js';
import type { Operand, SingleOperand } from './operand.js';

/** Whether changing a literal can be seen in itself only. */
export function canBeWritten(literal: SingleOperand, env: Environment, merges: Merges): boolean {
  const own = standsFor(literal, merges);
  for (const other of reachable(env)) {
    if (other === literal) continue;
    for (const one of standsFor(other, merges)) if (own.has(one)) return false;
  }
  return true;
}

/** A literal and all that it stands for. */
function standsFor(literal: SingleOperand, merges: Merges): Set<SingleOperand> {
  const found = new Set([literal]);
  for (const one of found) for (const original of merges.get(one) ?? []) found.add(original);
  return found;
}

/** The literals that cells hold. */
function reachable(env: Environment): Set<SingleOperand> {
  const found = new Set<SingleOperand>();
  const visit = (operand: Operand): void => {
    if (operand.kind === 'union') for (const alternative of operand.alternatives) visit(alternative);
    else if (operand.kind === 'object' || operand.kind === 'tuple') found.add(operand);
  };
  for (const { operand } of env.cells.values()) visit(operand);
  return found;
}
