// Random code of the language, typed by construction: expressions of each kind. Everything is put in parentheses.
import type { FieldType, ScalarName, Struct } from '../../../src/schema/index.js';
import type { Choices } from '../choices.js';
import { BIGINTS, DOUBLES, KINDS, type Kind, kindOf, TEXTS } from '../layouts.js';
import { type ArrayPath, type Path, Scope } from './scope.js';

const MATH_1 = [
  'abs',
  'floor',
  'ceil',
  'round',
  'trunc',
  'sign',
  'sqrt',
  'fround',
  'clz32',
  'sin',
  'cos',
  'tan',
  'asin',
  'acos',
  'atan',
  'sinh',
  'cosh',
  'tanh',
  'asinh',
  'acosh',
  'atanh',
  'exp',
  'expm1',
  'log',
  'log1p',
  'log2',
  'log10',
  'cbrt',
];
const NUMBER_CONSTANTS = [
  'Math.PI',
  'Math.E',
  'Number.EPSILON',
  'Number.MAX_SAFE_INTEGER',
  'Number.MIN_VALUE',
  'Number.MAX_VALUE',
  'Number.NEGATIVE_INFINITY',
  'Math.SQRT2',
  'Infinity',
  'NaN',
];
const COMPARISONS = ['===', '<', '!==', '<=', '>', '>=', '==', '!='];
const INTEGER_TESTS = [
  'Number.isNaN',
  'Number.isFinite',
  'Number.isInteger',
  'Number.isSafeInteger',
  'isNaN',
  'isFinite',
];

/** A number as it is written. */
export function numberText(x: number): string {
  if (Object.is(x, -0)) return '(-0)';
  return x < 0 ? `(${x})` : `${x}`;
}

export const bigintText = (x: bigint): string => (x < 0n ? `(${x}n)` : `${x}n`);

type Option = readonly [weight: number, make: () => string | undefined];

export class Code {
  scope = new Scope();
  /** How much may still be written. */
  budget: number;
  private names = 0;

  constructor(
    readonly choices: Choices,
    budget = 40,
  ) {
    this.budget = budget;
  }

  name(prefix = 'v'): string {
    return `${prefix}${this.names++}`;
  }

  /** Runs `make` in a scope of its own. */
  within<T>(make: () => T): T {
    const { scope } = this;
    this.scope = scope.inner();
    try {
      return make();
    } finally {
      this.scope = scope;
    }
  }

  expression(kind: Kind, depth: number): string {
    switch (kind) {
      case 'num':
        return this.num(depth);
      case 'bool':
        return this.bool(depth);
      case 'text':
        return this.text(depth);
      default:
        return this.bigint(kind, depth);
    }
  }

  /** One of several ways to write something; the first, which is simplest, where there is no room for more. */
  private one(depth: number, leaf: () => string, options: readonly Option[], leafWeight = 4): string {
    if (depth <= 0 || this.budget <= 0) return leaf();
    this.budget--;
    return this.choices.weighted<() => string | undefined>([[leafWeight, leaf], ...options])() ?? leaf();
  }

  private path(kind: Kind): Path | undefined {
    const paths = this.scope.values[kind];
    return paths.length === 0 ? undefined : this.choices.of(paths);
  }

  // ---- numbers

  num(depth: number): string {
    const d = depth - 1;
    const { choices } = this;
    return this.one(depth, () => this.numLeaf(), [
      [8, () => `(${this.num(d)} ${choices.of(['+', '-', '*', '/', '%'])} ${this.num(d)})`],
      [1, () => `(${this.num(d)} ** ${this.num(d)})`],
      [3, () => `(${this.num(d)} ${choices.of(['&', '|', '^', '<<', '>>', '>>>'])} ${this.num(d)})`],
      [2, () => `(${choices.of(['-', '+', '~'])}${this.num(d)})`],
      [3, () => `Math.${choices.of(MATH_1)}(${this.num(d)})`],
      [2, () => this.mathOfSeveral(d)],
      [2, () => `(${this.truthy(d)} ? ${this.num(d)} : ${this.num(d)})`],
      [2, () => `(${this.num(d)} ${choices.of(['||', '&&', '??'])} ${this.num(d)})`],
      [1, () => choices.of([`(+${this.bool(d)})`, `Number(${this.bool(d)})`, `(${this.bool(d)} | 0)`])],
      [1, () => `Number(${this.storedBigint(d)})`],
      [3, () => this.element('num', d)],
      [3, () => this.ofMaybe('num', d)],
      [2, () => this.call('num', d)],
      [1, () => this.assignment('num', d)],
      [1, () => this.reduced(d)],
      [1, () => this.searched(d)],
      [1, () => `(${this.expression(choices.of(KINDS), 0)}, ${this.num(d)})`],
      [1, () => choices.of(this.scope.arrays)?.text.concat('.length')],
    ]);
  }

