// Takes out of a function what nothing uses: locals that are never read, and what is left empty by that.
import type { DefinedFunction, Expression, Label, Local, Statement } from './ir.js';

/** Removes what has no effect. Loads and reads of locals have none; calls do. */
export function removeDeadCode(fn: DefinedFunction): void {
  for (;;) {
    const uses = new Uses();
    uses.statements(fn.body);
    const before = uses.dropped;
    const body = clean(fn.body, uses);
    fn.body.splice(0, fn.body.length, ...body);
    if (uses.dropped === before) return;
  }
}

/** How often locals are read, and which labels are jumped to. */
class Uses {
  readonly reads = new Map<Local, number>();
  readonly labels = new Set<Label>();
  dropped = 0;

  statements(list: readonly Statement[]): void {
    for (const statement of list) this.statement(statement);
  }

  private statement(statement: Statement): void {
    switch (statement.op) {
      case 'set':
        this.expression(statement.value);
        return;
      case 'store':
        this.expression(statement.address);
        this.expression(statement.value);
        return;
      case 'run':
        this.expression(statement.call);
        return;
      case 'if':
        this.expression(statement.condition);
        this.statements(statement.consequent);
        this.statements(statement.alternate);
        return;
      case 'block':
      case 'loop':
        this.statements(statement.body);
        return;
      case 'break':
        this.labels.add(statement.label);
        if (statement.condition !== undefined) this.expression(statement.condition);
        return;
      case 'copy':
        for (const part of [statement.to, statement.from, statement.bytes]) this.expression(part);
        return;
      case 'fill':
        for (const part of [statement.to, statement.byte, statement.bytes]) this.expression(part);
        return;
      case 'return':
        if (statement.value !== undefined) this.expression(statement.value);
        return;
      case 'unreachable':
      case 'comment':
        return;
    }
  }

  private expression(e: Expression): void {
    switch (e.op) {
      case 'get':
        if (e.of.kind === 'local') this.reads.set(e.of, (this.reads.get(e.of) ?? 0) + 1);
        return;
      case 'unary':
        this.expression(e.a);
        return;
      case 'binary':
        this.expression(e.a);
        this.expression(e.b);
        return;
      case 'select':
      case 'choose':
        this.expression(e.condition);
        this.expression(e.a);
        this.expression(e.b);
        return;
      case 'load':
        this.expression(e.address);
        return;
      case 'call':
        for (const arg of e.args) this.expression(arg);
        return;
      case 'const':
        return;
    }
  }
}

function clean(list: readonly Statement[], uses: Uses): Statement[] {
  const kept: Statement[] = [];
  for (const statement of list) {
    switch (statement.op) {
      case 'set':
        if (statement.to.kind === 'local' && !uses.reads.has(statement.to)) {
          uses.dropped++;
          if (hasCall(statement.value)) keepCalls(statement.value, kept);
          continue;
        }
        if (statement.value.op === 'get' && statement.value.of === statement.to) {
          uses.dropped++;
          continue;
        }
        kept.push(statement);
        break;
      case 'if': {
        const consequent = clean(statement.consequent, uses);
        const alternate = clean(statement.alternate, uses);
        if (consequent.length === 0 && alternate.length === 0 && !hasCall(statement.condition)) {
          uses.dropped++;
          continue;
        }
        kept.push({ ...statement, consequent, alternate });
        break;
      }
      case 'block': {
        const body = clean(statement.body, uses);
        if (uses.labels.has(statement.label)) kept.push({ ...statement, body });
        else kept.push(...body);
        break;
      }
      case 'loop':
        kept.push({ ...statement, body: clean(statement.body, uses) });
        break;
      default:
        kept.push(statement);
    }
  }
  return kept;
}

function hasCall(e: Expression): boolean {
  switch (e.op) {
    case 'call':
      return true;
    case 'unary':
      return hasCall(e.a);
    case 'binary':
      return hasCall(e.a) || hasCall(e.b);
    case 'select':
    case 'choose':
      return hasCall(e.condition) || hasCall(e.a) || hasCall(e.b);
    case 'load':
      return hasCall(e.address);
    default:
      return false;
  }
}

/** Keeps a call whose result is not used. */
function keepCalls(e: Expression, kept: Statement[]): void {
  if (e.op === 'call') kept.push({ op: 'run', call: e });
  else throw new Error('a call within an expression whose value is not used');
}
