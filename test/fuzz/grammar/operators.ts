// Random operators: every one of the library, with random functions over records of a given layout.
import type * as library from '../../../operators/index.js';
import { type Fused, keyedTable, type Param, withUsing } from '../../../src/operator/index.js';
import { type ScalarName, type Struct, scalars, struct } from '../../../src/schema/index.js';
import type { Choices } from '../choices.js';
import { DOUBLES, KINDS, type Kind, kindOf, mapNumbers, NUMBERS, TEXTS } from '../layouts.js';
import { Body, type Result, smallStruct } from './body.js';

// biome-ignore lint/suspicious/noExplicitAny: operators over any records.
type Any = any;
type Ops = typeof library;

/** An operator, to be made by the library or by the models. */
export interface RandomOperator {
  readonly name: string;
  /** The call, for people. */
  readonly text: string;
  /** With the layouts of a plan where the models need them. */
  make(ops: Ops, layouts?: Layouts): Fused<Any, Any>;
}

export interface Layouts {
  readonly out: Struct | undefined;
  readonly state: Struct | undefined;
}

/** A function made from its text. */
const fn = (text: string): Any => new Function(`return ${text};`)();

interface Given {
  readonly using: Record<string, unknown>;
  /** How the values are named in functions, and what they are, for people. */
  readonly text: string;
}

const table = (choices: Choices): readonly unknown[] =>
  choices.chance(70)
    ? Array.from({ length: choices.between(1, 4) }, () => choices.of(DOUBLES))
    : Array.from({ length: choices.between(1, 4) }, () => choices.of(TEXTS));

/** What functions use: constants, tables, functions, live parameters. */
function given(choices: Choices, param: Param): Given {
  const using: Record<string, unknown> = {};
  const parts: string[] = [];
  const add = (name: string, value: unknown, text: string) => {
    using[name] = value;
    parts.push(`${name}: ${text}`);
  };
  if (choices.chance(30)) {
    const value = choices.of(DOUBLES);
    add('k', value, String(value));
  }
  if (choices.chance(25)) {
    const value = table(choices);
    add('table', value, JSON.stringify(value));
  }
  if (choices.chance(15)) add('param', param, 'param');
  if (choices.chance(15)) {
    const value = { on: choices.chance(50), at: { x: choices.of(DOUBLES), t: choices.of(TEXTS) } };
    add('set', value, JSON.stringify(value));
  }
  if (choices.chance(20)) {
    const code = new Body(choices, (c, d) => c.num(d), 10);
    code.scope.value('num', 'x');
    code.scope.value('num', 'y', true);
    const withK = choices.chance(30);
    if (withK) code.scope.value('num', 'k');
    const text = `(x, y${withK ? ', { k }' : ''}) => ${code.body(2)}`;
    add(
      'help',
      withK ? withUsing(fn(text), { k: 3 }) : fn(text),
      withK ? `withUsing(${text}, { k: 3 })` : text,
    );
  }
  return { using, text: `{ ${parts.join(', ')} }` };
}

/** Writes functions of one operator. */
class Writer {
  readonly given: Given;

  constructor(
    readonly choices: Choices,
    readonly input: Struct,
    param: Param,
  ) {
    this.given = given(choices, param);
  }

  get using(): { using: Record<string, unknown> } | {} {
    return Object.keys(this.given.using).length === 0 ? {} : { using: this.given.using };
  }

  /** A function with parameters that `declare` describes, what it uses being the last. */
  fn(params: readonly string[], declare: (code: Body) => void, result: Result, budget = 40): string {
    const code = new Body(this.choices, result, budget);
    declare(code);
    return this.finish(params, code, (c) =>
      result === undefined || this.choices.chance(50) ? c.body(5) : `(${result(c, 4)})`,
    );
  }

