// What is known of doubles by how they are made: which of them can't be NaN.
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

/** A constant that is neither 0 nor infinite. */
function isFactor(e: Expression): boolean {
  return e.op === 'const' && Number.isFinite(e.value) && e.value !== 0;
}
