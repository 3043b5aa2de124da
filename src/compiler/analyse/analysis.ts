// The analysis of one operator: what is shared by all calls while its step is evaluated over and over until nothing changes.
import type { OperatorDefinition } from '../../operator/index.js';
import type { FieldType } from '../../schema/index.js';
import { compileError, type Place } from '../diagnostics/compile-error.js';
import type { FunctionNode, Node, ObjectExpression } from '../parse/ast.js';
import type { Binding } from '../parse/scopes.js';
import type { Activation } from './activation.js';
import type { ClosureValue } from './function-value.js';
import { ArrayType, RecordType } from './record-type.js';
import { join, NEVER, type Origin, type Value } from './value.js';

/** Where an object literal is evaluated and what it makes. */
export interface LiteralUse {
  readonly types: Set<RecordType>;
  readonly contexts: Set<string>;
  /** Whether it may be evaluated more than once in a step. */
  repeated: boolean;
}

/** What is known of a function that calls itself: everything it is called with, and what it returns. */
interface Recursion {
  args: Value[];
  result: Value;
  entered: boolean;
}

type Params<C extends Parameters<typeof compileError>[0]> = Parameters<typeof compileError<C>>[1];

/** Evaluation stops growing long before this: every facet of a value can change only a few times. */
const MAX_ROUNDS = 200;

export class Analysis {
  /** Whether this round told anything new. */
  changed = false;
  /** In the last round, when everything is known, what is wrong is thrown. */
  reporting = false;
  /** What each expression of each function may be, over all its evaluations. */
  readonly facts = new Map<Node, Value>();
  readonly literals = new Map<ObjectExpression, LiteralUse>();
  /** The fewest and most arguments that each function as given was called with. */
  readonly passed = new Map<FunctionNode, { fewest: number; most: number }>();
  /** Enclosing calls, innermost last. */
  readonly stack: Activation[] = [];
  private readonly cells = new Map<string, Value>();
  private readonly records = new Map<string, RecordType>();
  private readonly arrays = new Map<string, ArrayType>();
  private readonly closures = new Map<string, ClosureValue>();
  private readonly heads = new Map<string, Map<Binding, Value>>();
  private readonly recursions = new Map<string, Recursion>();

  constructor(
    readonly place: Place,
    readonly definition: OperatorDefinition,
  ) {}

  /** Evaluates until nothing changes, then once more, throwing what is wrong. */
  settle(round: () => void): void {
    for (let rounds = 0; ; rounds++) {
      this.changed = false;
      round();
      if (!this.changed) break;
      if (rounds === MAX_ROUNDS) throw new Error(`The analysis of ${this.place.operator} does not settle`);
    }
    this.reporting = true;
    round();
  }

  /** Something wrong at a place: thrown once everything is known. */
  problem<C extends Parameters<typeof compileError>[0]>(
    code: C,
    params: Params<C>,
    origin: Origin,
    remedy?: string,
  ): void {
    if (!this.reporting) return;
    throw compileError(code, params, origin.source, { text: origin.source.text, node: origin.node }, remedy);
  }

  note(node: Node, value: Value): Value {
    const seen = this.facts.get(node);
    this.facts.set(node, seen === undefined ? value : join(seen, value));
    return value;
  }

  cell(key: string): Value {
    return this.cells.get(key) ?? NEVER;
  }

  writeCell(key: string, value: Value): void {
    const seen = this.cells.get(key) ?? NEVER;
    const joined = join(seen, value);
    if (joined === seen) return;
    this.cells.set(key, joined);
    this.changed = true;
  }

  literal(activation: Activation, node: ObjectExpression): RecordType {
    const key = `${activation.key}:${activation.source.name}:${node.start}`;
    let type = this.records.get(key);
    if (type === undefined) {
      type = RecordType.literal('the record', { source: activation.source, node });
      this.records.set(key, type);
      this.changed = true;
    }
    let use = this.literals.get(node);
    if (use === undefined) {
      use = { types: new Set(), contexts: new Set(), repeated: false };
      this.literals.set(node, use);
    }
    use.types.add(type);
    use.contexts.add(activation.key);
    use.repeated ||= activation.repeats;
    return type;
  }

  array(activation: Activation, node: Node, name = ''): ArrayType {
    const key = `${activation.key}:${activation.source.name}:${node.start}:${name}`;
    let type = this.arrays.get(key);
    if (type === undefined) {
      type = ArrayType.literal('the array', { source: activation.source, node });
      this.arrays.set(key, type);
      this.changed = true;
    }
    return type;
  }

  closure(activation: Activation, node: FunctionNode): ClosureValue {
    const key = `${activation.key}:${activation.source.name}:${node.start}`;
    let closure = this.closures.get(key);
    if (closure === undefined) {
      closure = { kind: 'closure', source: activation.source, node, activation };
      this.closures.set(key, closure);
      this.changed = true;
    }
    closure.activation = activation;
    return closure;
  }

  /** What variables hold at the start of a loop's body: before it and after each turn. */
  head(key: string, env: Map<Binding, Value>): Map<Binding, Value> {
    const head = this.heads.get(key) ?? new Map<Binding, Value>();
    for (const [binding, value] of env) {
      const seen = head.get(binding) ?? NEVER;
      const joined = join(seen, value);
      if (joined === seen && head.has(binding)) continue;
      head.set(binding, joined);
      this.changed = true;
    }
    this.heads.set(key, head);
    return new Map(head);
  }

  recursion(key: string): Recursion | undefined {
    return this.recursions.get(key);
  }

  /** A function calls itself: what it is called with joins what its first call is evaluated with. */
  recur(key: string, args: readonly Value[]): Value {
    let recursion = this.recursions.get(key);
    if (recursion === undefined) {
      recursion = { args: [], result: NEVER, entered: true };
      this.recursions.set(key, recursion);
      this.changed = true;
    }
    args.forEach((arg, i) => {
      const seen = recursion.args[i] ?? NEVER;
      const joined = join(seen, arg);
      if (joined === seen) return;
      recursion.args[i] = joined;
      this.changed = true;
    });
    return recursion.result;
  }

  returned(key: string, value: Value): void {
    const recursion = this.recursions.get(key);
    if (recursion === undefined) return;
    const joined = join(recursion.result, value);
    if (joined === recursion.result) return;
    recursion.result = joined;
    this.changed = true;
  }

  /** Notes a write that told something new. */
  grew(changed: boolean): void {
    if (changed) this.changed = true;
  }
}

/** How a field type reads in messages. */
export function typeName(type: FieldType): string {
  if (type.kind === 'scalar') return type.type;
  if (type.kind === 'struct') return `struct ${type.struct.name}`;
  return `array of ${type.length} ${typeName(type.element)}`;
}
