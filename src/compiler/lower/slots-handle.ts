// What a step sees of a slot store: an operation that stores a record. JavaScript does it, since modules have no atomics.
import type { ScalarName } from '../../schema/index.js';
import { keyWord } from '../../schema/index.js';
import type { TablePlan } from '../analyse/tables.js';
import type { Address } from './context.js';
import { binary, call, type Expression, i32 } from './ir.js';
import type { Lowering } from './lowering.js';
import { type NamespaceOperand, type Operand, UNDEFINED } from './operand.js';
import { describeOperand, refuse } from './reasons.js';
import { materialise } from './records.js';
import { coerceScalar } from './scalars.js';

/** A slot store of a step, and its number among the module's tables. */
export interface StepSlots {
  readonly plan: TablePlan;
  readonly n: number;
}

const WORD = 8;

/** The type as which a part of a key is stored in its word. */
function storedAs(type: ScalarName): ScalarName {
  if (type === 'bool' || type === 'text' || keyWord(type) === 'whole') return type;
  return keyWord(type) === 'double' ? 'f64' : 'i32';
}

function storeKey(low: Lowering, { types, tuple, name }: TablePlan, key: Operand, to: Address): void {
  const parts = !tuple
    ? [key]
    : key.kind === 'tuple'
      ? key.elements.map((cell) => low.read(cell))
      : refuse(`a key of ${name} is ${describeOperand(key)}`);
  types.forEach((type, i) => {
    const given = parts[i] ?? UNDEFINED;
    // Whole numbers of up to 53 bits are taken as they are.
    const value = type === 'i53' || type === 'u53' ? given : coerceScalar(low.builder, type, given);
    low.store(storedAs(type), { address: to.address, offset: to.offset + WORD * i }, value);
  });
}

/** A slot store as the step sees it. */
export function slotsOperand(low: Lowering, { plan, n }: StepSlots): NamespaceOperand {
  const { builder, module } = low;
  const storeSlot = module.importFunction('storeSlot', ['i32', 'i32', 'i32'], 'i32');
  const at = ({ address, offset }: Address): Expression =>
    offset === 0 ? address : binary('i32.add', address, i32(offset));
  const set = ([key = UNDEFINED, record = UNDEFINED]: readonly Operand[]): Operand => {
    const keyAt = module.scratch(WORD * plan.types.length);
    return low.each(key, (single) => {
      storeKey(low, plan, single, keyAt);
      return low.each(record, (one) => {
        const from = materialise(low, plan.value, one);
        const failed = builder.pin(call(storeSlot, i32(n), at(keyAt), at(from)), 'failed');
        builder.when(
          failed,
          builder.collect(() => low.failures.leave(low, { kind: 'memory' }, [])),
        );
        return UNDEFINED;
      });
    });
  };
  return {
    kind: 'namespace',
    name: plan.name,
    member: (name) => (name === 'set' ? { kind: 'known', name, call: set } : undefined),
    members: ['set'],
  };
}
