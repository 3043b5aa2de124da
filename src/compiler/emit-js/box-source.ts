// Source text of a function whose result is kept as a record: a scalar as `value`, a tuple as `0`, `1`, ….
import type { OperatorPlan } from '../analyse/analyse-operator.js';
import type { Box } from '../analyse/step-scope.js';
import type { FunctionEditor } from './edit-function.js';
import type { DriverContext } from './operator-source.js';

/** The lines that declare function `name`, which returns its result in a box. */
export function boxedFunctionSource(
  editor: FunctionEditor,
  name: string,
  box: Box,
  plan: OperatorPlan,
  using: string | undefined,
  driver: DriverContext,
): string[] {
  if (box.kind === 'record') return [`const ${name} = ${editor.expression(using)};`];
  const put = `${driver.prefix}box${driver.next()}`;
  const names = box.kind === 'scalar' ? ['value'] : (box.type.fieldNames() ?? []);
  const struct = plan.layouts.settle(box.type);
  // Called once in a step, one box is enough; it is a record in scratch memory.
  const single = struct !== undefined && box.sites.size === 1 && !box.repeated;
  const from = (field: string) => (box.kind === 'scalar' ? 'result' : `result[${field}]`);
  const lines = single
    ? [
        `const ${put}v = new V${driver.number(struct)}(${driver.scratch(struct.layout.words)});`,
        `const ${put} = (result) => { ${names.map((field) => `${put}v${access(field)} = ${from(field)};`).join(' ')} return ${put}v; };`,
      ]
    : [
        `const ${put} = (result) => ({ ${names.map((field) => `${JSON.stringify(field)}: ${from(field)}`).join(', ')} });`,
      ];
  for (const { expression, statement } of editor.returns()) {
    // In parentheses of its own: the expression may be a sequence.
    if (expression !== undefined) editor.edits.wrap(expression.start, expression.end, `${put}((`, '))');
    else editor.edits.replace(statement.start, statement.end, `return ${put}(undefined);`);
  }
  return [...lines, `const ${name} = ${editor.expression(using)};`];
}

function access(field: string): string {
  return /^\d+$/.test(field) ? `[${field}]` : `.${field}`;
}
