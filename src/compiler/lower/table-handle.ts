// What a step sees of its tables: operations that find, store, delete and visit records, each lowered where it is called.
import type { KeyPart } from '../../operator/table-layout.js';
import type { ScalarName } from '../../schema/index.js';
import type { TablePlan } from '../analyse/tables.js';
import { bigint } from './bigints.js';
import { callOperand } from './calls.js';
import type { FailureWhat } from './failure-sites.js';
import { binary, type Expression, f64, get, i32, local, unary } from './ir.js';
import { lowerLoop } from './loops.js';
import type { Lowering, Region } from './lowering.js';
import { number } from './numbers.js';
import {
  type KnownOperand,
  type NamespaceOperand,
  type Operand,
  type RecordOperand,
  UNDEFINED,
} from './operand.js';
import { describeOperand, refuse } from './reasons.js';
import { writePlace } from './records.js';
import { coerceScalar } from './scalars.js';
import { type StepSlots, slotsOperand } from './slots-handle.js';
import { keyPart } from './state.js';
import type { TableCode } from './table.js';
import { bool, truth } from './truth.js';

/** A table of a step: what is known of it, and its functions. */
export interface StepTable {
  readonly plan: TablePlan;
  readonly code: TableCode;
  /** Its records lie apart from all else. */
  readonly region: Region;
  /** The operator, for messages. */
  readonly operator: string;
}

const isZero = (e: Expression): Expression => unary('i32.eqz', e);
const isNot = (e: Expression): Expression => binary('i32.ne', e, i32(0));

/** Adds to a table what of a key is not there; leaves the step where there is no room. */
export function insertKey(
  low: Lowering,
  table: TableCode,
  key: readonly Expression[],
  full: { readonly operator: string; readonly maxKeys: number },
): Expression {
  const { builder } = low;
  const at = table.insert(builder, key);
  const fails = builder.collect(() => {
    const what: FailureWhat = { kind: 'tableFull', message: full.operator };
    const leave = builder.collect(() => low.failures.leave(low, what, [f64(full.maxKeys)]));
    builder.when(binary('i32.eq', table.count, i32(full.maxKeys)), leave);
    low.failures.leave(low, { kind: 'memory' }, []);
  });
  builder.when(isZero(at), fails);
  return at;
}

function keyParts(low: Lowering, { plan, code }: StepTable, key: Operand): Expression[] {
  const { types, tuple, name } = plan;
  const parts = !tuple
    ? [key]
    : key.kind === 'tuple'
      ? key.elements.map((cell) => low.read(cell))
      : refuse(`a key of ${name} is ${describeOperand(key)}`);
  return code.key(
    low.builder,
    types.map((type, i) => {
      const given = parts[i] ?? UNDEFINED;
      // Whole numbers of up to 53 bits are taken as they are.
      const value = type === 'i53' || type === 'u53' ? given : coerceScalar(low.builder, type, given);
      return keyPart(low, plan.parts[i] as KeyPart, value);
    }),
  );
}

/** A part of a stored key, as functions see it. */
function storedPart(low: Lowering, type: ScalarName, loaded: Expression): Operand {
  const raw = low.builder.pin(loaded, 'key');
  switch (type) {
    case 'bool':
      return bool(raw);
    case 'text':
      return { kind: 'text', value: raw };
    case 'i64':
    case 'u64':
      return bigint(type, raw);
    case 'f32':
    case 'f64':
    case 'i53':
    case 'u53':
      return number(unary('f64.reinterpret_i64', raw));
    default:
      return number(raw, type === 'u32' ? 'u32' : 'i32');
  }
}

function storedKey(low: Lowering, { plan, code }: StepTable, state: Expression): Operand {
  const parts = plan.types.map((type, i) => storedPart(low, type, code.keyOf(state, i)));
  if (!plan.tuple) return parts[0] as Operand;
  return { kind: 'tuple', elements: parts.map((part, i) => low.cell(String(i), part)) };
}

