// The globals that functions may use, and what their members return.
import { inItsPlace, textOf } from '../diagnostics/remedies.js';
import { callFunction, callsBack } from './calls.js';
import type { Call, KnownValue } from './function-value.js';
import { writeMember } from './members.js';
import { anyField, pairOf } from './methods.js';
import {
  arrayOf,
  BOOL,
  bigintOf,
  F64,
  functionOf,
  join,
  type Namespace,
  NEVER,
  NIL,
  namespaceOf,
  only,
  STRING,
  unknown,
  type Value,
} from './value.js';

type Operation = (call: Call) => Value;

const returns =
  (value: Value): Operation =>
  (call) => {
    callsBack(call);
    return value;
  };

/** A namespace of operations by name; what isn't named is unknown. `()` is the namespace called itself. */
function namespace(
  name: string,
  operations: Record<string, Operation>,
  values: Record<string, Value> = {},
): Namespace {
  const members = new Map<string, Value>(Object.entries(values));
  for (const [key, operation] of Object.entries(operations)) {
    const known: KnownValue = { kind: 'known', name: `${name}.${key}`, call: operation };
    members.set(key, functionOf(known));
  }
  return { name, get: (key) => members.get(key) };
}

const first = (call: Call): Value => call.args[0] ?? NEVER;

function arrayMade(call: Call, name: string, element: Value, length: number | 'varies'): Value {
  const { analysis } = call.caller;
  const made = analysis.array(call.caller, call.node, name);
  made.length = made.length === 'varies' ? 'varies' : length;
  analysis.grew(made.element.write(element, undefined));
  return arrayOf(made);
}

/** `Array(n)`: n elements that are yet to be filled. */
function arrayOfLength(call: Call): Value {
  const length = call.args.length === 1 ? call.args[0]?.number?.constant : call.args.length;
  const element = call.args.length === 1 ? NEVER : call.args.reduce(join, NEVER);
  return arrayMade(call, 'new', element, length ?? 'varies');
}

function arrayFrom(call: Call): Value {
  const from = first(call);
  let element: Value = from.unknown ? from : NEVER;
  let length: number | 'varies' | undefined;
  for (const array of from.arrays ?? []) {
    element = join(element, array.read());
    for (const known of array.lengths()) length = length === undefined || length === known ? known : 'varies';
  }
  for (const record of from.records ?? []) {
    element = join(element, NIL);
    length = record.read('length')?.number?.constant ?? 'varies';
  }
  if (from.text || from.string) element = join(element, STRING);
  const mapper = call.args[1];
  if (mapper) {
    let mapped: Value = mapper.unknown ? mapper : NEVER;
    for (const fn of mapper.functions ?? []) {
      mapped = join(
        mapped,
        callFunction(fn, { ...call, args: [element, F64], argNodes: [], repeated: true }, 'from'),
      );
    }
    element = mapped;
  }
  return arrayMade(call, 'from', element, from.unknown ? 'varies' : (length ?? 'varies'));
}

function assign(call: Call): Value {
  const [target = NEVER, ...sources] = call.args;
  for (const source of sources) {
    for (const record of source.records ?? []) {
      for (const name of record.fieldNames() ?? []) {
        writeMember(call.caller, target, name, record.read(name) ?? NEVER, call.node);
      }
    }
    if (source.unknown)
      for (const record of target.records ?? []) record.opaque ??= 'it is assigned something unknown';
  }
  return target;
}

const object = namespace('Object', {
  entries: (call) => {
    let element: Value = first(call).unknown ? unknown('a value of something unknown') : NEVER;
    for (const record of first(call).records ?? []) element = join(element, anyField(record));
    const pair = pairOf(call, STRING, element);
    return arrayMade(call, 'entries', pair, 'varies');
  },
  assign,
  freeze: first,
  seal: first,
  is: returns(BOOL),
  hasOwn: returns(BOOL),
  keys: (call) => arrayMade(call, 'keys', STRING, 'varies'),
  values: (call) => {
    let element: Value = first(call).unknown ? unknown('a value of something unknown') : NEVER;
    for (const record of first(call).records ?? []) element = join(element, anyField(record));
    return arrayMade(call, 'values', element, 'varies');
  },
});

