// Finds what a module is made of: the functions, imports, globals and locals that its bodies mention.
import type { Callee, DefinedFunction, Global, ImportedFunction, Local, Module } from '../lower/ir.js';
import { walkBody } from '../lower/walk.js';

/** A module's parts, each numbered by its place. */
export interface Survey {
  readonly importedFunctions: readonly ImportedFunction[];
  readonly importedGlobals: readonly Global[];
  readonly globals: readonly Global[];
  readonly functions: readonly DefinedFunction[];
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
