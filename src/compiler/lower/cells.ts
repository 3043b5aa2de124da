// Shorthands for code over 32-bit cells of memory: what is written out by hand, such as keyed tables, reads better with them.
import type { Builder } from './builder.js';
import { type BinaryOp, binary, type Expression, type Global, get, i32, type Local } from './ir.js';

type Value = Expression | Local | number;

/** A local's value, a constant, or an expression as it is. */
export function value(of: Value): Expression {
  if (typeof of === 'number') return i32(of);
  return 'kind' in of ? get(of) : of;
}

const operation =
  (code: BinaryOp) =>
  (a: Value, b: Value): Expression =>
    binary(code, value(a), value(b));

export const add = operation('i32.add');
export const sub = operation('i32.sub');
export const mul = operation('i32.mul');
export const and = operation('i32.and');
export const or = operation('i32.or');
export const xor = operation('i32.xor');
export const shl = operation('i32.shl');
export const shr = operation('i32.shr_u');
export const eq = operation('i32.eq');
export const ne = operation('i32.ne');
export const lt = operation('i32.lt_u');
export const le = operation('i32.le_u');
export const gt = operation('i32.gt_u');

/** `condition ? a : b`, both evaluated. */
export function select(condition: Expression, a: Value, b: Value): Expression {
  return { op: 'select', type: 'i32', condition, a: value(a), b: value(b) };
}

/** The cell at a byte address. */
export function cellAt(address: Value, cell = 0): Expression {
  return { op: 'load', code: 'i32.load', address: value(address), offset: 4 * cell };
}

/** Stores the cell at a byte address. */
export function setCell(b: Builder, address: Value, cell: number, to: Value): void {
  b.add({ op: 'store', code: 'i32.store', address: value(address), offset: 4 * cell, value: value(to) });
}

export function setGlobal(b: Builder, to: Global, of: Expression): void {
  b.add({ op: 'set', to, value: of });
}

/** Adds to the cell at a byte address. */
export function addToCell(b: Builder, address: Value, cell: number, difference: number): void {
  setCell(b, address, cell, add(cellAt(address, cell), difference));
}

export function giveBack(b: Builder, result: Value): void {
  b.add({ op: 'return', value: value(result) });
}

export function when(b: Builder, condition: Expression, consequent: () => void, alternate = () => {}): void {
  b.when(condition, b.collect(consequent), b.collect(alternate));
}

/** `while (condition()) body()`. */
export function loopWhile(b: Builder, condition: () => Expression, body: () => void): void {
  b.loop('again', (again) => {
    when(b, condition(), () => {
      body();
      b.break(again);
    });
  });
}
