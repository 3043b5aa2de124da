// Layouts: the struct of a place that records are stored in, read off everything that is stored there.
import {
  array as arrayType,
  type FieldType,
  type ScalarName,
  type Struct,
  scalars,
  sizeOf,
  struct,
} from '../../schema/index.js';
import { compileError, type Place, type Spot } from '../diagnostics/compile-error.js';
import type { Node } from '../parse/ast.js';
import type { ParsedFunction } from '../parse/parse-function.js';
import { type Analysis, typeName } from './analysis.js';
import { converted, fieldFilled, givenAValue, undeclared } from './layout-remedies.js';
import { type ArrayType, type Cell, RecordType } from './record-type.js';
import { describe, facets, NEVER, only, type Value } from './value.js';

/** What every write to a field or element is, with its place. */
export interface Write {
  readonly value: Value;
  readonly spot: WriteSpot | undefined;
}

/** A place in a function, and which it is. */
export interface WriteSpot extends Spot {
  readonly source: ParsedFunction;
  readonly node: Node;
}

const REMEDY = 'declare the layout, as in { out: struct({ … }) }';

/** Settles the layouts of one operator. */
export class Layouts {
  /** Literals that are stored as texts. */
  readonly texts = new Set<string>();
  /** Whether something unknown is stored as text, so that any literal may be. */
  unknownTexts = false;
  private readonly settled = new Map<RecordType, Struct>();
  private readonly open = new Set<RecordType | ArrayType>();

  constructor(
    private readonly place: Place,
    /** The option that declares a layout here: `out` or `state`. */
    private readonly option: string,
    private readonly analysis: Analysis,
  ) {}

  /** The struct of a place; undefined if nothing is ever stored there. */
  settle(type: RecordType): Struct | undefined {
    const known = this.settled.get(type);
    if (known !== undefined) return known;
    const found = type.struct === undefined ? this.infer(type) : this.check(type, type.struct);
    if (found !== undefined) this.settled.set(type, found);
    return found;
  }

  /** The struct of a place that was settled before. */
  known(type: RecordType): Struct | undefined {
    return this.settled.get(type);
  }

  /**
   * Lays a place out anew, with some of its fields only, where nothing reads the others. It keeps one at least.
   *
   * @returns Its struct.
   */
  narrow(type: RecordType, fields: ReadonlySet<string>): Struct | undefined {
    const full = this.settled.get(type);
    if (full === undefined) return undefined;
    const all = Object.entries(full.fields);
    const smallest = [...all].sort(([, a], [, b]) => sizeOf(a) - sizeOf(b))[0]?.[0];
    const kept = all.filter(([name]) => (fields.size > 0 ? fields.has(name) : name === smallest));
    if (kept.length === 0 || kept.length === all.length) return full;
    const narrowed = struct(Object.fromEntries(kept));
    this.settled.set(type, narrowed);
    return narrowed;
  }

  private infer(type: RecordType): Struct | undefined {
    if (type.kind === 'struct') return type.struct;
    if (this.open.has(type)) throw this.unsettled(type, '', 'itself, over and over', undefined, NEVER);
    const leaves = leavesOf(type);
    const first = leaves[0];
    if (first === undefined) return undefined;
    this.open.add(type);
    for (const leaf of leaves) this.compareFields(type, leaf, first);
    const fields: Record<string, FieldType> = {};
    for (const name of first.fieldNames() ?? []) {
      fields[name] = this.fieldType(type, name, type.read(name) ?? NEVER, () => writesOf(type, name));
    }
    this.open.delete(type);
    if (Object.keys(fields).length === 0) throw this.differ(type, 'it has no fields', spotOf(first));
    const made = struct(fields);
    // A layout that there is already keeps its name.
    return leaves.find((leaf) => leaf.struct?.fingerprint === made.fingerprint)?.struct ?? made;
  }

