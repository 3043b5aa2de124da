// What operators make of their operands.
import { inItsPlace, textOf } from '../diagnostics/remedies.js';
import type { Node } from '../parse/ast.js';
import type { Activation } from './activation.js';
import {
  BOOL,
  bigintOf,
  F64,
  isNever,
  join,
  joinBigintTypes,
  NEVER,
  only,
  STRING,
  textConstant,
  textLiteral,
  unknown,
  type Value,
} from './value.js';

const COMPARISONS = new Set(['==', '!=', '===', '!==', '<', '<=', '>', '>=', 'in', 'instanceof']);

/** What `left operator right` may be. */
export function binary(act: Activation, node: Node, operator: string, left: Value, right: Value): Value {
  if (COMPARISONS.has(operator)) return BOOL;
  if (isNever(left) || isNever(right)) return NEVER;
  if (operator === '+' && (isStringy(left) || isStringy(right))) {
    const a = textConstant(left);
    const b = textConstant(right);
    return a !== undefined && b !== undefined ? textLiteral(a + b) : joinText(left, right);
  }
  const mixed =
    (only(left, 'bigint') && only(right, 'number')) || (only(left, 'number') && only(right, 'bigint'));
  if (mixed) bigintMixed(act, node, operator, left.bigint !== undefined);
  const big =
    left.bigint && right.bigint
      ? bigintOf(joinBigintTypes(left.bigint.type, right.bigint.type))
      : left.bigint && right.unknown
        ? bigintOf(left.bigint.type)
        : right.bigint && left.unknown
          ? bigintOf(right.bigint.type)
          : NEVER;
  if (operator === '+' && (left.unknown || right.unknown)) {
    return unknown('a sum with something unknown');
  }
  if (only(left, 'bigint') || only(right, 'bigint')) return big;
  return join(F64, big);
}

/** A literal becomes a bigint; of everything else, the bigint becomes a number. */
function bigintMixed(act: Activation, node: Node, operator: string, isLeftBig: boolean): void {
  const { analysis, source } = act;
  if (!analysis.reporting) return;
  let remedy: string | undefined;
  if (node.type === 'BinaryExpression' || node.type === 'AssignmentExpression') {
    const [big, other] = isLeftBig ? [node.left, node.right] : [node.right, node.left];
    const isInteger = other.type === 'Literal' && Number.isInteger(other.value);
    const isAssigned = node.type === 'AssignmentExpression';
    const sides = new Map<Node, string>();
    if (isInteger) sides.set(other, `${textOf(source.text, other)}n`);
    else if (isAssigned && isLeftBig) sides.set(other, `BigInt(Math.trunc(${textOf(source.text, other)}))`);
    else sides.set(big, `Number(${textOf(source.text, big)})`);
    const side = (of: Node): string => sides.get(of) ?? textOf(source.text, of);
    remedy = inItsPlace(`${side(node.left)} ${isAssigned ? node.operator : operator} ${side(node.right)}`);
  }
  const mixed = `${operator} has a bigint on one side and a number on the other`;
  analysis.problem('BIGINT_MIXED', { mixed }, act.at(node), remedy);
}

/** What `++` and `--` make of a value. */
export function update(value: Value): Value {
  if (isNever(value)) return NEVER;
  const big = value.bigint ? bigintOf(value.bigint.type) : NEVER;
  return only(value, 'bigint') ? big : join(F64, big);
}

function isStringy(value: Value): boolean {
  return value.text !== undefined || value.string !== undefined;
}

/** A sum with strings on one side: a string, and a number only where neither has to be one. */
function joinText(left: Value, right: Value): Value {
  const sure = only(left, 'text', 'string') || only(right, 'text', 'string');
  return sure ? STRING : join(STRING, F64);
}
