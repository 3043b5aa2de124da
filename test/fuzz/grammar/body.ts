// Random statements of the language: declarations, assignments, branches, loops, local functions, early returns.
import type { FieldType, Struct } from '../../../src/schema/index.js';
import type { Choices } from '../choices.js';
import { KINDS, type Kind, kindOf, mapNumbers, randomStruct, TEXTS } from '../layouts.js';
import { Code, numberText } from './code.js';

/** What a function's body ends in, and may return early; undefined where it returns nothing. */
export type Result = ((code: Body, depth: number) => string) | undefined;

const DEPTH = 3;
const MOST_TURNS = 4;

export class Body extends Code {
  private loops = 0;
  private labels: string[] = [];
  /** Statements of the function's own, such as `emit`. */
  own: (() => string)[] = [];

  constructor(
    choices: Choices,
    private readonly result: Result,
    budget?: number,
  ) {
    super(choices, budget);
  }

  /** A function's body in braces, which ends with its result. */
  body(most: number): string {
    const text = this.statements(this.choices.below(most + 1), 2);
    const end = this.result === undefined ? '' : `return ${this.result(this, DEPTH)};`;
    return `{ ${text} ${end} }`;
  }

  statements(count: number, depth: number): string {
    let text = '';
    for (let i = 0; i < count && this.budget > 0; i++) text += `${this.statement(depth)} `;
    return text;
  }

  private block(depth: number): string {
    return this.within(() => `{ ${this.statements(this.choices.between(1, 2), depth - 1)} }`);
  }

  private statement(depth: number): string {
    this.budget--;
    const nested = depth > 0 ? 1 : 0;
    const make = this.choices.weighted<() => string | undefined>([
      [6, () => this.declaration()],
      [6, () => this.change()],
      [4 * nested, () => this.branch(depth)],
      [2 * nested, () => this.switched(depth)],
      [3 * nested, () => this.loop(depth)],
      [2, () => this.destructured()],
      [2, () => this.literal()],
      [1, () => this.optional()],
      [2, () => this.local()],
      [1, () => this.thrown()],
      [2, () => this.early()],
      [this.loops > 0 ? 2 : 0, () => this.jump()],
      [1 * nested, () => `{ ${this.block(depth)} }`],
      [this.own.length > 0 ? 6 : 0, () => this.choices.of(this.own)()],
      [1, () => `${this.truthy(2)} && (${this.expression(this.choices.of(KINDS), 1)});`],
    ]);
    return make() ?? '';
  }

  private declaration(): string {
    const kind = this.choices.of(KINDS);
    const name = this.name();
    const isLet = this.choices.chance(50);
    const text = `${isLet ? 'let' : 'const'} ${name} = ${kind === 'i64' || kind === 'u64' ? this.stored(kind, DEPTH) : this.expression(kind, DEPTH)};`;
    this.scope.value(kind, name, isLet);
    return text;
  }

  /** An assignment to something that may be assigned. */
  private change(): string | undefined {
    const { choices, scope } = this;
    const arrays = scope.arrays.filter(({ set, element }) => set && element.kind === 'scalar');
    if (arrays.length > 0 && choices.chance(25)) {
      const array = choices.of(arrays);
      const { element } = array;
      if (element.kind !== 'scalar') return undefined;
      const at = `${array.text}[${this.index(array, 2)}]`;
      return `${this.assigned(at, kindOf(element.type), DEPTH)};`;
    }
    const kinds = KINDS.filter((kind) => scope.values[kind].some(({ set }) => set));
    if (kinds.length === 0) return undefined;
    const kind = choices.of(kinds);
    const paths = scope.values[kind].filter(({ set }) => set);
    if (paths.length > 1 && kind === 'num' && choices.chance(10)) {
      const [a, b] = [choices.of(paths).text, choices.of(paths).text];
      return `;[${a}, ${b}] = [${this.num(1)}, ${a}];`;
    }
    return `${this.assigned(choices.of(paths).text, kind, DEPTH)};`;
  }

