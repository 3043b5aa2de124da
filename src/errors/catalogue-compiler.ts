// Errors of the compiler: functions that can't be taken in, captures and layouts.
import type { Catalogue } from './catalogue-entry.js';

/** What every message of the compiler has: which function of which operator, and the code frame with its remedy. */
export interface At {
  where: string;
  detail: string;
}

export const compilerErrors = {
  NOT_A_FUNCTION: {
    kind: 'TypeError',
    message: (p: At & { type: string }) =>
      `Cannot take in ${p.where}: expected a function, got ${p.type}${p.detail}`,
    when: "Something that isn't a function was given to an operator where it takes one.",
    remedy: 'Pass an arrow function.',
  },
  FUNCTION_REFUSED: {
    kind: 'TypeError',
    message: (p: At & { why: string }) => `Cannot take in ${p.where}: ${p.why}${p.detail}`,
    when: "A function can't be moved to where the stage runs: native, bound, async, generator functions, classes, `this`, `arguments`.",
    remedy:
      'Write it as an arrow function that uses nothing but its arguments, and give it values with `using`.',
  },
  ARRAY_RESIZED: {
    kind: 'TypeError',
    message: (p: At & { what: string; array: string; length: number }) =>
      `Cannot take in ${p.where}: ${p.what} changes the length of ${p.array}, which always has ${p.length} elements${p.detail}`,
    when: 'A function pushes to an array of a record that is kept, takes elements out of it, or assigns its length.',
    remedy:
      'Make it anew with as many elements, such as `s.last = [...s.last.slice(1), r.value]`, or keep in a field of its own how many are in use.',
  },
  CAPTURED_VARIABLE: {
    kind: 'TypeError',
    message: (p: At & { variables: string }) =>
      `Cannot take in ${p.where}: it captures ${p.variables}, and a function of a stage sees only its arguments${p.detail}`,
    when: 'A function uses a variable from around it; the stage may run it on another thread, where that variable is not.',
    remedy: 'Hand the value over with the `using` option; the message shows the corrected call.',
  },
  CAPTURED_WRITE: {
    kind: 'TypeError',
    message: (p: At & { variables: string }) =>
      `Cannot take in ${p.where}: it writes to ${p.variables} outside of it, which the stage can't reach${p.detail}`,
    when: 'A function assigns a variable from around it.',
    remedy: 'Keep the value in state: use `scan`, `stateful` or `step`.',
  },
  UNKNOWN_GLOBAL: {
    kind: 'TypeError',
    message: (p: At & { variable: string; why: string }) =>
      `Cannot take in ${p.where}: ${p.variable} is not available in a stage: ${p.why}${p.detail}`,
    when: 'A function uses a global that stages do not offer, or code that a build tool put in.',
    remedy:
      'Do that work on the edges (before `next` or in a subscriber), or give the function its result with `using`.',
  },
  USING_UNUSABLE: {
    kind: 'TypeError',
    message: (p: At & { key: string; type: string }) =>
      `Cannot use ${p.key} in ${p.where}: it is ${p.type}; using takes numbers, bigints, booleans, strings, tables of those, functions and live parameters${p.detail}`,
    when: 'A value given with `using` cannot be handed to another thread and kept as it is.',
    remedy: 'Give plain values; of an instance, give the fields that the function reads.',
  },
  PARAMETER_UNFILLED: {
    kind: 'TypeError',
    message: (p: At & { parameter: string; passed: number }) =>
      `Cannot take in ${p.where}: nothing is passed for its parameter ${p.parameter}; it gets ${p.passed} argument${p.passed === 1 ? '' : 's'}${p.detail}`,
    when: 'A function reads a parameter that its operator does not pass.',
    remedy: 'Remove the parameter, or give its value with `using`; count records in state.',
  },
  USING_MISSING: {
    kind: 'TypeError',
    message: (p: At & { key: string; from: string; given: string }) =>
      `Cannot take in ${p.where}: it uses ${p.key}, and ${p.from} gives ${p.given}${p.detail}`,
    when: "A function reads a value from its last parameter that the `using` option doesn't hold.",
    remedy: 'Add it to `using`, or correct its name.',
  },
  FIELD_UNKNOWN: {
    kind: 'TypeError',
    message: (p: At & { of: string; field: string; has: string }) =>
      `Cannot take in ${p.where}: ${p.of} has no field ${p.field}; it has ${p.has}${p.detail}`,
    when: 'A function reads or writes a field that the record lacks.',
    remedy: "Correct the field's name, or add it where the record is made.",
  },
  INPUT_WRITTEN: {
    kind: 'TypeError',
    message: (p: At & { what: string }) =>
      `Cannot take in ${p.where}: it writes to ${p.what}, which others read too${p.detail}`,
    when: 'A function assigns to a record it was given; only state may be written.',
    remedy: 'Return a new record: `({ ...record, field: value })`.',
  },
  LAYOUT_UNSETTLED: {
    kind: 'TypeError',
    message: (p: At & { record: string; field: string; seen: string; remedy: string }) =>
      `Cannot lay out field ${p.field} of ${p.record} of ${p.where}: it is ${p.seen}; ${p.remedy}${p.detail}`,
    when: "A field's type can't be read off what is stored in it.",
    remedy:
      'Declare the layout: `{ out: struct({ … }) }` (`{ state: … }` for `step`), or store a value whose type is plain.',
  },
  LAYOUT_MISMATCH: {
    kind: 'TypeError',
    message: (p: At & { record: string; field: string; declared: string; seen: string }) =>
      `Cannot store ${p.seen} in field ${p.field} of ${p.record} of ${p.where}: it is declared as ${p.declared}${p.detail}`,
    when: 'What is stored in a field does not fit its declared type.',
    remedy: 'Change the declaration, or convert the value.',
  },
  FIELDS_DIFFER: {
    kind: 'TypeError',
    message: (p: At & { record: string; difference: string }) =>
      `Cannot lay out ${p.record} of ${p.where}: ${p.difference}; all records of one kind have the same fields${p.detail}`,
    when: 'Records that end up in the same place have different fields.',
    remedy: 'Give every object literal the same fields.',
  },
  RESULT_IGNORED: {
    kind: 'TypeError',
    message: (p: At) => `Cannot take in ${p.where}: it returns a record, which nobody takes${p.detail}`,
    when: 'A function returns a record where its result is not used, and changes nothing: `update` of `stateful` changes the state that it is given.',
    remedy:
      'Assign to the fields of the state instead, or use `scan`, which keeps what its function returns.',
  },
  NOT_A_RECORD: {
    kind: 'TypeError',
    message: (p: At & { record: string; seen: string; remedy: string }) =>
      `Cannot take in ${p.where}: ${p.record} is ${p.seen}, not a record; ${p.remedy}${p.detail}`,
    when: 'A function returns or emits something else where a record is expected.',
    remedy: 'Return an object literal such as `({ value: … })`, or false, null or undefined for nothing.',
  },
  NOTHING_EMITTED: {
    kind: 'TypeError',
    message: (p: At) =>
      `Cannot take in ${p.where}: it never emits a record, so its output has no layout${p.detail}`,
    when: 'No record reaches `emit`, and no layout is declared.',
    remedy: 'Emit a record, or declare `{ out: struct({ … }) }`.',
  },
  BIGINT_MIXED: {
    kind: 'TypeError',
    message: (p: At & { mixed: string }) => `Cannot take in ${p.where}: ${p.mixed}${p.detail}`,
    when: 'Arithmetic mixes bigints with numbers, or a function of `Math` is given a bigint, which JavaScript refuses at run time.',
    remedy: 'Convert one side: `BigInt(…)`, `Number(…)`, or write the literal with an n.',
  },
  KEY_UNUSABLE: {
    kind: 'TypeError',
    message: (p: At & { part: string; seen: string; remedy: string }) =>
      `Cannot make a key in ${p.where}: ${p.part} is ${p.seen}; ${p.remedy}${p.detail}`,
    when: "A key function returns, or a table is asked for, something whose kind is unknown, or that isn't a number, bigint, boolean, text or a tuple of those.",
    remedy: 'Return fields, or say the kind: `Number(…)`, `BigInt.asIntN(64, …)`, `Boolean(…)`.',
  },
  TABLE_UNUSABLE: {
    kind: 'TypeError',
    message: (p: At & { table: string; why: string }) =>
      `Cannot use the table ${p.table} in ${p.where}: ${p.why}${p.detail}`,
    when: 'One of the `tables` of a step is not what `keyedTable` makes of a key and a struct, or its name is taken.',
    remedy: 'Declare it with `keyedTable({ key: u32, value: struct({ … }) })`, under a name of its own.',
  },
  LAYOUTS_DIFFER: {
    kind: 'TypeError',
    message: (p: At & { record: string; expected: string; got: string }) =>
      `Cannot build ${p.where}: ${p.record} has the layout { ${p.got} }, expected { ${p.expected} }${p.detail}`,
    when: 'An operator made by `compose`, or a stage with a declared output, is joined to records of another layout.',
    remedy: 'Map the records to that layout first, or compose the operator for this one.',
  },
  MAX_KEYS: {
    kind: 'RangeError',
    message: (p: At & { maxKeys: unknown }) =>
      `Cannot build ${p.where}: maxKeys is ${String(p.maxKeys)}; it takes a whole number from 1 to 268435456${p.detail}`,
    when: "An operator's `maxKeys` option is out of range.",
    remedy: 'Choose a whole number from 1 to 268435456.',
  },
  NOT_COMPILABLE: {
    kind: 'TypeError',
    message: (p: At & { reason: string }) =>
      `Cannot compile ${p.where} to WebAssembly: ${p.reason}${p.detail}`,
    when: "A stage asks for `backend: 'wasm'`, and a function in it can only run as JavaScript.",
    remedy: 'Write that part in another way, or leave `backend` out: the operator then runs as JavaScript.',
  },
  TABLE_FULL: {
    kind: 'RangeError',
    message: (p: { operator: string; maxKeys: number }) =>
      `Cannot store a new key of ${p.operator}: its table is full at maxKeys, ${p.maxKeys}`,
    when: 'A keyed operator or a table of a step meets more keys than `maxKeys`.',
    remedy: 'Raise `maxKeys`, or make keys coarser.',
  },
} as const satisfies Catalogue;