  finish(
    params: readonly string[],
    code: Body,
    body: (code: Body) => string,
    more: readonly string[] = [],
  ): string {
    const { using } = this.given;
    const names = Object.keys(using);
    const whole = names.length > 0 && more.length === 0 && this.choices.chance(20);
    const at = (name: string) => (whole ? `using.${name}` : name);
    if ('k' in using) code.scope.value('num', at('k'));
    if ('param' in using) code.scope.value('num', at('param'));
    if ('table' in using) {
      const list = using['table'] as readonly unknown[];
      const element = typeof list[0] === 'string' ? scalars.text : scalars.f64;
      code.scope.arrays.push({ text: at('table'), element, length: list.length, set: false, checked: false });
    }
    if ('set' in using) {
      code.scope.value('bool', `${at('set')}.on`);
      code.scope.value('num', `${at('set')}.at.x`);
      code.scope.value('text', `${at('set')}.at.t`);
    }
    if ('help' in using)
      code.scope.functions.push({ text: at('help'), params: ['num', 'num'], result: 'num' });
    const text = body(code);
    const all = [...names, ...more];
    const last = all.length === 0 ? [] : [whole ? 'using' : `{ ${all.join(', ')} }`];
    return `(${[...params, ...last].join(', ')}) => ${text}`;
  }

  /** A function of the record. */
  ofRecord(result: Result, budget?: number): string {
    return this.fn(['r'], (code) => code.scope.record('r', this.input), result, budget);
  }

  key(): string {
    const { choices } = this;
    const kinds = Array.from(
      {
        length: choices.weighted([
          [6, 1],
          [3, 2],
          [1, 3],
        ] as const),
      },
      () => choices.of(KINDS),
    );
    const part = (code: Body, kind: Kind) => {
      const paths = code.scope.values[kind];
      if (paths.length > 0 && choices.chance(70)) return choices.of(paths).text;
      return kind === 'i64' || kind === 'u64' ? code.stored(kind, 2) : code.expression(kind, 2);
    };
    return this.ofRecord((code) => {
      const parts = kinds.map((kind) => part(code, kind));
      return parts.length === 1 ? (parts[0] as string) : `[${parts.join(', ')}]`;
    }, 12);
  }

  /** What a record that is made shall hold, and the option that declares its layout, if it does. */
  shape(): { shape: Struct; declared: { out: Struct } | {} } {
    const { choices, input } = this;
    const shape = mapNumbers(choices.chance(50) ? input : smallStruct(choices), () => 'f64');
    if (!choices.chance(25)) return { shape, declared: {} };
    return { shape, declared: { out: mapNumbers(shape, () => choices.of(NUMBERS)) } };
  }
}

type Maker = (w: Writer) => RandomOperator;

const optionsText = (w: Writer, declared: object): string => {
  const parts: string[] = [];
  if (Object.keys(w.given.using).length > 0) parts.push(`using: ${w.given.text}`);
  for (const [name, of] of Object.entries(declared)) parts.push(`${name}: ${layoutText(of)}`);
  return parts.length === 0 ? '' : `, { ${parts.join(', ')} }`;
};

export const layoutText = (of: unknown): string =>
  typeof of === 'object' && of !== null && 'fingerprint' in of
    ? `struct(${of.fingerprint})`
    : JSON.stringify(of);

/** The layout that the models coerce to: numbers of inferred layouts hold all that is stored in them. */
function modelled(layout: Struct | undefined, declared: object, name = 'out'): Record<string, Struct> {
  if (layout === undefined) return {};
  return { [name]: name in declared ? layout : mapNumbers(layout, () => 'f64') };
}

