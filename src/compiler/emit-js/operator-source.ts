// Source text of one operator: its functions, its state, and the entry that runs it for a record.
import type { Struct } from '../../schema/index.js';
import { functionsOf, type OperatorPlan } from '../analyse/analyse-operator.js';
import type { UsedFunction, UsingEntry, UsingPlan } from '../analyse/using.js';
import { mayLackState, type Site, sitesOf } from '../lower/sites.js';
import type { Node, ObjectExpression } from '../parse/ast.js';
import type { TableSpec } from '../program.js';
import { tableSpecs } from '../table-specs.js';
import { boxedFunctionSource } from './box-source.js';
import { type EditContext, FunctionEditor } from './edit-function.js';
import { keptFieldsSource } from './kept-source.js';
import { keyFunctionSource } from './key-source.js';
import { type HandleSource, tableHandleSource } from './table-handle-source.js';
import { tableSource } from './table-source.js';

/** What the operators of a stage share while their code is put out. */
export interface DriverContext {
  readonly prefix: string;
  /** The number of a struct's code. */
  number(struct: Struct): number;
  /** Words of scratch memory; an expression for their word address. */
  scratch(words: number): string;
  /** A number for things of which a stage may have several. */
  next(): number;
}

export interface OperatorCode {
  readonly text: string;
  readonly disposes: string[];
  readonly heads: string[];
}

/** The code of operator `i`; `next` is what takes the address of each record that it emits. */
export function operatorSource(
  plan: OperatorPlan,
  i: number,
  next: string,
  driver: DriverContext,
): OperatorCode {
  const parsed = [plan.step, ...[...plan.functions.values()].map((fn) => fn.parsed)];
  const used = functionsOf([plan.using, plan.constants]);
  const sites = sitesOf(plan, [...parsed, ...used.map((fn) => fn.parsed)]);
  const lines: string[] = [];
  const context = editContext(plan, sites, driver, lines);
  lines.push(`// operator ${i}: ${plan.definition.name}`);

  const usings = new Map<UsingPlan, string>();
  const usingName = (using: UsingPlan): string => {
    let name = usings.get(using);
    if (name === undefined) {
      name = `${driver.prefix}using${driver.next()}`;
      usings.set(using, name);
    }
    return name;
  };
  const code: string[] = [];
  const usedNames = new Map<UsedFunction, string>();
  const plain = (fn: UsedFunction, name: string): void => {
    usedNames.set(fn, name);
    const using = fn.using.entries.size > 0 ? usingName(fn.using) : undefined;
    code.push(`const ${name} = ${new FunctionEditor(fn.parsed, context).expression(using)};`);
  };
  for (const fn of used) plain(fn, `${identifier(fn.parsed.name)}${driver.next()}$`);

  const scope = new Map<string, string>();
  let keyName: string | undefined;
  for (const [name, fn] of plan.functions) {
    const using = fn.using.entries.size > 0 ? usingName(fn.using) : undefined;
    const isKey = name === plan.definition.key;
    if (isKey && plan.key !== undefined) {
      keyName = `${identifier(name)}${i}`;
      code.push(
        keyFunctionSource(new FunctionEditor(fn.parsed, context), keyName, i, plan.key, using, driver),
      );
      if (!plan.step.tokens.some((token) => token.value === name)) continue;
    }
    const box = plan.boxes.get(name);
    const local = isKey ? `${identifier(name)}${i}_plain` : `${identifier(name)}${i}`;
    if (box !== undefined && box.kind !== undefined) {
      code.push(
        ...boxedFunctionSource(new FunctionEditor(fn.parsed, context), local, box, plan, using, driver),
      );
    } else {
      code.push(`const ${local} = ${new FunctionEditor(fn.parsed, context).expression(using)};`);
    }
    scope.set(name, local);
  }

  const state = stateSource(plan, i, driver);
  const specs = tableSpecs(plan, i).slice(-plan.tables.length);
  const tables = plan.tables.map((table, k) =>
    tableHandleSource(table, specs[k] as TableSpec, `${i}_${k}`, plan, driver),
  );
  const same = sameSource(plan, i, driver);
  if (same !== undefined) {
    code.push(same);
    scope.set('same', `same$${i}`);
  }
  scope.set('unbox', unboxSource(plan));
  const step = stepSource(plan, i, new FunctionEditor(plan.step, context), scope, usedNames);
  for (const [using, name] of usings)
    lines.push(usingSource(using, name, (entry) => usingValue(entry, plan, i, usedNames)));
  const input = driver.number(plan.input);
  lines.push(
    ...code,
    state.text,
    ...tables.map((table) => table.text),
    emitSource(plan, i, next, driver, sites),
    step,
    `const in${i} = new V${input}(0);`,
    `const entry${i} = (p) => {
  op = ${i};
  in${i}.$p = p;${keyName === undefined ? '' : `\n  ${keyName}(in${i});\n  find${i}();`}
  step${i}(in${i});
};`,
  );
  const all = [state, ...tables];
  return {
    text: lines.join('\n'),
    disposes: all.flatMap((table) => table.disposes),
    heads: all.flatMap((table) => table.heads),
  };
}

