// Source text for one layout: its view class V<n> and the functions copy<n>, same<n>, read<n>, write<n>, zero<n>.
import { arraySource } from './array-source.js';
import { copySource, sameSource, zeroSource } from './copy-source.js';
import type { ArrayField, FieldType, Struct } from './fields.js';
import { fingerprintOf } from './layout.js';
import { readSource, writeSource } from './read-write-source.js';
import type { RecordNames } from './record-names.js';
import { viewSource } from './view-source.js';

/** How records are to be seen and written by generated code. */
export interface RecordOptions {
  /** The numbers of layouts, shared by all code of one scope. */
  readonly names: RecordNames;
  /** Views throw VIEW_EXPIRED once the `$p` of the view they came from is negative. */
  readonly checked?: boolean;
  /** Views have no setters. */
  readonly readonly?: boolean;
  /** Views of a writer: texts may be new, and 64-bit integers have setters for their halves. */
  readonly writer?: boolean;
}

/**
 * The code of a struct, after that of the layouts within it; nothing if `options.names` says it has been emitted.
 *
 * The text goes into a scope that starts with `RECORD_PRELUDE`. For the number n of the struct it declares
 * - `class V<n>`: a view of the record at the word address `$p`;
 * - `copy<n>(d, s)`: copies the record at `s` to `d`, bit by bit;
 * - `same<n>(a, b)`: whether two records are equal, field by field with `Object.is`;
 * - `read<n>(p)`: a plain object; `write<n>(p, o)`: stores a plain object or a view, wrapping as typed arrays do;
 * - `zero<n>(p)`: sets all fields to 0, `false` and `''`.
 *
 * @param n The struct's number: `options.names.struct(struct)`.
 */
export function recordSource(struct: Struct, n: number, options: RecordOptions): string {
  if (!options.names.claim(struct.fingerprint)) return '';
  const inner = struct.layout.fields.map((field) => innerSource(field.type, options)).join('');
  return [
    inner,
    viewSource(struct, n, options),
    readSource(struct, n, options.names),
    writeSource(struct, n, options),
    copySource(struct, n),
    sameSource(struct, n, options.names),
    zeroSource(struct, n),
  ].join('');
}

/** The code of the layouts within a field. */
export function innerSource(type: FieldType, options: RecordOptions): string {
  if (type.kind === 'scalar') return '';
  if (type.kind === 'struct') return recordSource(type.struct, options.names.struct(type.struct), options);
  return innerSource(type.element, options) + arrayOnce(type, options);
}

function arrayOnce(type: ArrayField, options: RecordOptions): string {
  return options.names.claim(fingerprintOf(type))
    ? arraySource(type, options.names.array(type), options)
    : '';
}
