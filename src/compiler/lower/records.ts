// Records in memory: written from operands of any shape, and made of literals.
import { type FieldType, fingerprintOf, type Struct, sizeOf } from '../../schema/index.js';
import { areApart, isSameAddress } from './bytes.js';
import { type Address, branchContext, type LowerContext } from './context.js';
import { elementAt, elementBy, elementsOf, fieldOf, operandAt, type Place, repeat } from './fields.js';
import type { ArrayOperand, Operand, RecordOperand } from './operand.js';
import { describeOperand, refuse } from './reasons.js';
import { tagIn } from './truth.js';

/** Longer arrays are converted in a loop. */
const MAX_UNROLLED_ELEMENTS = 16;

/** A stretch of memory that is read only while the record is being written. */
interface Block {
  readonly to: Address;
  readonly bytes: number;
  readonly from: Address;
  readonly fromBytes: number;
  put(from: Address): void;
}

/** What is stored when everything has been read; the blocks first. */
interface Gathered {
  readonly blocks: Block[];
  readonly scalars: (() => void)[];
}

/**
 * Stores an operand, wrapping as typed arrays do. All of it is read before anything is written that may be a part of it: it
 * may hold parts of the record that is overwritten (`{ prev: s.curr, curr: s.prev }`).
 */
export function writePlace(ctx: LowerContext, to: Place, operand: Operand): void {
  const { blocks, scalars } = gather(ctx, to, operand, { blocks: [], scalars: [] });
  const sources = blocks.map(({ from, fromBytes }, i) => {
    const isSafe = blocks.slice(0, i).every((before) => areApart(before.to, before.bytes, from, fromBytes));
    if (isSafe) return from;
    const copy = ctx.module.scratch(fromBytes);
    ctx.copy(copy, from, fromBytes);
    return copy;
  });
  blocks.forEach((block, i) => {
    block.put(sources[i] as Address);
  });
  for (const put of scalars) put();
}

function gather(ctx: LowerContext, to: Place, operand: Operand, into: Gathered): Gathered {
  const { type } = to;
  if (type.kind === 'scalar') into.scalars.push(() => ctx.store(type.type, to, operand));
  else if (operand.kind === 'union') gather(ctx, to, operandAt(ctx, inScratch(ctx, type, operand)), into);
  else if (isOfType(operand, type)) {
    const bytes = sizeOf(type);
    const put = (from: Address): void => ctx.copy(to, from, bytes);
    if (!isSameAddress(to, operand)) into.blocks.push({ to, bytes, from: operand, fromBytes: bytes, put });
  } else if (type.kind === 'struct') {
    for (const field of type.struct.layout.fields) {
      const value = fieldOf(ctx, operand, field.name);
      if (value === undefined) refuse(`${describeOperand(operand)} is stored as a record`);
      gather(ctx, { ...to, type: field.type, offset: to.offset + field.offset }, value, into);
    }
  } else gatherElements(ctx, { kind: 'array', ...to, type }, operand, into);
  return into;
}

function gatherElements(ctx: LowerContext, to: ArrayOperand, operand: Operand, into: Gathered): void {
  const { length } = to.type;
  const elements = elementsOf(ctx, operand);
  if (elements === undefined) refuse(`${describeOperand(operand)} is stored as an array`);
  if (elements.length !== length)
    refuse(`an array of ${elements.length} is stored where there is one of ${length}`);
  if (operand.kind !== 'array' || length <= MAX_UNROLLED_ELEMENTS) {
    for (let i = 0; i < length; i++) gather(ctx, elementAt(to, i), elements.at(i), into);
    return;
  }
  const put = (from: Address): void =>
    repeat(ctx, length, (i) => {
      const element = elementBy(ctx, { ...operand, ...from }, i);
      writePlace(ctx, elementBy(ctx, to, i), operandAt(ctx, element));
    });
  into.blocks.push({ to, bytes: sizeOf(to.type), from: operand, fromBytes: sizeOf(operand.type), put });
}

/** Stores an operand in scratch memory of its own. */
function inScratch(ctx: LowerContext, type: FieldType, operand: Operand): Place {
  const { builder, module } = ctx;
  const place: Place = { type, ...module.scratch(sizeOf(type)) };
  if (operand.kind !== 'union') writePlace(ctx, place, operand);
  else
    operand.alternatives.forEach((alternative, i) => {
      const write = builder.collect(() => writePlace(branchContext(ctx), place, alternative));
      builder.when(tagIn(operand, (tag) => tag === i).value, write);
    });
  return place;
}

/** A record in memory that holds what an operand does: the operand itself, or a copy in scratch memory. */
export function materialise(ctx: LowerContext, struct: Struct, operand: Operand): RecordOperand {
  const type = { kind: 'struct', struct } as const;
  if (operand.kind === 'record' && isOfType(operand, type)) return operand;
  return operandAt(ctx, inScratch(ctx, type, operand)) as RecordOperand;
}

/** Whether an operand is a record or array in memory with the layout of a type. */
export function isOfType(operand: Operand, type: FieldType): operand is RecordOperand | ArrayOperand {
  if (operand.kind === 'record')
    return type.kind === 'struct' && operand.struct.fingerprint === type.struct.fingerprint;
  return operand.kind === 'array' && fingerprintOf(operand.type) === fingerprintOf(type);
}
