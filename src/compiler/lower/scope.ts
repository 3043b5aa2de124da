// Scopes and frames: the variables of a function while a call of it is inlined.
import type { FunctionNode, Node } from '../parse/ast.js';
import type { ParsedFunction } from '../parse/parse-function.js';
import type { Binding } from '../parse/scopes.js';
import type { Exit } from './control.js';
import type { Lowering } from './lowering.js';
import type { Cell, Operand } from './operand.js';

/** The variables of a block. Every time that it is lowered they are new ones. */
export class Scope {
  private readonly cells = new Map<Binding, Cell>();

  constructor(private readonly parent: Scope | undefined) {}

  declare(binding: Binding, cell: Cell): void {
    this.cells.set(binding, cell);
  }

  find(binding: Binding): Cell | undefined {
    return this.cells.get(binding) ?? this.parent?.find(binding);
  }
}

/** Where `break` and `continue` go. */
export interface JumpTarget {
  readonly labels: readonly string[];
  /** Undefined for labelled blocks, which only a labelled `break` leaves. */
  readonly breakable: boolean;
  readonly broken: Exit;
  /** Undefined for what is no loop. */
  readonly continued: Exit | undefined;
}

/** One call of a function. */
export class Frame {
  scope: Scope;
  readonly targets: JumpTarget[] = [];
  /** What to do where an optional chain is cut short. */
  cut: (() => void) | undefined;

  constructor(
    readonly low: Lowering,
    readonly source: ParsedFunction,
    readonly fn: FunctionNode,
    outer: Scope | undefined,
    /** Takes what a `return` returns; control does not come back. */
    readonly returned: (frame: Frame, argument: Node | undefined) => void,
  ) {
    this.scope = new Scope(outer);
  }

  bindingOf(node: Node): Binding | undefined {
    return node.type === 'Identifier' ? this.source.scopes.bindings.get(node) : undefined;
  }

  /** The variable that an identifier means; undefined for globals. */
  cellOf(node: Node): Cell | undefined {
    const binding = this.bindingOf(node);
    return binding && this.scope.find(binding);
  }

  /** Gives a declared variable its value; `var` and parameters are there before. */
  declare(node: Node, value: Operand): void {
    const binding = this.bindingOf(node);
    if (binding === undefined) return;
    const known = binding.kind === 'var' || binding.kind === 'param' ? this.scope.find(binding) : undefined;
    if (known !== undefined) this.low.write(known, value);
    else this.scope.declare(binding, this.low.cell(binding.name, value));
  }

  /** Runs `build` in a scope of its own. */
  inScope(build: () => void): void {
    const outer = this.scope;
    this.scope = new Scope(outer);
    try {
      build();
    } finally {
      this.scope = outer;
    }
  }
}