/** A name as a part of an identifier. */
function identifier(name: string): string {
  return `fn_${name.replace(/[^\w$]/g, '_')}`;
}

function editContext(
  plan: OperatorPlan,
  sites: ReadonlyMap<ObjectExpression, Site>,
  driver: DriverContext,
  lines: string[],
): EditContext {
  const views = new Map<Node, { view: string; address: string }>();
  return {
    plan,
    sites,
    prefix: driver.prefix,
    temporary() {
      const name = `${driver.prefix}t${driver.next()}`;
      lines.push(`let ${name};`);
      return name;
    },
    siteView(site) {
      let names = views.get(site.node);
      if (names === undefined) {
        const n = driver.next();
        names = { view: `${driver.prefix}v${n}`, address: `${driver.prefix}s${n}` };
        views.set(site.node, names);
        const { view, address } = names;
        lines.push(`const ${address} = ${driver.scratch(site.struct.layout.words)};`);
        lines.push(`const ${view} = new V${driver.number(site.struct)}(${address});`);
      }
      return names;
    },
  };
}

/** The object that functions get as their last parameter. */
function usingSource(using: UsingPlan, name: string, seenAs: (entry: UsingEntry) => string): string {
  const members = [...using.entries].map(
    ([key, entry]) => `  get ${JSON.stringify(key)}() { return ${seenAs(entry)}; }\n`,
  );
  return `const ${name} = new (class extends $Using {\n${members.join('')}})();`;
}

/** What functions and the step see of something that they are given. */
function usingValue(
  entry: UsingEntry,
  plan: OperatorPlan,
  i: number,
  functions: ReadonlyMap<UsedFunction, string>,
): string {
  switch (entry.kind) {
    case 'literal':
      return entry.text;
    case 'constant':
      return `C${entry.index}`;
    case 'param':
      return `F64[P${entry.index}]`;
    case 'measure':
      return `M${entry.index}`;
    case 'function':
      return functions.get(entry.fn) as string;
    case 'table':
      return `table${i}_${plan.tables.indexOf(entry.table)}`;
  }
}

