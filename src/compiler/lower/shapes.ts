// Shapes: what holds a value where several paths meet. Alternatives of one kind share locals; several kinds make a union.
import { fingerprintOf } from '../../schema/index.js';
import { addressOf } from './context.js';
import { type Environment, sameExpression } from './environment.js';
import { binary, type Expression, get, i32, type Local, local, type ValueType } from './ir.js';
import { double, inRep, number } from './numbers.js';
import type { Cell, Operand, SingleOperand } from './operand.js';
import { refuse } from './reasons.js';
import { bool } from './truth.js';

/** A value on one of the paths, and what its cells hold there. */
export interface Arriving {
  readonly operand: Operand;
  readonly env: Environment;
}

export type Assignment = readonly [Local, Expression];

export interface Shape {
  readonly operand: Operand;
  /** What a path has to assign so that `operand` is its value; undefined where that doesn't fit. */
  put(arriving: Arriving): Assignment[] | undefined;
}

/** What making a shape needs to know. */
export interface ShapeMaker {
  /** Makes a cell of the place where paths meet. */
  cell(name: string, value: Operand): Cell;
  /** Notes that a literal stands for others from here on. */
  merged(into: SingleOperand, from: SingleOperand): void;
  /** Whether locals of the paths can't be used behind: the start of a loop, whose end is not known yet. */
  readonly fresh: boolean;
}

const MAX_ALTERNATIVES = 8;
const MAX_DEPTH = 8;

/** A shape for everything that arrives. The first path's own operand is used where all are the same. */
export function shapeOf(arriving: readonly Arriving[], name: string, maker: ShapeMaker, depth = 0): Shape {
  if (depth > MAX_DEPTH) refuse('literals are nested too deep');
  const classes = new Map<string, { single: SingleOperand; env: Environment; first: boolean }[]>();
  arriving.forEach(({ operand, env }, i) => {
    for (const single of alternativesOf(operand)) {
      const key = classOf(single);
      const members = classes.get(key);
      if (members === undefined) classes.set(key, [{ single, env, first: i === 0 }]);
      else members.push({ single, env, first: i === 0 });
    }
  });
  if (classes.size > MAX_ALTERNATIVES) refuse(`${name} may be one of too many things`);
  const keys = [...classes.keys()];
  const slots = [...classes.values()].map((members) => slotOf(members, arriving.length, name, maker, depth));
  const [only] = slots;
  if (slots.length === 1 && only !== undefined) {
    return {
      operand: only.single,
      put({ operand, env }) {
        if (operand.kind === 'union' || classOf(operand) !== keys[0]) return undefined;
        return only.put(operand, env);
      },
    };
  }
  const tag = local('i32', `${name}.kind`);
  return {
    operand: { kind: 'union', tag: get(tag), alternatives: slots.map((slot) => slot.single) },
    put({ operand, env }) {
      const indices: number[] = [];
      const assignments: Assignment[] = [];
      for (const single of alternativesOf(operand)) {
        const index = keys.indexOf(classOf(single));
        const own = slots[index]?.put(single, env);
        if (own === undefined) return undefined;
        indices.push(index);
        assignments.push(...own);
      }
      return [[tag, tagFor(operand, indices)], ...assignments];
    },
  };
}

/** The tag under another numbering of the alternatives. */
function tagFor(operand: Operand, indices: readonly number[]): Expression {
  if (operand.kind !== 'union') return i32(indices[0] as number);
  if (indices.every((index, i) => index === i)) return operand.tag;
  if (indices.length === 2 && indices[0] === 1 && indices[1] === 0)
    return { op: 'unary', code: 'i32.eqz', a: operand.tag };
  return indices.reduceRight<Expression>(
    (rest, index, i) =>
      i === indices.length - 1
        ? i32(index)
        : {
            op: 'select',
            type: 'i32',
            condition: binary('i32.eq', operand.tag, i32(i)),
            a: i32(index),
            b: rest,
          },
    i32(0),
  );
}

export function alternativesOf(operand: Operand): readonly SingleOperand[] {
  return operand.kind === 'union' ? operand.alternatives : [operand];
}

const identities = new WeakMap<object, number>();
let identified = 0;