  private numLeaf(): string {
    const path = this.choices.chance(75) ? this.path('num') : undefined;
    if (path !== undefined) return path.text;
    if (this.choices.chance(12)) return this.choices.of(NUMBER_CONSTANTS);
    return numberText(this.choices.of(DOUBLES));
  }

  private mathOfSeveral(d: number): string {
    const name = this.choices.of(['max', 'min', 'hypot', 'pow', 'atan2', 'imul']);
    const count = 'max min hypot'.includes(name) ? this.choices.between(0, 3) : 2;
    return `Math.${name}(${Array.from({ length: count }, () => this.num(d)).join(', ')})`;
  }

  /** An index; seldom one that may be out of range. */
  index({ length, checked }: ArrayPath, d: number): string {
    if (this.choices.chance(30)) return `${this.choices.below(length)}`;
    if (checked && this.choices.chance(8))
      return this.choices.chance(50) ? `(${this.num(d)} & 7)` : this.num(d);
    return length === 4 || length === 2 || length === 1
      ? `(${this.num(d)} & ${length - 1})`
      : `((${this.num(d)} >>> 0) % ${length})`;
  }

  private element(kind: Kind, d: number): string | undefined {
    const arrays = this.scope.arrays.filter(
      ({ element }) => element.kind === 'scalar' && kindOf(element.type) === kind,
    );
    if (arrays.length === 0) return undefined;
    const array = this.choices.of(arrays);
    return `${array.text}[${this.index(array, d)}]`;
  }

  private reduced(d: number): string | undefined {
    const array = this.arrayOf('num');
    if (array === undefined) return undefined;
    const [sum, one] = [this.name('s'), this.name('e')];
    const start = this.choices.chance(70) ? `, ${this.num(0)}` : '';
    return this.within(() => {
      this.scope.value('num', sum);
      this.scope.value('num', one);
      return `${array.text}.reduce((${sum}, ${one}) => ${this.num(d)}${start})`;
    });
  }

  private arrayOf(kind: Kind): ArrayPath | undefined {
    const arrays = this.scope.arrays.filter(
      ({ element }) => element.kind === 'scalar' && kindOf(element.type) === kind,
    );
    return arrays.length === 0 ? undefined : this.choices.of(arrays);
  }

  private searched(d: number): string | undefined {
    const kind = this.choices.of<Kind>(['num', 'text', 'bool']);
    const array = this.arrayOf(kind);
    if (array === undefined) return undefined;
    if (this.choices.chance(50)) return `${array.text}.indexOf(${this.expression(kind, d)})`;
    const one = this.name('e');
    return this.within(() => {
      this.scope.value(kind, one);
      return `${array.text}.findIndex((${one}) => ${this.truthy(d)})`;
    });
  }

  // ---- booleans