function stateSource(plan: OperatorPlan, i: number, driver: DriverContext): HandleSource {
  const { state, key, definition } = plan;
  if (key !== undefined) {
    const [spec] = tableSpecs(plan, i);
    const table = tableSource({
      ...(spec as TableSpec),
      n: String(i),
      owner: definition.name,
      deletes: plan.handles.deletes,
    });
    const text = `const key${i} = ${driver.scratch(key.parts.length)}, ${driver.prefix}key${i} = key${i};${table}`;
    const handle =
      state === undefined
        ? nothingKept(i)
        : handleSource(plan, i, driver, state, {
            exists: `at${i} !== 0`,
            make: `if (at${i} === 0) insert${i}();`,
            forget: plan.handles.deletes ? `erase${i}(at${i} - ${key.parts.length});` : undefined,
          });
    return {
      text: `${text}${handle}`,
      disposes: [`env.disposeTable(head${i} / 2);`],
      heads: [`head${i} / 2`],
    };
  }
  if (state === undefined) {
    return { text: nothingKept(i), disposes: [], heads: [] };
  }
  const seeded = definition.seed !== undefined;
  const n = driver.number(state);
  const lines = [`const at${i} = ${driver.scratch(state.layout.words)};`, `zero${n}(at${i});`];
  if (seeded) lines.push(`write${n}(at${i}, C${plan.seedConstant});`, `let exists${i} = true;`);
  else lines.push(`let exists${i} = false;`);
  lines.push(
    handleSource(plan, i, driver, state, {
      exists: `exists${i}`,
      make: `exists${i} = true;`,
      forget: plan.handles.deletes ? `exists${i} = false;` : undefined,
    }),
  );
  return { text: lines.join('\n'), disposes: [], heads: [] };
}

function nothingKept(i: number): string {
  return `const state${i} = { exists: false, value: undefined, set() {}, delete: () => false };`;
}

/** The step's view of its state, which is at `at<i>`. */
function handleSource(
  { input }: OperatorPlan,
  i: number,
  driver: DriverContext,
  state: Struct,
  { exists, make, forget }: { exists: string; make: string; forget: string | undefined },
): string {
  const n = driver.number(state);
  const kept =
    input.fingerprint === state.fingerprint ? undefined : keptFieldsSource(input, state, 'p', `at${i}`);
  const isInput = kept === undefined ? '' : ` && !(record instanceof V${driver.number(input)})`;
  const keeping = kept === undefined ? '' : `else if (!isMade) { const p = record.$p; ${kept} } `;
  const deleting = `
  delete() {
    if (!(${exists})) return false;
    ${forget}
    return true;
  }`;
  return `const kept${i} = new V${n}(0), set${i} = ${driver.scratch(state.layout.words)};
const state${i} = new (class {
  get exists() { return ${exists}; }
  get value() {
    if (!(${exists})) return undefined;
    kept${i}.$p = at${i};
    return kept${i};
  }
  set(record) {
    const isView = record instanceof V${n}, isMade = !isView${isInput};
    // What can not be stored leaves what there was.
    if (isMade) {
      if (typeof record !== 'object' || record === null) $notRecord(${JSON.stringify(state.name)}, record);
      write${n}(set${i}, record);
    }
    ${make}
    if (isView) {
      if (record.$p !== at${i}) copy${n}(at${i}, record.$p);
    } ${keeping}else copy${n}(at${i}, set${i});
  }${forget === undefined ? '' : deleting}
})();`;
}

function emitSource(
  plan: OperatorPlan,
  i: number,
  next: string,
  driver: DriverContext,
  sites: ReadonlyMap<ObjectExpression, Site>,
): string {
  const { output, handles, definition } = plan;
  const back = next === 'sink' ? '' : ` op = ${i};`;
  const n = driver.number(output);
  const inPlace = new Set([...sites.values()].map((site) => site.type));
  const sources = [...handles.outType.sources.keys()];
  const views = sources.every((type) =>
    type.kind === 'literal'
      ? inPlace.has(type)
      : plan.layouts.settle(type)?.fingerprint === output.fingerprint,
  );
  if (views && sources.length > 0 && definition.out === undefined && !plan.emitsOthers) {
    // A state that is not there is nothing to emit.
    const isThere =
      mayLackState(plan) && sources.includes(handles.stateType) ? 'if (record !== undefined) ' : '';
    return `const emit${i} = (record) => { ${isThere}${next}(record.$p);${back} };`;
  }
  const slot = driver.scratch(output.layout.words);
  return `const out${i} = ${slot};
const emit${i} = (record) => {
  if (record instanceof V${n}) ${next}(record.$p);
  else if (record) {
    write${n}(out${i}, record);
    ${next}(out${i});
  }${back}
};`;
}