function identity(of: object): number {
  let number = identities.get(of);
  if (number === undefined) {
    number = identified++;
    identities.set(of, number);
  }
  return number;
}

/** Operands of one class can share their locals. */
export function classOf(single: SingleOperand): string {
  switch (single.kind) {
    case 'number':
    case 'bool':
    case 'bigint':
    case 'text':
      return single.kind;
    case 'nil':
      return String(single.value);
    case 'record':
      return `record ${single.struct.fingerprint}`;
    case 'array':
      return `array ${fingerprintOf(single.type)}`;
    case 'object':
      return `object ${[...single.fields.keys()].sort().join()}`;
    case 'tuple':
      return `tuple ${single.elements.length}${single.fixed ? ' fixed' : ''}`;
    case 'closure':
      return `closure ${identity(single.node)} ${single.scope ? identity(single.scope as object) : ''} ${single.using && single.using.kind !== 'union' ? identity(single.using) : ''}`;
    case 'constant':
      return `constant ${identity(single.of)}`;
    case 'known':
    case 'namespace':
      return `${single.kind} ${identity(single)}`;
  }
}

interface Slot {
  readonly single: SingleOperand;
  put(single: SingleOperand, env: Environment): Assignment[] | undefined;
}

type Members = readonly {
  readonly single: SingleOperand;
  readonly env: Environment;
  readonly first: boolean;
}[];

function slotOf(members: Members, paths: number, name: string, maker: ShapeMaker, depth: number): Slot {
  const first = members[0] as Members[number];
  const same = members.every(({ single }) => sameOperand(single, first.single));
  // At the start of a loop only what held before it can be used as it is.
  const usable = !maker.fresh || (first.first && members.length === paths);
  if (same && usable) {
    const { single } = first;
    return { single, put: (other) => (sameOperand(single, other) ? [] : undefined) };
  }
  return freshSlot(members, name, maker, depth);
}

function freshSlot(members: Members, name: string, maker: ShapeMaker, depth: number): Slot {
  const { single } = members[0] as Members[number];
  switch (single.kind) {
    case 'number': {
      const rep = commonRep(members);
      const to = local(rep === 'f64' ? 'f64' : 'i32', name);
      return {
        single: number(get(to), rep),
        put(other) {
          if (other.kind !== 'number') return undefined;
          const value = rep === 'f64' ? double(other) : inRep(other, rep);
          return value && [[to, value]];
        },
      };
    }
    case 'bool':
      return scalarSlot('i32', name, 'bool', (value) => bool(value));
    case 'text':
      return scalarSlot('i32', name, 'text', (value) => ({ kind: 'text', value }));
    case 'bigint':
      return bigintSlot(members, name);
    case 'record':
    case 'array': {
      const to = local('i32', name);
      return {
        single: { ...single, address: get(to), offset: 0 },
        put(other) {
          return other.kind === single.kind ? [[to, addressOf(other as typeof single)]] : undefined;
        },
      };
    }
    case 'object': {
      const names = [...single.fields.keys()];
      const shapes = names.map((field) =>
        shapeOf(
          members.map((member) => fieldOf(member.single, field, member.env)),
          field,
          maker,
          depth + 1,
        ),
      );
      const made = {
        kind: 'object',
        fields: new Map(names.map((field, i) => [field, maker.cell(field, (shapes[i] as Shape).operand)])),
      } as const;
      for (const member of members) maker.merged(made, member.single);
      return {
        single: made,
        put: (other, env) => putAll(shapes, (i) => fieldOf(other, names[i] as string, env)),
      };
    }
    case 'tuple': {
      const shapes = single.elements.map((_, i) =>
        shapeOf(
          members.map((member) => elementOf(member.single, i, member.env)),
          `${name}${i}`,
          maker,
          depth + 1,
        ),
      );
      const made = {
        kind: 'tuple',
        elements: shapes.map((shape, i) => maker.cell(`${name}${i}`, shape.operand)),
        ...(single.fixed ? { fixed: true } : {}),
      } as const;
      for (const member of members) maker.merged(made, member.single);
      return { single: made, put: (other, env) => putAll(shapes, (i) => elementOf(other, i, env)) };
    }
    default:
      return { single, put: (other) => (classOf(other) === classOf(single) ? [] : undefined) };
  }
}

