// The cell behind an expression that reads one, so that what a test tells of the expression holds for the cell.
import type { Node } from '../parse/ast.js';
import { memberName } from './evaluate.js';
import type { Cell, Operand } from './operand.js';
import type { Frame } from './scope.js';

/** The cell of a variable, a field of a literal, or a member of the state. */
export function placeOf(frame: Frame, node: Node): Cell | undefined {
  if (node.type === 'ParenthesizedExpression') return placeOf(frame, node.expression);
  if (node.type === 'Identifier') return frame.cellOf(node);
  if (node.type !== 'MemberExpression' || node.optional) return undefined;
  const name = memberName(node);
  const object = placeOf(frame, node.object);
  if (name === undefined || object === undefined || !frame.low.reachable) return undefined;
  return cellOfMember(frame.low.read(object), name);
}

function cellOfMember(object: Operand, name: string): Cell | undefined {
  if (object.kind === 'object') return object.fields.get(name);
  return object.kind === 'namespace' ? object.cell?.(name) : undefined;
}
