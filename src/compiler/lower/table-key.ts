// The keys of a table: how their parts are hashed, compared, stored and loaded. The layout is that of operator/table-layout.ts.
//
// Parts of 32 bits are i32, all others i64: doubles by their bits, of which 0 and NaN have one form each.
import {
  HASH_FINISH,
  HASH_ROUND,
  HASH_SEED,
  isHalf,
  type KeyPart,
  NAN_HIGH,
  NAN_LOW,
} from '../../operator/table-layout.js';
import type { Builder } from './builder.js';
import { add, and, cellAt, mul, shr, value, xor } from './cells.js';
import {
  binary,
  type Expression,
  f64,
  get,
  i32,
  i64,
  type Local,
  local,
  unary,
  type ValueType,
} from './ir.js';
import { isNeverBelowZero, isNeverNaN } from './ordered.js';

const NAN_BITS = (BigInt(NAN_HIGH) << 32n) | BigInt(NAN_LOW);

/** What a part is handed over as. */
export function partType(part: KeyPart): ValueType {
  return isHalf(part) ? 'i32' : 'i64';
}

/** A part as tables take it, of an i32, f64 or i64 as the part has it. */
export function keyPart(builder: Builder, part: KeyPart, of: Expression): Expression {
  if (part !== 'f64') return builder.pin(of, 'part');
  const x = builder.pin(of, 'part');
  // Adding 0 makes 0 of -0.
  const unsigned = isNeverBelowZero(builder, of) ? x : binary('f64.add', x, f64(0));
  const bits = unary('i64.reinterpret_f64', unsigned);
  if (isNeverNaN(builder, of)) return builder.pin(bits, 'bits');
  const condition = binary('f64.eq', x, x);
  return builder.pin({ op: 'select', type: 'i64', condition, a: bits, b: i64(NAN_BITS) }, 'bits');
}

/** The hash of a key's parts, bound to a local. */
export function hashOf(b: Builder, parts: readonly Expression[]): Local {
  const h = local('i32', 'hash');
  b.set(h, i32(HASH_SEED));
  const mix = (half: Expression): void => {
    b.set(h, mul(xor(h, half), HASH_ROUND));
    b.set(h, xor(h, shr(h, 13)));
  };
  for (const part of parts) {
    if (isLong(part)) {
      mix(unary('i32.wrap_i64', part));
      mix(unary('i32.wrap_i64', binary('i64.shr_u', part, i64(32n))));
    } else mix(part);
  }
  b.set(h, xor(h, shr(h, 16)));
  b.set(h, mul(h, HASH_FINISH));
  b.set(h, xor(h, shr(h, 15)));
  return h;
}

function isLong(part: Expression): boolean {
  switch (part.op) {
    case 'const':
      return part.type === 'i64';
    case 'get':
      return part.of.type === 'i64';
    default:
      return part.op === 'load' && part.code === 'i64.load';
  }
}

/** A part of the entry at a byte address. */
export function storedPart(entry: Expression | Local, part: KeyPart, i: number): Expression {
  if (isHalf(part)) return cellAt(entry, 2 * i);
  return { op: 'load', code: 'i64.load', address: value(entry), offset: 8 * i };
}

/** Whether the key of the entry at a byte address has these parts. */
export function hasKey(
  entry: Expression | Local,
  kinds: readonly KeyPart[],
  parts: readonly Expression[],
): Expression {
  const equal = kinds.map((kind, i) =>
    binary(isHalf(kind) ? 'i32.eq' : 'i64.eq', storedPart(entry, kind, i), parts[i] as Expression),
  );
  return equal.reduce((a, b) => and(a, b));
}

/** Stores the parts of a key into the entry at a byte address. */
export function storeKey(
  b: Builder,
  entry: Local,
  kinds: readonly KeyPart[],
  parts: readonly Expression[],
): void {
  kinds.forEach((kind, i) => {
    const code = isHalf(kind) ? 'i32.store' : 'i64.store';
    b.add({ op: 'store', code, address: get(entry), offset: 8 * i, value: parts[i] as Expression });
  });
}

/** The hash of the key that is stored at a byte address. */
export function hashOfStored(b: Builder, entry: Local, kinds: readonly KeyPart[]): Local {
  const parts = kinds.map((kind, i) => {
    const part = local(partType(kind), 'part');
    b.set(part, storedPart(entry, kind, i));
    return get(part);
  });
  return hashOf(b, parts);
}

/** The byte address of a state, of that of its entry. */
export function stateOf(entry: Expression | Local, kinds: readonly KeyPart[]): Expression {
  return add(entry, 8 * kinds.length);
}
