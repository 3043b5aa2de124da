// Source text of view classes: flyweights with prototype accessors over the record at the word address `$p`.
import { HIGH_BITS, indexIn, key, load, plus, store, unitOf } from './access-source.js';
import type { FieldLayout, FieldType, ScalarName, Struct } from './fields.js';
import type { RecordOptions } from './record-source.js';

/**
 * The class `V<n>`. Structs and arrays within are views of their own, kept by the view and pointed at their place each
 * time they are asked for. Checked views know the view they came from (`$r`), whose `$p` says whether they still count.
 */
export function viewSource(struct: Struct, n: number, options: RecordOptions): string {
  const { fields } = struct.layout;
  const check = options.checked ? `if (this.$r.$p < 0) $expired(${JSON.stringify(struct.name)}); ` : '';
  const root = options.checked ? ', r' : '';
  const children = fields.flatMap((field, i) => childSource(field, i, root, options));
  const taken = new Set(fields.map((field) => field.name));
  const setup = [
    'this.$p = p;',
    ...(options.checked ? ['this.$r = r === undefined ? this : r;'] : []),
    ...children,
    ...(options.writer ? ['Object.preventExtensions(this);'] : []),
  ];
  return `
class V${n} extends $View {
  constructor(p${root}) { super(); ${setup.join(' ')} }
  get $byte() { return 8 * this.$p; }
  get $size() { return ${struct.layout.bytes}; }
  toJSON() { ${check}return read${n}(this.$p); }
${fields.map((field, i) => accessors(field, i, check, taken, options)).join('\n')}
}`;
}

function childSource(field: FieldLayout, i: number, root: string, options: RecordOptions): string[] {
  const view = viewName(field.type, options);
  if (view === undefined) return [];
  const from = root === '' ? '' : ', this.$r';
  return [`this.$c${i} = new ${view}(${indexIn('p', field.offset, unitOf(field.type))}${from});`];
}

function accessors(
  field: FieldLayout,
  i: number,
  check: string,
  taken: Set<string>,
  options: RecordOptions,
): string {
  const { name, type, offset } = field;
  const at = indexIn('p', offset, unitOf(type));
  const p = `${check}const p = this.$p;`;
  const id = JSON.stringify(`$id_${name}`);
  const lines: string[] = [];
  if (type.kind === 'scalar') {
    lines.push(`get ${key(name)}() { ${p} return ${load(type.type, at)}; }`);
    if (type.type === 'text') lines.push(`get ${id}() { ${p} return U32[${at}]; }`);
    if (options.readonly) return indent(lines);
    lines.push(`set ${key(name)}(v) { ${p} ${store(type.type, at, 'v', options.writer ? 'intern' : 'id')} }`);
    if (type.type === 'text') lines.push(`set ${id}(v) { ${p} U32[${at}] = v; }`);
    if (options.writer) lines.push(...halves(name, type.type, offset, p, taken));
    return indent(lines);
  }
  lines.push(`get ${key(name)}() { ${p} const c = this.$c${i}; c.$p = ${at}; return c; }`);
  if (!options.readonly) lines.push(`set ${key(name)}(v) { ${p} ${writerName(type, options)}(${at}, v); }`);
  return indent(lines);
}

// `ts` of 64 bits may also be written as the numbers `tsLo` and `tsHi`, where no field has these names.
function halves(name: string, type: ScalarName, offset: number, p: string, taken: Set<string>): string[] {
  if (!['i53', 'u53', 'i64', 'u64'].includes(type)) return [];
  const low = indexIn('p', offset, 4);
  return [
    [`${name}Lo`, low, 'v'],
    [`${name}Hi`, plus(low, 1), type === 'u53' ? `v & ${HIGH_BITS}` : 'v'],
  ].flatMap(([half, at, value]) =>
    taken.has(half as string) ? [] : [`set ${key(half as string)}(v) { ${p} U32[${at}] = ${value}; }`],
  );
}

/** The class of views of a struct or an array. */
export function viewName(type: FieldType, { names }: Pick<RecordOptions, 'names'>): string | undefined {
  if (type.kind === 'scalar') return undefined;
  return type.kind === 'struct' ? `V${names.struct(type.struct)}` : `A${names.array(type)}`;
}

/** The function that stores a struct or an array. */
export function writerName(type: FieldType, { names }: Pick<RecordOptions, 'names'>): string {
  if (type.kind === 'struct') return `write${names.struct(type.struct)}`;
  return type.kind === 'array' ? `writeA${names.array(type)}` : '';
}

function indent(lines: string[]): string {
  return lines.map((line) => `  ${line}`).join('\n');
}
