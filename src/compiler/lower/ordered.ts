// What is known of doubles by how they are made: which of them can't be NaN, and which can't be -0.
import type { Builder } from './builder.js';
import type { Expression } from './ir.js';

/** Whether a double is a number for sure. */
export function isNeverNaN(builder: Builder, e: Expression): boolean {
  switch (e.op) {
    case 'const':
      return !Number.isNaN(e.value);
    case 'get': {
      const value = e.of.kind === 'local' ? builder.valueOf(e.of) : undefined;
      return value !== undefined && isNeverNaN(builder, value);
    }
    case 'unary':
      if (e.code.startsWith('f64.convert')) return true;
      return /^f64\.(floor|ceil|trunc|nearest|neg|abs)$/.test(e.code) && isNeverNaN(builder, e.a);
    case 'binary':
      switch (e.code) {
        case 'f64.min':
        case 'f64.max':
          return isNeverNaN(builder, e.a) && isNeverNaN(builder, e.b);
        // Infinities only make a NaN with each other and with 0.
        case 'f64.add':
        case 'f64.sub':
        case 'f64.mul':
          return (isFactor(e.b) && isNeverNaN(builder, e.a)) || (isFactor(e.a) && isNeverNaN(builder, e.b));
        case 'f64.div':
          return isFactor(e.b) && isNeverNaN(builder, e.a);
        default:
          return false;
      }
    case 'select':
    case 'choose':
      return isNeverNaN(builder, e.a) && isNeverNaN(builder, e.b);
    default:
      return false;
  }
}

/** Whether a double is 0 or above, or NaN, and not -0, for sure. */
export function isNeverBelowZero(builder: Builder, e: Expression): boolean {
  switch (e.op) {
    case 'const':
      return typeof e.value === 'number' && e.value >= 0 && !Object.is(e.value, -0);
    case 'get': {
      const value = e.of.kind === 'local' ? builder.valueOf(e.of) : undefined;
      return value !== undefined && isNeverBelowZero(builder, value);
    }
    case 'unary':
      if (e.code === 'f64.convert_i32_u' || e.code === 'f64.convert_i64_u') return true;
      return /^f64\.(floor|ceil|trunc|nearest|sqrt)$/.test(e.code) && isNeverBelowZero(builder, e.a);
    case 'binary':
      switch (e.code) {
        case 'f64.min':
        case 'f64.max':
        case 'f64.add':
        case 'f64.mul':
        case 'f64.div':
          return isNeverBelowZero(builder, e.a) && isNeverBelowZero(builder, e.b);
        default:
          return false;
      }
    case 'select':
    case 'choose':
      return isNeverBelowZero(builder, e.a) && isNeverBelowZero(builder, e.b);
    default:
      return false;
  }
}

/** A constant that is neither 0 nor infinite. */
function isFactor(e: Expression): boolean {
  return e.op === 'const' && Number.isFinite(e.value) && e.value !== 0;
}
