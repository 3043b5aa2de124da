// The keyed tables that a step has beside its state: what their keys are, and what their operations do.
import { isKeyedTable, type KeyedTables, type SlotsTarget, type SlotTable } from '../../operator/index.js';
import { type KeyPart, MAX_MAX_KEYS } from '../../operator/table-layout.js';
import {
  describe as describeValue,
  isStruct,
  type ScalarName,
  type Struct,
  scalars,
} from '../../schema/index.js';
import { compileError, type Place } from '../diagnostics/compile-error.js';
import { callFunction } from './calls.js';
import type { Call, KnownValue } from './function-value.js';
import { MAX_PARTS } from './key.js';
import { Cell, RecordType, scalarValue } from './record-type.js';
import { type Storing, store } from './stored.js';
import type { UsingPlan } from './using.js';
import {
  arrayOf,
  BOOL,
  describe,
  F64,
  functionOf,
  join,
  type Namespace,
  NEVER,
  NIL,
  namespaceOf,
  only,
  recordOf,
  type Value,
} from './value.js';

/** What is known of a table; every backend starts from it. */
export interface TablePlan {
  readonly name: string;
  /** The field types of the parts of its key. */
  readonly types: readonly ScalarName[];
  /** How they are kept. */
  readonly parts: readonly KeyPart[];
  /** Whether its keys are tuples. */
  readonly tuple: boolean;
  readonly value: Struct;
  readonly maxKeys: number;
  /** The slot store that it stands for: nothing but `set` is known of it. */
  readonly slots: SlotsTarget | undefined;
  /** Its records, as functions see them. */
  readonly type: RecordType;
  readonly namespace: Namespace;
  /** Texts of the code that are looked up. */
  readonly texts: ReadonlySet<string>;
  /** Whether keys are deleted. */
  deletes: boolean;
}

const MEMBERS = ['size', 'has', 'get', 'set', 'delete', 'forEach', 'deleteWhere'] as const;
const HALVES = new Set<ScalarName>(['i8', 'u8', 'i16', 'u16', 'i32', 'u32']);

/** How a part of a declared key is kept. */
function partOf(type: ScalarName): KeyPart {
  if (HALVES.has(type)) return 'i32';
  return type === 'f32' || type === 'i53' || type === 'u53' ? 'f64' : (type as KeyPart);
}

/**
 * Takes in the tables of a definition.
 *
 * @param taken Names that already mean something else.
 * @throws {TypeError} TABLE_UNUSABLE for what can't be one. @throws {RangeError} MAX_KEYS
 */
export function takeTables(
  tables: KeyedTables,
  place: Place,
  storing: Storing,
  taken: ReadonlySet<string>,
): TablePlan[] {
  return Object.entries(tables).map(([name, table]) => {
    const refuse = (why: string): Error => compileError('TABLE_UNUSABLE', { table: name, why }, place);
    if (taken.has(name)) throw refuse('another value has that name');
    if (!isKeyedTable(table)) throw refuse(`it is ${describeValue(table)}, not made by keyedTable()`);
    const { key, value, maxKeys } = table;
    const tuple = Array.isArray(key);
    const fields = (tuple ? key : [key]) as readonly { kind?: unknown; type?: unknown }[];
    const isKey =
      fields.length >= 1 && fields.length <= MAX_PARTS && fields.every((field) => isScalar(field));
    if (!isKey)
      throw refuse(`its key is neither a scalar field type nor a tuple of 1 to ${MAX_PARTS} of them`);
    if (!isStruct(value)) throw refuse(`its value is ${describeValue(value)}, not a struct`);
    if (!(Number.isInteger(maxKeys) && maxKeys >= 1 && maxKeys <= MAX_MAX_KEYS)) {
      throw compileError('MAX_KEYS', { maxKeys }, { ...place, name });
    }
    return tablePlan(
      name,
      fields.map((field) => field.type as ScalarName),
      tuple,
      value,
      maxKeys,
      (table as Partial<SlotTable>).slots,
      storing,
    );
  });
}

function isScalar(field: { kind?: unknown; type?: unknown } | null | undefined): boolean {
  return field?.kind === 'scalar' && Object.hasOwn(scalars, String(field.type));
}