  bool(depth: number): string {
    const d = depth - 1;
    const { choices } = this;
    return this.one(
      depth,
      () => this.path('bool')?.text ?? choices.of(['true', 'false']),
      [
        [8, () => `(${this.num(d)} ${choices.of(COMPARISONS)} ${this.num(d)})`],
        [3, () => `(${this.text(d)} ${choices.of(['===', '!==', '==', '!='])} ${this.text(d)})`],
        [3, () => this.comparedBigints(d)],
        [1, () => `(${this.bool(d)} ${choices.of(['===', '!==', '<', '>='])} ${this.bool(d)})`],
        [3, () => `(!${this.truthy(d)})`],
        [4, () => `(${this.bool(d)} ${choices.of(['&&', '||'])} ${this.bool(d)})`],
        [1, () => `(${this.truthy(d)} ? ${this.bool(d)} : ${this.bool(d)})`],
        [2, () => `${choices.of(INTEGER_TESTS)}(${this.num(d)})`],
        [1, () => `Boolean(${this.truthy(d)})`],
        [1, () => `Object.is(${this.num(d)}, ${this.num(d)})`],
        [2, () => this.ofMaybe('bool', d)],
        [1, () => this.testOfMaybe()],
        [1, () => this.element('bool', d)],
        [1, () => this.call('bool', d)],
        [1, () => this.assignment('bool', d)],
        [1, () => this.testedElements(d)],
      ],
      3,
    );
  }

  private comparedBigints(d: number): string {
    const { choices } = this;
    const left = this.storedBigint(d);
    if (choices.chance(25)) return `(${left} ${choices.of(COMPARISONS)} ${this.num(d)})`;
    return `(${left} ${choices.of(COMPARISONS)} ${choices.chance(40) ? this.bare() : this.storedBigint(d)})`;
  }

  private testedElements(d: number): string | undefined {
    const { choices } = this;
    const kind = choices.of(KINDS);
    const array = this.arrayOf(kind);
    if (array === undefined) return undefined;
    const one = this.name('e');
    return this.within(() => {
      this.scope.value(kind, one);
      return `${array.text}.${choices.of(['some', 'every'])}((${one}) => ${this.truthy(d)})`;
    });
  }

  private testOfMaybe(): string | undefined {
    const { maybes } = this.scope;
    if (maybes.length === 0) return undefined;
    const { text } = this.choices.of(maybes);
    return this.choices.of([
      `(${text} === undefined)`,
      `(!${text})`,
      `(${text} != null)`,
      `Boolean(${text})`,
    ]);
  }

  /** Anything that may be tested. */
  truthy(depth: number): string {
    const d = depth - 1;
    const { choices } = this;
    return this.one(
      depth,
      () => this.bool(0),
      [
        [6, () => this.bool(depth)],
        [2, () => this.num(d)],
        [1, () => this.text(d)],
        [1, () => this.storedBigint(d)],
        [2, () => `(${this.truthy(d)} ${choices.of(['&&', '||'])} ${this.truthy(d)})`],
        [1, () => (this.scope.maybes.length === 0 ? undefined : choices.of(this.scope.maybes).text)],
      ],
      2,
    );
  }

  // ---- texts

  text(depth: number): string {
    const d = depth - 1;
    return this.one(
      depth,
      () => this.textLeaf(),
      [
        [2, () => `(${this.truthy(d)} ? ${this.text(d)} : ${this.text(d)})`],
        [1, () => `(${this.text(d)} || ${this.text(d)})`],
        [1, () => this.element('text', d)],
        [1, () => this.ofMaybe('text', d)],
        [1, () => this.call('text', d)],
        [1, () => this.assignment('text', d)],
      ],
      4,
    );
  }

  private textLeaf(): string {
    const path = this.choices.chance(65) ? this.path('text') : undefined;
    return path?.text ?? JSON.stringify(this.choices.of(TEXTS));
  }

  // ---- bigints

  bare(): string {
    return bigintText(this.choices.of(BIGINTS));
  }

  private storedBigint(depth: number): string {
    return this.stored(this.choices.of(['i64', 'u64']), depth);
  }

