// Source text of encode: checks all of a record, then writes it. What a struct's fields are worth checking for is known
// here, so the code is a straight line of reads, one condition, and writes.
import { indexIn, key, member, storeChecked, storeSmall, unitOf } from './access-source.js';
import { unfit, unfitSmall } from './check-source.js';
import type { FieldType, ScalarName, Struct } from './fields.js';
import { countLeaves, sizeOf } from './layout.js';
import { ARRAYS_PRELUDE } from './record-prelude.js';

/** Records of more scalars are encoded in loops, by way of a private buffer. */
const MAX_STRAIGHT_LEAVES = 48;

/**
 * `encode<n>(p, o)`: checks a plain object (or a view) and writes it to the word address `p`; calls `refuse(o)`, which
 * throws, if anything is wrong with it. Nothing is written and no text interned before all is found right.
 *
 * @param struct Its fields; the scope must have `refuse`, the typed arrays and the text table `T`.
 */
export function encodeSource(struct: Struct, n: number): string {
  return countLeaves({ kind: 'struct', struct }) <= MAX_STRAIGHT_LEAVES
    ? straightSource(struct, n)
    : stagedSource(struct, n);
}

/**
 * A function of `env`, `lease`, `slow` and `filled` that returns `next(o)`: it writes a record to the next slot of the lease and calls
 * `filled()` when that was the last, or somebody waits for it; whatever is not plain sailing it leaves to `slow(o)`, with nothing
 * written. Undefined for records that are too long for that.
 *
 * A record that fits goes to `slow` as a copy: so the engine need not make the object of a caller that this is inlined into.
 *
 * @param awaited Whether somebody may wait: the bells of the lease are looked at.
 */
export function ingestSource(struct: Struct, awaited: boolean): string | undefined {
  if (countLeaves({ kind: 'struct', struct }) > MAX_STRAIGHT_LEAVES) return undefined;
  const { reads, checks, texts, writes, fields } = straightParts(struct, 'return slow(o)', true);
  const copy = struct.layout.fields.map(({ name }, i) => `${key(name)}: ${fields[i]}`).join(', ');
  const ids = texts.map(
    ({ v }) => `const ${v}id = T.idIfKnown(${v}); if (${v}id < 0) return slow({ ${copy} });`,
  );
  const look = `const bells = lease.bells;
  for (let i = 0; i < bells.length; i++) if (I32[bells[i]] !== 0) return filled();`;
  return `
${ARRAYS_PRELUDE}const T = env.texts;
return function next(o) {
  ${reads.join('\n  ')}
  if (${checks.join('\n    || ')}) return slow(o);
  const p = lease.at, end = lease.end;
  if (p === end) return slow({ ${copy} });
  ${ids.join('\n  ')}
  ${writes.join('\n  ')}
  if ((lease.at = p + ${struct.layout.words}) === end) return filled();
  ${awaited ? look : ''}
};`;
}

function straightSource(struct: Struct, n: number): string {
  const { reads, checks, texts, writes } = straightParts(struct, 'refuse(o)', false);
  return `
function encode${n}(p, o) {
  ${reads.join('\n  ')}
  if (${checks.join('\n    || ')}) refuse(o);
  ${[...texts.map(({ v }) => `const ${v}id = T.intern(${v});`), ...writes].join('\n  ')}
}`;
}

interface StraightParts {
  readonly reads: readonly string[];
  readonly checks: readonly string[];
  /** The locals with texts, whose ids `writes` expect in locals of that name and `id`. */
  readonly texts: readonly { readonly v: string }[];
  readonly writes: readonly string[];
  /** The locals that hold the fields, in order. */
  readonly fields: readonly string[];
}

/**
 * @param refuse A statement for a part that is no object.
 * @param small Whether large whole numbers are refused as well, and small ones stored the fast way.
 */
