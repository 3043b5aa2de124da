// Source text that reads a record into a plain object and stores a plain object or a view.
import { indexIn, key, load, member, store, unitOf } from './access-source.js';
import type { FieldLayout, FieldType, Struct } from './fields.js';
import type { RecordNames } from './record-names.js';
import type { RecordOptions } from './record-source.js';

/** `read<n>(p)`: a plain object, arrays as arrays. */
export function readSource(struct: Struct, n: number, names: RecordNames): string {
  const fields = struct.layout.fields.map((field) => `${key(field.name)}: ${readField(field, names)}`);
  return `
function read${n}(p) {
  return { ${fields.join(', ')} };
}`;
}

function readField({ type, offset }: FieldLayout, names: RecordNames): string {
  const at = indexIn('p', offset, unitOf(type));
  if (type.kind === 'struct') return `read${names.struct(type.struct)}(${at})`;
  if (type.kind === 'array') return `readA${names.array(type)}(${at})`;
  return load(type.type, at);
}

/**
 * `write<n>(p, o)`: stores a view or a plain object, wrapping as typed arrays do.
 *
 * A plain object may hold views of the very record that is overwritten (`{ prev: s.curr, curr: s.prev }`); it is then
 * made plain all through first. `reach<n>` finds that out: whether something within `o` is a view of bytes from `lo` to
 * `hi`, other than a view of its own place, `own`. `put<n>` does the storing.
 */
export function writeSource(struct: Struct, n: number, options: RecordOptions): string {
  const { fields, bytes } = struct.layout;
  const nested = fields.filter((field) => field.type.kind !== 'scalar');
  const reaches = nested.map(
    ({ name, type, offset }) => `${reachName(type, options)}(o${member(name)}, own + ${offset}, lo, hi)`,
  );
  const overlap =
    nested.length === 0 ? '' : `\n  if (reach${n}(o, 8 * p, 8 * p, 8 * p + ${bytes})) o = $plain(o);`;
  const name = JSON.stringify(struct.name);
  return `
function reach${n}(o, own, lo, hi) {
  if (o instanceof $View) return !(o instanceof V${n} && o.$byte === own) && $overlaps(o, lo, hi);
  return ${nested.length === 0 ? 'false' : `typeof o === 'object' && o !== null && (${reaches.join(' || ')})`};
}
function put${n}(p, o) {
  if (o instanceof V${n}) return copy${n}(p, o.$p);
  if (typeof o !== 'object' || o === null) $notRecord(${name}, o);
  ${fields.map((field) => putField(field, options)).join('\n  ')}
}
function write${n}(p, o) {
  if (o instanceof $View) {
    if (o instanceof V${n}) return copy${n}(p, o.$p);
    if ($overlaps(o, 8 * p, 8 * p + ${bytes})) o = o.toJSON();
  }${overlap}
  put${n}(p, o);
}`;
}

function putField({ name, type, offset }: FieldLayout, options: RecordOptions): string {
  const at = indexIn('p', offset, unitOf(type));
  const { names } = options;
  if (type.kind === 'struct') return `put${names.struct(type.struct)}(${at}, o${member(name)});`;
  if (type.kind === 'array') return `putA${names.array(type)}(${at}, o${member(name)});`;
  return `{ const v = o${member(name)}; ${store(type.type, at, 'v', options.writer ? 'intern' : 'id')} }`;
}

/** The function that finds views within a value. */
export function reachName(type: FieldType, { names }: Pick<RecordOptions, 'names'>): string {
  if (type.kind === 'struct') return `reach${names.struct(type.struct)}`;
  return type.kind === 'array' ? `reachA${names.array(type)}` : '';
}
