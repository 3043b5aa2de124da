// The builder: puts statements of the function being lowered in order, and binds to locals what must happen where it stands.
import type { Node } from '../parse/ast.js';
import type { ParsedFunction } from '../parse/parse-function.js';
import {
  type Expression,
  get,
  type Label,
  type Local,
  local,
  type Statement,
  typeOf,
  type ValueType,
} from './ir.js';

/** Thrown for what the WebAssembly backend can't compile; the operator then runs on the JavaScript backend. */
export class NotCompilable extends Error {
  /** @param reason What can't be compiled, to be read after "because". */
  constructor(
    readonly reason: string,
    readonly source?: ParsedFunction,
    readonly node?: Node,
  ) {
    super(reason);
    this.name = 'NotCompilable';
  }
}

export class Builder {
  private statements: Statement[];

  constructor(body: Statement[] = []) {
    this.statements = body;
  }

  /** The list that statements are appended to. */
  get here(): Statement[] {
    return this.statements;
  }

  /** Appends a statement. */
  add(statement: Statement): void {
    this.statements.push(statement);
  }

  set(to: Local, value: Expression): void {
    this.add({ op: 'set', to, value });
  }

  /** Binds an expression to a local of its own, unless it is a constant or an unchanging local already. */
  pin(value: Expression, name = 't'): Expression {
    if (
      value.op === 'const' ||
      (value.op === 'get' && value.of.kind === 'local' && !this.varies.has(value.of))
    )
      return value;
    const to = local(typeOf(value) as ValueType, name);
    this.set(to, value);
    this.values.set(to, value);
    return get(to);
  }

  /** What a local was bound to that is set once. */
  valueOf(of: Local): Expression | undefined {
    return this.values.get(of);
  }

  private readonly values = new WeakMap<Local, Expression>();

  /** Locals that are set more than once (phis); an expression that reads one must be pinned to keep its value. */
  readonly varies = new Set<Local>();

  /** A local that may be set more than once. */
  variable(type: ValueType, name: string): Local {
    const made = local(type, name);
    this.varies.add(made);
    return made;
  }

  /** Runs `build` with what it adds going to a list of its own. */
  collect(build: () => void): Statement[] {
    const outer = this.statements;
    const own: Statement[] = [];
    this.statements = own;
    try {
      build();
    } finally {
      this.statements = outer;
    }
    return own;
  }

  /** An `if`; leaves out what a constant condition rules out. */
  when(condition: Expression, consequent: Statement[], alternate: Statement[] = []): void {
    if (condition.op === 'const') {
      for (const statement of condition.value ? consequent : alternate) this.add(statement);
    } else if (consequent.length > 0 || alternate.length > 0) {
      this.add({ op: 'if', condition, consequent, alternate });
    }
  }

  block(name: string, build: (label: Label) => void): void {
    const label: Label = { name };
    const body = this.collect(() => build(label));
    this.add({ op: 'block', label, body });
  }

  loop(name: string, build: (label: Label) => void): void {
    const label: Label = { name };
    const body = this.collect(() => build(label));
    this.add({ op: 'loop', label, body });
  }

  break(label: Label, condition?: Expression): void {
    this.add(condition === undefined ? { op: 'break', label } : { op: 'break', label, condition });
  }
}