function scalarSlot(
  type: ValueType,
  name: string,
  kind: 'bool' | 'text',
  make: (value: Expression) => SingleOperand,
): Slot {
  const to = local(type, name);
  return { single: make(get(to)), put: (other) => (other.kind === kind ? [[to, other.value]] : undefined) };
}

/** Bigints stay exact where all are of one type, or constants that fit; else they are known modulo 2^64. */
function bigintSlot(members: Members, name: string): Slot {
  const types = new Set(members.flatMap(({ single }) => (single.kind === 'bigint' ? [single.type] : [])));
  types.delete('bare');
  const [one] = types;
  const type = types.size === 1 && one !== undefined ? one : 'modular';
  const fits = members.every(({ single }) => fitsBigint(single, type));
  const to = local('i64', name);
  const made = { kind: 'bigint', type: fits ? type : 'modular', value: get(to) } as const;
  return {
    single: made,
    put: (other) =>
      other.kind === 'bigint' && fitsBigint(other, made.type) ? [[to, other.value]] : undefined,
  };
}

function fitsBigint(single: SingleOperand, type: string): boolean {
  if (single.kind !== 'bigint') return false;
  if (type === 'modular' || single.type === type) return true;
  if (single.type !== 'bare' || single.constant === undefined) return false;
  return (type === 'i64' ? BigInt.asIntN : BigInt.asUintN)(64, single.constant) === single.constant;
}

/** The representation that all numbers have, constants in any that holds them. */
function commonRep(members: Members): 'f64' | 'i32' | 'u32' {
  for (const rep of ['i32', 'u32'] as const) {
    if (members.every(({ single }) => single.kind === 'number' && inRep(single, rep) !== undefined))
      return rep;
  }
  return 'f64';
}

function putAll(shapes: readonly Shape[], arriving: (i: number) => Arriving): Assignment[] | undefined {
  const all: Assignment[] = [];
  for (const [i, shape] of shapes.entries()) {
    const own = shape.put(arriving(i));
    if (own === undefined) return undefined;
    all.push(...own);
  }
  return all;
}

function fieldOf(single: SingleOperand, field: string, env: Environment): Arriving {
  const cell = single.kind === 'object' ? single.fields.get(field) : undefined;
  return inCell(cell, env);
}

function elementOf(single: SingleOperand, i: number, env: Environment): Arriving {
  return inCell(single.kind === 'tuple' ? single.elements[i] : undefined, env);
}

function inCell(cell: Cell | undefined, env: Environment): Arriving {
  const entry = cell && env.cells.get(cell);
  if (entry === undefined) throw new Error('A literal whose fields are not known');
  return { operand: entry.operand, env };
}

/** Whether two operands are the same for sure. */
export function sameOperand(a: Operand, b: Operand): boolean {
  if (a === b) return true;
  switch (a.kind) {
    case 'number':
      return b.kind === 'number' && a.rep === b.rep && sameExpression(a.value, b.value);
    case 'bool':
      return b.kind === 'bool' && sameExpression(a.value, b.value);
    case 'text':
      return b.kind === 'text' && sameExpression(a.value, b.value);
    case 'bigint':
      return (
        b.kind === 'bigint' &&
        a.type === b.type &&
        a.constant === b.constant &&
        sameExpression(a.value, b.value)
      );
    case 'nil':
      return b.kind === 'nil' && a.value === b.value;
    case 'record':
      return (
        b.kind === 'record' &&
        a.struct.fingerprint === b.struct.fingerprint &&
        sameExpression(addressOf(a), addressOf(b))
      );
    case 'array':
      return (
        b.kind === 'array' &&
        fingerprintOf(a.type) === fingerprintOf(b.type) &&
        sameExpression(addressOf(a), addressOf(b))
      );
    case 'closure':
    case 'constant':
      return b.kind === a.kind && classOf(a) === classOf(b);
    case 'union':
      return (
        b.kind === 'union' &&
        a.alternatives.length === b.alternatives.length &&
        sameExpression(a.tag, b.tag) &&
        a.alternatives.every((alternative, i) => sameOperand(alternative, b.alternatives[i] as SingleOperand))
      );
    default:
      return false;
  }
}
