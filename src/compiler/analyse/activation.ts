// One call of a function while it is evaluated: its variables and where control may go.
import type { FunctionNode, Node } from '../parse/ast.js';
import type { ParsedFunction } from '../parse/parse-function.js';
import type { Binding } from '../parse/scopes.js';
import type { Analysis } from './analysis.js';
import { join, NEVER, NIL, type Origin, type Value } from './value.js';

/** What each variable holds at a point. */
export type Env = Map<Binding, Value>;

/** Where `break` or `continue` goes: the variables of all that go there are joined. */
export interface JumpTarget {
  readonly node: Node;
  readonly labels: readonly string[];
  /** `switch` and labelled blocks are left by `break` only. */
  readonly loop: boolean;
  readonly breakable: boolean;
  broken: Env | undefined;
  continued: Env | undefined;
}

export class Activation {
  /** The variables here; undefined where control can't be. */
  env: Env | undefined = new Map();
  result: Value = NEVER;
  readonly targets: JumpTarget[] = [];
  /** What variables may hold when something throws, for each enclosing `try`. */
  readonly handlers: { env: Env }[] = [];
  loops = 0;
  /** Set when an optional chain may have been cut short. */
  cut = false;

  constructor(
    readonly analysis: Analysis,
    readonly source: ParsedFunction,
    readonly fn: FunctionNode,
    readonly key: string,
    readonly parent: Activation | undefined,
    private readonly calledRepeatedly: boolean,
  ) {}

  /** Whether what is evaluated now may be evaluated more than once in a step. */
  get repeats(): boolean {
    return this.calledRepeatedly || this.loops > 0;
  }

  at(node: Node): Origin {
    return { source: this.source, node };
  }

  read(binding: Binding): Value {
    if (binding.fn === this.fn && !isShared(binding)) return this.env?.get(binding) ?? NEVER;
    const owner = this.ownerOf(binding);
    return owner === undefined ? NEVER : this.analysis.cell(cellKey(owner, binding));
  }

  write(binding: Binding, value: Value): void {
    if (binding.captured || binding.fn !== this.fn) {
      const owner = this.ownerOf(binding);
      if (owner !== undefined) this.analysis.writeCell(cellKey(owner, binding), value);
    }
    if (binding.fn !== this.fn || isShared(binding) || this.env === undefined) return;
    this.env.set(binding, value);
    for (const handler of this.handlers)
      handler.env.set(binding, join(handler.env.get(binding) ?? NEVER, value));
  }

  /** Makes more precise what a variable holds from here on. */
  refine(binding: Binding, part: (value: Value) => Value): void {
    if (binding.fn !== this.fn || isShared(binding)) return;
    const value = this.env?.get(binding);
    if (value !== undefined) this.env?.set(binding, part(value));
  }

  /** Variables declared with `var` are undefined from the start. */
  hoist(): void {
    for (const binding of this.source.scopes.bindings.values()) {
      if (binding.kind === 'var' && binding.fn === this.fn && !this.env?.has(binding))
        this.write(binding, NIL);
    }
  }

  private ownerOf(binding: Binding): Activation | undefined {
    let at: Activation | undefined = this;
    while (at !== undefined && at.fn !== binding.fn) at = at.parent;
    return at;
  }
}

/** Variables that a function within assigns or may see changed are known over the whole call only. */
function isShared(binding: Binding): boolean {
  return binding.captured && binding.reassigned;
}

function cellKey(owner: Activation, binding: Binding): string {
  return `${owner.key}|${binding.id}`;
}

/** Either of two sets of variables; undefined is where control can't come from. */
export function joinEnvs(a: Env | undefined, b: Env | undefined): Env | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const joined = new Map(a);
  for (const [binding, value] of b) joined.set(binding, join(joined.get(binding) ?? NEVER, value));
  return joined;
}

export function copyEnv(env: Env | undefined): Env | undefined {
  return env === undefined ? undefined : new Map(env);
}
