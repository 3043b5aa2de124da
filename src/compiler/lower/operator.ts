// Lowers one operator: its key, its state, and its step, with all functions inlined.
import type { OperatorPlan } from '../analyse/analyse-operator.js';
import { callClosure } from './calls.js';
import { coerce } from './coerce.js';
import { emitOperand, type Onward } from './emission.js';
import type { Lowering } from './lowering.js';
import { readMember } from './members.js';
import {
  type ClosureOperand,
  type KnownOperand,
  type NamespaceOperand,
  type Operand,
  UNDEFINED,
} from './operand.js';
import { describeOperand, refuse } from './reasons.js';
import { same } from './same.js';
import type { StepSlots } from './slots-handle.js';
import { keyedState, type StateMemory, singleState, stateOperand } from './state.js';
import type { TableCode } from './table.js';
import type { StepTable } from './table-handle.js';
import { type StageConstants, UsingOperands } from './using.js';

/** Where an operator keeps its state. */
export interface StatePlaces {
  readonly table: TableCode | undefined;
  /** Byte offsets into the scratch memory: the record, and unless it is seeded the cell that says whether it is there. */
  readonly record: number;
  readonly flag: number | undefined;
}

export interface OperatorInput {
  readonly plan: OperatorPlan;
  readonly stage: StageConstants;
  /** Its place in its stage. */
  readonly place: number;
  readonly state: StatePlaces | undefined;
  /** The tables beside the state. */
  readonly tables: readonly (StepTable | StepSlots)[];
  /** Whether it emits from several places. */
  readonly shared: boolean;
}

/** Adds what the operator does with a record; `onward` lowers what becomes of those that it emits. */
export function lowerOperator(low: Lowering, input: OperatorInput, record: Operand, onward: Onward): void {
  const outer = low.step;
  if (outer !== undefined) low.step = { ...outer, operator: input.place };
  try {
    lowerStep(low, input, record, onward);
  } finally {
    low.step = outer;
  }
}

function lowerStep(low: Lowering, input: OperatorInput, record: Operand, onward: Onward): void {
  const { plan } = input;
  const { step } = plan;
  low.builder.add({ op: 'comment', text: `operator ${input.place}: ${plan.definition.name}` });
  const using = new UsingOperands(low, input.stage, input.tables);
  const state = stateOperand(low, stateMemory(low, input, using, record));
  const emit = emitOperand(low, {
    operator: plan,
    name: plan.definition.name,
    output: plan.output,
    shared: input.shared,
    onward,
  });
  const closure: ClosureOperand = { kind: 'closure', source: step, node: step.node, scope: undefined };
  callClosure(low, closure, [record, state, emit, scopeOperand(low, plan, using)]);
}

function stateMemory(
  low: Lowering,
  { plan, state }: OperatorInput,
  using: UsingOperands,
  record: Operand,
): StateMemory | undefined {
  const { key, definition } = plan;
  const keyFunction = key === undefined ? undefined : plan.functions.get(definition.key as string);
  const value = keyFunction && callClosure(low, using.closure(keyFunction), [record]);
  if (plan.state === undefined || state === undefined) return undefined;
  if (value !== undefined && state.table !== undefined)
    return keyedState(low, plan, plan.state, state.table, value);
  const { address } = low.module.scratchAt(state.record);
  const flag = state.flag === undefined ? undefined : { address, offset: state.flag };
  return singleState(low, plan.state, { address, offset: state.record }, flag);
}

/** What a step gets as its last parameter. */
function scopeOperand(low: Lowering, plan: OperatorPlan, using: UsingOperands): NamespaceOperand {
  const { functions, constants, compared } = plan;
  const closures = new Map<string, ClosureOperand>();
  for (const [name, fn] of functions) closures.set(name, using.closure(fn, boxOf(low, plan, name)));
  const known = (name: string, call: (args: readonly Operand[]) => Operand): KnownOperand => ({
    kind: 'known',
    name,
    call,
  });
  const operations = new Map([
    [
      'same',
      known('same', ([a = UNDEFINED, b = UNDEFINED]) =>
        compared === undefined
          ? refuse('nothing is known of what is compared')
          : same(low, { kind: 'struct', struct: compared }, a, b),
      ),
    ],
    ['unbox', known('unbox', ([value = UNDEFINED]) => unboxed(low, plan, value))],
  ]);
  return {
    kind: 'namespace',
    name: 'scope',
    member: (name) => closures.get(name) ?? using.member(constants, name) ?? operations.get(name),
    members: ['same', 'unbox', ...constants.entries.keys(), ...functions.keys()],
  };
}

/** Keeps what a function returns as a record: a scalar as `value`, a tuple as `0`, `1`, …. */
function boxOf(low: Lowering, plan: OperatorPlan, name: string): ClosureOperand['box'] {
  const box = plan.boxes.get(name);
  if (box === undefined || box.kind === undefined || box.kind === 'record') return undefined;
  const struct = plan.layouts.known(box.type);
  if (struct === undefined) return () => refuse(`nothing is known of what ${name} returns`);
  return (result) =>
    low.each(result, (single) => {
      const fields = new Map<string, ReturnType<Lowering['cell']>>();
      if (box.kind === 'scalar') fields.set('value', low.cell('value', single));
      else if (single.kind === 'tuple')
        single.elements.forEach((cell, i) => void fields.set(String(i), cell));
      else return refuse(`${name} returns ${describeOperand(single)} on some way`);
      return coerce(low, { kind: 'struct', struct }, { kind: 'object', fields });
    });
}

/** What a function named in `values` returned, out of its box. */
function unboxed(low: Lowering, plan: OperatorPlan, value: Operand): Operand {
  const [box] = plan.boxes.values();
  if (box?.kind === 'scalar') return readMember(low, value, 'value');
  if (box?.kind !== 'tuple') return value;
  const names = box.type.fieldNames() ?? [];
  return {
    kind: 'tuple',
    elements: names.map((name) => low.cell(name, readMember(low, value, name))),
  };
}