  /** A bigint that is one of 64 bits for sure. */
  stored(kind: 'i64' | 'u64', depth: number): string {
    const d = depth - 1;
    const { choices } = this;
    const as = kind === 'i64' ? 'asIntN' : 'asUintN';
    return this.one(
      depth,
      () => this.path(kind)?.text ?? `BigInt.${as}(64, ${this.bare()})`,
      [
        [3, () => `BigInt.${as}(64, ${this.bigint(kind, d)})`],
        [1, () => `BigInt.${as}(${choices.of([8, 1, 32, 53, 63])}, ${this.bigint(kind, d)})`],
        [2, () => `(${this.stored(kind, d)} ${choices.of(['&', '|', '^'])} ${this.stored(kind, d)})`],
        [1, () => `(${this.stored(kind, d)} % ${this.stored(kind, d)})`],
        [1, () => `(${this.stored(kind, d)} >> ${choices.of([1, 7, 31, 63, 64])}n)`],
        [1, () => (kind === 'i64' ? `(~${this.stored(kind, d)})` : undefined)],
        [1, () => `(${this.truthy(d)} ? ${this.stored(kind, d)} : ${this.stored(kind, d)})`],
        [1, () => `BigInt.${as}(64, BigInt(${this.num(d)} | 0))`],
        [1, () => this.element(kind, d)],
        [1, () => this.ofMaybe(kind, d)],
        [1, () => this.call(kind, d)],
      ],
      4,
    );
  }

  /** A bigint to be stored: known modulo 2^64. */
  bigint(kind: 'i64' | 'u64', depth: number): string {
    const d = depth - 1;
    const { choices } = this;
    return this.one(depth, () => this.stored(kind, 0), [
      [4, () => this.stored(kind, depth)],
      [4, () => `(${this.bigint(kind, d)} ${choices.of(['+', '-', '*'])} ${this.bigint(kind, d)})`],
      [2, () => `(${this.bigint(kind, d)} ${choices.of(['+', '-', '*'])} ${this.bare()})`],
      [1, () => `(-${this.bigint(kind, d)})`],
      [1, () => `(${this.stored(kind, d)} / ${choices.chance(50) ? this.stored(kind, d) : '3n'})`],
      [1, () => `(${this.bigint(kind, d)} << ${choices.of([1, 8, 63, 64])}n)`],
      [1, () => `(${this.stored(kind, d)} << (${this.stored(kind, d)} & 63n))`],
      [1, () => `(${this.stored(kind, d)} >> (${this.stored(kind, d)} & 127n))`],
      [1, () => `(${this.truthy(d)} ? ${this.bigint(kind, d)} : ${this.bigint(kind, d)})`],
      [1, () => `BigInt.${kind === 'i64' ? 'asIntN' : 'asUintN'}(64, BigInt(Math.trunc(${this.num(d)})))`],
      [1, () => this.assignment(kind, d)],
    ]);
  }

  // ---- what there is of every kind

  /** A field of a record that may be missing. */
  private ofMaybe(kind: Kind, d: number): string | undefined {
    const { maybes } = this.scope;
    if (maybes.length === 0) return undefined;
    const { text, struct } = this.choices.of(maybes);
    if (this.choices.chance(50)) {
      return this.within(() => {
        const other = this.expression(kind, d);
        this.scope.record(text, struct);
        return `(${text} ? ${this.expression(kind, d)} : ${other})`;
      });
    }
    const fields = struct.layout.fields.filter(
      ({ type }) => type.kind === 'scalar' && kindOf(type.type) === kind,
    );
    if (fields.length === 0) return undefined;
    return `(${text}?.${this.choices.of(fields).name} ?? ${this.expression(kind, d)})`;
  }

  private call(kind: Kind, d: number): string | undefined {
    const functions = this.scope.functions.filter(({ result }) => result === kind);
    if (functions.length === 0) return undefined;
    const { text, params } = this.choices.of(functions);
    return `${text}(${params.map((param) => this.expression(param, d)).join(', ')})`;
  }

  private assignment(kind: Kind, d: number): string | undefined {
    const paths = this.scope.values[kind].filter(({ set }) => set);
    if (paths.length === 0) return undefined;
    const { text } = this.choices.of(paths);
    return `(${this.assigned(text, kind, d)})`;
  }