function tablePlan(
  name: string,
  types: readonly ScalarName[],
  tuple: boolean,
  value: Struct,
  maxKeys: number,
  slots: SlotsTarget | undefined,
  storing: Storing,
): TablePlan {
  const type = RecordType.stored(`a record of ${name}`, value);
  const texts = new Set<string>();
  const checkKey = (call: Call): void => {
    for (const text of keyTexts(call, name, types, tuple)) texts.add(text);
  };
  const known = (name: string, run: (call: Call) => Value): Value =>
    functionOf({ kind: 'known', name, call: run } satisfies KnownValue);
  const keyed = (name: string, run: (call: Call) => Value): Value =>
    known(name, (call) => {
      checkKey(call);
      return run(call);
    });
  const visits = (call: Call): void => {
    const key = keyValue(call, types, tuple);
    for (const fn of call.args[0]?.functions ?? []) {
      callFunction(fn, { ...call, args: [recordOf(type), key], argNodes: [], repeated: true }, name);
    }
  };
  const operations: Readonly<Record<(typeof MEMBERS)[number], Value>> = {
    size: F64,
    has: keyed('has', () => BOOL),
    get: keyed('get', () => join(recordOf(type), NIL)),
    set: keyed('set', (call) => {
      store(type, call, 1, `what is stored in ${name}`, storing);
      return NIL;
    }),
    delete: keyed('delete', () => BOOL),
    forEach: known('forEach', (call) => {
      visits(call);
      return NIL;
    }),
    deleteWhere: known('deleteWhere', (call) => {
      visits(call);
      return F64;
    }),
  };
  const namespace: Namespace = {
    name,
    members: slots === undefined ? MEMBERS : ['set'],
    get: (member) => {
      if (slots !== undefined && member !== 'set') return undefined;
      plan.deletes ||= member.startsWith('delete');
      return (operations as Readonly<Record<string, Value>>)[member];
    },
  };
  const plan: TablePlan = {
    name,
    types,
    parts: types.map(partOf),
    tuple,
    value,
    maxKeys,
    slots,
    type,
    namespace,
    texts,
    deletes: false,
  };
  return plan;
}

/** Checks the key that an operation is called with; gives the texts of the code that it may be. */
function keyTexts(call: Call, table: string, types: readonly ScalarName[], tuple: boolean): string[] {
  const { analysis } = call.caller;
  const node = call.argNodes[0] ?? call.node;
  const refuse = (part: string, value: Value, remedy: string): void =>
    analysis.problem('KEY_UNUSABLE', { part, seen: describe(value), remedy }, call.caller.at(node));
  const key = call.args[0] ?? NIL;
  const texts: string[] = [];
  const check = (value: Value, type: ScalarName, part: string): void => {
    const facet = facetOf(type);
    if (!only(value, facet) && Object.keys(value).length > 0)
      refuse(part, value, `the keys of ${table} are declared as ${types.join(', ')}`);
    texts.push(...(value.text?.literals ?? []));
  };
  if (!tuple) {
    check(key, types[0] as ScalarName, 'it');
    return texts;
  }
  const arrays = [...(key.arrays ?? [])];
  const fits = arrays.every((array) => [...array.lengths()].every((length) => length === types.length));
  if (Object.keys(key).length > 0 && (!only(key, 'arrays') || !fits)) {
    refuse('it', key, `give a tuple of ${types.length}: \`[${types.map(() => '…').join(', ')}]\``);
    return texts;
  }
  types.forEach((type, i) => {
    check(
      arrays.map((array) => array.read(i)).reduce((a, b) => join(a, b), NEVER),
      type,
      `part ${i + 1}`,
    );
  });
  return texts;
}

function facetOf(type: ScalarName): keyof Value {
  if (type === 'bool' || type === 'text') return type;
  return type === 'i64' || type === 'u64' ? 'bigint' : 'number';
}

/** The key that a visitor is given. */
function keyValue(call: Call, types: readonly ScalarName[], tuple: boolean): Value {
  if (!tuple) return scalarValue(types[0] as ScalarName);
  const { analysis } = call.caller;
  const array = analysis.array(call.caller, call.node, 'key');
  const items = array.items ?? types.map(() => new Cell());
  array.items = items;
  array.length = types.length;
  types.forEach((type, i) => {
    analysis.grew((items[i] as Cell).write(scalarValue(type), undefined));
  });
  return arrayOf(array);
}

/** What `using` or constants give, and the tables. */
export function withTables({ entries, namespace }: UsingPlan, tables: readonly TablePlan[]): UsingPlan {
  if (tables.length === 0) return { entries, namespace };
  const byName = new Map(tables.map((table) => [table.name, namespaceOf(table.namespace)]));
  return {
    entries: new Map([...entries, ...tables.map((table) => [table.name, { kind: 'table', table }] as const)]),
    namespace: {
      name: namespace.name,
      members: [...(namespace.members ?? []), ...byName.keys()],
      get: (name) => byName.get(name) ?? namespace.get(name),
    },
  };
}
