// Says the same shorter: conditions, jumps and blocks in their simplest form, values where they are used.
import { isBoolean, negate } from './expressions.js';
import type { DefinedFunction, Expression, Label, Local, Statement } from './ir.js';
import { partsOf, walkBody } from './walk.js';

export function tidy(fn: DefinedFunction): void {
  const labels = new Map<Label, number>();
  const reads = new Map<Local, number>();
  const writes = new Map<Local, number>();
  const count = <K>(map: Map<K, number>, key: K) => map.set(key, (map.get(key) ?? 0) + 1);
  walkBody(fn.body, (node) => {
    if (node.op === 'break') count(labels, node.label);
    else if (node.op === 'get' && node.of.kind === 'local') count(reads, node.of);
    else if (node.op === 'set' && node.to.kind === 'local') count(writes, node.to);
  });
  const once = (local: Local) => reads.get(local) === 1 && writes.get(local) === 1;
  const body = tidied(fn.body, { labels, once });
  fn.body.splice(0, fn.body.length, ...body);
}

interface Uses {
  /** How often is jumped to each label. */
  readonly labels: Map<Label, number>;
  /** Whether a local is set and read at one place each. */
  readonly once: (local: Local) => boolean;
}

function tidied(list: readonly Statement[], uses: Uses): Statement[] {
  const out: Statement[] = [];
  for (const statement of list) for (const one of inner(statement, uses)) push(out, one, uses);
  return out;
}

/** A statement, or what stands for it, with what is within it tidied. */
function inner(statement: Statement, uses: Uses): Statement[] {
  switch (statement.op) {
    case 'set':
      if (statement.value.op === 'get' && statement.value.of === statement.to) return [];
      return [statement];
    case 'if':
      return [
        tidyIf({
          ...statement,
          consequent: tidied(statement.consequent, uses),
          alternate: tidied(statement.alternate, uses),
        }),
      ];
    case 'block':
      return tidyBlock(statement.label, tidied(statement.body, uses), uses);
    case 'loop':
      return [{ ...statement, body: tidied(statement.body, uses) }];
    case 'break':
      return statement.condition === undefined
        ? [statement]
        : [{ ...statement, condition: simplest(statement.condition) }];
    default:
      return [statement];
  }
}

function tidyIf(statement: Extract<Statement, { op: 'if' }>): Statement {
  const { consequent, alternate } = statement;
  const condition = simplest(statement.condition);
  if (consequent.length === 0)
    return { ...statement, condition: simplest(negate(condition)), consequent: alternate, alternate: [] };
  const [only] = consequent;
  if (
    alternate.length === 0 &&
    consequent.length === 1 &&
    only?.op === 'break' &&
    only.condition === undefined
  )
    return { op: 'break', label: only.label, condition };
  return { ...statement, condition };
}

/** A block whose end is jumped to once, by its first statement, is an `if`; one that nothing jumps to is no block. */
function tidyBlock(label: Label, body: Statement[], uses: Uses): Statement[] {
  const jumps = uses.labels.get(label) ?? 0;
  const [first, ...rest] = body;
  const last = body.at(-1);
  if (last?.op === 'break' && last.label === label && last.condition === undefined) {
    uses.labels.set(label, jumps - 1);
    return tidyBlock(label, body.slice(0, -1), uses);
  }
  if (jumps === 0) return body;
  if (jumps === 1 && first?.op === 'break' && first.label === label && first.condition !== undefined)
    return rest.length === 0
      ? []
      : [tidyIf({ op: 'if', condition: negate(first.condition), consequent: rest, alternate: [] })];
  return [{ op: 'block', label, body }];
}

/** Of conditions only it counts whether they are 0. */
function simplest(condition: Expression): Expression {
  if (condition.op === 'unary' && condition.code === 'i32.eqz') {
    const { a } = condition;
    if (a.op === 'unary' && a.code === 'i32.eqz') return simplest(a.a);
    if (a.op === 'binary' && isComparisonWithZero(a)) return simplest(negate(a));
    return negate(a);
  }
  if (condition.op === 'binary' && isComparisonWithZero(condition)) {
    if (condition.code === 'i32.ne') return condition.a;
    if (condition.code === 'i32.eq')
      return isBoolean(condition.a) ? negate(condition.a) : { op: 'unary', code: 'i32.eqz', a: condition.a };
  }
  return condition;
}

const isComparisonWithZero = (e: Extract<Expression, { op: 'binary' }>): boolean =>
  (e.code === 'i32.eq' || e.code === 'i32.ne') && e.b.op === 'const' && e.b.value === 0;

/** Appends a statement; the value of a local that only it reads, and that was set just before, moves into it. */
function push(out: Statement[], statement: Statement, uses: Uses): void {
  let at = statement;
  for (;;) {
    const before = out.at(-1);
    if (before?.op !== 'set' || before.to.kind !== 'local' || !uses.once(before.to)) break;
    const moved = moveInto(at, before.to, before.value);
    if (moved === undefined) break;
    out.pop();
    at = moved;
  }
  out.push(at);
}

/** A statement with a value in the place of the local that it reads; undefined where that could make a difference. */
function moveInto(statement: Statement, local: Local, value: Expression): Statement | undefined {
  const own = ownExpressions(statement);
  let found = 0;
  let calls = 0;
  walkBody(own, (node) => {
    if (node.op === 'get' && node.of === local) found++;
    if (node.op === 'call') calls++;
  });
  if (found !== 1) return undefined;
  const effects = { loads: false, calls: false };
  walkBody([value], (node) => {
    if (node.op === 'load' || (node.op === 'get' && node.of.kind === 'global')) effects.loads = true;
    if (node.op === 'call') effects.calls = true;
  });
  // A call happens where it stands, and a load before the calls that follow it.
  if (effects.calls) return undefined;
  if (effects.loads && calls > 0) return undefined;
  return replaceIn(statement, local, value);
}

/** The expressions that a statement evaluates before it does anything, and always. */
function ownExpressions(statement: Statement): readonly Expression[] {
  switch (statement.op) {
    case 'if':
      return [statement.condition];
    case 'block':
    case 'loop':
      return [];
    default:
      return partsOf(statement) as readonly Expression[];
  }
}

function replaceIn(statement: Statement, local: Local, value: Expression): Statement | undefined {
  const within = (e: Expression): Expression => replaced(e, local, value);
  switch (statement.op) {
    case 'set':
      return { ...statement, value: within(statement.value) };
    case 'store':
      return { ...statement, address: within(statement.address), value: within(statement.value) };
    case 'run':
      return { ...statement, call: within(statement.call) };
    case 'if':
      return { ...statement, condition: simplest(within(statement.condition)) };
    case 'break':
      return statement.condition && { ...statement, condition: simplest(within(statement.condition)) };
    case 'return':
      return statement.value && { ...statement, value: within(statement.value) };
    default:
      return undefined;
  }
}

function replaced(e: Expression, local: Local, value: Expression): Expression {
  const within = (part: Expression): Expression => replaced(part, local, value);
  switch (e.op) {
    case 'get':
      return e.of === local ? value : e;
    case 'unary':
      return { ...e, a: within(e.a) };
    case 'binary':
      return { ...e, a: within(e.a), b: within(e.b) };
    case 'select':
    case 'choose':
      return { ...e, condition: within(e.condition), a: within(e.a), b: within(e.b) };
    case 'load':
      return { ...e, address: within(e.address) };
    case 'call':
      return { ...e, args: e.args.map(within) };
    case 'const':
      return e;
  }
}