  private branch(depth: number): string {
    const test = this.truthy(DEPTH);
    const { maybes } = this.scope;
    if (maybes.length > 0 && this.choices.chance(30)) {
      const { text, struct } = this.choices.of(maybes);
      return this.within(() => {
        const other = this.block(depth);
        this.scope.record(text, struct);
        return `if (${text}) ${this.block(depth)} else ${other}`;
      });
    }
    const consequent = this.block(depth);
    return this.choices.chance(50)
      ? `if (${test}) ${consequent}`
      : `if (${test}) ${consequent} else ${this.block(depth)}`;
  }

  private switched(depth: number): string {
    const { choices } = this;
    const isText = choices.chance(40);
    const labels = isText
      ? choices.some(TEXTS, 1).map((text) => JSON.stringify(text))
      : choices.some([0, 1, 2, -1, 3], 1).map(numberText);
    const on = isText ? this.text(2) : choices.chance(50) ? `(${this.num(2)} & 3)` : this.num(2);
    const cases = labels.map((label) => {
      const text = this.within(() => this.statements(choices.between(0, 2), depth - 1));
      return `case ${label}: { ${text} } ${choices.chance(70) ? 'break;' : ''}`;
    });
    if (choices.chance(60)) {
      const text = this.within(() => this.statements(1, depth - 1));
      cases.splice(choices.below(cases.length + 1), 0, `default: { ${text} } break;`);
    }
    return `switch (${on}) { ${cases.join(' ')} }`;
  }

  private loop(depth: number): string {
    const { choices } = this;
    const i = this.name('i');
    const label = choices.chance(15) ? this.name('l') : undefined;
    if (label !== undefined) this.labels.push(label);
    this.loops++;
    const turns = (): string =>
      choices.chance(50) ? `${choices.below(MOST_TURNS)}` : `(${this.num(1)} & ${choices.of([1, 3])})`;
    const head = label === undefined ? '' : `${label}: `;
    const { arrays } = this.scope;
    try {
      const way = choices.below(5);
      if (way === 1 && arrays.length > 0) {
        const { text, element, checked } = choices.of(arrays);
        return `${head}for (const ${i} of ${text}) ${this.turn(depth, () => this.scope.field(i, element, false, checked))}`;
      }
      if (way === 2) {
        const most = turns();
        const body = this.turn(depth, () => this.scope.value('num', i));
        return `let ${i} = 0; ${head}while (${i} < ${most}) { ${i}++; ${body} }`;
      }
      if (way === 3) {
        const most = turns();
        const body = this.turn(depth, () => this.scope.value('num', i));
        return `let ${i} = 0; ${head}do { ${i}++; ${body} } while (${i} < ${most});`;
      }
      if (way === 4 && arrays.length > 0) {
        const array = choices.of(arrays);
        const { text, element, length, checked } = array;
        return `${head}for (let ${i} = 0; ${i} < ${choices.chance(50) ? `${text}.length` : length}; ${i}++) ${this.turn(
          depth,
          () => {
            this.scope.value('num', i);
            this.scope.field(`${text}[${i}]`, element, array.set, checked);
          },
        )}`;
      }
      const most = turns();
      return `${head}for (let ${i} = 0; ${i} < ${most}; ${i}++) ${this.turn(depth, () => this.scope.value('num', i))}`;
    } finally {
      this.loops--;
      if (label !== undefined) this.labels.pop();
    }
  }

  private turn(depth: number, declare: () => void): string {
    return this.within(() => {
      declare();
      return this.block(depth);
    });
  }

  private jump(): string {
    const { choices, labels } = this;
    const label = labels.length > 0 && choices.chance(50) ? ` ${choices.of(labels)}` : '';
    return `if (${this.truthy(2)}) ${choices.of(['break', 'continue'])}${label};`;
  }

