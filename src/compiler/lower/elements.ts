// Elements of literals by computed index: picked out one by one.
import { negate } from './expressions.js';
import { binary, type Expression, f64, i32, unary } from './ir.js';
import type { Lowering } from './lowering.js';
import { double } from './numbers.js';
import { type Cell, type NumberOperand, type Operand, type TupleOperand, UNDEFINED } from './operand.js';
import { describeOperand, refuse } from './reasons.js';

/** Literals up to this length may be indexed by what is computed. */
const MAX_PICKED = 16;

/** An index as an i32, and whether it is one of a length. */
export function checkedIndex(
  low: Lowering,
  index: NumberOperand,
  length: number,
): { readonly value: Expression; readonly inside: Expression } {
  const { builder } = low;
  if (index.constant !== undefined) {
    const inside = Number.isInteger(index.constant) && index.constant >= 0 && index.constant < length;
    return { value: i32(inside ? index.constant : 0), inside: i32(Number(inside)) };
  }
  if ((index.below ?? length + 1) <= length) return { value: builder.pin(index.value, 'i'), inside: i32(1) };
  if (index.rep !== 'f64') {
    const value = builder.pin(index.value, 'i');
    return { value, inside: binary('i32.lt_u', value, i32(length)) };
  }
  const x = builder.pin(index.value, 'index');
  const value = builder.pin(unary('i32.trunc_sat_f64_s', x), 'i');
  const isWhole = binary('f64.eq', unary('f64.convert_i32_s', value), x);
  return { value, inside: binary('i32.and', isWhole, binary('i32.lt_u', value, i32(length))) };
}

export function asIndex(index: Operand): NumberOperand {
  return index.kind === 'number' ? index : refuse(`${describeOperand(index)} is used as an index`);
}

/** `tuple[index]`: undefined where it has no such element, and a failure where it stands for a fixed array. */
export function readTupleAt(low: Lowering, tuple: TupleOperand, index: Operand): Operand {
  const { elements, fixed } = tuple;
  const at = asIndex(index);
  const { value, inside } = checkedIndex(low, at, elements.length);
  const fail = (): void => low.fail('index', double(at), f64(elements.length));
  if (inside.op === 'const' && (!inside.value || value.op === 'const')) {
    const cell = inside.value && value.op === 'const' ? elements[Number(value.value)] : undefined;
    if (cell !== undefined) return low.read(cell);
    if (fixed) {
      fail();
      low.env = undefined;
    }
    return UNDEFINED;
  }
  if (elements.length > MAX_PICKED) return refuse('a long literal is indexed by what is computed');
  if (fixed && inside.op !== 'const') low.builder.when(negate(inside), low.builder.collect(fail));
  return (
    low.block('picked', (exit) => {
      if (!fixed) low.branch(negate(inside), () => low.jump(exit, UNDEFINED));
      elements.forEach((cell, i) => {
        if (i === elements.length - 1) return;
        low.branch(binary('i32.eq', value, i32(i)), () => low.jump(exit, low.read(cell)));
      });
      const last = elements.at(-1);
      return last === undefined ? UNDEFINED : low.read(last);
    }) ?? UNDEFINED
  );
}

/** `tuple[index] = value`; a computed index has to be one of its own for sure, since elsewhere an element would be added. */
export function writeTupleAt(low: Lowering, tuple: TupleOperand, index: Operand, value: Operand): void {
  const { elements } = tuple;
  const { value: at, inside } = checkedIndex(low, asIndex(index), elements.length);
  if (inside.op !== 'const' || !inside.value)
    refuse('which element of a literal is assigned is computed, and may be none of its own');
  if (at.op === 'const') {
    low.writeField(tuple, elements[Number(at.value)] as Cell, value);
    return;
  }
  if (elements.length > MAX_PICKED) refuse('an element of a long literal is assigned by what is computed');
  const stored = low.pinned(value, 'value');
  low.block('assigned', (exit) => {
    elements.forEach((cell, i) => {
      const put = (): void => {
        low.writeField(tuple, cell, stored);
        low.jump(exit);
      };
      if (i === elements.length - 1) put();
      else low.branch(binary('i32.eq', at, i32(i)), put);
    });
    return undefined;
  });
}
