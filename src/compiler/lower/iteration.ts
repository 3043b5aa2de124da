// `for … of`, `for … in`, and whatever else goes over the elements of an array.
import type { Node, Of } from '../parse/ast.js';
import { evaluate, memberName } from './evaluate.js';
import { elementBy, elementsOf, operandAt } from './fields.js';
import { binary, get, i32 } from './ir.js';
import { tupleOf } from './literals.js';
import { looping } from './loops.js';
import type { Lowering } from './lowering.js';
import { fieldNames } from './members.js';
import { number, numberBelow } from './numbers.js';
import type { Operand } from './operand.js';
import { textConstant } from './operators.js';
import { bind } from './patterns.js';
import { describeOperand, refuse } from './reasons.js';
import type { Frame } from './scope.js';
import { execute } from './statements.js';

export function forOfLoop(frame: Frame, node: Of<'ForOfStatement'>, labels: readonly string[]): void {
  const { low } = frame;
  if (node.await) refuse('`for await` waits');
  const entries = ofEntries(node.right);
  const over = low.pinned(evaluate(frame, entries ?? node.right), 'over');
  if (!low.reachable) return;
  const isArray = over.kind === 'array' || over.kind === 'tuple' || over.kind === 'constant';
  if (entries !== undefined && !isArray) refuse(`entries of ${describeOperand(over)} is called`);
  const declares = node.left.type === 'VariableDeclaration';
  const left = node.left.type === 'VariableDeclaration' ? (node.left.declarations[0]?.id as Node) : node.left;
  iterate(low, over, labels, frame, (element, index) => {
    bind(frame, left, entries === undefined ? element : tupleOf(frame, [index, element]), declares);
    if (low.reachable) execute(frame, node.body, []);
  });
}

/** What `entries()` of is gone over. */
function ofEntries(node: Node): Node | undefined {
  if (node.type !== 'CallExpression' || node.arguments.length > 0 || node.optional) return undefined;
  const { callee } = node;
  if (callee.type !== 'MemberExpression' || callee.optional || memberName(callee) !== 'entries')
    return undefined;
  return callee.object.type === 'Super' ? undefined : callee.object;
}

/** `for (const name in record)`: a turn for each field. */
export function forInLoop(frame: Frame, node: Of<'ForInStatement'>, labels: readonly string[]): void {
  const { low } = frame;
  const over = low.pinned(evaluate(frame, node.right), 'over');
  if (!low.reachable) return;
  const names = over.kind === 'union' ? undefined : fieldNames(over);
  if (names === undefined) {
    refuse(`\`for … in\` goes over ${describeOperand(over)}`);
    return;
  }
  const left = node.left.type === 'VariableDeclaration' ? (node.left.declarations[0]?.id as Node) : node.left;
  unrolled(
    frame,
    labels,
    { length: names.length, at: (i) => textConstant(low, names[i] as string) },
    (name) => {
      bind(frame, left, name, node.left.type === 'VariableDeclaration');
      if (low.reachable) execute(frame, node.body, []);
    },
  );
}

/** Literals and tables up to this length are gone over turn by turn. */
const MAX_TURNS = 32;

/** Runs `body` for each element of an array. */
export function iterate(
  low: Lowering,
  over: Operand,
  labels: readonly string[],
  frame: Frame,
  body: (element: Operand, index: Operand) => void,
): void {
  if (over.kind === 'array') {
    const { length } = over.type;
    const i = low.builder.variable('i32', 'i');
    low.builder.set(i, i32(0));
    looping(frame, labels, frame.fn, {
      enter: (broken) => low.branch(binary('i32.ge_u', get(i), i32(length)), () => low.jump(broken)),
      body: () =>
        body(
          operandAt(low, elementBy(low, over, get(i))),
          numberBelow(length, low.builder.pin(get(i), 'index')),
        ),
      next: () => low.builder.set(i, binary('i32.add', get(i), i32(1))),
    });
    return;
  }
  const elements = elementsOf(low, over);
  if (elements === undefined) refuse(`a loop goes over ${describeOperand(over)}`);
  else unrolled(frame, labels, elements, body);
}

function unrolled(
  frame: Frame,
  labels: readonly string[],
  { length, at }: { readonly length: number; at(i: number): Operand },
  body: (element: Operand, index: Operand) => void,
): void {
  const { low } = frame;
  if (length > MAX_TURNS) refuse('a loop goes over a long literal or table');
  low.block('break', (broken) => {
    for (let i = 0; i < length && low.reachable; i++) {
      low.block('continue', (continued) => {
        frame.targets.push({ labels, breakable: true, broken, continued });
        try {
          // An element is read when it is its turn: the turns before may have assigned it.
          frame.inScope(() => body(at(i), number(i32(i), 'i32')));
        } finally {
          frame.targets.pop();
        }
        return undefined;
      });
    }
    return undefined;
  });
}