  /** `const { a, b: x, ...rest } = record`. */
  private destructured(): string | undefined {
    const { choices, scope } = this;
    if (scope.records.length === 0) return undefined;
    const { text, struct } = choices.of(scope.records);
    const taken = choices.some(struct.layout.fields, 0);
    const parts: string[] = [];
    const declare: (() => void)[] = [];
    for (const { name, type } of taken) {
      const as = this.name('d');
      parts.push(`${name}: ${as}`);
      declare.push(() => this.scope.field(as, type, false, true));
    }
    const left = struct.layout.fields.filter((field) => !taken.includes(field));
    if (left.length > 0 && choices.chance(30)) {
      const rest = this.name('rest');
      parts.push(`...${rest}`);
      declare.push(() => {
        for (const { name, type } of left) this.scope.field(`${rest}.${name}`, type, false, true);
      });
    }
    for (const each of declare) each();
    return `const { ${parts.join(', ')} } = ${text};`;
  }

  /** A local object or array, which may be changed. */
  private literal(): string {
    const { choices } = this;
    const name = this.name('o');
    if (choices.chance(50)) {
      const length = choices.between(1, 4);
      const kind = choices.of<Kind>(['num', 'text', 'bool']);
      const elements = Array.from({ length }, () => this.expression(kind, 2));
      const element = { kind: 'scalar', type: kind === 'num' ? 'f64' : kind } as FieldType;
      this.scope.field(name, { kind: 'array', element, length }, true, false);
      return `const ${name} = [${elements.join(', ')}];`;
    }
    const struct = smallStruct(choices);
    const text = `const ${name} = ${this.record(struct, 2)};`;
    this.scope.record(name, struct, false, false);
    return text;
  }

  /** A variable that may have no value. */
  private optional(): string {
    const name = this.name('m');
    const kind = this.choices.of<Kind>(['num', 'text', 'bool']);
    const text = `let ${name}; if (${this.truthy(2)}) ${name} = ${this.expression(kind, 2)};`;
    const other = this.expression(kind, 0);
    this.scope.value(kind, `(${name} ?? ${other})`);
    this.scope.value('bool', `(${name} === undefined)`);
    return text;
  }

  /** A local function. */
  private local(): string {
    const { choices } = this;
    const name = this.name('f');
    const params = Array.from({ length: choices.below(3) }, () => choices.of(KINDS));
    const result = choices.of(KINDS);
    const names = params.map(() => this.name('p'));
    const value = (d: number) =>
      result === 'i64' || result === 'u64' ? this.stored(result, d) : this.expression(result, d);
    const [loops, labels] = [this.loops, this.labels];
    [this.loops, this.labels] = [0, []];
    const text = this.within(() => {
      for (const [i, kind] of params.entries())
        this.scope.value(kind, names[i] as string, choices.chance(30));
      if (choices.chance(50)) return `const ${name} = (${names.join(', ')}) => ${value(DEPTH)};`;
      const early = `if (${this.truthy(2)}) return ${value(2)};`;
      const inner = choices.chance(50) ? (this.change() ?? '') : this.declaration();
      const body = `{ ${inner} ${early} return ${value(2)}; }`;
      return choices.chance(50)
        ? `function ${name}(${names.join(', ')}) ${body}`
        : `const ${name} = (${names.join(', ')}) => ${body};`;
    });
    [this.loops, this.labels] = [loops, labels];
    this.scope.functions.push({ text: name, params, result });
    return text;
  }

  /** `throw`, seldom reached. */
  private thrown(): string {
    const name = this.choices.of(['Error', 'RangeError', 'TypeError']);
    const message = this.choices.of(['no', 'too much', 'ünï']);
    const test = `${this.num(2)} === ${this.num(0)}`;
    return `if (${test}) throw new ${name}(${JSON.stringify(message)});`;
  }

  private early(): string | undefined {
    if (this.result === undefined)
      return this.choices.chance(30) ? `if (${this.bool(2)}) return;` : undefined;
    return `if (${this.truthy(2)}) return ${this.within(() => this.result?.(this, 2))};`;
  }
}

/** A struct whose numbers are all f64: what is known of a record before it has a layout. */
export function smallStruct(choices: Choices): Struct {
  return mapNumbers(randomStruct(choices), () => 'f64');
}
