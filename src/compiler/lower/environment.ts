// What is known at a point of the code being lowered: what each cell holds, and what was read from or stored to memory.
import type { Address } from './context.js';
import type { Expression } from './ir.js';
import type { Cell, Operand } from './operand.js';

/** What a cell holds. */
export interface Entry {
  readonly operand: Operand;
  /** The same, before a test told more of it; where paths meet again, what the test told is forgotten. */
  readonly wider?: Entry | undefined;
}

/** A scalar in memory of which it is known what it holds. */
interface KnownField {
  readonly base: Expression;
  readonly start: number;
  readonly end: number;
  readonly operand: Operand;
}

/** The scalars of records that were read or stored, so that none is loaded twice. */
export class KnownMemory {
  constructor(private readonly fields = new Map<string, KnownField>()) {}

  copy(): KnownMemory {
    return new KnownMemory(new Map(this.fields));
  }

  get(base: Expression, start: number, type: string): Operand | undefined {
    return this.fields.get(keyOf(base, start, type))?.operand;
  }

  /** Notes what a scalar holds. Only bases that don't change while the note stands are noted. */
  put(base: Expression, start: number, end: number, type: string, operand: Operand): void {
    this.fields.set(keyOf(base, start, type), { base, start, end, operand });
  }

  /** Forgets what a store may have overwritten: `mayAlias` tells whether a base may be the one that was stored to. */
  forget(mayAlias: (base: Expression) => boolean | 'same', start = 0, end = Number.POSITIVE_INFINITY): void {
    for (const [key, field] of this.fields) {
      const alias = mayAlias(field.base);
      if (alias === false) continue;
      if (alias === 'same' && (field.end <= start || field.start >= end)) continue;
      this.fields.delete(key);
    }
  }

  /** What was copied is known in both places. */
  move(to: Address, from: Address, bytes: number): void {
    const by = to.offset - from.offset;
    for (const [key, { base, start, end, operand }] of [...this.fields]) {
      if (!sameExpression(base, from.address) || start < from.offset || end > from.offset + bytes) continue;
      const type = key.slice(key.lastIndexOf(':') + 1);
      this.put(to.address, start + by, end + by, type, operand);
    }
  }

  /** Forgets all but some. */
  keep(test: (key: string, operand: Operand) => boolean): void {
    for (const [key, field] of this.fields) if (!test(key, field.operand)) this.fields.delete(key);
  }

  entries(): IterableIterator<[string, KnownField]> {
    return this.fields.entries();
  }

  find(key: string): KnownField | undefined {
    return this.fields.get(key);
  }

  putField(key: string, field: KnownField): void {
    this.fields.set(key, field);
  }

  get size(): number {
    return this.fields.size;
  }
}

function keyOf(base: Expression, start: number, type: string): string {
  return `${expressionKey(base)}+${start}:${type}`;
}

const numbers = new WeakMap<object, number>();
let count = 0;

/** A text that is the same for expressions that are. */
export function expressionKey(e: Expression): string {
  switch (e.op) {
    case 'const':
      return `${e.type}:${Object.is(e.value, -0) ? '-0' : e.value}`;
    case 'get': {
      let number = numbers.get(e.of);
      if (number === undefined) {
        number = count++;
        numbers.set(e.of, number);
      }
      return `$${number}`;
    }
    case 'unary':
      return `${e.code}(${expressionKey(e.a)})`;
    case 'binary':
      return `${e.code}(${expressionKey(e.a)},${expressionKey(e.b)})`;
    case 'select':
    case 'choose':
      return `?(${expressionKey(e.condition)},${expressionKey(e.a)},${expressionKey(e.b)})`;
    case 'load':
      return `${e.code}+${e.offset}(${expressionKey(e.address)})`;
    case 'call':
      return `call(${e.args.map(expressionKey).join(',')})`;
  }
}

/** Whether two expressions without effects are the same. */
export function sameExpression(a: Expression, b: Expression): boolean {
  if (a === b) return true;
  switch (a.op) {
    case 'const':
      return b.op === 'const' && a.type === b.type && Object.is(a.value, b.value);
    case 'get':
      return b.op === 'get' && a.of === b.of;
    case 'unary':
      return b.op === 'unary' && a.code === b.code && sameExpression(a.a, b.a);
    case 'binary':
      return b.op === 'binary' && a.code === b.code && sameExpression(a.a, b.a) && sameExpression(a.b, b.b);
    case 'select':
    case 'choose':
      return (
        b.op === a.op &&
        sameExpression(a.condition, b.condition) &&
        sameExpression(a.a, b.a) &&
        sameExpression(a.b, b.b)
      );
    default:
      return false;
  }
}

/** What is known at one point. */
export class Environment {
  constructor(
    readonly cells = new Map<Cell, Entry>(),
    readonly memory = new KnownMemory(),
  ) {}

  copy(): Environment {
    return new Environment(new Map(this.cells), this.memory.copy());
  }
}