const makers: Readonly<Record<string, Maker>> = {
  map(w) {
    const { shape, declared } = w.shape();
    const text = w.ofRecord((code, depth) => code.record(shape, depth));
    const f = fn(text);
    return {
      name: 'map',
      text: `map(${text}${optionsText(w, declared)})`,
      make: (ops, l) =>
        ops.map(f, { ...w.using, ...declared, ...(l && modelled(l.out, declared)) } as Any) as Any,
    };
  },
  filter(w) {
    const text = w.ofRecord((code, depth) => code.truthy(depth));
    const f = fn(text);
    return {
      name: 'filter',
      text: `filter(${text}${optionsText(w, {})})`,
      make: (ops) => ops.filter(f, w.using),
    };
  },
  tap(w) {
    const text = w.ofRecord(undefined, 15);
    const f = fn(text);
    return { name: 'tap', text: `tap(${text}${optionsText(w, {})})`, make: (ops) => ops.tap(f, w.using) };
  },
  stateful(w) {
    const { shape, declared } = w.shape();
    const key = w.key();
    const init = w.ofRecord((code, depth) => code.record(shape, depth), 25);
    const update = w.fn(
      ['s', 'r'],
      (code) => {
        code.scope.record('r', w.input);
        code.scope.record('s', shape, true);
      },
      undefined,
    );
    const [k, i, u] = [fn(key), fn(init), fn(update)];
    return {
      name: 'stateful',
      text: `stateful(${key}, ${init}, ${update}${optionsText(w, declared)})`,
      make: (ops, l) =>
        ops.stateful(k, i, u, { ...w.using, ...declared, ...(l && modelled(l.state, declared)) } as Any),
    };
  },
  delta(w) {
    const { shape, declared } = w.shape();
    const key = w.key();
    const compare = w.fn(
      ['curr', 'prev'],
      (code) => {
        code.scope.record('curr', w.input);
        code.scope.maybes.push({ text: 'prev', struct: w.input, set: false });
      },
      (code, depth) => {
        const way = w.choices.below(4);
        const nothing = w.choices.of(['false', 'null', 'undefined']);
        if (way === 1) return `${code.bool(2)} && ${code.record(shape, depth)}`;
        return code.within(() => {
          const test = way === 2 ? `prev && ${code.bool(2)}` : 'prev';
          const fallback = way === 3 ? code.record(shape, depth) : nothing;
          code.scope.record('prev', w.input);
          const made = code.record(shape, depth);
          return way === 2 ? `${test} && ${made}` : `${test} ? ${made} : ${fallback}`;
        });
      },
    );
    const [k, c] = [fn(key), fn(compare)];
    return {
      name: 'delta',
      text: `delta(${key}, ${compare}${optionsText(w, declared)})`,
      make: (ops, l) =>
        ops.delta(k, c, { ...w.using, ...declared, ...(l && modelled(l.out, declared)) } as Any) as Any,
    };
  },
  dedupBy(w) {
    const key = w.key();
    const select = w.choices.chance(60) ? selector(w) : undefined;
    const [k, s] = [fn(key), select === undefined ? undefined : fn(select)];
    return {
      name: 'dedupBy',
      text: `dedupBy(${key}${select === undefined ? '' : `, ${select}`}${optionsText(w, {})})`,
      make: (ops) =>
        (s === undefined ? ops.dedupBy(k, w.using as Any) : ops.dedupBy(k, s, w.using as Any)) as Any,
    };
  },
  distinctUntilChanged(w) {
    const { choices } = w;
    if (choices.chance(30)) {
      return {
        name: 'distinctUntilChanged',
        text: 'distinctUntilChanged()',
        make: (ops) => ops.distinctUntilChanged() as Any,
      };
    }
    const kind = choices.of<Kind | 'record'>(['record', ...KINDS]);
    const declare = (code: Body) => {
      for (const name of ['a', 'b']) {
        if (kind === 'record') code.scope.record(name, w.input);
        else code.scope.value(kind, name);
      }
    };
    const compare = w.fn(['a', 'b'], declare, (code, depth) => code.truthy(depth), 15);
    if (kind === 'record') {
      const c = fn(compare);
      return {
        name: 'distinctUntilChanged',
        text: `distinctUntilChanged(${compare}${optionsText(w, {}).replace(', ', ', (r) => r, ')})`,
        make: (ops) =>
          (Object.keys(w.using).length === 0
            ? ops.distinctUntilChanged(c)
            : ops.distinctUntilChanged(c, ((r: Any) => r) as Any, w.using as Any)) as Any,
      };
    }
    const select = w.ofRecord(
      (code, depth) =>
        kind === 'i64' || kind === 'u64' ? code.stored(kind, depth) : code.expression(kind, depth),
      10,
    );
    const [c, s] = [choices.chance(30) ? undefined : fn(compare), fn(select)];
    return {
      name: 'distinctUntilChanged',
      text: `distinctUntilChanged(${c === undefined ? undefined : compare}, ${select}${optionsText(w, {})})`,
      make: (ops) => ops.distinctUntilChanged(c, s, w.using as Any) as Any,
    };
  },
  distinctUntilKeyChanged(w) {
    if (w.choices.chance(40)) {
      const { name } = w.choices.of(w.input.layout.fields);
      return {
        name: 'distinctUntilKeyChanged',
        text: `distinctUntilKeyChanged('${name}')`,
        make: (ops) => ops.distinctUntilKeyChanged(name as never) as Any,
      };
    }
    const select = selector(w);
    const s = fn(select);
    return {
      name: 'distinctUntilKeyChanged',
      text: `distinctUntilKeyChanged(${select}${optionsText(w, {})})`,
      make: (ops) => ops.distinctUntilKeyChanged(s, w.using as Any) as Any,
    };
  },
  scan(w) {
    const { choices, input } = w;
    const seeded = choices.chance(60);
    const { shape, declared } = seeded ? w.shape() : { shape: mapNumbers(input, () => 'f64'), declared: {} };
    const inPlace = choices.chance(40);
    const text = w.fn(
      ['acc', 'r'],
      (code) => {
        code.scope.record('r', input);
        code.scope.record('acc', shape, true);
      },
      (code, depth) => (inPlace ? 'acc' : code.record(shape, depth)),
    );
    const f = fn(text);
    // A bare bigint has no type of its own.
    const options =
      seeded && hasBigint(shape) ? { out: mapNumbers(shape, () => 'f64'), ...declared } : declared;
    const seed = seeded ? zero(shape) : undefined;
    return {
      name: 'scan',
      text: `scan(${text}, ${seedText(seed)}${optionsText(w, options)})`,
      make: (ops, l) =>
        ops.scan(
          f,
          seed as Any,
          { ...w.using, ...options, ...(l && modelled(l.state, options)) } as Any,
        ) as Any,
    };
  },
  pairwise: () => ({ name: 'pairwise', text: 'pairwise()', make: (ops) => ops.pairwise() as Any }),
  pairwiseBy(w) {
    const key = w.key();
    const k = fn(key);
    return {
      name: 'pairwiseBy',
      text: `pairwiseBy(${key}${optionsText(w, {})})`,
      make: (ops) => ops.pairwiseBy(k, w.using as Any) as Any,
    };
  },
  step(w) {
    const { choices, input } = w;
    const kept = smallStruct(choices);
    const keeps = choices.chance(60);
    const emitsState = keeps && choices.chance(20);
    const { shape, declared } = emitsState ? { shape: kept, declared: {} } : w.shape();
    const state = mapNumbers(kept, () => (choices.chance(50) ? 'f64' : choices.of(NUMBERS)));
    const keyed = keeps && choices.chance(60);
    const deletes = keeps && choices.chance(40);
    const key = keyed ? w.key() : undefined;
    const tables = !keeps && choices.chance(60) ? tablesOf(choices) : undefined;
    const code = new Body(choices, undefined, 50);
    code.scope.record('r', input);
    const emit = () => {
      // Of a state that is not there nothing is emitted.
      if (emitsState && choices.chance(80)) return 'emit(state.value);';
      const record = code.record(shape, 3);
      if (!choices.chance(15)) return `emit(${record});`;
      const nothing = choices.of(['false', 'null', 'undefined', '0']);
      return `emit(${code.bool(2)} ${choices.of([`&& ${record}`, `? ${record} : ${nothing}`])});`;
    };
    code.own.push(emit);
    if (keeps) code.own.push(...stateStatements(code, kept, deletes));
    if (tables !== undefined) code.own.push(...tableStatements(code, tables));
    const text = w.finish(
      ['r', '_state', 'emit'].map((name) => (name === '_state' && keeps ? 'state' : name)),
      code,
      (c) => `{ ${c.statements(choices.between(1, 5), 2)} ${emit()} }`,
      tables === undefined ? [] : ['table1'],
    );
    const options = {
      ...declared,
      ...(keeps ? { state } : {}),
      ...(tables === undefined ? {} : { tables: { table1: tables.table } }),
    };
    const [f, k] = [fn(text), key === undefined ? undefined : fn(key)];
    return {
      name: 'step',
      text: `step(${text}${optionsText(w, { ...options, ...(key === undefined ? {} : { key }) })})`,
      make: (ops, l) =>
        ops.step(f, {
          ...w.using,
          ...options,
          ...(k === undefined ? {} : { key: k }),
          ...(l && modelled(l.out, declared)),
        } as Any) as Any,
    };
  },
};

