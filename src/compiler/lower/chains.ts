// Optional chains: `a?.b.c`, cut short where something on the way is missing.
import type { Of } from '../parse/ast.js';
import { evaluate } from './evaluate.js';
import { type Operand, UNDEFINED } from './operand.js';
import type { Frame } from './scope.js';

/** What a chain is where nothing cuts it short; else control goes where `cut` jumps. */
export function chain(frame: Frame, node: Of<'ChainExpression'>, cut: () => void): Operand {
  const outer = frame.cut;
  frame.cut = cut;
  try {
    return evaluate(frame, node.expression);
  } finally {
    frame.cut = outer;
  }
}

/** What a chain is: undefined where it is cut short. */
export function chainValue(frame: Frame, node: Of<'ChainExpression'>): Operand {
  const { low } = frame;
  let value: Operand = UNDEFINED;
  const joined = low.either(
    (exit) => {
      value = chain(frame, node, () => low.jump(exit));
    },
    () => value,
    () => UNDEFINED,
  );
  return joined ?? UNDEFINED;
}
