// Constants of `using`: scalars, and tables that are read by name or by computed index.
import { bigint } from './bigints.js';
import { type Address, addressOf } from './context.js';
import { asIndex, checkedIndex } from './elements.js';
import { negate } from './expressions.js';
import { constantOperand } from './fields.js';
import { binary, type Expression, i32 } from './ir.js';
import type { Lowering } from './lowering.js';
import { number, numberConstant } from './numbers.js';
import {
  type Cell,
  type ConstantOperand,
  NULL,
  type Operand,
  type SingleOperand,
  UNDEFINED,
} from './operand.js';
import { refuse } from './reasons.js';
import { bool } from './truth.js';

/** Tables of texts up to this length may be indexed by what is computed. */
const MAX_TEXTS = 64;

const isList = (of: object): of is ArrayLike<unknown> & object => Array.isArray(of) || ArrayBuffer.isView(of);

/** An element of a list of constants. */
const constantAt = (low: Lowering, of: object, index: number): SingleOperand =>
  constantOperand(low, (of as ArrayLike<unknown>)[index]);

/** `table.name` */
export function readConstant(low: Lowering, { of }: ConstantOperand, name: string): Operand {
  if (isList(of)) {
    if (name === 'length') return numberConstant(of.length);
    if (/^\d+$/.test(name)) return constantAt(low, of, Number(name));
    return refuse(`${name} of an array is used without being called`);
  }
  if (!Object.hasOwn(of, name) && name in of) return refuse(`${name} of a table is no field of it`);
  return constantOperand(low, (of as Record<string, unknown>)[name]);
}

/** `table[index]`: undefined where it has no such element. */
export function readConstantAt(low: Lowering, { of }: ConstantOperand, index: Operand): Operand {
  if (!isList(of)) return refuse('a table is read by a name that is computed');
  const at = asIndex(index);
  if (at.constant !== undefined) return constantAt(low, of, at.constant);
  const { value, inside } = checkedIndex(low, at, of.length);
  if (of.length === 0) return UNDEFINED;
  if (inside.op === 'const') return inside.value ? pick(low, Array.from(of), value) : UNDEFINED;
  const isInside = low.builder.pin(inside, 'inside');
  const i = low.builder.pin({ op: 'select', type: 'i32', condition: isInside, a: value, b: i32(0) }, 'i');
  const element = pick(low, Array.from(of), i);
  return { kind: 'union', tag: negate(isInside), alternatives: [element, UNDEFINED] };
}

/** One of some constants of a kind, by an index in range. */
function pick(low: Lowering, values: readonly unknown[], i: Expression): SingleOperand {
  const kinds = new Set(values.map((value) => (value === null ? 'null' : typeof value)));
  const [kind] = kinds;
  if (kinds.size !== 1)
    return refuse('a table with elements of several kinds is indexed by what is computed');
  switch (kind) {
    case 'number':
      return pickNumber(low, values as number[], i);
    case 'boolean':
      return bool(load(low, Uint8Array.from(values as boolean[], Number), i, 'i32.load8_u'));
    case 'bigint': {
      const all = values as bigint[];
      const type = all.every((value) => BigInt.asIntN(64, value) === value)
        ? 'i64'
        : all.every((value) => BigInt.asUintN(64, value) === value)
          ? 'u64'
          : refuse('a table of bigints of more than 64 bits is indexed by what is computed');
      return bigint(type, load(low, BigUint64Array.from(all), i, 'i64.load'));
    }
    case 'string': {
      if (values.length > MAX_TEXTS) return refuse('a long table of texts is indexed by what is computed');
      const value = values
        .map((text) => low.module.text(text as string))
        .reduceRight((rest, text, n) => ({
          op: 'select',
          type: 'i32',
          condition: binary('i32.eq', i, i32(n)),
          a: text,
          b: rest,
        }));
      return { kind: 'text', value: low.builder.pin(value, 'text') };
    }
    case 'object':
      return pickObject(low, values as object[], i);
    default:
      return kind === 'null' ? NULL : UNDEFINED;
  }
}

function pickNumber(low: Lowering, values: readonly number[], i: Expression): SingleOperand {
  if (values.every((value) => Object.is(value | 0, value)))
    return number(load(low, Int32Array.from(values), i, 'i32.load'), 'i32');
  return number(load(low, Float64Array.from(values), i, 'f64.load'));
}

/** Tables of records and of rows: a table for each field. */
function pickObject(low: Lowering, values: readonly object[], i: Expression): SingleOperand {
  const [first] = values;
  if (values.every(isList)) {
    const lengths = new Set(values.map((value) => value.length));
    if (lengths.size !== 1)
      return refuse('a table with rows of several lengths is indexed by what is computed');
    const elements: Cell[] = Array.from({ length: values[0]?.length ?? 0 }, (_, n) =>
      low.cell(
        `element${n}`,
        pick(
          low,
          values.map((value) => value[n]),
          i,
        ),
      ),
    );
    return { kind: 'tuple', elements };
  }
  const names = Object.keys(first ?? {});
  const alike = values.every(
    (value) =>
      !isList(value) &&
      Object.keys(value).length === names.length &&
      names.every((name) => Object.hasOwn(value, name)),
  );
  if (!alike) return refuse('a table with elements of several kinds is indexed by what is computed');
  const fields = new Map<string, Cell>();
  for (const name of names) {
    const column = values.map((value) => (value as Record<string, unknown>)[name]);
    fields.set(name, low.cell(name, pick(low, column, i)));
  }
  return { kind: 'object', fields };
}

type Numbers = Uint8Array | Int32Array | Float64Array | BigUint64Array;

/** Loads an element of a table in the module's data. */
function load(
  low: Lowering,
  table: Numbers,
  i: Expression,
  code: 'i32.load8_u' | 'i32.load' | 'f64.load' | 'i64.load',
): Expression {
  const at: Address = low.module.table(new Uint8Array(table.buffer));
  const bytes = table.BYTES_PER_ELEMENT;
  const index = bytes === 1 ? i : binary('i32.mul', i, i32(bytes));
  const address = binary('i32.add', addressOf({ ...at, offset: 0 }), index);
  return low.builder.pin({ op: 'load', code, address, offset: at.offset }, 'entry');
}
