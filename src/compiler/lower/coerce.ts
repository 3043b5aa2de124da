// What an operand becomes by being stored as a type, without memory: records that pass from operator to operator.
import type { FieldType } from '../../schema/index.js';
import type { LowerContext } from './context.js';
import { elementsOf, fieldOf } from './fields.js';
import type { Operand, SingleOperand } from './operand.js';
import { describeOperand, refuse } from './reasons.js';
import { isOfType } from './records.js';
import { coerceScalar } from './scalars.js';

/** Records and arrays in memory that have the type pass by reference; all else becomes a literal of coerced parts. */
export function coerce(ctx: LowerContext, type: FieldType, operand: Operand): Operand {
  if (type.kind === 'scalar') return coerceScalar(ctx.builder, type.type, operand);
  if (operand.kind !== 'union') return coerceSingle(ctx, type, operand);
  return {
    ...operand,
    alternatives: operand.alternatives.map((alternative) => coerceSingle(ctx, type, alternative)),
  };
}

function coerceSingle(
  ctx: LowerContext,
  type: Exclude<FieldType, { kind: 'scalar' }>,
  operand: SingleOperand,
): SingleOperand {
  if (isOfType(operand, type)) return operand;
  if (type.kind === 'struct') {
    const fields = type.struct.layout.fields.map(({ name, type }) => {
      const value =
        fieldOf(ctx, operand, name) ?? refuse(`${describeOperand(operand)} is stored as a record`);
      return [name, ctx.cell(name, coerce(ctx, type, value))] as const;
    });
    return { kind: 'object', fields: new Map(fields) };
  }
  const elements = elementsOf(ctx, operand);
  if (elements?.length !== type.length)
    return refuse(`${describeOperand(operand)} is stored as an array of ${type.length}`);
  const cells = Array.from({ length: type.length }, (_, i) =>
    ctx.cell(String(i), coerce(ctx, type.element, elements.at(i))),
  );
  return { kind: 'tuple', elements: cells };
}
