// Truth: booleans, whether an operand is truthy, and what is left of it where it was found to be.
import { binary, type Expression, f64, i32, i64, unary } from './ir.js';
import type { BoolOperand, Operand, SingleOperand, UnionOperand } from './operand.js';
import { refuse } from './reasons.js';

export const boolConstant = (value: boolean): BoolOperand => ({
  kind: 'bool',
  value: i32(Number(value)),
  constant: value,
});

export const bool = (value: Expression): BoolOperand =>
  value.op === 'const' ? boolConstant(value.value !== 0) : { kind: 'bool', value };

export const not = ({ constant, value }: BoolOperand): BoolOperand =>
  constant === undefined ? bool(unary('i32.eqz', value)) : boolConstant(!constant);

/** `a && b`, both evaluated. */
export function both(a: BoolOperand, b: BoolOperand): BoolOperand {
  if (a.constant !== undefined) return a.constant ? b : a;
  if (b.constant !== undefined) return b.constant ? a : b;
  return bool(binary('i32.and', a.value, b.value));
}

/** `a || b`, both evaluated. */
export function either(a: BoolOperand, b: BoolOperand): BoolOperand {
  if (a.constant !== undefined) return a.constant ? a : b;
  if (b.constant !== undefined) return b.constant ? b : a;
  return bool(binary('i32.or', a.value, b.value));
}

/** Whether an operand is truthy. */
export function truth(operand: Operand): BoolOperand {
  switch (operand.kind) {
    case 'bool':
      return operand;
    case 'nil':
      return boolConstant(false);
    case 'union':
      return anyOf(operand, truth);
    case 'number': {
      const { constant, rep, value } = operand;
      if (constant !== undefined) return boolConstant(Boolean(constant));
      if (rep !== 'f64') return bool(binary('i32.ne', value, i32(0)));
      // False of NaN, too.
      return bool(binary('f64.gt', unary('f64.abs', value), f64(0)));
    }
    case 'bigint':
      if (operand.constant !== undefined) return boolConstant(operand.constant !== 0n);
      if (operand.type === 'modular')
        refuse('whether a sum or product of bigints is 0n takes all of its bits');
      return bool(binary('i64.ne', operand.value, i64(0n)));
    case 'text':
      if (operand.constant !== undefined) return boolConstant(operand.constant !== '');
      return bool(binary('i32.ne', operand.value, i32(0)));
    default:
      return boolConstant(true);
  }
}

/** Whether the alternative that holds has a property. */
export function anyOf(union: UnionOperand, test: (alternative: SingleOperand) => BoolOperand): BoolOperand {
  const results = union.alternatives.map(test);
  const sure = tagIn(union, (i) => results[i]?.constant === true);
  return results.reduce(
    (any, result, i) =>
      result.constant === undefined
        ? either(
            any,
            both(
              tagIn(union, (tag) => tag === i),
              result,
            ),
          )
        : any,
    sure,
  );
}

/** Whether the tag of a union is one of some. */
export function tagIn({ tag, alternatives }: UnionOperand, has: (tag: number) => boolean): BoolOperand {
  const all = alternatives.map((_, i) => i);
  const inside = all.filter(has);
  const [first, last] = [inside[0], inside.at(-1)];
  if (first === undefined || last === undefined) return boolConstant(false);
  if (inside.length === all.length) return boolConstant(true);
  if (first === last) return bool(first === 0 ? unary('i32.eqz', tag) : binary('i32.eq', tag, i32(first)));
  if (inside.length !== last - first + 1)
    return inside.map((i) => bool(binary('i32.eq', tag, i32(i)))).reduce(either);
  if (first === 0) return bool(binary('i32.le_u', tag, i32(last)));
  return bool(binary('i32.le_u', binary('i32.sub', tag, i32(first)), i32(last - first)));
}

/** What is left of an operand of which some alternatives are ruled out; undefined if nothing is. */
export function partOf(
  operand: Operand,
  part: (alternative: SingleOperand) => SingleOperand | undefined,
): Operand | undefined {
  if (operand.kind !== 'union') return part(operand);
  const parts = operand.alternatives.map(part);
  const alternatives = parts.filter((alternative) => alternative !== undefined);
  if (alternatives.length <= 1) return alternatives[0];
  // Tags count what is left.
  let { tag } = operand;
  const last = parts.findLastIndex((alternative) => alternative !== undefined);
  parts.forEach((alternative, i) => {
    if (alternative !== undefined || i > last) return;
    const before = parts.slice(0, i).some((other) => other !== undefined);
    const step = before ? binary('i32.gt_u', operand.tag, i32(i)) : i32(1);
    tag = binary('i32.sub', tag, step);
  });
  return { kind: 'union', tag, alternatives };
}

/** What is left of an operand where it was found to be truthy; undefined if it can't be. */
export const truthyPart = (operand: Operand): Operand | undefined =>
  partOf(operand, (single) => {
    if (constantTruth(single) === false) return undefined;
    return single.kind === 'bool' ? boolConstant(true) : single;
  });

/** What is left of an operand where it was found to be falsy; undefined if it can't be. */
export const falsyPart = (operand: Operand): Operand | undefined =>
  partOf(operand, (single): SingleOperand | undefined => {
    if (constantTruth(single) === true) return undefined;
    switch (single.kind) {
      case 'bool':
        return boolConstant(false);
      case 'number':
        return single.rep === 'f64' ? single : { ...single, value: i32(0), constant: 0 };
      case 'bigint':
        return { ...single, type: 'bare', value: i64(0n), constant: 0n };
      case 'text':
        return { ...single, value: i32(0), constant: '' };
      default:
        return single;
    }
  });

/** What is left of an operand where it was found to be neither null nor undefined; undefined if it can't be. */
export const presentPart = (operand: Operand): Operand | undefined =>
  partOf(operand, (single) => (single.kind === 'nil' ? undefined : single));

/** What is left of an operand where it was found to be null or undefined. */
export const nilPart = (operand: Operand): Operand | undefined =>
  partOf(operand, (single) => (single.kind === 'nil' ? single : undefined));

function constantTruth(single: SingleOperand): boolean | undefined {
  return single.kind === 'bigint' && single.type === 'modular' ? undefined : truth(single).constant;
}

/** Whether an operand is null or undefined. */
export function isNil(operand: Operand): BoolOperand {
  return operand.kind === 'union' ? anyOf(operand, isNil) : boolConstant(operand.kind === 'nil');
}

/** What `typeof` says. */
export function typeName(single: SingleOperand): string {
  switch (single.kind) {
    case 'number':
    case 'bigint':
      return single.kind;
    case 'bool':
      return 'boolean';
    case 'text':
      return 'string';
    case 'nil':
      return single.value === null ? 'object' : 'undefined';
    case 'closure':
    case 'known':
      return 'function';
    case 'namespace':
      return single.member('()') === undefined ? 'object' : 'function';
    default:
      return 'object';
  }
}
