// Encodes a module as WebAssembly's binary format.
// Source: WebAssembly Core Specification 2.0, 5.5 (modules).
import type { DefinedFunction, Global, Module, ValueType } from '../lower/ir.js';
import { Bytes } from './bytes.js';
import { BodyEncoder, type Numbers, putConstant } from './encode-body.js';
import { Op, TYPES } from './opcodes.js';
import { localsOf, survey } from './survey.js';

const SECTION = { TYPE: 1, IMPORT: 2, FUNCTION: 3, GLOBAL: 6, EXPORT: 7, CODE: 10 } as const;
const KIND = { FUNCTION: 0, MEMORY: 2, GLOBAL: 3 } as const;
const FUNCTION_TYPE = 0x60;
const MAGIC_AND_VERSION = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
const HAS_MAXIMUM = 1;
const IS_SHARED = 2;

/** Where imports come from. */
export const IMPORT_MODULE = 'env';

interface Signature {
  readonly params: readonly ValueType[];
  readonly result: ValueType | undefined;
}

/** The module as bytes, for `new WebAssembly.Module`. */
export function encode(module: Module): Uint8Array<ArrayBuffer> {
  const { importedFunctions, importedGlobals, globals, functions } = survey(module);
  const callees = [...importedFunctions, ...functions];
  const numbers: Numbers = {
    functions: new Map(callees.map((callee, i) => [callee, i])),
    globals: new Map([...importedGlobals, ...globals].map((global, i) => [global, i])),
  };
  const types = new Map<string, { number: number; signature: Signature }>();
  const typeNumber = (signature: Signature): number => {
    const key = `${signature.params.join()}>${signature.result}`;
    const known = types.get(key) ?? { number: types.size, signature };
    types.set(key, known);
    return known.number;
  };
  const signatureOf = (fn: DefinedFunction): Signature => ({
    params: fn.params.map((param) => param.type),
    result: fn.result,
  });

  const imports = new Bytes().unsigned(1 + importedFunctions.length + importedGlobals.length);
  const { shared, initialPages, maximumPages } = module.memory;
  imports
    .name(IMPORT_MODULE)
    .name('memory')
    .byte(KIND.MEMORY)
    .byte(shared ? HAS_MAXIMUM | IS_SHARED : HAS_MAXIMUM);
  imports.unsigned(initialPages).unsigned(maximumPages);
  for (const fn of importedFunctions)
    imports.name(IMPORT_MODULE).name(fn.name).byte(KIND.FUNCTION).unsigned(typeNumber(fn));
  for (const global of importedGlobals)
    putGlobalType(global, imports.name(IMPORT_MODULE).name(global.name).byte(KIND.GLOBAL));

  const declared = new Bytes().vector(functions, (fn, to) => to.unsigned(typeNumber(signatureOf(fn))));
  const values = new Bytes().vector(globals, (global, to) => {
    putGlobalType(global, to);
    putConstant(to, global.type, global.initial ?? 0);
    to.byte(Op.END);
  });
  const exports = new Bytes().vector([...module.exports], ([name, exported], to) => {
    to.name(name);
    if (exported.kind === 'global') to.byte(KIND.GLOBAL).unsigned(numbers.globals.get(exported) as number);
    else to.byte(KIND.FUNCTION).unsigned(numbers.functions.get(exported) as number);
  });
  const code = new Bytes().vector(functions, (fn, to) => to.sized(body(fn, numbers)));
  const putType = (type: ValueType, to: Bytes): void => {
    to.byte(TYPES[type]);
  };
  const signatures = new Bytes().vector([...types.values()], ({ signature: { params, result } }, to) => {
    to.byte(FUNCTION_TYPE).vector(params, putType);
    to.vector(result === undefined ? [] : [result], putType);
  });

  const bytes = new Bytes().bytes(MAGIC_AND_VERSION);
  bytes.byte(SECTION.TYPE).sized(signatures);
  bytes.byte(SECTION.IMPORT).sized(imports);
  bytes.byte(SECTION.FUNCTION).sized(declared);
  bytes.byte(SECTION.GLOBAL).sized(values);
  bytes.byte(SECTION.EXPORT).sized(exports);
  bytes.byte(SECTION.CODE).sized(code);
  return bytes.take();
}

function putGlobalType({ type, mutable }: Global, to: Bytes): void {
  to.byte(TYPES[type]).byte(mutable ? 1 : 0);
}

/** A function's locals and instructions. */
function body(fn: DefinedFunction, numbers: Numbers): Bytes {
  const bytes = new Bytes();
  const locals = localsOf(fn);
  const groups: { type: ValueType; count: number }[] = [];
  for (const { type } of locals) {
    const last = groups.at(-1);
    if (last?.type === type) last.count++;
    else groups.push({ type, count: 1 });
  }
  bytes.vector(groups, ({ type, count }, to) => to.unsigned(count).byte(TYPES[type]));
  const numbered = new Map([...fn.params, ...locals].map((local, i) => [local, i]));
  const encoder = new BodyEncoder(bytes, numbers, numbered);
  encoder.statements(fn.body);
  // Every way through it has returned.
  if (fn.result !== undefined) bytes.byte(Op.UNREACHABLE);
  return bytes.byte(Op.END);
}