const MATH_CONSTANTS = ['E', 'LN10', 'LN2', 'LOG10E', 'LOG2E', 'PI', 'SQRT1_2', 'SQRT2'];
const math: Namespace = {
  name: 'Math',
  get: (name) => (MATH_CONSTANTS.includes(name) ? F64 : mathFunction),
};
const mathFunction: Value = functionOf({
  kind: 'known',
  name: 'Math',
  call: (call) => {
    callsBack(call);
    const big = call.args.findIndex((arg) => only(arg, 'bigint'));
    const node = call.argNodes[big];
    if (node !== undefined) {
      const remedy = inItsPlace(`Number(${textOf(call.caller.source.text, node)})`);
      const mixed = 'Math takes numbers, and is given a bigint';
      call.caller.analysis.problem('BIGINT_MIXED', { mixed }, call.caller.at(node), remedy);
    }
    return F64;
  },
});

const number = namespace(
  'Number',
  {
    '()': returns(F64),
    isFinite: returns(BOOL),
    isInteger: returns(BOOL),
    isNaN: returns(BOOL),
    isSafeInteger: returns(BOOL),
    parseFloat: returns(F64),
    parseInt: returns(F64),
  },
  Object.fromEntries(
    'EPSILON MAX_SAFE_INTEGER MAX_VALUE MIN_SAFE_INTEGER MIN_VALUE NEGATIVE_INFINITY NaN POSITIVE_INFINITY'
      .split(' ')
      .map((name) => [name, F64]),
  ),
);

/** `BigInt.asIntN(64, x)` says which type a bigint has. */
const bigint = namespace('BigInt', {
  '()': (call) => {
    const type = first(call).bigint?.type;
    return type !== undefined && only(first(call), 'bigint') ? bigintOf(type) : bigintOf('bare');
  },
  asIntN: returns(bigintOf('i64')),
  asUintN: returns(bigintOf('u64')),
});

const string = namespace('String', {
  '()': (call) => (only(first(call), 'text') ? first(call) : STRING),
  fromCharCode: returns(STRING),
  fromCodePoint: returns(STRING),
  raw: returns(STRING),
});

const TYPED: Record<string, Value> = {
  Int8Array: F64,
  Uint8Array: F64,
  Uint8ClampedArray: F64,
  Int16Array: F64,
  Uint16Array: F64,
  Int32Array: F64,
  Uint32Array: F64,
  Float32Array: F64,
  Float64Array: F64,
  BigInt64Array: bigintOf('i64'),
  BigUint64Array: bigintOf('u64'),
};

/** What a new Date, Map or Set can do: methods by what their names tell. */
const date: Namespace = {
  name: 'a Date',
  get: (name) => (/^(get|set|valueOf)/.test(name) ? dateNumber : /^to/.test(name) ? dateString : undefined),
};
const dateNumber = functionOf({ kind: 'known', name: 'Date', call: returns(F64) });
const dateString = functionOf({ kind: 'known', name: 'Date', call: returns(STRING) });
const collection = namespace('a collection', { has: returns(BOOL) }, { size: F64 });

const consoleMembers = namespace('console', {});
const consoleFunction = functionOf({ kind: 'known', name: 'console', call: returns(NIL) });

