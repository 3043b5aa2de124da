// What generated record code needs in its scope: the memory, the texts, and the bases of views.

/** Source text that declares the typed arrays `I8` … `U64` of `env.memory`. */
export const ARRAYS_PRELUDE = `const { i8: I8, u8: U8, i16: I16, u16: U16, i32: I32, u32: U32, f32: F32, f64: F64, i64: I64, u64: U64 } = env.memory;
`;

/**
 * Source text that makes the scope of generated record code from `env`: `{ memory, texts, fail }`.
 *
 * It declares the typed arrays `I8` … `U64`, the text table `T`, `fail`, and helpers whose names start with `$`.
 */
export const RECORD_PRELUDE = `
${ARRAYS_PRELUDE}const T = env.texts, fail = env.fail;
function $expired(struct) { throw fail('VIEW_EXPIRED', { struct }); }
function $outOfRange(index, length) { throw fail('INDEX_RANGE', { index, length }); }
/** A value in a few words, as in the messages of ingest. */
function $shown(value) {
  switch (typeof value) {
    case 'string': return JSON.stringify(value.slice(0, 40)) + (value.length > 40 ? '…' : '');
    case 'bigint': return value + 'n';
    case 'object': return value === null ? 'null' : Array.isArray(value) || ArrayBuffer.isView(value) ? 'an array' : 'an object';
    case 'function': return 'a function';
    default: return Object.is(value, -0) ? '-0' : String(value);
  }
}
function $notRecord(struct, value) { throw fail('RECORD_TYPE', { struct, value: $shown(value) }); }
function $notArray(value, length) {
  const array = value !== null && typeof value === 'object' && typeof value.length === 'number';
  throw fail('ARRAY_TYPE', { value: array ? 'an array of ' + value.length : $shown(value), length });
}
/** Whether two numbers are the same: -0 differs from 0, NaN is one value. */
function $is(a, b) { return a === b ? a !== 0 || 1 / a === 1 / b : a !== a && b !== b; }
/** A copy of a value in which views are plain objects. */
function $plain(value) {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof $View) return value.toJSON();
  if (Array.isArray(value)) return value.map($plain);
  const copy = {};
  for (const name of Object.keys(value)) copy[name] = $plain(value[name]);
  return copy;
}
/** Whether a view shows any of the bytes from lo to hi. */
function $overlaps(view, lo, hi) { return view.$byte < hi && view.$byte + view.$size > lo; }
/** Flyweights over records and arrays in memory. */
class $View {
  [Symbol.for('nodejs.util.inspect.custom')]() { return this.toJSON(); }
}
/** Fixed arrays: with the methods of arrays that leave their length alone. */
class $ArrayView extends $View {
  *[Symbol.iterator]() { for (let i = 0; i < this.length; i++) yield this.$at(i); }
  get [Symbol.isConcatSpreadable]() { return true; }
  toString() { return this.join(); }
  flat(depth = 1) {
    let out = [...this];
    for (; depth > 0 && out.some((element) => element instanceof $ArrayView); depth--) out = [].concat(...out);
    return out;
  }
  // By way of copies: of two elements that are views, the first to be assigned would be lost.
  sort(compare) {
    const views = [...this], copies = views.map($plain);
    if (compare === undefined) return $assign(this, copies.sort());
    return $assign(this, [...views.keys()].sort((i, j) => compare(views[i], views[j])).map((i) => copies[i]));
  }
  reverse() { return $assign(this, Array.from(this, $plain).reverse()); }
}
function $assign(view, elements) {
  for (let i = 0; i < elements.length; i++) view.$put(i, elements[i]);
  return view;
}
for (const name of ['at', 'concat', 'copyWithin', 'entries', 'every', 'fill', 'filter', 'find', 'findIndex', 'findLast',
  'findLastIndex', 'flatMap', 'forEach', 'includes', 'indexOf', 'join', 'keys', 'lastIndexOf', 'map', 'reduce',
  'reduceRight', 'slice', 'some', 'toReversed', 'toSorted', 'toSpliced', 'values', 'with']) {
  if (name in Array.prototype) {
    Object.defineProperty($ArrayView.prototype, name, { value: Array.prototype[name], writable: true, configurable: true });
  }
}
`;