function straightParts(struct: Struct, refuse: string, small: boolean): StraightParts {
  const reads: string[] = [];
  const checks: string[] = [];
  const texts: { v: string }[] = [];
  const writes: string[] = [];
  const fields: string[] = [];
  let locals = 0;
  const visit = (type: FieldType, value: string, offset: number, depth: number): void => {
    if (type.kind === 'scalar') {
      const v = `v${locals++}`;
      if (depth === 1) fields.push(v);
      reads.push(`const ${v} = ${value};`);
      checks.push((small ? unfitSmall : unfit)(type.type, v));
      if (type.type === 'text') texts.push({ v });
      const stored = type.type === 'text' ? `${v}id` : v;
      writes.push(
        small
          ? storeSmall(type, 'p', offset, stored)
          : storeChecked(type.type, indexIn('p', offset, unitOf(type)), stored),
      );
      return;
    }
    const o = `o${locals++}`;
    if (depth === 1) fields.push(o);
    reads.push(`const ${o} = ${value};`, notContainer(type, o, refuse));
    for (const part of partsOf(type)) visit(part.type, `${o}${part.member}`, offset + part.offset, depth + 1);
  };
  visit({ kind: 'struct', struct }, 'o', 0, 0);
  return { reads, checks, texts, writes, fields };
}

function partsOf(type: FieldType): { type: FieldType; member: string; offset: number }[] {
  if (type.kind === 'struct') {
    return type.struct.layout.fields.map(({ name, type, offset }) => ({
      type,
      member: member(name),
      offset,
    }));
  }
  if (type.kind === 'scalar') return [];
  const { element, length } = type;
  const stride = sizeOf(element);
  return Array.from({ length }, (_, i) => ({ type: element, member: `[${i}]`, offset: i * stride }));
}

function notContainer(type: FieldType, o: string, refuse = 'refuse(o)'): string {
  const length = type.kind === 'array' ? ` || ${o}.length !== ${type.length}` : '';
  return `if (typeof ${o} !== 'object' || ${o} === null${length}) ${refuse};`;
}

// Long records are checked while they are written to a buffer of their own, and copied to memory at the end. Texts wait
// in `$strings`, so that a refused record interns none.
function stagedSource(struct: Struct, n: number): string {
  const lines: string[] = [];
  let locals = 0;
  const visit = (type: FieldType, value: string, offset: number, loops: readonly Loop[]): void => {
    if (type.kind === 'scalar') {
      const v = `v${locals++}`;
      lines.push(`const ${v} = ${value}; if (${unfit(type.type, v)}) refuse(o);`);
      lines.push(stage(type.type, stagedIndex(offset, unitOf(type), loops), v));
      return;
    }
    const o = `o${locals++}`;
    lines.push(`const ${o} = ${value};`, notContainer(type, o));
    if (type.kind === 'struct') {
      for (const part of partsOf(type)) visit(part.type, `${o}${part.member}`, offset + part.offset, loops);
      return;
    }
    const i = `i${locals++}`;
    lines.push(`for (let ${i} = 0; ${i} < ${type.length}; ${i}++) {`);
    visit(type.element, `${o}[${i}]`, offset, [...loops, { name: i, bytes: sizeOf(type.element) }]);
    lines.push('}');
  };
  visit({ kind: 'struct', struct }, 'o', 0, []);
  return `
const encode${n} = (() => {
  const cells = U32, $buffer = new ArrayBuffer(${struct.layout.bytes}), $strings = [], $where = [];
  return ((I8, U8, I16, U16, I32, U32, F32, F64, I64, U64) => function encode(p, o) {
    let texts = 0;
    ${lines.join('\n    ')}
    for (let i = 0; i < texts; i++) U32[$where[i]] = T.intern($strings[i]);
    cells.set(U32, 2 * p);
  })(${STAGED_ARRAYS});
})();`;
}

const STAGED_ARRAYS = [
  ...['Int8Array', 'Uint8Array', 'Int16Array', 'Uint16Array', 'Int32Array', 'Uint32Array'],
  ...['Float32Array', 'Float64Array', 'BigInt64Array', 'BigUint64Array'],
]
  .map((name) => `new ${name}($buffer)`)
  .join(', ');

interface Loop {
  readonly name: string;
  /** How far one round goes. */
  readonly bytes: number;
}

function stage(type: ScalarName, index: string, v: string): string {
  return type === 'text'
    ? `$strings[texts] = ${v}; $where[texts++] = ${index};`
    : storeChecked(type, index, v);
}

function stagedIndex(offset: number, unit: number, loops: readonly Loop[]): string {
  const terms = loops.map((loop) => `${loop.bytes / unit} * ${loop.name}`);
  return [String(offset / unit), ...terms].join(' + ');
}
