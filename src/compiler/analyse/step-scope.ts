// What a step is given: its state, `emit`, its functions, and the operations `same` and `unbox`.
import type { OperatorDefinition } from '../../operator/index.js';
import type { Analysis } from './analysis.js';
import type { Call, KnownValue } from './function-value.js';
import { RecordType } from './record-type.js';
import { type Storing, store } from './stored.js';
import type { UsedFunction, UsingPlan } from './using.js';
import {
  arrayOf,
  BOOL,
  describe,
  functionOf,
  join,
  type Namespace,
  NEVER,
  NIL,
  only,
  recordOf,
  type Value,
} from './value.js';

/** A function whose result is kept as a record. */
export interface Box {
  readonly type: RecordType;
  /** What the function returns: a scalar, kept as `value`; a tuple, kept as `0`, `1`, …; a record, kept as it is. */
  kind: 'scalar' | 'tuple' | 'record' | undefined;
  readonly put: (value: Value, call: Call) => Value;
  /** The calls whose results are boxed. */
  readonly sites: Set<string>;
  /** Whether one of them may happen more than once in a step. */
  repeated: boolean;
}

export interface Handles extends Storing {
  readonly stateType: RecordType;
  readonly outType: RecordType;
  readonly comparedType: RecordType;
  readonly state: Namespace;
  readonly emit: Value;
  readonly boxes: ReadonlyMap<string, Box>;
  scopeWith(functions: ReadonlyMap<string, UsedFunction>, constants: UsingPlan): Namespace;
  /** The functions whose results were emitted or stored, for messages. */
  functions: ReadonlyMap<string, UsedFunction>;
  /** Whether something else than a record may reach `emit`. */
  emitsOthers: boolean;
  /** Whether the state may be deleted. */
  deletes: boolean;
}

export function handlesOf(definition: OperatorDefinition, analysis: Analysis): Handles {
  const stateType = RecordType.stored('the state', definition.state);
  const outType = RecordType.stored('the output', definition.out);
  const comparedType = RecordType.stored('what is compared', undefined);
  const boxes = new Map(definition.values.map((name) => [name, boxOf(name, analysis)]));

  const set: KnownValue = {
    kind: 'known',
    name: 'set',
    call: (call) => {
      store(stateType, call, 0, 'what is kept', handles);
      return NIL;
    },
  };
  const emit: KnownValue = {
    kind: 'known',
    name: 'emit',
    call: (call) => {
      if (!only(call.args[0] ?? NIL, 'records')) handles.emitsOthers = true;
      store(outType, call, 0, 'what is emitted', handles);
      return NIL;
    },
  };
  const same: KnownValue = {
    kind: 'known',
    name: 'same',
    call: (call) => {
      for (const arg of call.args) {
        for (const record of arg.records ?? []) {
          if (comparedType.sources.has(record)) continue;
          comparedType.sources.set(record, undefined);
          analysis.changed = true;
        }
      }
      return BOOL;
    },
  };
  const unbox: KnownValue = {
    kind: 'known',
    name: 'unbox',
    call: (call) => {
      const [box] = boxes.values();
      const value = call.args[0] ?? NEVER;
      let unboxed: Value = NEVER;
      for (const record of value.records ?? []) {
        if (box?.kind === 'scalar') unboxed = join(unboxed, record.read('value') ?? NEVER);
        else if (box?.kind === 'record') unboxed = join(unboxed, recordOf(record));
        else if (box?.kind === 'tuple') {
          const tuple = analysis.array(call.caller, call.node, 'unbox');
          const names = record.fieldNames() ?? [];
          tuple.length = names.length;
          for (const name of names) analysis.grew(tuple.element.write(record.read(name) ?? NEVER, undefined));
          unboxed = join(unboxed, arrayOf(tuple));
        }
      }
      return unboxed;
    },
  };
  const forget: KnownValue = { kind: 'known', name: 'delete', call: () => BOOL };
  const stateMembers = new Map<string, Value>([
    ['exists', BOOL],
    ['value', recordOf(stateType)],
    ['set', functionOf(set)],
    ['delete', functionOf(forget)],
  ]);
  const state: Namespace = {
    name: 'state',
    members: [...stateMembers.keys()],
    get: (name) => {
      handles.deletes ||= name === 'delete';
      return stateMembers.get(name);
    },
  };
  const handles: Handles = {
    stateType,
    outType,
    comparedType,
    state,
    emit: functionOf(emit),
    boxes,
    analysis,
    functions: new Map(),
    emitsOthers: false,
    deletes: false,
    scopeWith(functions, constants) {
      handles.functions = functions;
      const members = new Map<string, Value>([
        ['same', functionOf(same)],
        ['unbox', functionOf(unbox)],
      ]);
      for (const [name] of constants.entries) members.set(name, constants.namespace.get(name) ?? NEVER);
      for (const [name, fn] of functions) members.set(name, functionOf(fn.closure));
      return { name: 'scope', get: (name) => members.get(name) ?? NIL };
    },
  };
  return handles;
}

function boxOf(name: string, analysis: Analysis): Box {
  const type = RecordType.stored(`what ${name} returns`, undefined);
  const scalar = RecordType.literal(`what ${name} returns`, undefined);
  const tuple = RecordType.literal(`what ${name} returns`, undefined);
  const box: Box = {
    type,
    kind: undefined,
    sites: new Set(),
    repeated: false,
    put(value, call) {
      box.sites.add(`${call.caller.key}:${call.node.start}`);
      box.repeated ||= call.repeated;
      const { records, arrays, ...rest } = value;
      let boxed: Value = NEVER;
      const origin = call.caller.at(call.node);
      const into = (kind: NonNullable<Box['kind']>, from: RecordType): void => {
        if (box.kind !== undefined && box.kind !== kind) {
          analysis.problem(
            'NOT_A_RECORD',
            {
              record: `what ${name} returns`,
              seen: describe(value),
              remedy: 'return always a scalar, a tuple, or a record',
            },
            origin,
          );
        }
        box.kind = kind;
        if (kind === 'record') return;
        if (!type.sources.has(from)) {
          type.sources.set(from, origin);
          analysis.changed = true;
        }
        boxed = join(boxed, recordOf(type));
      };
      if (records) {
        into('record', type);
        boxed = join(boxed, { records });
      }
      if (arrays) {
        for (const array of arrays) {
          const [length] = array.lengths();
          for (let i = 0; i < (typeof length === 'number' ? length : 0); i++) {
            analysis.grew(tuple.cell(String(i)).write(array.read(i), origin));
          }
          if (length === 'varies') tuple.opaque = 'its length varies';
        }
        into('tuple', tuple);
      }
      if (Object.keys(rest).length > 0) {
        analysis.grew(scalar.cell('value').write(rest, origin));
        into('scalar', scalar);
      }
      return boxed;
    },
  };
  return box;
}