  private compareFields(type: RecordType, leaf: RecordType, first: RecordType): void {
    if (leaf.opaque !== undefined)
      throw this.unsettled(type, '…', `not settled, because ${leaf.opaque}`, spotOf(leaf), NEVER);
    const names = leaf.fieldNames() ?? [];
    const expected = first.fieldNames() ?? [];
    for (const name of leaf.added) {
      throw this.lacking(type, `field ${name} is added after the record is made`, leaf, name, leaf);
    }
    for (const name of names) {
      if (expected.includes(name)) continue;
      // Shown where it is missing, if that is a literal.
      if (first.kind === 'literal')
        throw this.lacking(type, `field ${name} is missing here`, first, name, leaf);
      throw this.differ(type, `field ${name} is not in all of them`, spotOf(leaf));
    }
    for (const name of expected)
      if (!names.includes(name)) throw this.lacking(type, `field ${name} is missing here`, leaf, name, first);
  }

  private fieldType(owner: RecordType, field: string, value: Value, writes: () => Write[]): FieldType {
    const bad = (seen: string, facet: keyof Value | undefined): Error =>
      this.unsettled(owner, field, seen, blame(writes(), facet), value, field);
    if (value.unknown) throw bad(describe({ unknown: value.unknown }), 'unknown');
    if (value.string) throw bad(describe(value), 'string');
    if (value.nil) throw bad(`optional (${describe(value)})`, 'nil');
    const kinds = facets(value);
    if (kinds.length !== 1) throw bad(kinds.length === 0 ? 'never given a value' : describe(value), kinds[1]);
    if (value.number) return scalars[value.number.type];
    if (value.bool) return scalars.bool;
    if (value.bigint) {
      const { type } = value.bigint;
      if (type === 'bare' || type === 'mixed') throw bad(describe(value), 'bigint');
      return scalars[type];
    }
    if (value.text) {
      for (const literal of value.text.literals) this.texts.add(literal);
      return scalars.text;
    }
    if (value.records) {
      const [record] = value.records;
      const inner = value.records.size === 1 ? this.settle(record as RecordType) : undefined;
      if (inner === undefined) throw bad('a record of which nothing is known', 'records');
      return { kind: 'struct', struct: inner };
    }
    if (value.arrays) return this.arrayField(owner, field, value, writes);
    throw bad(describe(value), kinds[0]);
  }

  private arrayField(owner: RecordType, field: string, value: Value, writes: () => Write[]): FieldType {
    const [type] = value.arrays as ReadonlySet<ArrayType>;
    const array = type as ArrayType;
    const spot = blame(writes(), 'arrays');
    if (this.open.has(array)) throw this.unsettled(owner, field, 'an array within itself', spot, NEVER);
    const lengths = [...array.lengths()];
    const [length] = lengths;
    if (lengths.length !== 1 || typeof length !== 'number' || length === 0) {
      const seen = lengths.every((one) => typeof one === 'number') ? lengths.sort().join(' or ') : 'varying';
      throw this.unsettled(
        owner,
        field,
        `an array of ${seen} length${lengths.length === 1 && length !== 'varies' ? '' : 's'}`,
        spot,
        value,
        field,
      );
    }
    this.open.add(array);
    const element = this.fieldType(owner, `${field}[]`, array.read(), () => writesOfArray(array));
    this.open.delete(array);
    return arrayType(element, length);
  }

  /** A declared struct against what is stored. */
  private check(type: RecordType, declared: Struct): Struct {
    this.settled.set(type, declared);
    for (const leaf of leavesOf(type, false)) this.checkRecord(type, leaf, declared);
    this.checkAssigned(type, type, declared);
    return declared;
  }

  /** What is assigned to the fields of a declared record, and within it. */
  private checkAssigned(type: RecordType, within: RecordType, declared: Struct): void {
    for (const [name, field] of Object.entries(declared.fields)) {
      const cell = within.fields.get(name);
      if (cell !== undefined) this.checkCell(type, name, field, cell);
      if (field.kind !== 'scalar') this.checkPart(type, name, field, within.read(name) ?? NEVER);
    }
  }

