// Source text for fixed arrays: the view class A<n> and the functions copyA<n>, sameA<n>, readA<n>, writeA<n>.
//
// Their addresses are indices of the typed array that holds the elements (words for arrays of structs).
import { load, plus, store, strideOf, unitOf } from './access-source.js';
import type { ArrayField, FieldType } from './fields.js';
import { sizeOf } from './layout.js';
import { reachName } from './read-write-source.js';
import type { RecordOptions } from './record-source.js';
import { viewName } from './view-source.js';

/** Arrays up to this length are read as literals. */
const MAX_LITERAL_ELEMENTS = 16;

/** All code of one array type; the code of its elements comes before it. */
export function arraySource(type: ArrayField, n: number, options: RecordOptions): string {
  return [
    viewClass(type, n, options),
    readArray(type, n, options),
    writeArray(type, n, options),
    copyArray(type, n),
    sameArray(type, n, options),
  ].join('');
}

function viewClass(type: ArrayField, n: number, options: RecordOptions): string {
  const { element, length } = type;
  const view = viewName(element, options);
  const check = options.checked ? `if (this.$r.$p < 0) $expired('an array'); ` : '';
  const range = `${check}if (!(i >= 0 && i < ${length} && Math.floor(i) === i)) $outOfRange(i, ${length});`;
  const at = `this.$p + ${elementStep(element, 'i')}`;
  const root = options.checked ? ', this.$r' : '';
  const get =
    element.kind === 'scalar'
      ? `const e = ${at}; return ${load(element.type, 'e')};`
      : `let c = this.$v[i]; if (c === undefined) c = this.$v[i] = new ${view}(0${root}); c.$p = ${at}; return c;`;
  const put = `const e = ${at}; ${storeElement(element, options)}`;
  const isText = element.kind === 'scalar' && element.type === 'text';
  return `
class A${n} extends $ArrayView {
  constructor(p, r) {
    super();
    this.$p = p;${options.checked ? ' this.$r = r;' : ''}${view === undefined ? '' : ` this.$v = new Array(${length}).fill(undefined);`}
  }
  get $byte() { return ${unitOf(type)} * this.$p; }
  get $size() { return ${sizeOf(type)}; }
  get length() { return ${length}; }
  $at(i) { ${range} ${get} }
${options.readonly ? '' : `  $put(i, v) { ${range} ${put} }\n`}${isText ? `  $idAt(i) { ${range} return U32[${at}]; }\n` : ''}\
  toJSON() { ${check}return readA${n}(this.$p); }
}
for (let i = 0; i < ${length}; i++) {
  Object.defineProperty(A${n}.prototype, i, {
    get() { return this.$at(i); },${options.readonly ? '' : ' set(v) { this.$put(i, v); },'} configurable: true,
  });
}`;
}

function readArray(type: ArrayField, n: number, options: RecordOptions): string {
  const { element, length } = type;
  if (length <= MAX_LITERAL_ELEMENTS) {
    const elements = Array.from({ length }, (_, i) =>
      readElement(element, plus('e', i * strideOf(element)), options),
    );
    return `
function readA${n}(e) { return [${elements.join(', ')}]; }`;
  }
  return `
function readA${n}(e) {
  const a = [];
  for (let i = 0; i < ${length}; i++, e += ${strideOf(element)}) a.push(${readElement(element, 'e', options)});
  return a;
}`;
}

// putA stores element by element; writeA first makes sure that no element is a view of what is being overwritten.
function writeArray(type: ArrayField, n: number, options: RecordOptions): string {
  const { element, length } = type;
  const unit = unitOf(type);
  const loop = (body: string) =>
    `for (let i = 0; i < ${length}; i++, e += ${strideOf(element)}) { const v = a[i]; ${body} }`;
  const start = `${unit} * e`;
  const end = `${unit} * e + ${sizeOf(type)}`;
  const reach =
    element.kind === 'scalar'
      ? ''
      : `
  for (let i = 0; i < ${length}; i++, own += ${sizeOf(element)}) if (${reachName(element, options)}(a[i], own, lo, hi)) return true;`;
  return `
function reachA${n}(a, own, lo, hi) {
  if (a instanceof $View) return !(a instanceof A${n} && a.$byte === own) && $overlaps(a, lo, hi);
  if (typeof a !== 'object' || a === null || a.length !== ${length}) return false;${reach}
  return false;
}
function putA${n}(e, a) {
  if (a instanceof A${n}) return copyA${n}(e, a.$p);
  if (typeof a !== 'object' || a === null || a.length !== ${length}) $notArray(a, ${length});
  ${loop(storeElement(element, options, 'put'))}
}
function writeA${n}(e, a) {
  putA${n}(e, reachA${n}(a, ${start}, ${start}, ${end}) ? $plain(a) : a);
}`;
}

// Elements of 8 bytes are copied by halves, so that integers don't go through numbers or bigints.
function copyArray(type: ArrayField, n: number): string {
  const unit = unitOf(type);
  const [cells, scale] = unit === 8 ? ['U32', '2 * '] : [`U${8 * unit}`, ''];
  return `
function copyA${n}(d, s) {
  for (let i = 0; i < ${sizeOf(type) / Math.min(unit, 4)}; i++) ${cells}[${scale}d + i] = ${cells}[${scale}s + i];
}`;
}

function sameArray(type: ArrayField, n: number, options: RecordOptions): string {
  const { element, length } = type;
  const stride = strideOf(element);
  return `
function sameA${n}(a, b) {
  for (let i = 0; i < ${length}; i++, a += ${stride}, b += ${stride}) if (!(${sameElement(element, options)})) return false;
  return true;
}`;
}

function sameElement(element: FieldType, { names }: RecordOptions): string {
  if (element.kind === 'struct') return `same${names.struct(element.struct)}(a, b)`;
  if (element.kind === 'array') return `sameA${names.array(element)}(a, b)`;
  switch (element.type) {
    case 'f32':
    case 'f64':
      return `$is(${load(element.type, 'a')}, ${load(element.type, 'b')})`;
    case 'i53':
    case 'u53':
      return 'U32[a] === U32[b] && U32[a + 1] === U32[b + 1]';
    case 'i64':
    case 'u64':
      return 'U32[2 * a] === U32[2 * b] && U32[2 * a + 1] === U32[2 * b + 1]';
    case 'text':
      return 'U32[a] === U32[b]';
    default:
      return `${load(element.type, 'a')} === ${load(element.type, 'b')}`;
  }
}

function readElement(element: FieldType, e: string, { names }: RecordOptions): string {
  if (element.kind === 'struct') return `read${names.struct(element.struct)}(${e})`;
  if (element.kind === 'array') return `readA${names.array(element)}(${e})`;
  return load(element.type, e);
}

function storeElement(element: FieldType, options: RecordOptions, how: 'put' | 'write' = 'write'): string {
  if (element.kind === 'struct') return `${how}${options.names.struct(element.struct)}(e, v);`;
  if (element.kind === 'array') return `${how}A${options.names.array(element)}(e, v);`;
  return store(element.type, 'e', 'v', options.writer ? 'intern' : 'id');
}

function elementStep(element: FieldType, i: string): string {
  const stride = strideOf(element);
  return stride === 1 ? i : `${stride} * ${i}`;
}