  /** `path = …` in one of its forms. */
  assigned(path: string, kind: Kind, d: number): string {
    const { choices } = this;
    if (kind === 'num') {
      if (choices.chance(20)) return choices.of([`${path}++`, `--${path}`, `++${path}`]);
      const operator = choices.of([
        '=',
        '+=',
        '-=',
        '*=',
        '=',
        '/=',
        '%=',
        '|=',
        '>>>=',
        '||=',
        '&&=',
        '??=',
        '**=',
      ]);
      return `${path} ${operator} ${this.num(d)}`;
    }
    if (kind === 'bool') return `${path} ${choices.of(['=', '=', '&&=', '||='])} ${this.bool(d)}`;
    if (kind === 'text') return `${path} ${choices.of(['=', '=', '||='])} ${this.text(d)}`;
    return `${path} = ${this.stored(kind, d)}`;
  }

  // ---- records and arrays

  /** A value for a field. */
  field(type: FieldType, depth: number): string {
    if (type.kind === 'scalar') return this.expression(kindOf(type.type), depth);
    if (type.kind === 'struct') return this.record(type.struct, depth - 1);
    const known = this.scope.arrays.filter(
      ({ element, length }) => length === type.length && isAlike(element, type.element),
    );
    if (known.length > 0 && this.choices.chance(60)) {
      const { text } = this.choices.of(known);
      if (type.element.kind !== 'scalar' || this.choices.chance(60)) return text;
      const one = this.name('e');
      const kind = kindOf(type.element.type);
      return this.within(() => {
        this.scope.value(kind, one);
        return `${text}.map((${one}) => ${this.expression(kind, depth - 1)})`;
      });
    }
    return `[${Array.from({ length: type.length }, () => this.field(type.element, depth - 1)).join(', ')}]`;
  }

  /** A record with the fields of a struct, of the same kinds. */
  record(struct: Struct, depth: number): string {
    const { choices } = this;
    const alike = this.scope.records.filter((record) => isAlikeStruct(record.struct, struct));
    const way = alike.length === 0 ? 0 : choices.below(4);
    const fields = choices.chance(25) ? choices.shuffled(struct.layout.fields) : struct.layout.fields;
    if (way === 0 && choices.chance(25)) {
      const spread = this.spreadOther(struct, depth);
      if (spread !== undefined) return spread;
    }
    if (way === 2) return choices.of(alike).text;
    if (way === 3) {
      const given = choices.some(fields, 0).map(({ name, type }) => `${name}: ${this.field(type, depth)}`);
      return `({ ${[`...${choices.of(alike).text}`, ...given].join(', ')} })`;
    }
    return `({ ${fields.map(({ name, type }) => `${name}: ${this.field(type, depth)}`).join(', ')} })`;
  }

  /** A spread record of which some fields, of whatever kind, are given anew behind it. */
  private spreadOther(struct: Struct, depth: number): string | undefined {
    const { choices } = this;
    const all = struct.layout.fields;
    const inside = this.scope.records.filter((record) =>
      Object.keys(record.struct.fields).every((name) => name in struct.fields),
    );
    if (inside.length === 0) return undefined;
    const { text, struct: from } = choices.of(inside);
    const stays = ({ name, type }: (typeof all)[number]): boolean => {
      const given = from.fields[name];
      return given !== undefined && isAlike(given, type) && choices.chance(70);
    };
    const given = all.filter((field) => !stays(field));
    const ordered = choices.chance(50) ? choices.shuffled(given) : given;
    const parts = ordered.map(({ name, type }) => `${name}: ${this.field(type, depth)}`);
    return `({ ${[`...${text}`, ...parts].join(', ')} })`;
  }
}

/** Whether what fits one field fits the other, numbers of whatever type. */
export function isAlike(a: FieldType, b: FieldType): boolean {
  if (a.kind === 'scalar') return b.kind === 'scalar' && kindOf(a.type as ScalarName) === kindOf(b.type);
  if (a.kind === 'array') return b.kind === 'array' && a.length === b.length && isAlike(a.element, b.element);
  return b.kind === 'struct' && isAlikeStruct(a.struct, b.struct);
}

export function isAlikeStruct(a: Struct, b: Struct): boolean {
  const names = Object.keys(a.fields);
  return (
    names.length === Object.keys(b.fields).length &&
    names.every((name) => {
      const other = b.fields[name];
      return other !== undefined && isAlike(a.fields[name] as FieldType, other);
    })
  );
}