/** What a state can do within a step. */
function stateStatements(code: Body, kept: Struct, deletes: boolean): (() => string)[] {
  const set = () => `state.set(${code.record(kept, 2)});`;
  const ways = [
    set,
    () => {
      const other = set();
      return code.within(() => {
        code.scope.record('state.value', kept, true);
        return `if (state.exists) { ${code.statements(2, 1)} } else { ${other} }`;
      });
    },
  ];
  if (deletes) ways.push(() => `if (${code.bool(2)}) state.delete();`);
  // Fields of a state that is not there are undefined, which some of them refuse.
  if (code.choices.chance(5)) {
    ways.push(() => {
      const given = code.choices.some(kept.layout.fields, 0);
      const parts = given.map(({ name, type }) => `${name}: ${code.field(type, 2)}`);
      return `state.set(({ ${['...state.value', ...parts].join(', ')} }));`;
    });
    ways.push(() => `state.set(${code.bool(2)} ? ${code.record(kept, 2)} : state.value);`);
  }
  return ways;
}

interface RandomTable {
  readonly kinds: readonly Kind[];
  readonly tuple: boolean;
  readonly value: Struct;
  readonly table: Any;
}

function tablesOf(choices: Choices): RandomTable {
  const types = Array.from({ length: choices.between(1, 2) }, () =>
    choices.of<ScalarName>(['f64', 'u8', 'i32', 'bool', 'text', 'i64', 'u64']),
  );
  const value = struct({ x: scalars[choices.of(NUMBERS)], t: scalars.text });
  const tuple = types.length > 1;
  const key = (tuple ? types.map((type) => scalars[type]) : scalars[types[0] as ScalarName]) as Any;
  return { kinds: types.map(kindOf), tuple, value: value as Struct, table: keyedTable({ key, value }) };
}

