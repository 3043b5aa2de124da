// Types of records and arrays by where they come from: a struct, a literal, or a place where records are stored.
import type { FieldType, Struct } from '../../schema/index.js';
import type { Node } from '../parse/ast.js';
import type { ParsedFunction } from '../parse/parse-function.js';
import {
  arrayOf,
  BOOL,
  bigintOf,
  F64,
  join,
  NEVER,
  type NumberType,
  numberOf,
  type Origin,
  recordOf,
  type Value,
} from './value.js';

/** A field of a literal or of a stored record, with every write to it. */
export class Cell {
  value: Value = NEVER;
  readonly writes = new Map<Node, { readonly source: ParsedFunction; value: Value }>();

  /** Joins a write to it; says whether that told anything new. */
  write(value: Value, origin: Origin | undefined): boolean {
    if (origin !== undefined) {
      const seen = this.writes.get(origin.node);
      if (seen === undefined) this.writes.set(origin.node, { source: origin.source, value });
      else seen.value = join(seen.value, value);
    }
    const joined = join(this.value, value);
    if (joined === this.value) return false;
    this.value = joined;
    return true;
  }
}

/** What kind of thing a type stands for. */
export type RecordKind =
  /** Records laid out by a struct, read in place: the operator's input and what is within it. */
  | 'struct'
  /** Objects made by one object literal. */
  | 'literal'
  /** A place that records are copied into: the state, the output, a boxed result; and what is within it. */
  | 'stored';

let ids = 0;

/** The type of a record. Two records have the same type if they come from the same place. */
export class RecordType {
  readonly id = ids++;
  /** Fields written by name: a literal's own, or assignments to a stored record. */
  readonly fields = new Map<string, Cell>();
  /** What is copied into a stored record. */
  readonly sources = new Map<RecordType, Origin | undefined>();
  /** Fields that a literal got by assignment after it was made. */
  readonly added = new Set<string>();
  /** Whether its fields can't be listed (computed names, spread of something unknown). */
  opaque: string | undefined;
  private readonly children = new Map<string, RecordType | ArrayType>();

  private constructor(
    readonly kind: RecordKind,
    readonly name: string,
    readonly struct: Struct<unknown> | undefined,
    readonly readonly: boolean,
    readonly origin: Origin | undefined,
  ) {}

  static struct(struct: Struct<unknown>, name: string): RecordType {
    return new RecordType('struct', name, struct, true, undefined);
  }
  static literal(name: string, origin: Origin | undefined, readonly = false): RecordType {
    return new RecordType('literal', name, undefined, readonly, origin);
  }
  static stored(name: string, declared: Struct<unknown> | undefined): RecordType {
    return new RecordType('stored', name, declared, false, undefined);
  }

  /** The cell of a field, made if it is new. */
  cell(field: string): Cell {
    let cell = this.fields.get(field);
    if (cell === undefined) {
      cell = new Cell();
      this.fields.set(field, cell);
    }
    return cell;
  }

  /** The names of its fields that are known so far; undefined while nothing is. */
  fieldNames(seen = new Set<RecordType>()): string[] | undefined {
    if (this.struct !== undefined) return Object.keys(this.struct.fields);
    if (this.kind === 'literal') return [...this.fields.keys()];
    if (seen.has(this)) return undefined;
    seen.add(this);
    const names = new Set<string>();
    let known = false;
    for (const source of this.sources.keys()) {
      const own = source.fieldNames(seen);
      if (own !== undefined) known = true;
      for (const name of own ?? []) names.add(name);
    }
    return known ? [...names] : undefined;
  }

  /** What a field holds; undefined if there is no such field. */
  read(field: string): Value | undefined {
    if (this.kind === 'struct') {
      const type = this.struct?.fields[field];
      return type === undefined ? undefined : this.valueOf(field, type);
    }
    if (this.kind === 'literal') return this.fields.get(field)?.value;
    const names = this.fieldNames();
    if (names === undefined) return NEVER;
    if (!names.includes(field)) return undefined;
    return this.placed(field, this.flowsInto(field));
  }

  /** Everything that is written to a field of a stored record, from all sources. */
  flowsInto(field: string, seen = new Set<RecordType>()): Value {
    if (seen.has(this)) return NEVER;
    seen.add(this);
    if (this.struct !== undefined) {
      const type = this.struct.fields[field];
      return type === undefined ? NEVER : this.valueOf(field, type);
    }
    let value = this.fields.get(field)?.value ?? NEVER;
    for (const source of this.sources.keys()) {
      value = join(
        value,
        source.kind === 'stored'
          ? source.placed(field, source.flowsInto(field, seen))
          : (source.read(field) ?? NEVER),
      );
    }
    return value;
  }

  /**
   * A stored field: nested records and arrays are places of their own, that what is stored is copied into; what is
   * assigned within them counts wherever they are copied to.
   */
  private placed(field: string, value: Value): Value {
    if (this.struct !== undefined || (!value.records && !value.arrays)) return value;
    const { records, arrays, ...rest } = value;
    return {
      ...rest,
      ...(records ? { records: new Set([this.childRecord(field, records)]) } : {}),
      ...(arrays ? { arrays: new Set([this.childArray(field, arrays)]) } : {}),
    };
  }