/** A table as functions and the step see it. */
export function tableOperand(low: Lowering, table: StepTable | StepSlots): NamespaceOperand {
  if ('n' in table) return slotsOperand(low, table);
  const { plan, code, region } = table;
  const { builder } = low;
  const type = { kind: 'struct', struct: plan.value } as const;
  const bytes = plan.value.layout.bytes;
  const recordAt = (at: Expression): RecordOperand => {
    low.setRegion(at, region);
    return low.record(plan.value, { address: at, offset: 0 });
  };
  const find = (key: readonly Expression[]): Expression => builder.pin(code.find(builder, key), plan.name);
  const keyed =
    (operation: (key: Expression[], args: readonly Operand[]) => Operand) =>
    ([key = UNDEFINED, ...args]: readonly Operand[]): Operand =>
      low.each(key, (single) => operation(keyParts(low, table, single), args));
  /** Runs `visit` for every entry: what it gets are the id and the state. */
  const visitAll = (visit: (id: Expression, state: Expression) => void): void => {
    const next = builder.variable('i32', 'next');
    builder.set(next, i32(0));
    lowerLoop(low, {
      enter: (broken) => low.branch(binary('i32.ge_u', get(next), code.ids), () => low.jump(broken)),
      body(_, continued) {
        const id = builder.pin(get(next), 'id');
        builder.set(next, binary('i32.add', id, i32(1)));
        const state = code.taken(builder, id);
        low.branch(isZero(state), () => low.jump(continued));
        visit(id, state);
      },
    });
  };
  const operations: Readonly<Record<string, KnownOperand['call']>> = {
    has: keyed((key) => bool(isNot(find(key)))),
    get: keyed((key) => {
      const at = find(key);
      return {
        kind: 'union',
        tag: builder.pin(isZero(at), 'missing'),
        alternatives: [recordAt(at), UNDEFINED],
      };
    }),
    set: keyed((key, [record = UNDEFINED]) => {
      const at = local('i32', plan.name);
      builder.set(at, code.find(builder, key));
      const { maxKeys, name } = plan;
      const insert = builder.collect(() =>
        builder.set(at, insertKey(low, code, key, { operator: `${table.operator} (${name})`, maxKeys })),
      );
      builder.when(isZero(get(at)), insert);
      const to = recordAt(get(at));
      low.forget(to, bytes);
      low.each(record, (single) => {
        writePlace(low, { ...to, type }, single);
        return UNDEFINED;
      });
      return UNDEFINED;
    }),
    delete: keyed((key) => {
      const at = find(key);
      const erase = builder.collect(() => code.erase(builder, at));
      builder.when(isNot(at), erase);
      return bool(isNot(at));
    }),
    forEach([visit = UNDEFINED]) {
      visitAll((_, state) => void callOperand(low, visit, [recordAt(state), storedKey(low, table, state)]));
      return UNDEFINED;
    },
    deleteWhere([test = UNDEFINED]) {
      const deleted = builder.variable('i32', 'deleted');
      builder.set(deleted, i32(0));
      visitAll((id, state) => {
        const found = callOperand(low, test, [recordAt(state), storedKey(low, table, state)]);
        if (!low.reachable) return;
        const { value, constant } = truth(found);
        if (constant === false) return;
        const erase = builder.collect(() => {
          code.erase(builder, state);
          builder.set(deleted, binary('i32.add', get(deleted), i32(1)));
        });
        // The test may have deleted it itself.
        const isThere = builder.collect(() => builder.when(isNot(code.taken(builder, id)), erase));
        builder.when(value, isThere);
      });
      return number(builder.pin(get(deleted), 'deleted'), 'i32');
    },
  };
  const members = ['size', ...Object.keys(operations)];
  return {
    kind: 'namespace',
    name: plan.name,
    member(name) {
      if (name === 'size') return number(builder.pin(code.count, 'size'), 'i32');
      const call = operations[name];
      return call && { kind: 'known', name, call };
    },
    members,
  };
}
