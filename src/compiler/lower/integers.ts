// Doubles as integers modulo 2^32 and 2^64: ToInt32 of bit operators and stores, BigInt.asIntN of whole numbers.
import type { Builder } from './builder.js';
import {
  type BinaryOp,
  binary,
  call,
  type DefinedFunction,
  type Expression,
  f64,
  get,
  i32,
  i64,
  local,
  unary,
} from './ir.js';

const TWO_63 = 2 ** 63;
const TWO_64 = 2 ** 64;
const SAFE = 2 ** 53;

/** The integer below 2^53 in magnitude that a sum, difference or product of integers can't exceed, if there is one. */
function magnitudeOf(e: Expression): number | undefined {
  if (e.op === 'const') return Number.isInteger(e.value) ? safe(Math.abs(Number(e.value))) : undefined;
  if (e.op === 'unary') {
    if (e.code === 'f64.convert_i32_s') return 2 ** 31;
    if (e.code === 'f64.convert_i32_u') return 2 ** 32;
    return e.code === 'f64.neg' ? magnitudeOf(e.a) : undefined;
  }
  if (e.op !== 'binary' || INTEGER[e.code] === undefined) return undefined;
  const a = magnitudeOf(e.a);
  const b = magnitudeOf(e.b);
  if (a === undefined || b === undefined) return undefined;
  return safe(e.code === 'f64.mul' ? a * b : a + b);
}

const safe = (magnitude: number): number | undefined => (magnitude <= SAFE ? magnitude : undefined);

/** Operations on doubles that are exact on integers of known magnitude. */
const INTEGER: { readonly [code: string]: BinaryOp } = {
  'f64.add': 'i32.add',
  'f64.sub': 'i32.sub',
  'f64.mul': 'i32.mul',
};

/** An integer expression of known magnitude, modulo 2^32. */
function wrapped(e: Expression): Expression {
  if (e.op === 'const') return i32(Number(e.value));
  if (e.op === 'unary') return e.code === 'f64.neg' ? binary('i32.sub', i32(0), wrapped(e.a)) : e.a;
  if (e.op !== 'binary') throw new Error(`not an integer: ${e.op}`);
  return binary(INTEGER[e.code] as BinaryOp, wrapped(e.a), wrapped(e.b));
}

/** ToInt32 of a double, the bits of ToUint32 as well. */
export function toInt32(builder: Builder, e: Expression): Expression {
  if (e.op === 'unary' && e.code === 'f64.trunc') return toInt32(builder, e.a);
  if (e.op === 'const') return i32(Number(e.value));
  return magnitudeOf(e) === undefined ? unary('i32.wrap_i64', toInt64(builder, e)) : wrapped(e);
}

/** The whole part of a double modulo 2^64; 0 of NaN and the infinities. */
export function toInt64(builder: Builder, e: Expression): Expression {
  if (e.op === 'const') {
    const value = Number(e.value);
    return i64(Number.isFinite(value) ? BigInt(Math.trunc(value)) : 0n);
  }
  if (e.op === 'unary') {
    switch (e.code) {
      case 'f64.trunc':
        return toInt64(builder, e.a);
      case 'f64.convert_i32_s':
        return unary('i64.extend_i32_s', e.a);
      case 'f64.convert_i32_u':
        return unary('i64.extend_i32_u', e.a);
      case 'f64.convert_i64_s':
      case 'f64.convert_i64_u': {
        // A safe integer is the same before and after it was a double.
        const bits = builder.pin(e.a, 'whole');
        const isSafe =
          e.code === 'f64.convert_i64_u'
            ? binary('i64.le_u', bits, i64(BigInt(SAFE)))
            : binary('i64.le_u', binary('i64.add', bits, i64(BigInt(SAFE))), i64(BigInt(2 * SAFE)));
        return choose(isSafe, bits, call(wrap64, unary(e.code, bits)));
      }
    }
  }
  const x = builder.pin(e, 'x');
  const isIn64 = binary('f64.lt', unary('f64.abs', x), f64(TWO_63));
  return choose(isIn64, unary('i64.trunc_sat_f64_s', x), call(wrap64, x));
}

const choose = (condition: Expression, a: Expression, b: Expression): Expression => ({
  op: 'choose',
  type: 'i64',
  condition,
  a,
  b,
});

/** `toInt64` of any double: what is left of dividing by 2^64 is exact, and of an infinity it is NaN. */
const wrap64 = ((): DefinedFunction => {
  const param = local('f64', 'x');
  const x = get(param);
  const wraps = unary('f64.trunc', binary('f64.mul', x, f64(1 / TWO_64)));
  const rest = binary('f64.sub', x, binary('f64.mul', wraps, f64(TWO_64)));
  const whole = unary('i64.trunc_sat_f64_u', unary('f64.abs', rest));
  const isNegative = binary('f64.lt', x, f64(0));
  const value = binary('i64.mul', whole, choose(isNegative, i64(-1n), i64(1n)));
  return {
    kind: 'defined',
    name: 'wrap64',
    params: [param],
    result: 'i64',
    body: [{ op: 'return', value }],
  };
})();
