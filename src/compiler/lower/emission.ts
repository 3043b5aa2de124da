// What a step emits: each record goes on into what follows, which is inlined once, or a function where there are several
// places to emit from.
import type { FieldType, ScalarName, Struct } from '../../schema/index.js';
import { bigint } from './bigints.js';
import { Builder } from './builder.js';
import { coerce } from './coerce.js';
import { fieldOf } from './fields.js';
import {
  call,
  type DefinedFunction,
  type Expression,
  get,
  i32,
  type Local,
  local,
  type ValueType,
} from './ir.js';
import { Lowering } from './lowering.js';
import { double, inRep, number } from './numbers.js';
import { type KnownOperand, type Operand, type SingleOperand, UNDEFINED } from './operand.js';
import { refuse } from './reasons.js';
import { materialise } from './records.js';
import { bool } from './truth.js';

/** Lowers what becomes of a record. */
export type Onward = (low: Lowering, record: Operand) => void;

/** Thrown where a second place emits: the module is lowered again, with what follows as a function. */
export class SeveralEmits extends Error {
  constructor(readonly operator: object) {
    super('several places emit');
  }
}

/** What an operator emits to. */
export interface Emission {
  /** The operator, by its identity. */
  readonly operator: object;
  readonly name: string;
  readonly output: Struct;
  /** Whether what follows is a function. */
  readonly shared: boolean;
  readonly onward: Onward;
}

/** `emit`, as the step sees it. */
export function emitOperand(low: Lowering, emission: Emission): KnownOperand {
  let places = 0;
  let follows: DefinedFunction | undefined;
  return {
    kind: 'known',
    name: 'emit',
    call([value = UNDEFINED]) {
      low.block('emitted', (exit) => {
        const given = low.requireTruthy(value, () => low.jump(exit));
        if (!low.reachable) return undefined;
        const record = outputOf(low, emission.output, given);
        if (emission.shared) {
          follows ??= followingFunction(low, emission);
          callFollowing(low, emission, follows, record);
          return undefined;
        }
        places++;
        low.undoing(() => places--);
        if (places > 1) throw new SeveralEmits(emission.operator);
        low.isolated(record, () => emission.onward(low, record));
        return undefined;
      });
      return UNDEFINED;
    },
  };
}

/** Literals that were coerced to a layout, by its fingerprint; nobody changes them. */
const laidOut = new WeakMap<Operand, string>();

/** A record as it comes out: coerced to its layout, but not stored. One that only passes through is as it came in. */
function outputOf(low: Lowering, struct: Struct, value: Operand): Operand {
  if (laidOut.get(value) === struct.fingerprint) return value;
  const record = coerced(low, struct, value);
  laidOut.set(record, struct.fingerprint);
  return record;
}

function coerced(low: Lowering, struct: Struct, value: Operand): Operand {
  const type: FieldType = { kind: 'struct', struct };
  if (value.kind !== 'union') return coerce(low, type, value);
  const isReference = (single: SingleOperand) =>
    single.kind === 'record' && single.struct.fingerprint === struct.fingerprint;
  const references = value.alternatives.every(isReference);
  return low.each(value, (single) => (references ? single : literalOf(low, struct, single)));
}

/** A record as a literal, so that it can be joined with others. */
function literalOf(low: Lowering, struct: Struct, value: SingleOperand): Operand {
  const fields = struct.layout.fields.map(({ name, type }) => {
    const field = fieldOf(low, value, name) ?? refuse('what is emitted is no record on some way');
    return [name, low.cell(name, coerce(low, type, field))] as const;
  });
  return { kind: 'object', fields: new Map(fields) };
}

/** Records with more fields are handed to functions by their address. */
const MAX_PARAMETERS = 16;

/** The fields that are handed over as parameters; undefined where the record is handed over by its address. */
function parametersOf({ layout }: Struct): { name: string; type: ScalarName }[] | undefined {
  const fields = layout.fields.map(({ name, type }) =>
    type.kind === 'scalar' ? { name, type: type.type } : undefined,
  );
  const scalars = fields.filter((field) => field !== undefined);
  return scalars.length === fields.length && fields.length <= MAX_PARAMETERS ? scalars : undefined;
}

/** A function of what follows: returns 1 if the step is to be left. */
function followingFunction(low: Lowering, emission: Emission): DefinedFunction {
  const { output, name } = emission;
  const fields = parametersOf(output);
  const params: Local[] = fields?.map((field) => local(typeOfParameter(field.type), field.name)) ?? [
    local('i32', 'record'),
  ];
  const fn: DefinedFunction = { kind: 'defined', name: `after_${name}`, params, result: 'i32', body: [] };
  const inner = new Lowering(low.module, new Builder(fn.body), low.failures);
  const leave = (builder: Builder) => builder.add({ op: 'return', value: i32(1) });
  inner.step = low.step && { ...low.step, leave };
  const record: Operand =
    fields === undefined
      ? { kind: 'record', struct: output, address: get(params[0] as Local), offset: 0 }
      : {
          kind: 'object',
          fields: new Map(
            fields.map((field, i) => [
              field.name,
              inner.cell(field.name, operandOfParameter(field.type, get(params[i] as Local))),
            ]),
          ),
        };
  emission.onward(inner, record);
  inner.builder.add({ op: 'return', value: i32(0) });
  low.module.steps.push(fn);
  return fn;
}

function callFollowing(low: Lowering, { output }: Emission, follows: DefinedFunction, record: Operand): void {
  const fields = parametersOf(output);
  const args =
    fields === undefined
      ? [addressOfRecord(low, output, record)]
      : fields.map((field) => argumentOf(field.type, fieldOf(low, record, field.name) as SingleOperand));
  const status = low.builder.pin(call(follows, ...args), 'left');
  const { step } = low;
  if (step !== undefined)
    low.builder.when(
      status,
      low.builder.collect(() => step.leave(low.builder)),
    );
  low.forgetAll();
}

function addressOfRecord(low: Lowering, struct: Struct, record: Operand): Expression {
  const { address, offset } = materialise(low, struct, record);
  return offset === 0 ? address : { op: 'binary', code: 'i32.add', a: address, b: i32(offset) };
}

function typeOfParameter(type: ScalarName): ValueType {
  switch (type) {
    case 'i64':
    case 'u64':
      return 'i64';
    case 'f32':
    case 'f64':
    case 'i53':
    case 'u53':
      return 'f64';
    default:
      return 'i32';
  }
}

function operandOfParameter(type: ScalarName, value: Expression): SingleOperand {
  switch (type) {
    case 'i64':
    case 'u64':
      return bigint(type, value);
    case 'bool':
      return bool(value);
    case 'text':
      return { kind: 'text', value };
    default:
      return typeOfParameter(type) === 'f64' ? number(value) : number(value, type === 'u32' ? 'u32' : 'i32');
  }
}

function argumentOf(type: ScalarName, operand: SingleOperand): Expression {
  if (operand.kind !== 'number') return (operand as { value: Expression }).value;
  if (typeOfParameter(type) === 'f64') return double(operand);
  return inRep(operand, type === 'u32' ? 'u32' : 'i32') ?? refuse(`a field of type ${type} is no integer`);
}