const values = new Map<string, Value>([
  ['undefined', NIL],
  ['NaN', { number: { type: 'f64', constant: Number.NaN, falsy: true } }],
  ['Infinity', { number: { type: 'f64', constant: Number.POSITIVE_INFINITY } }],
  ['Math', namespaceOf(math)],
  ['Number', namespaceOf(number)],
  ['BigInt', namespaceOf(bigint)],
  ['String', namespaceOf(string)],
  ['Boolean', namespaceOf(namespace('Boolean', { '()': returns(BOOL) }))],
  ['Object', namespaceOf(object)],
  [
    'Array',
    namespaceOf(
      namespace('Array', {
        '()': arrayOfLength,
        from: arrayFrom,
        isArray: returns(BOOL),
        of: (call) => arrayMade(call, 'of', call.args.reduce(join, NEVER), call.args.length),
      }),
    ),
  ],
  [
    'Date',
    namespaceOf(
      namespace('Date', { '()': returns(STRING), now: returns(F64), parse: returns(F64), UTC: returns(F64) }),
    ),
  ],
  [
    'JSON',
    namespaceOf(
      namespace('JSON', { stringify: returns(STRING), parse: returns(unknown('the result of JSON.parse')) }),
    ),
  ],
  ['performance', namespaceOf(namespace('performance', { now: returns(F64) }, { timeOrigin: F64 }))],
  ['console', namespaceOf({ ...consoleMembers, get: () => consoleFunction })],
  ['Reflect', namespaceOf(namespace('Reflect', {}))],
  ['isNaN', functionOf({ kind: 'known', name: 'isNaN', call: returns(BOOL) })],
  ['isFinite', functionOf({ kind: 'known', name: 'isFinite', call: returns(BOOL) })],
  ['parseInt', functionOf({ kind: 'known', name: 'parseInt', call: returns(F64) })],
  ['parseFloat', functionOf({ kind: 'known', name: 'parseFloat', call: returns(F64) })],
  [
    'a regular expression',
    namespaceOf(
      namespace(
        'a regular expression',
        { test: returns(BOOL), exec: returns(unknown('a match')) },
        { lastIndex: F64 },
      ),
    ),
  ],
]);
for (const [name, element] of Object.entries(TYPED)) {
  const operations: Record<string, Operation> = {
    of: (call) => arrayMade(call, 'of', element, call.args.length),
    from: (call) => arrayMade(call, 'typed', element, lengthOf(arrayFrom(call))),
  };
  values.set(name, namespaceOf(namespace(name, operations)));
}

function lengthOf(made: Value): number | 'varies' {
  const lengths = [...(made.arrays ?? [])].flatMap((array) => [...array.lengths()]);
  return lengths.length === 1 ? (lengths[0] as number | 'varies') : 'varies';
}

/** Globals of which nothing more is known than that they are there. */
const OPAQUE_GLOBALS = [
  'Map',
  'Set',
  'WeakMap',
  'WeakSet',
  'Symbol',
  'RegExp',
  'Intl',
  'ArrayBuffer',
  'DataView',
  'Proxy',
  'Iterator',
  'Error',
  'TypeError',
  'RangeError',
  'SyntaxError',
  'EvalError',
  'ReferenceError',
  'URIError',
  'AggregateError',
  'encodeURIComponent',
  'decodeURIComponent',
  'encodeURI',
  'decodeURI',
];
for (const name of OPAQUE_GLOBALS) values.set(name, namespaceOf(namespace(name, {})));

/** Whether functions may use a global. */
export function isAllowedGlobal(name: string): boolean {
  return values.has(name) && name !== 'a regular expression';
}

export function globalValue(name: string): Value {
  return values.get(name) ?? unknown(name);
}

/** What `new Name(…)` makes, where it is known. */
export function constructed(name: string, call: Call): Value | undefined {
  if (name === 'Array') return arrayOfLength(call);
  if (name === 'Date') return namespaceOf(date);
  if (name === 'Map' || name === 'Set') {
    callsBack(call);
    return namespaceOf(collection);
  }
  const element = TYPED[name];
  if (element === undefined) return undefined;
  const from = first(call);
  let length: number | 'varies' = from.number?.constant ?? 'varies';
  for (const array of from.arrays ?? []) {
    const [known] = array.lengths();
    length = known ?? 'varies';
  }
  return arrayMade(call, 'new', element, length);
}
