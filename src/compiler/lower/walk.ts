// Walks over expressions and statements of the intermediate representation.
import type { Expression, Statement } from './ir.js';

/** What an expression or statement consists of, for a walk over all of them. */
export function partsOf(node: Expression | Statement): readonly (Expression | Statement)[] {
  const parts: (Expression | Statement)[] = [];
  eachPart(node, (part) => parts.push(part));
  return parts;
}

/** Calls `visit` for what an expression or statement consists of, in the order of evaluation. */
export function eachPart(node: Expression | Statement, visit: (part: Expression | Statement) => void): void {
  switch (node.op) {
    case 'const':
    case 'get':
    case 'unreachable':
    case 'comment':
      return;
    case 'unary':
      visit(node.a);
      return;
    case 'binary':
      visit(node.a);
      visit(node.b);
      return;
    case 'select':
    case 'choose':
      visit(node.a);
      visit(node.b);
      visit(node.condition);
      return;
    case 'load':
      visit(node.address);
      return;
    case 'call':
      for (const arg of node.args) visit(arg);
      return;
    case 'set':
      visit(node.value);
      return;
    case 'store':
      visit(node.address);
      visit(node.value);
      return;
    case 'run':
      visit(node.call);
      return;
    case 'if':
      visit(node.condition);
      for (const statement of node.consequent) visit(statement);
      for (const statement of node.alternate) visit(statement);
      return;
    case 'block':
    case 'loop':
      for (const statement of node.body) visit(statement);
      return;
    case 'break':
      if (node.condition !== undefined) visit(node.condition);
      return;
    case 'copy':
      visit(node.to);
      visit(node.from);
      visit(node.bytes);
      return;
    case 'return':
      if (node.value !== undefined) visit(node.value);
      return;
  }
}

/** Calls `visit` for everything in a body. */
export function walkBody(
  body: readonly (Expression | Statement)[],
  visit: (node: Expression | Statement) => void,
): void {
  const walk = (node: Expression | Statement): void => {
    visit(node);
    eachPart(node, walk);
  };
  for (const node of body) walk(node);
}