  childRecord(field: string, from: ReadonlySet<RecordType>): RecordType {
    let child = this.children.get(field);
    if (!(child instanceof RecordType)) {
      child = RecordType.stored(`${this.name}.${field}`, undefined);
      this.children.set(field, child);
    }
    for (const type of from)
      if (type !== child && !child.sources.has(type)) child.sources.set(type, undefined);
    return child;
  }

  childArray(field: string, from: ReadonlySet<ArrayType>): ArrayType {
    const key = `${field}[]`;
    let child = this.children.get(key);
    if (!(child instanceof ArrayType)) {
      child = ArrayType.stored(`${this.name}.${field}`);
      this.children.set(key, child);
    }
    for (const type of from) if (type !== child) child.sources.add(type);
    return child;
  }

  private valueOf(field: string, type: FieldType): Value {
    if (type.kind === 'scalar') return scalarValue(type.type);
    let child = this.children.get(field);
    if (child === undefined) {
      child = typeOfField(type, `${this.name}.${field}`, this.readonly);
      this.children.set(field, child);
    }
    return child instanceof RecordType ? recordOf(child) : arrayOf(child);
  }
}

/** The type of an array. */
export class ArrayType {
  readonly id = ids++;
  /** What its elements hold; for a tuple, all of them together. */
  readonly element = new Cell();
  /** The elements of an array literal, each by itself. */
  items: Cell[] | undefined;
  /** Its length where that is fixed and known; 'varies' where it isn't. */
  length: number | 'varies' | undefined;
  readonly sources = new Set<ArrayType>();
  private child: RecordType | ArrayType | undefined;

  private constructor(
    readonly kind: RecordKind,
    readonly name: string,
    readonly type: Extract<FieldType, { kind: 'array' }> | undefined,
    readonly readonly: boolean,
    readonly origin: Origin | undefined,
  ) {}

  static struct(type: Extract<FieldType, { kind: 'array' }>, name: string, readonly: boolean): ArrayType {
    const array = new ArrayType(readonly ? 'struct' : 'stored', name, type, readonly, undefined);
    array.length = type.length;
    return array;
  }
  static literal(name: string, origin: Origin | undefined, readonly = false): ArrayType {
    return new ArrayType('literal', name, undefined, readonly, origin);
  }
  static stored(name: string): ArrayType {
    return new ArrayType('stored', name, undefined, false, undefined);
  }

  /** What an element holds: the one at a known index of a tuple, or any. */
  read(index?: number): Value {
    if (this.kind === 'literal') {
      const item = index === undefined ? undefined : this.items?.[index];
      return join(item?.value ?? NEVER, item === undefined ? this.all() : this.element.value);
    }
    return this.placed(this.flowsInto());
  }

  /** Stored elements: records and arrays are places of their own, that what is stored is copied into. */
  private placed(value: Value): Value {
    if (this.type !== undefined || (!value.records && !value.arrays)) return value;
    const { records, arrays, ...rest } = value;
    if (records) {
      if (!(this.child instanceof RecordType)) this.child = RecordType.stored(`${this.name}[]`, undefined);
      for (const type of records) if (type !== this.child) this.child.sources.set(type, undefined);
      return { ...rest, records: new Set([this.child]) };
    }
    if (!(this.child instanceof ArrayType)) this.child = ArrayType.stored(`${this.name}[]`);
    for (const type of arrays as ReadonlySet<ArrayType>)
      if (type !== this.child) this.child.sources.add(type);
    return { ...rest, arrays: new Set([this.child]) };
  }

  /** Everything that is written to an element, from all sources. */
  flowsInto(seen = new Set<ArrayType>()): Value {
    if (seen.has(this)) return NEVER;
    seen.add(this);
    if (this.type !== undefined) {
      const { element } = this.type;
      if (element.kind === 'scalar') return scalarValue(element.type);
      this.child ??= typeOfField(element, `${this.name}[]`, this.readonly);
      return this.child instanceof RecordType ? recordOf(this.child) : arrayOf(this.child);
    }
    let value = this.all();
    for (const source of this.sources) {
      const flowing = source.flowsInto(seen);
      value = join(value, source.kind === 'stored' ? source.placed(flowing) : flowing);
    }
    return value;
  }

  /** The lengths that arrays stored here have. */
  lengths(seen = new Set<ArrayType>()): Set<number | 'varies'> {
    const found = new Set<number | 'varies'>();
    if (seen.has(this)) return found;
    seen.add(this);
    if (this.length !== undefined) found.add(this.length);
    for (const source of this.sources) for (const length of source.lengths(seen)) found.add(length);
    return found;
  }

  private all(): Value {
    let value = this.element.value;
    for (const item of this.items ?? []) value = join(value, item.value);
    return value;
  }
}

/** The type of a record or array within a struct. */
function typeOfField(
  type: Exclude<FieldType, { kind: 'scalar' }>,
  name: string,
  readonly: boolean,
): RecordType | ArrayType {
  if (type.kind === 'array') return ArrayType.struct(type, name, readonly);
  return readonly ? RecordType.struct(type.struct, name) : RecordType.stored(name, type.struct);
}

/** What a scalar field holds. */
export function scalarValue(type: string): Value {
  switch (type) {
    case 'bool':
      return BOOL;
    case 'text':
      return { text: { literals: new Set(), copied: true } };
    case 'i64':
    case 'u64':
      return bigintOf(type);
    case 'f64':
      return F64;
    default:
      return numberOf(type as NumberType);
  }
}