  /** What is assigned to the parts of a nested record or array. */
  private checkPart(type: RecordType, name: string, field: FieldType, part: Value): void {
    if (field.kind === 'struct') {
      for (const record of part.records ?? [])
        if (record.kind === 'stored') this.checkAssigned(type, record, field.struct);
    } else if (field.kind === 'array') {
      for (const array of part.arrays ?? []) {
        if (array.kind !== 'stored') continue;
        this.checkCell(type, `${name}[]`, field.element, array.element);
        this.checkPart(type, `${name}[]`, field.element, array.read());
      }
    }
  }

  private checkCell(type: RecordType, name: string, field: FieldType, cell: Cell): void {
    for (const [node, write] of cell.writes) {
      this.checkValue(type, name, field, write.value, spotAt(write.source, node));
    }
  }

  private checkRecord(type: RecordType, leaf: RecordType, declared: Struct): void {
    const spot = spotOf(leaf);
    if (leaf.struct !== undefined && leaf.struct.fingerprint === declared.fingerprint) return;
    const names = leaf.fieldNames() ?? [];
    const expected = Object.keys(declared.fields);
    for (const name of names) {
      if (!expected.includes(name)) {
        const remedy = spot && undeclared(spot, name, names, expected);
        throw this.differ(type, `field ${name} is not declared (${expected.join(', ')} are)`, spot, remedy);
      }
    }
    if (leaf.opaque === undefined) {
      for (const name of expected)
        if (!names.includes(name))
          throw this.lacking(
            type,
            `declared field ${name} is missing here`,
            leaf,
            name,
            declaredRecord(declared),
          );
    } else {
      this.unknownTexts = true;
    }
    for (const name of names) {
      const value = leaf.read(name) ?? NEVER;
      const writes = writesOf(leaf, name);
      const field = declared.fields[name] as FieldType;
      if (writes.length === 0) this.checkValue(type, name, field, value, spot);
      else for (const write of writes) this.checkValue(type, name, field, write.value, write.spot);
    }
  }

  private checkValue(
    type: RecordType,
    name: string,
    field: FieldType,
    value: Value,
    spot: WriteSpot | undefined,
  ): void {
    const mismatch = (seen: string): Error =>
      compileError(
        'LAYOUT_MISMATCH',
        { record: type.name, field: name, declared: typeName(field), seen },
        this.place,
        spot,
        spot && converted(field, value, spot),
        { field: name },
      );
    if (value.unknown && hasText(field)) this.unknownTexts = true;
    const allowed = allowedFacets(field);
    const misfits = facets(value).filter(
      (facet) => facet !== 'nil' && facet !== 'unknown' && !allowed.includes(facet),
    );
    if (misfits.length > 0) {
      throw mismatch(describe(Object.fromEntries(misfits.map((facet) => [facet, value[facet]])) as Value));
    }
    if (only(value, 'nil')) throw mismatch(describe(value));
    for (const literal of value.text?.literals ?? []) this.texts.add(literal);
    if (field.kind === 'struct')
      for (const record of value.records ?? []) this.checkNested(type, name, field.struct, record);
    if (field.kind !== 'array') return;
    for (const array of value.arrays ?? []) {
      for (const length of array.lengths()) {
        if (typeof length === 'number' && length !== field.length) throw mismatch(`an array of ${length}`);
      }
      const writes = array.kind === 'literal' ? writesOfArray(array) : [];
      for (const write of writes) this.checkValue(type, `${name}[]`, field.element, write.value, write.spot);
      if (writes.length === 0) this.checkValue(type, `${name}[]`, field.element, array.read(), spot);
    }
  }

  private checkNested(type: RecordType, _name: string, declared: Struct, record: RecordType): void {
    if (this.open.has(record)) return;
    this.open.add(record);
    for (const leaf of leavesOf(record)) this.checkRecord(type, leaf, declared);
    this.open.delete(record);
  }

  private unsettled(
    type: RecordType,
    field: string,
    seen: string,
    spot: WriteSpot | undefined,
    value: Value,
    name = field,
  ): Error {
    const remedy = remedyFor(seen, REMEDY.replace('out', this.option));
    const shown = spot ?? spotOf(leavesOf(type)[0]);
    const given = shown && givenAValue(value, shown, this.analysis);
    return compileError(
      'LAYOUT_UNSETTLED',
      { record: type.name, field, seen, remedy },
      this.place,
      given?.spot ?? shown,
      given?.remedy,
      { field: name },
    );
  }