function tableStatements(code: Body, { kinds, tuple, value }: RandomTable): (() => string)[] {
  const key = (): string => {
    const parts = kinds.map((kind) => code.expression(kind, 1));
    return tuple ? `[${parts.join(', ')}]` : (parts[0] as string);
  };
  return [
    () => `table1.set(${key()}, ${code.record(value, 2)});`,
    () => `if (${code.bool(2)}) table1.delete(${key()});`,
    () => {
      const n = code.name('n');
      const text = `const ${n} = table1.has(${key()}) ? table1.size : ${code.num(1)};`;
      code.scope.value('num', n);
      return text;
    },
    () => {
      const row = code.name('row');
      const text = `const ${row} = table1.get(${key()});`;
      return code.within(() => {
        code.scope.record(row, value, true);
        return `${text} if (${row}) { ${code.statements(1, 1)} }`;
      });
    },
    () => {
      const row = code.name('row');
      return code.within(() => {
        code.scope.record(row, value);
        return `table1.deleteWhere((${row}) => ${code.bool(2)});`;
      });
    },
    () => {
      const [row, sum] = [code.name('row'), code.name('sum')];
      const text = code.within(() => {
        code.scope.record(row, value);
        code.scope.value('num', sum);
        return `let ${sum} = 0; table1.forEach((${row}) => { ${sum} = ${code.num(2)}; });`;
      });
      code.scope.value('num', sum);
      return text;
    },
  ];
}

/** A function that selects what is compared. */
function selector(w: Writer): string {
  return w.ofRecord((code, depth) => {
    if (w.choices.chance(30)) return `[${code.num(1)}, ${code.text(1)}]`;
    return code.num(depth);
  }, 12);
}

const hasBigint = (of: Struct): boolean => /i64|u64/.test(of.fingerprint);

/** A record of zeros. */
function zero(of: Struct): Record<string, unknown> {
  const value = (type: Any): unknown => {
    if (type.kind === 'struct') return zero(type.struct);
    if (type.kind === 'array') return Array.from({ length: type.length }, () => value(type.element));
    return { num: 0, bool: false, text: '', i64: 0n, u64: 0n }[kindOf(type.type)];
  };
  return Object.fromEntries(of.layout.fields.map(({ name, type }) => [name, value(type)]));
}

const seedText = (seed: unknown): string =>
  seed === undefined
    ? 'undefined'
    : JSON.stringify(seed, (_, x) => (typeof x === 'bigint' ? `${x}n` : x)).replace(/"(-?\d+n)"/g, '$1');

export const OPERATORS = Object.keys(makers);

const WEIGHTS: readonly (readonly [number, string])[] = [
  [8, 'map'],
  [3, 'filter'],
  [1, 'tap'],
  [5, 'stateful'],
  [4, 'delta'],
  [2, 'dedupBy'],
  [2, 'distinctUntilChanged'],
  [1, 'distinctUntilKeyChanged'],
  [3, 'scan'],
  [1, 'pairwise'],
  [1, 'pairwiseBy'],
  [5, 'step'],
];

/** A random operator over records of a layout. */
export function randomOperator(choices: Choices, input: Struct, param: Param): RandomOperator {
  const maker = makers[choices.weighted(WEIGHTS)] as Maker;
  return maker(new Writer(choices, input, param));
}
