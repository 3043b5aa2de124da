// Drops what nothing uses: locals that are never read, and the loads and calls that gave them their values.
import { isPureImport } from './imports.js';
import type { Callee, DefinedFunction, Expression, Local, Statement } from './ir.js';
import { partsOf, walkBody } from './walk.js';

/**
 * Takes what sets locals that nothing depends on out of a function. A value whose calls have effects is still worked out.
 */
export function dropUnused(fn: DefinedFunction): void {
  // A branch that is left empty needs no condition any more.
  while (sweep(fn.body, usedIn(fn.body))) {}
}

/** The locals on which anything but other locals depends, and those that they are made of. */
function usedIn(body: readonly Statement[]): ReadonlySet<Local> {
  const sources = new Map<Local, Set<Local>>();
  const used = new Set<Local>();
  const note = (into: Set<Local>, nodes: readonly Expression[]): void =>
    walkBody(nodes, (node) => {
      if (node.op === 'get' && node.of.kind === 'local') into.add(node.of);
    });
  eachStatement(body, (statement) => {
    if (statement.op !== 'set' || statement.to.kind !== 'local') note(used, operandsOf(statement));
    else {
      const own = sources.get(statement.to) ?? new Set();
      sources.set(statement.to, own);
      note(hasEffects(statement.value) ? used : own, [statement.value]);
    }
  });
  // A set's iteration meets what is added to it on the way.
  for (const local of used) for (const source of sources.get(local) ?? []) used.add(source);
  return used;
}

/** Says whether a branch or block is gone. */
function sweep(body: Statement[], used: ReadonlySet<Local>): boolean {
  let emptied = false;
  const isKept = (statement: Statement): boolean => {
    switch (statement.op) {
      case 'set':
        return statement.to.kind === 'global' || used.has(statement.to) || hasEffects(statement.value);
      case 'if': {
        const { condition, consequent, alternate } = statement;
        for (const branch of [consequent, alternate]) if (sweep(branch, used)) emptied = true;
        return consequent.length + alternate.length > 0 || hasEffects(condition);
      }
      case 'block':
      case 'loop':
        if (sweep(statement.body, used)) emptied = true;
        return statement.body.length > 0;
      default:
        return true;
    }
  };
  for (let i = body.length - 1; i >= 0; i--) {
    const statement = body[i] as Statement;
    if (isKept(statement)) continue;
    body.splice(i, 1);
    if (statement.op !== 'set') emptied = true;
  }
  return emptied;
}

function eachStatement(body: readonly Statement[], visit: (statement: Statement) => void): void {
  for (const statement of body) {
    visit(statement);
    if (statement.op === 'if') {
      eachStatement(statement.consequent, visit);
      eachStatement(statement.alternate, visit);
    } else if (statement.op === 'block' || statement.op === 'loop') eachStatement(statement.body, visit);
  }
}

/** The expressions of a statement itself, without those of statements within it. */
function operandsOf(statement: Statement): readonly Expression[] {
  if (statement.op === 'if') return [statement.condition];
  if (statement.op === 'block' || statement.op === 'loop') return [];
  return partsOf(statement) as readonly Expression[];
}

function hasEffects(value: Expression): boolean {
  let found = false;
  walkBody([value], (node) => {
    if (node.op === 'call' && !isPure(node.callee)) found = true;
  });
  return found;
}

/** Whether a function does nothing but work out its result. */
function isPure(callee: Callee): boolean {
  if (callee.kind === 'imported') return isPureImport(callee.name);
  let known = pure.get(callee);
  if (known === undefined) {
    // One that calls itself is taken to have effects.
    pure.set(callee, false);
    known = true;
    walkBody(callee.body, (node) => {
      const writes = node.op === 'store' || node.op === 'copy' || node.op === 'unreachable';
      const assigns = node.op === 'set' && node.to.kind === 'global';
      if (writes || assigns || (node.op === 'call' && !isPure(node.callee))) known = false;
    });
    pure.set(callee, known);
  }
  return known;
}

const pure = new WeakMap<DefinedFunction, boolean>();
