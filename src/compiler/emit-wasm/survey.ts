// Finds what a module is made of: the functions, imports, globals and locals that its bodies mention.
import type {
  Callee,
  DefinedFunction,
  Expression,
  Global,
  ImportedFunction,
  Local,
  Module,
  Statement,
} from '../lower/ir.js';

/** A module's parts, each numbered by its place. */
export interface Survey {
  readonly importedFunctions: readonly ImportedFunction[];
  readonly importedGlobals: readonly Global[];
  readonly globals: readonly Global[];
  readonly functions: readonly DefinedFunction[];
}

/** What an expression or statement consists of, for a walk over all of them. */
function partsOf(node: Expression | Statement): readonly (Expression | Statement)[] {
  switch (node.op) {
    case 'const':
    case 'get':
    case 'unreachable':
    case 'comment':
      return [];
    case 'unary':
      return [node.a];
    case 'binary':
      return [node.a, node.b];
    case 'select':
    case 'choose':
      return [node.a, node.b, node.condition];
    case 'load':
      return [node.address];
    case 'call':
      return node.args;
    case 'set':
      return [node.value];
    case 'store':
      return [node.address, node.value];
    case 'run':
      return [node.call];
    case 'if':
      return [node.condition, ...node.consequent, ...node.alternate];
    case 'block':
    case 'loop':
      return node.body;
    case 'break':
      return node.condition === undefined ? [] : [node.condition];
    case 'copy':
      return [node.to, node.from, node.bytes];
    case 'fill':
      return [node.to, node.byte, node.bytes];
    case 'return':
      return node.value === undefined ? [] : [node.value];
  }
}

/** Calls `visit` for everything in a body. */
export function walkBody(
  body: readonly (Expression | Statement)[],
  visit: (node: Expression | Statement) => void,
): void {
  for (const node of body) {
    visit(node);
    walkBody(partsOf(node), visit);
  }
}

/** The locals of a function besides its parameters, those of one type together. */
export function localsOf(fn: DefinedFunction): Local[] {
  const locals = new Set<Local>();
  walkBody(fn.body, (node) => {
    if (node.op === 'set' && node.to.kind === 'local') locals.add(node.to);
    else if (node.op === 'get' && node.of.kind === 'local') locals.add(node.of);
  });
  for (const param of fn.params) locals.delete(param);
  const order = ['i32', 'i64', 'f32', 'f64'];
  return [...locals].sort((a, b) => order.indexOf(a.type) - order.indexOf(b.type));
}

export function survey(module: Module): Survey {
  const callees = new Set<Callee>(module.functions);
  const globals = new Set<Global>();
  for (const exported of module.exports.values()) {
    if (exported.kind === 'global') globals.add(exported);
    else callees.add(exported);
  }
  // A set's iteration meets what is added to it on the way.
  for (const callee of callees) {
    if (callee.kind === 'imported') continue;
    walkBody(callee.body, (node) => {
      if (node.op === 'call') callees.add(node.callee);
      else if (node.op === 'get' && node.of.kind === 'global') globals.add(node.of);
      else if (node.op === 'set' && node.to.kind === 'global') globals.add(node.to);
    });
  }
  const all = [...callees];
  return {
    importedFunctions: all.filter((callee) => callee.kind === 'imported'),
    importedGlobals: [...globals].filter((global) => global.initial === undefined),
    globals: [...globals].filter((global) => global.initial !== undefined),
    functions: all.filter((callee) => callee.kind === 'defined'),
  };
}
