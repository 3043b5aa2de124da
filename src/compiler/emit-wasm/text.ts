// A module as text that people can read: WebAssembly's folded form, with a line for each statement.
import {
  type DefinedFunction,
  type Expression,
  type Global,
  type Local,
  type Module,
  type Statement,
  typeOf,
} from '../lower/ir.js';
import { localsOf, survey } from './survey.js';

/** The module as text. */
export function moduleText(module: Module): string {
  const { importedFunctions, importedGlobals, globals, functions } = survey(module);
  const { shared, initialPages, maximumPages } = module.memory;
  const lines = [
    `(module $${module.name}`,
    `  (import "env" "memory" (memory ${initialPages} ${maximumPages}${shared ? ' shared' : ''}))`,
    ...importedFunctions.map(
      ({ name, params, result }) =>
        `  (import "env" "${name}" (func $${name}${params.length > 0 ? ` (param ${params.join(' ')})` : ''}${resultText(result)}))`,
    ),
    ...importedGlobals.map(
      (global) => `  (import "env" "${global.name}" (global $${global.name} ${globalType(global)}))`,
    ),
    ...globals.map(
      (global) => `  (global $${global.name} ${globalType(global)} (${global.type}.const ${global.initial}))`,
    ),
    ...functions.flatMap((fn) => functionLines(fn).map((line) => `  ${line}`)),
    ...[...module.exports].map(
      ([name, exported]) =>
        `  (export "${name}" (${exported.kind === 'global' ? 'global' : 'func'} $${exported.name}))`,
    ),
  ];
  return `${lines.join('\n')})\n`;
}

function resultText(result: string | undefined): string {
  return result === undefined ? '' : ` (result ${result})`;
}

function globalType({ type, mutable }: Global): string {
  return mutable ? `(mut ${type})` : type;
}

function functionLines(fn: DefinedFunction): string[] {
  const locals = localsOf(fn);
  const names = uniqueNames([...fn.params, ...locals]);
  const text = new BodyText(names);
  const params = fn.params.map((param) => ` (param ${names.get(param)} ${param.type})`).join('');
  const lines = [`(func $${fn.name}${params}${resultText(fn.result)}`];
  if (locals.length > 0)
    lines.push(`  ${locals.map((local) => `(local ${names.get(local)} ${local.type})`).join(' ')}`);
  text.statements(fn.body, '  ', lines);
  lines[lines.length - 1] += ')';
  return lines;
}

/** Names of locals, numbered where several have the same. */
function uniqueNames(locals: readonly Local[]): ReadonlyMap<Local, string> {
  const names = new Map<Local, string>();
  const taken = new Set<string>();
  for (const local of locals) {
    const base = `$${local.name.replace(/[^\w.$]/g, '_')}`;
    let name = base;
    for (let i = 1; taken.has(name); i++) name = `${base}.${i}`;
    taken.add(name);
    names.set(local, name);
  }
  return names;
}

class BodyText {
  constructor(private readonly names: ReadonlyMap<Local, string>) {}

  statements(statements: readonly Statement[], indent: string, lines: string[]): void {
    for (const statement of statements) this.statement(statement, indent, lines);
  }

  private statement(statement: Statement, indent: string, lines: string[]): void {
    const line = (text: string) => lines.push(indent + text);
    const nested = (head: string, body: readonly Statement[]) => {
      line(head);
      this.statements(body, `${indent}  `, lines);
      lines[lines.length - 1] += ')';
    };
    const one = (expression: Expression) => this.expression(expression);
    switch (statement.op) {
      case 'set':
        line(`(${statement.to.kind}.set ${this.name(statement.to)} ${one(statement.value)})`);
        return;
      case 'store':
        line(
          `(${statement.code}${offsetText(statement.offset)} ${one(statement.address)} ${one(statement.value)})`,
        );
        return;
      case 'run':
        line(typeOf(statement.call) === undefined ? one(statement.call) : `(drop ${one(statement.call)})`);
        return;
      case 'if':
        line(`(if ${one(statement.condition)}`);
        nested('  (then', statement.consequent);
        if (statement.alternate.length > 0) nested('  (else', statement.alternate);
        lines[lines.length - 1] += ')';
        return;
      case 'block':
      case 'loop':
        nested(`(${statement.op} $${statement.label.name}`, statement.body);
        return;
      case 'break':
        line(
          statement.condition === undefined
            ? `(br $${statement.label.name})`
            : `(br_if $${statement.label.name} ${one(statement.condition)})`,
        );
        return;
      case 'copy':
        line(`(memory.copy ${one(statement.to)} ${one(statement.from)} ${one(statement.bytes)})`);
        return;
      case 'return':
        line(statement.value === undefined ? '(return)' : `(return ${one(statement.value)})`);
        return;
      case 'unreachable':
        line('(unreachable)');
        return;
      case 'comment':
        // A block comment: what follows on the line, such as a closing parenthesis, is none of it.
        line(`(; ${statement.text.replaceAll(';)', '; )')} ;)`);
        return;
    }
  }

  private expression(expression: Expression): string {
    switch (expression.op) {
      case 'const':
        return `(${expression.type}.const ${constantText(expression.value)})`;
      case 'get':
        return `(${expression.of.kind}.get ${this.name(expression.of)})`;
      case 'unary':
        return `(${expression.code} ${this.expression(expression.a)})`;
      case 'binary':
        return `(${expression.code} ${this.expression(expression.a)} ${this.expression(expression.b)})`;
      case 'select':
        return `(select ${this.expression(expression.a)} ${this.expression(expression.b)} ${this.expression(expression.condition)})`;
      case 'choose':
        return `(if (result ${expression.type}) ${this.expression(expression.condition)} (then ${this.expression(expression.a)}) (else ${this.expression(expression.b)}))`;
      case 'load':
        return `(${expression.code}${offsetText(expression.offset)} ${this.expression(expression.address)})`;
      case 'call':
        return `(call $${expression.callee.name}${expression.args.map((arg) => ` ${this.expression(arg)}`).join('')})`;
    }
  }

  private name(of: Local | Global): string {
    return of.kind === 'local' ? (this.names.get(of) as string) : `$${of.name}`;
  }
}

function offsetText(offset: number): string {
  return offset === 0 ? '' : ` offset=${offset}`;
}

function constantText(value: number | bigint): string {
  if (typeof value === 'bigint') return String(value);
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf';
  return Object.is(value, -0) ? '-0' : String(value);
}