function sameSource(plan: OperatorPlan, i: number, driver: DriverContext): string | undefined {
  const { compared } = plan;
  if (compared === undefined) return undefined;
  const n = driver.number(compared);
  const { words } = compared.layout;
  return `const left${i} = ${driver.scratch(words)}, right${i} = ${driver.scratch(words)};
const same$${i} = (a, b) => {
  let left = left${i}, right = right${i};
  if (a instanceof V${n}) left = a.$p; else write${n}(left, a);
  if (b instanceof V${n}) right = b.$p; else write${n}(right, b);
  return same${n}(left, right);
};`;
}

/** What a function named in `values` returned, out of its box. */
function unboxSource(plan: OperatorPlan): string {
  const [box] = plan.boxes.values();
  if (box?.kind === 'scalar') return '(box) => box.value';
  if (box?.kind === 'tuple') {
    const names = box.type.fieldNames() ?? [];
    return `(box) => [${names.map((name) => `box[${name}]`).join(', ')}]`;
  }
  return '(box) => box';
}

/**
 * The step: a closure over its state, `emit` and functions with the record as its one parameter, so that every call in it
 * has one target. A step that takes its parameters apart in other ways is called as it is.
 */
function stepSource(
  plan: OperatorPlan,
  i: number,
  editor: FunctionEditor,
  scope: ReadonlyMap<string, string>,
  functions: ReadonlyMap<UsedFunction, string>,
): string {
  const members = [...scope].map(([name, local]) => `${JSON.stringify(name)}: ${local}`);
  for (const [key, entry] of plan.constants.entries) {
    const value = usingValue(entry, plan, i, functions);
    members.push(
      entry.kind === 'param'
        ? `get ${JSON.stringify(key)}() { return ${value}; }`
        : `${JSON.stringify(key)}: ${value}`,
    );
  }
  const { node } = plan.step;
  const [record, ...rest] = node.params;
  const [state, emit, last] = rest;
  const isFixed = (param: Node | undefined): boolean => {
    if (param === undefined) return true;
    if (param.type !== 'Identifier') return false;
    return editor.fn.scopes.bindings.get(param)?.reassigned === false;
  };
  const isOpen = (param: Node | undefined): boolean =>
    isFixed(param) ||
    (param?.type === 'ObjectPattern' &&
      param.properties.every(
        (property) => property.type === 'Property' && property.value.type === 'Identifier',
      ));
  const args = [`state${i}`, `emit${i}`, `{ ${members.join(', ')} }`];
  if (
    !isFixed(state) ||
    !isFixed(emit) ||
    !isOpen(last) ||
    (record !== undefined && record.type === 'RestElement')
  ) {
    return `const scope${i} = ${args[2]};
const whole${i} = ${editor.expression(undefined)};
const step${i} = (record) => whole${i}(record, ${args[0]}, ${args[1]}, scope${i});`;
  }
  const slice = (from: number, to: number): string => editor.edits.apply(from, to);
  const outer = rest.map((param) => slice(param.start, param.end)).join(', ');
  const inner = record === undefined ? '' : slice(record.start, record.end);
  const arrow =
    node.type === 'ArrowFunctionExpression'
      ? editor.fn.tokens.find(
          (token) =>
            token.type.label === '=>' &&
            token.end <= node.body.start &&
            token.start >= (node.params.at(-1)?.end ?? 0),
        )
      : undefined;
  const body = slice(arrow?.end ?? node.body.start, node.end);
  return `const step${i} = ((${outer}) => (${inner}) =>${body})(${args.slice(0, rest.length).join(', ')});`;
}
