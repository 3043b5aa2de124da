// The state of a step: one record in scratch memory, or with a key an entry of its table.

import type { KeyPart } from '../../operator/table-layout.js';
import type { Struct } from '../../schema/index.js';
import type { OperatorPlan } from '../analyse/analyse-operator.js';
import type { Address } from './context.js';
import { binary, type Expression, get, i32, type Local, local } from './ir.js';
import type { Lowering } from './lowering.js';
import { inRep, toBits, toDouble } from './numbers.js';
import {
  type Cell,
  type KnownOperand,
  type NamespaceOperand,
  type Operand,
  type SingleOperand,
  UNDEFINED,
} from './operand.js';
import { describeOperand, refuse } from './reasons.js';
import { writePlace } from './records.js';
import type { TableCode } from './table.js';
import { insertKey } from './table-handle.js';
import { bool, boolConstant, truth } from './truth.js';

/** Where the state of one record is kept. */
export interface StateMemory {
  readonly struct: Struct;
  readonly address: Address;
  /** Not 0 if there is a state. */
  readonly there: Local | undefined;
  /** Makes place for a state that is not there. */
  make(): void;
  /** Forgets a state that is there. */
  drop(): void;
}

/** The state of a keyed step: searched when the step begins. */
export function keyedState(
  low: Lowering,
  plan: OperatorPlan,
  struct: Struct,
  table: TableCode,
  key: Operand,
): StateMemory {
  const { builder } = low;
  const parts = table.key(builder, keyParts(low, plan, key));
  const at = local('i32', 'state');
  builder.set(at, table.find(builder, parts));
  low.setRegion(get(at), { name: `state of ${plan.definition.name}` });
  // What was read of a state that is deleted still leads to where it was.
  const there = plan.handles.deletes ? local('i32', 'exists') : at;
  if (there !== at) builder.set(there, get(at));
  return {
    struct,
    address: { address: get(at), offset: 0 },
    there,
    make() {
      const { maxKeys, name } = plan.definition;
      const insert = builder.collect(() => {
        builder.set(at, insertKey(low, table, parts, { operator: name, maxKeys }));
        if (there !== at) builder.set(there, get(at));
      });
      builder.when(binary('i32.eq', get(there), i32(0)), insert);
      low.forget({ address: get(at), offset: 0 }, struct.layout.bytes);
    },
    drop() {
      table.erase(builder, get(at));
      builder.set(there, i32(0));
    },
  };
}

/** The one state of a step without a key; `seeded` if it is there from the start. */
export function singleState(
  low: Lowering,
  struct: Struct,
  at: Address,
  flag: Address | undefined,
): StateMemory {
  const { builder } = low;
  if (flag === undefined) return { struct, address: at, there: undefined, make() {}, drop() {} };
  const there = local('i32', 'exists');
  builder.set(there, { op: 'load', code: 'i32.load', ...flag });
  const set = (value: number) => (): void => {
    builder.set(there, i32(value));
    builder.add({ op: 'store', code: 'i32.store', ...flag, value: i32(value) });
  };
  return { struct, address: at, there, make: set(1), drop: set(0) };
}

/** The parts of a key as the table's functions take them. */
export function keyParts(low: Lowering, { key }: OperatorPlan, value: Operand): Expression[] {
  const kinds = key?.parts ?? [];
  if (!key?.tuple) return [keyPart(low, kinds[0] as KeyPart, value)];
  if (value.kind !== 'tuple') return refuse(`a key is ${describeOperand(value)} on some way`);
  return value.elements.map((cell, i) => keyPart(low, kinds[i] as KeyPart, low.read(cell)));
}

/** A part of a key, as the table takes it before it is brought to one form. */
export function keyPart(low: Lowering, kind: KeyPart, value: Operand): Expression {
  switch (kind) {
    case 'f64':
      return toDouble(value);
    case 'i32':
      return (
        (value.kind === 'number' && (inRep(value, 'i32') ?? inRep(value, 'u32'))) ||
        toBits(low.builder, value)
      );
    case 'bool':
      return truth(value).value;
    case 'text':
      return value.kind === 'text' ? value.value : refuse(`a key is ${describeOperand(value)}`);
    case 'i64':
    case 'u64':
      return value.kind === 'bigint' ? value.value : refuse(`a key is ${describeOperand(value)}`);
  }
}

/** What a step sees of its state; `undefined` memory is that of a state that is never kept. */
export function stateOperand(low: Lowering, memory: StateMemory | undefined): NamespaceOperand {
  if (memory === undefined) {
    const none: KnownOperand = { kind: 'known', name: 'set', call: () => UNDEFINED };
    const forget: KnownOperand = { kind: 'known', name: 'delete', call: () => boolConstant(false) };
    const members: Record<string, Operand> = {
      exists: boolConstant(false),
      value: UNDEFINED,
      set: none,
      delete: forget,
    };
    return {
      kind: 'namespace',
      name: 'state',
      member: (name) => members[name],
      members: Object.keys(members),
    };
  }
  const { struct, address, there } = memory;
  const record: SingleOperand = { kind: 'record', struct, ...address };
  const isThere = () => bool(binary('i32.ne', get(there as Local), i32(0)));
  const exists: Cell =
    there === undefined ? { name: 'exists' } : { name: 'exists', canonical: () => isThere() };
  low.hold(exists, there === undefined ? boolConstant(true) : isThere());
  const set: KnownOperand = {
    kind: 'known',
    name: 'set',
    call([value = UNDEFINED]) {
      const { constant } = truth(low.read(exists));
      if (constant !== true) memory.make();
      low.hold(exists, boolConstant(true));
      low.each(value, (single) => {
        writePlace(low, { type: { kind: 'struct', struct }, ...address }, single);
        return UNDEFINED;
      });
      return UNDEFINED;
    },
  };
  const forget: KnownOperand = {
    kind: 'known',
    name: 'delete',
    call() {
      const { builder } = low;
      const found = truth(low.read(exists));
      if (found.constant === false) return found;
      const was = bool(builder.pin(found.value, 'existed'));
      const drop = builder.collect(() => memory.drop());
      builder.when(was.value, drop);
      low.hold(exists, boolConstant(false));
      return was;
    },
  };
  const value = (): Operand => {
    const found = truth(low.read(exists));
    if (found.constant !== undefined) return found.constant ? record : UNDEFINED;
    const tag = low.builder.pin(binary('i32.eq', get(there as Local), i32(0)), 'missing');
    return { kind: 'union', tag, alternatives: [record, UNDEFINED] };
  };
  return {
    kind: 'namespace',
    name: 'state',
    member(name) {
      if (name === 'exists') return low.read(exists);
      if (name === 'value') return value();
      if (name === 'delete') return forget;
      return name === 'set' ? set : undefined;
    },
    cell: (name) => (name === 'exists' ? exists : undefined),
    members: ['exists', 'value', 'set', 'delete'],
  };
}
