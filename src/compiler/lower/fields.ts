// Places in memory, and the parts of records, arrays and literals: their fields and elements.
import { type FieldType, sizeOf } from '../../schema/index.js';
import { bigintConstant } from './bigints.js';
import type { Address, LowerContext } from './context.js';
import { binary, type Expression, f64, get, i32, unary } from './ir.js';
import { double, inRep, numberConstant } from './numbers.js';
import {
  type ArrayOperand,
  NULL,
  type Operand,
  type RecordOperand,
  type SingleOperand,
  UNDEFINED,
} from './operand.js';
import { textConstant } from './operators.js';
import { describeOperand, refuse } from './reasons.js';
import { boolConstant } from './truth.js';

/** Where a value of a type is stored. */
export interface Place extends Address {
  readonly type: FieldType;
}

/** A field of a record; undefined if it has none of that name. */
export function fieldPlace({ struct, address, offset }: RecordOperand, name: string): Place | undefined {
  const field = struct.layout.fields.find((one) => one.name === name);
  return field && { type: field.type, address, offset: offset + field.offset };
}

/** What a place holds: scalars are loaded, records and arrays are references. */
export function operandAt(ctx: LowerContext, { type, address, offset }: Place): SingleOperand {
  switch (type.kind) {
    case 'scalar':
      return ctx.load(type.type, { address, offset });
    case 'struct':
      return { kind: 'record', struct: type.struct, address, offset };
    case 'array':
      return { kind: 'array', type, address, offset };
  }
}

/** The element at a constant index that is in range. */
export function elementAt({ type, address, offset }: ArrayOperand, index: number): Place {
  return { type: type.element, address, offset: offset + index * sizeOf(type.element) };
}

/** The element at an index that is in range, an i32. */
export function elementBy(ctx: LowerContext, array: ArrayOperand, index: Expression): Place {
  const { type, address, offset } = array;
  const bytes = sizeOf(type.element);
  const shift = Math.log2(bytes);
  const distance =
    bytes === 1
      ? index
      : Number.isInteger(shift)
        ? binary('i32.shl', index, i32(shift))
        : binary('i32.mul', index, i32(bytes));
  return { type: type.element, address: ctx.pinAddress(binary('i32.add', address, distance), 'at'), offset };
}

/**
 * The element at any index, checked. JavaScript evaluates what is assigned to an element before it looks at the index: do
 * so before this is called.
 */
export function elementPlace(ctx: LowerContext, array: ArrayOperand, index: Operand): Place {
  const { builder } = ctx;
  const { length } = array.type;
  if (index.kind !== 'number') return refuse(`${describeOperand(index)} is used as an index`);
  const { constant } = index;
  if (constant !== undefined) {
    if (Number.isInteger(constant) && constant >= 0 && constant < length) return elementAt(array, constant);
    ctx.fail('index', f64(constant), f64(length));
    // Not reached.
    return elementAt(array, 0);
  }
  const whole = inRep(index, 'i32') ?? inRep(index, 'u32');
  if (whole !== undefined && (index.below ?? length + 1) <= length) return elementBy(ctx, array, whole);
  const x = whole === undefined ? builder.pin(index.value, 'index') : double(index);
  const i = builder.pin(whole ?? unary('i32.trunc_sat_f64_s', x), 'i');
  const isOutside = binary('i32.ge_u', i, i32(length));
  const isFraction = binary('f64.ne', unary('f64.convert_i32_s', i), x);
  builder.when(
    whole === undefined ? binary('i32.or', isFraction, isOutside) : isOutside,
    builder.collect(() => ctx.fail('index', x, f64(length))),
  );
  return elementBy(ctx, array, i);
}

/** Adds a loop: `body` for i from 0 to `count` - 1; at least once. */
export function repeat({ builder }: LowerContext, count: number, body: (i: Expression) => void): void {
  const i = builder.variable('i32', 'i');
  builder.set(i, i32(0));
  builder.loop('each', (label) => {
    body(get(i));
    builder.set(i, binary('i32.add', get(i), i32(1)));
    builder.break(label, binary('i32.lt_u', get(i), i32(count)));
  });
}

/** A value that `using` or a definition gave. */
export function constantOperand(ctx: LowerContext, value: unknown): SingleOperand {
  switch (typeof value) {
    case 'number':
      return numberConstant(value);
    case 'boolean':
      return boolConstant(value);
    case 'bigint':
      return bigintConstant(value);
    case 'string':
      return textConstant(ctx, value);
    case 'object':
      return value === null ? NULL : { kind: 'constant', of: value };
    case 'undefined':
      return UNDEFINED;
    default:
      return refuse(`a ${typeof value} is no constant`);
  }
}

/** A field of anything that a record can be stored from; undefined if that is no such thing. */
export function fieldOf(ctx: LowerContext, operand: Operand, name: string): Operand | undefined {
  switch (operand.kind) {
    case 'record': {
      const place = fieldPlace(operand, name);
      return place === undefined ? UNDEFINED : operandAt(ctx, place);
    }
    case 'object': {
      const cell = operand.fields.get(name);
      return cell === undefined ? UNDEFINED : ctx.read(cell);
    }
    case 'constant':
      return constantOperand(ctx, (operand.of as Record<string, unknown>)[name]);
    case 'namespace':
      return operand.member(name) ?? UNDEFINED;
    default:
      return undefined;
  }
}

/** The elements of anything that an array can be stored from; undefined if that is no such thing. */
export function elementsOf(
  ctx: LowerContext,
  operand: Operand,
): { readonly length: number; at(i: number): Operand } | undefined {
  switch (operand.kind) {
    case 'array':
      return { length: operand.type.length, at: (i) => operandAt(ctx, elementAt(operand, i)) };
    case 'tuple':
      return {
        length: operand.elements.length,
        at: (i) => {
          const cell = operand.elements[i];
          return cell === undefined ? UNDEFINED : ctx.read(cell);
        },
      };
    case 'constant': {
      const list = operand.of as ArrayLike<unknown>;
      return typeof list.length === 'number'
        ? { length: list.length, at: (i) => constantOperand(ctx, list[i]) }
        : undefined;
    }
    default:
      return undefined;
  }
}
