// Walks over expressions and statements of the intermediate representation.
import type { Expression, Statement } from './ir.js';

/** What an expression or statement consists of, for a walk over all of them. */
export function partsOf(node: Expression | Statement): readonly (Expression | Statement)[] {
  switch (node.op) {
    case 'const':
    case 'get':
    case 'unreachable':
    case 'comment':
      return [];
    case 'unary':
      return [node.a];
    case 'binary':
      return [node.a, node.b];
    case 'select':
    case 'choose':
      return [node.a, node.b, node.condition];
    case 'load':
      return [node.address];
    case 'call':
      return node.args;
    case 'set':
      return [node.value];
    case 'store':
      return [node.address, node.value];
    case 'run':
      return [node.call];
    case 'if':
      return [node.condition, ...node.consequent, ...node.alternate];
    case 'block':
    case 'loop':
      return node.body;
    case 'break':
      return node.condition === undefined ? [] : [node.condition];
    case 'copy':
      return [node.to, node.from, node.bytes];
    case 'fill':
      return [node.to, node.byte, node.bytes];
    case 'return':
      return node.value === undefined ? [] : [node.value];
  }
}

/** Calls `visit` for everything in a body. */
export function walkBody(
  body: readonly (Expression | Statement)[],
  visit: (node: Expression | Statement) => void,
): void {
  for (const node of body) {
    visit(node);
    walkBody(partsOf(node), visit);
  }
}
