// What an operand becomes by being stored as a type, without memory: records that pass from operator to operator.
import type { FieldType } from '../../schema/index.js';
import type { LowerContext } from './context.js';
import { elementsOf, fieldOf } from './fields.js';
import type { Operand, SingleOperand } from './operand.js';
import { describeOperand, refuse } from './reasons.js';
import { isOfType } from './records.js';
import { coerceScalar } from './scalars.js';

/** Where paths may be joined. */
export interface JoiningContext extends LowerContext {
  /** What an operation makes of an operand, for each thing that it may be. */
  each(operand: Operand, operation: (single: SingleOperand) => Operand): Operand;
}

/** Records and arrays in memory that have the type pass by reference; all else becomes a literal of coerced parts. */
export function coerce(low: JoiningContext, type: FieldType, operand: Operand): Operand {
  if (type.kind === 'scalar') return coerceScalar(low.builder, type.type, operand);
  if (operand.kind !== 'union') return coerceSingle(low, type, operand);
  const isReference = operand.alternatives.every((alternative) => isOfType(alternative, type));
  // What differed before may be alike now, and then is one.
  return isReference ? operand : low.each(operand, (alternative) => coerceSingle(low, type, alternative));
}

function coerceSingle(
  low: JoiningContext,
  type: Exclude<FieldType, { kind: 'scalar' }>,
  operand: SingleOperand,
): SingleOperand {
  if (isOfType(operand, type)) return operand;
  if (type.kind === 'struct') {
    const fields = type.struct.layout.fields.map(({ name, type }) => {
      const value =
        fieldOf(low, operand, name) ?? refuse(`${describeOperand(operand)} is stored as a record`);
      return [name, low.cell(name, coerce(low, type, value))] as const;
    });
    return { kind: 'object', fields: new Map(fields) };
  }
  const elements = elementsOf(low, operand);
  if (elements?.length !== type.length)
    return refuse(`${describeOperand(operand)} is stored as an array of ${type.length}`);
  const cells = Array.from({ length: type.length }, (_, i) =>
    low.cell(String(i), coerce(low, type.element, elements.at(i))),
  );
  return { kind: 'tuple', elements: cells, fixed: true };
}
