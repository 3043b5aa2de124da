// `switch`: the first case that equals decides where control enters; from there it falls through.
import type { Of } from '../parse/ast.js';
import { Exit } from './control.js';
import { evaluate } from './evaluate.js';
import type { Statement } from './ir.js';
import { UNDEFINED } from './operand.js';
import { binaryOperator } from './operators.js';
import type { Frame } from './scope.js';
import { statements } from './statements.js';
import { truth } from './truth.js';

export function switchStatement(frame: Frame, node: Of<'SwitchStatement'>, labels: readonly string[]): void {
  const { low } = frame;
  const value = low.pinned(evaluate(frame, node.discriminant), 'switched');
  if (!low.reachable) return;
  low.block('switch', (broken) => {
    frame.targets.push({ labels, breakable: true, broken, continued: undefined });
    frame.inScope(() => {
      const entries = node.cases.map((_, i) => new Exit(`case${i}`));
      let list: Statement[] = low.builder.collect(() => {
        node.cases.forEach(({ test }, i) => {
          const entry = entries[i];
          if (!test || entry === undefined || !low.reachable) return;
          const equal = truth(binaryOperator(low, '===', value, evaluate(frame, test)));
          if (equal.constant === true) low.jump(entry);
          else if (equal.constant === undefined) low.branch(equal.value, () => low.jump(entry));
        });
        low.jump(entries[node.cases.findIndex((one) => !one.test)] ?? broken);
      });
      node.cases.forEach(({ consequent }, i) => {
        const before = list;
        list = low.builder.collect(() => {
          low.close(entries[i] as Exit, before, undefined);
          if (low.reachable) statements(frame, consequent);
        });
      });
      for (const statement of list) low.builder.add(statement);
    });
    frame.targets.pop();
    return low.reachable ? UNDEFINED : undefined;
  });
}
