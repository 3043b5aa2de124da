// What functions get besides their arguments: constants, tables, functions and live parameters.
import type { UsedFunction, UsingEntry, UsingPlan } from '../analyse/using.js';
import { bigintConstant } from './bigints.js';
import { constantOperand } from './fields.js';
import { i32 } from './ir.js';
import type { Lowering } from './lowering.js';
import { measureOperand } from './measures.js';
import { numberConstant } from './numbers.js';
import type { ClosureOperand, NamespaceOperand, Operand } from './operand.js';
import type { StepSlots } from './slots-handle.js';
import { type StepTable, tableOperand } from './table-handle.js';
import { boolConstant } from './truth.js';

/** The constants and live parameters of a stage. */
export interface StageConstants {
  readonly constants: readonly unknown[];
  /** Word addresses. */
  readonly params: readonly number[];
}

/** The `using` of one operator as operands. */
export class UsingOperands {
  private readonly namespaces = new Map<UsingPlan, NamespaceOperand>();

  constructor(
    private readonly low: Lowering,
    private readonly stage: StageConstants,
    private readonly tables: readonly (StepTable | StepSlots)[],
  ) {}

  /** The object that functions get as their last parameter. */
  namespace(plan: UsingPlan): NamespaceOperand {
    let found = this.namespaces.get(plan);
    if (found === undefined) {
      found = {
        kind: 'namespace',
        name: 'using',
        member: (name) => this.member(plan, name),
        members: [...plan.entries.keys()],
      };
      this.namespaces.set(plan, found);
    }
    return found;
  }

  /** One of its values; undefined where it has none of that name. */
  member(plan: UsingPlan, name: string): Operand | undefined {
    const entry = plan.entries.get(name);
    return entry && this.operand(entry);
  }

  private operand(entry: UsingEntry): Operand {
    switch (entry.kind) {
      case 'literal':
        return this.literal(entry.text);
      case 'constant':
        return constantOperand(this.low, this.stage.constants[entry.index]);
      case 'param': {
        // Whoever sets it does so between records, or from within a delivery: it is read anew each time.
        const address = i32(8 * (this.stage.params[entry.index] as number));
        return this.low.loadAnew('f64', { address, offset: 0 });
      }
      case 'measure':
        return measureOperand(this.low, entry.measure.shape.name, entry.measure);
      case 'function':
        return this.closure(entry.fn);
      case 'table':
        return tableOperand(this.low, this.tables.find(({ plan }) => plan === entry.table) as StepTable);
    }
  }

  /** A function as it was given. */
  closure(fn: UsedFunction, box?: ClosureOperand['box']): ClosureOperand {
    const { parsed, using } = fn;
    return {
      kind: 'closure',
      source: parsed,
      node: parsed.node,
      scope: undefined,
      using: fn.closure.using === undefined ? undefined : this.namespace(using),
      box,
    };
  }

  /** A scalar of its source text. */
  private literal(text: string): Operand {
    if (text === 'undefined' || text === 'null')
      return { kind: 'nil', value: text === 'null' ? null : undefined };
    if (text === 'true' || text === 'false') return boolConstant(text === 'true');
    if (text.startsWith('"')) return constantOperand(this.low, JSON.parse(text));
    return text.endsWith('n') ? bigintConstant(BigInt(text.slice(0, -1))) : numberConstant(Number(text));
  }
}
