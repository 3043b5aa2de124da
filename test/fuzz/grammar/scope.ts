// What generated code can refer to: values by kind, arrays, records and functions, each by the text that names it.
import type { FieldType, Struct } from '../../../src/schema/index.js';
import { type Kind, kindOf } from '../layouts.js';

export interface Path {
  readonly text: string;
  /** Whether it may be assigned. */
  readonly set: boolean;
}
export interface ArrayPath extends Path {
  readonly element: FieldType;
  readonly length: number;
  /** Whether an index out of range is an error, and not `undefined`. */
  readonly checked: boolean;
}
export interface RecordPath extends Path {
  readonly struct: Struct;
}
export interface Callable {
  readonly text: string;
  readonly params: readonly Kind[];
  readonly result: Kind;
}

/** Two indices at most of an array are named by themselves. */
const NAMED_ELEMENTS = 2;

export class Scope {
  readonly values: Record<Kind, Path[]> = { num: [], bool: [], text: [], i64: [], u64: [] };
  readonly arrays: ArrayPath[] = [];
  readonly records: RecordPath[] = [];
  /** Records that may be undefined. */
  readonly maybes: RecordPath[] = [];
  readonly functions: Callable[] = [];

  /** A scope within this one. */
  inner(): Scope {
    const scope = new Scope();
    for (const kind of Object.keys(this.values) as Kind[]) scope.values[kind].push(...this.values[kind]);
    scope.arrays.push(...this.arrays);
    scope.records.push(...this.records);
    scope.maybes.push(...this.maybes);
    scope.functions.push(...this.functions);
    return scope;
  }

  value(kind: Kind, text: string, set = false): void {
    this.values[kind].push({ text, set });
  }

  record(text: string, struct: Struct, set = false, checked = true): void {
    this.records.push({ text, struct, set });
    for (const { name, type } of struct.layout.fields) this.field(`${text}.${name}`, type, set, checked);
  }

  field(text: string, type: FieldType, set: boolean, checked: boolean): void {
    if (type.kind === 'scalar') this.value(kindOf(type.type), text, set);
    else if (type.kind === 'struct') this.record(text, type.struct, set, checked);
    else {
      this.arrays.push({ text, element: type.element, length: type.length, set, checked });
      for (let i = 0; i < Math.min(type.length, NAMED_ELEMENTS); i++)
        this.field(`${text}[${i}]`, type.element, set, checked);
    }
  }
}
