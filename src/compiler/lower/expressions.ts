// Makers of expressions that see what can be said shorter.
import { type BinaryOp, binary, type Expression, i32, unary, type ValueType } from './ir.js';

const OPPOSITE: { readonly [code in BinaryOp]?: BinaryOp } = {
  'i32.eq': 'i32.ne',
  'i32.ne': 'i32.eq',
  'i32.lt_s': 'i32.ge_s',
  'i32.ge_s': 'i32.lt_s',
  'i32.gt_s': 'i32.le_s',
  'i32.le_s': 'i32.gt_s',
  'i32.lt_u': 'i32.ge_u',
  'i32.ge_u': 'i32.lt_u',
  'i32.gt_u': 'i32.le_u',
  'i32.le_u': 'i32.gt_u',
  'i64.eq': 'i64.ne',
  'i64.ne': 'i64.eq',
  'f64.eq': 'f64.ne',
  'f64.ne': 'f64.eq',
};

/** 1 where a condition is 0, else 0. */
export function negate(condition: Expression): Expression {
  if (condition.op === 'const') return i32(condition.value ? 0 : 1);
  if (condition.op === 'unary' && condition.code === 'i32.eqz' && isBoolean(condition.a)) return condition.a;
  if (condition.op === 'binary') {
    const opposite = OPPOSITE[condition.code];
    if (opposite !== undefined) return binary(opposite, condition.a, condition.b);
  }
  return unary('i32.eqz', condition);
}

/** Whether an expression is 0 or 1 for sure. */
export function isBoolean(e: Expression): boolean {
  switch (e.op) {
    case 'const':
      return e.type === 'i32' && (e.value === 0 || e.value === 1);
    case 'unary':
      return e.code.endsWith('.eqz');
    case 'binary':
      if (/\.(eq|ne|lt|gt|le|ge)/.test(e.code)) return true;
      return /^i32\.(and|or|xor)$/.test(e.code) && isBoolean(e.a) && isBoolean(e.b);
    case 'select':
    case 'choose':
      return e.type === 'i32' && isBoolean(e.a) && isBoolean(e.b);
    default:
      return false;
  }
}

/** `condition ? a : b` of expressions without effects; cheap truth values without a branch. */
export function conditional(
  type: ValueType,
  condition: Expression,
  a: Expression,
  b: Expression,
): Expression {
  if (condition.op === 'const') return condition.value ? a : b;
  if (type === 'i32' && isBoolean(condition)) {
    if (isZero(b) && isBoolean(a) && isCheap(a))
      return isOne(a) ? condition : binary('i32.and', condition, a);
    if (isOne(a) && isBoolean(b) && isCheap(b)) return binary('i32.or', condition, b);
    if (isZero(a) && isBoolean(b) && isCheap(b))
      return isOne(b) ? negate(condition) : binary('i32.and', negate(condition), b);
    if (isOne(b) && isBoolean(a) && isCheap(a)) return binary('i32.or', negate(condition), a);
  }
  return { op: isCheap(a) && isCheap(b) ? 'select' : 'choose', type, condition, a, b };
}

const isZero = (e: Expression): boolean => e.op === 'const' && e.value === 0;
const isOne = (e: Expression): boolean => e.op === 'const' && e.value === 1;

const CHEAP_OPERATIONS = 4;

/** Whether evaluating an expression for nothing costs less than a branch. */
export function isCheap(e: Expression): boolean {
  return cost(e) <= CHEAP_OPERATIONS;
}

function cost(e: Expression): number {
  switch (e.op) {
    case 'const':
    case 'get':
      return 0;
    case 'unary':
      return cost(e.a) + (e.code === 'f64.sqrt' ? 10 : 1);
    case 'binary':
      return cost(e.a) + cost(e.b) + (/div|rem/.test(e.code) ? 10 : 1);
    case 'select':
    case 'choose':
      return cost(e.condition) + cost(e.a) + cost(e.b) + 2;
    default:
      return 100;
  }
}
