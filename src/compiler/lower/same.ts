// Whether two records are the same, field by field: doubles by `Object.is`, all else by the bits that are stored.
import { type FieldType, fingerprintOf, type ScalarName, sizeOf } from '../../schema/index.js';
import { isSameAddress } from './bytes.js';
import { objectIs } from './compare.js';
import { type Address, addressOf, helperContext, type LowerContext, type ModuleParts } from './context.js';
import { elementAt, elementBy, elementsOf, fieldOf, repeat } from './fields.js';
import { call, type DefinedFunction, get, i32, local } from './ir.js';
import type { ArrayOperand, BoolOperand, Operand } from './operand.js';
import { describeOperand, refuse } from './reasons.js';
import { isOfType, materialise } from './records.js';
import { coerceScalar, sameStored } from './scalars.js';
import { bool, boolConstant, both, not } from './truth.js';

/** Records of more bytes are compared by a function of their own, which stops at the first difference. */
const MAX_INLINE_BYTES = 64;
const MAX_UNROLLED_ELEMENTS = 8;

/** Whether two operands would be the same if both were stored as a type. */
export function same(ctx: LowerContext, type: FieldType, a: Operand, b: Operand): BoolOperand {
  if (type.kind === 'scalar') {
    const [x, y] = [a, b].map((one) => coerceScalar(ctx.builder, type.type, one)) as [Operand, Operand];
    return objectIs(ctx.builder, x, y);
  }
  if (type.kind === 'struct') {
    const { struct } = type;
    const [x, y] = [a, b].map((one) => (one.kind === 'union' ? materialise(ctx, struct, one) : one)) as [
      Operand,
      Operand,
    ];
    if (x.kind === 'record' && y.kind === 'record' && isOfType(x, type) && isOfType(y, type))
      return sameInMemory(ctx, type, x, y);
    return struct.layout.fields.reduce(
      (all, { name, type }) => both(all, same(ctx, type, fieldOr(ctx, x, name), fieldOr(ctx, y, name))),
      boolConstant(true),
    );
  }
  if (a.kind === 'array' && b.kind === 'array' && isOfType(a, type) && isOfType(b, type))
    return sameInMemory(ctx, type, a, b);
  const [x, y] = [elementsOf(ctx, a), elementsOf(ctx, b)];
  if (x?.length !== type.length || y?.length !== type.length)
    return refuse(`${describeOperand(a)} and ${describeOperand(b)} are compared as arrays of ${type.length}`);
  let all = boolConstant(true);
  for (let i = 0; i < type.length; i++) all = both(all, same(ctx, type.element, x.at(i), y.at(i)));
  return all;
}

const fieldOr = (ctx: LowerContext, operand: Operand, name: string): Operand =>
  fieldOf(ctx, operand, name) ?? refuse(`${describeOperand(operand)} is compared as a record`);

function sameInMemory(ctx: LowerContext, type: FieldType, a: Address, b: Address): BoolOperand {
  if (isSameAddress(a, b)) return boolConstant(true);
  const { builder, module } = ctx;
  if (sizeOf(type) > MAX_INLINE_BYTES)
    return bool(builder.pin(call(comparer(module, type), addressOf(a), addressOf(b)), 'same'));
  let all = boolConstant(true);
  eachScalar(type, 0, (scalar, offset) => {
    all = both(all, sameStored(builder, scalar, moved(a, offset), moved(b, offset)));
  });
  return all;
}

const moved = ({ address, offset }: Address, by: number): Address => ({ address, offset: offset + by });

function eachScalar(
  type: FieldType,
  offset: number,
  visit: (type: ScalarName, offset: number) => void,
): void {
  if (type.kind === 'scalar') visit(type.type, offset);
  else if (type.kind === 'struct')
    for (const field of type.struct.layout.fields) eachScalar(field.type, offset + field.offset, visit);
  else
    for (let i = 0; i < type.length; i++) eachScalar(type.element, offset + i * sizeOf(type.element), visit);
}

/** The function that compares two records or arrays of a type in memory, up to the first difference. */
function comparer(module: ModuleParts, type: FieldType): DefinedFunction {
  const params = [local('i32', 'a'), local('i32', 'b')] as const;
  return module.helper(`same ${fingerprintOf(type)}`, params, 'i32', (fn) => {
    const ctx = helperContext(module, fn);
    const [a, b] = params.map((param) => ({ address: get(param), offset: 0 })) as [Address, Address];
    compare(ctx, type, a, b);
    ctx.builder.add({ op: 'return', value: i32(1) });
  });
}

/** Returns 0 at the first difference. */
function compare(ctx: LowerContext, type: FieldType, a: Address, b: Address): void {
  const { builder } = ctx;
  if (type.kind === 'struct') {
    for (const field of type.struct.layout.fields)
      compare(ctx, field.type, moved(a, field.offset), moved(b, field.offset));
  } else if (type.kind === 'array') {
    const [x, y] = [a, b].map((at) => ({ kind: 'array', type, ...at })) as [ArrayOperand, ArrayOperand];
    if (type.length > MAX_UNROLLED_ELEMENTS)
      repeat(ctx, type.length, (i) => compare(ctx, type.element, elementBy(ctx, x, i), elementBy(ctx, y, i)));
    else for (let i = 0; i < type.length; i++) compare(ctx, type.element, elementAt(x, i), elementAt(y, i));
  } else {
    const differs = not(sameStored(builder, type.type, a, b));
    builder.when(differs.value, [{ op: 'return', value: i32(0) }]);
  }
}