  private differ(type: RecordType, difference: string, spot: Spot | undefined, remedy?: string): Error {
    return compileError('FIELDS_DIFFER', { record: type.name, difference }, this.place, spot, remedy);
  }

  /** A literal lacks a field that another record has. */
  private lacking(
    type: RecordType,
    difference: string,
    leaf: RecordType,
    name: string,
    other: RecordType,
  ): Error {
    const spot = spotOf(leaf);
    return this.differ(type, difference, spot, spot && fieldFilled(spot, name, other.read(name) ?? NEVER));
  }
}

function remedyFor(seen: string, declare: string): string {
  if (seen.includes('computed string')) return 'store a field, or one of several literals';
  if (seen.startsWith('an array of'))
    return 'arrays keep one length: make it with as many elements as it may have, as in `[0, 0, 0]`, and count those in use';
  if (seen.startsWith('optional')) return 'give it a value in every case, such as `?? 0`';
  if (seen.includes('i64') || seen.includes('bigint')) {
    return `say which it is: \`BigInt.asIntN(64, …)\`, \`BigInt.asUintN(64, …)\`, or ${declare}`;
  }
  if (seen.includes(' text')) return 'keep what is text and what is not in fields of their own';
  if (seen.includes('a boolean')) return 'make it one kind: `Number(…)` or `Boolean(…)`';
  if (seen.includes('unknown type')) return `say what it is, as in \`Number(…)\`, or ${declare}`;
  return declare;
}

/** The structs and literals that end up in a place. */
export function leavesOf(type: RecordType, self = true, seen = new Set<RecordType>()): RecordType[] {
  if (seen.has(type)) return [];
  seen.add(type);
  if (self && (type.kind !== 'stored' || type.struct !== undefined)) return [type];
  return [...type.sources.keys()].flatMap((source) => leavesOf(source, true, seen));
}

function writesOf(type: RecordType, field: string, seen = new Set<RecordType>()): Write[] {
  if (seen.has(type)) return [];
  seen.add(type);
  const own = [...(type.fields.get(field)?.writes ?? [])].map(([node, write]) => ({
    value: write.value,
    spot: spotAt(write.source, node),
  }));
  // What is copied there comes first: it is there from the start.
  return [...[...type.sources.keys()].flatMap((source) => writesOf(source, field, seen)), ...own];
}

function writesOfArray(array: ArrayType, seen = new Set<ArrayType>()): Write[] {
  if (seen.has(array)) return [];
  seen.add(array);
  const cells = [array.element, ...(array.items ?? [])];
  const own = cells.flatMap((cell) =>
    [...cell.writes].map(([node, write]) => ({
      value: write.value,
      spot: spotAt(write.source, node),
    })),
  );
  return [...own, ...[...array.sources].flatMap((source) => writesOfArray(source, seen))];
}

/** The write that brought in what is wrong; else the first. */
function blame(writes: readonly Write[], facet: keyof Value | undefined): WriteSpot | undefined {
  return (writes.find((write) => facet !== undefined && write.value[facet] !== undefined) ?? writes[0])?.spot;
}

function spotOf(type: RecordType | undefined): WriteSpot | undefined {
  return type?.origin && spotAt(type.origin.source, type.origin.node);
}

const spotAt = (source: ParsedFunction, node: Node): WriteSpot => ({ text: source.text, source, node });

const declaredRecord = (declared: Struct): RecordType => RecordType.struct(declared, 'the record');

function hasText(field: FieldType): boolean {
  if (field.kind === 'scalar') return field.type === 'text';
  return field.kind === 'array' ? hasText(field.element) : Object.values(field.struct.fields).some(hasText);
}

function allowedFacets(field: FieldType): (keyof Value)[] {
  if (field.kind === 'struct') return ['records'];
  if (field.kind === 'array') return ['arrays'];
  const type: ScalarName = field.type;
  if (type === 'bool') return ['bool'];
  if (type === 'text') return ['text'];
  return type === 'i64' || type === 'u64' ? ['bigint'] : ['number'];
}
