// Composes modules for stages that are placed together: all units that hang together become one.

import { type CompiledStage, unitOf } from './compile-stage.js';
import { encode } from './emit-wasm/encode.js';
import { moduleText } from './emit-wasm/text.js';
import { NotCompilable } from './lower/builder.js';
import type { Module } from './lower/ir.js';
import { type LoweredModule, lowerUnits, type Unit } from './lower/lower-units.js';
import type { WasmProgram } from './wasm-program.js';

/** A stage of a group, and the place of the stage whose records it takes; -1 for the first. */
export interface GroupStage {
  readonly compiled: CompiledStage;
  readonly parent: number;
}

/** A module, and which units it runs: the stages by their places in the group, and of each which unit. */
export interface ComposedModule {
  readonly program: WasmProgram;
  readonly stages: readonly number[];
  readonly units: readonly number[];
}

type Place = { readonly stage: number; readonly unit: number };

/** Modules of programs that are compiled over and over again, as `fused()` does. */
const wholes = new WeakMap<CompiledStage, Map<boolean, WasmProgram>>();

/** The modules of a group. */
export function composeModules(
  name: string,
  stages: readonly GroupStage[],
  memory: Module['memory'],
): ComposedModule[] {
  const modules: ComposedModule[] = [];
  stages.forEach(({ compiled, parent }, stage) => {
    compiled.program.units.forEach(({ backend }, unit) => {
      if (backend !== 'wasm') return;
      const isRoot = unit > 0 || parent < 0 || lastBackend(stages[parent] as GroupStage) === 'js';
      if (isRoot) modules.push(...composeTree(name, stages, { stage, unit }, memory));
    });
  });
  return modules;
}

function lastBackend({ compiled }: GroupStage): string | undefined {
  return compiled.program.units.at(-1)?.backend;
}

/** The module of a unit and of all that hang on it; or several, where they compile only apart. */
function composeTree(
  name: string,
  stages: readonly GroupStage[],
  root: Place,
  memory: Module['memory'],
): ComposedModule[] {
  const places: Place[] = [root];
  const parents = [-1];
  for (let i = 0; i < places.length; i++) {
    for (const child of childrenOf(stages, places[i] as Place)) {
      if (stages[child]?.compiled.program.units[0]?.backend !== 'wasm') continue;
      places.push({ stage: child, unit: 0 });
      parents.push(i);
    }
  }
  const { compiled } = stages[root.stage] as GroupStage;
  if (compiled.whole !== undefined && childrenOf(stages, root).length === 0) {
    const programs = wholes.get(compiled) ?? new Map<boolean, WasmProgram>();
    wholes.set(compiled, programs);
    let program = programs.get(memory.shared);
    if (program === undefined) {
      program = programOf(compiled.whole, name, memory);
      programs.set(memory.shared, program);
    }
    return [{ program, stages: [root.stage], units: [root.unit] }];
  }
  const compose = (some: readonly Place[], someParents: readonly number[]): ComposedModule => {
    const units = some.map((place, i) => {
      const outside = childrenOf(stages, place).filter(
        (child) => !some.some((other) => other.stage === child && other.unit === 0),
      );
      return unitAt(stages, place, someParents[i] as number, outside);
    });
    return {
      program: programOf(lowerUnits(units, { name, memory }), name, memory),
      stages: some.map(({ stage }) => stage),
      units: some.map(({ unit }) => unit),
    };
  };
  try {
    return [compose(places, parents)];
  } catch (error) {
    if (!(error instanceof NotCompilable) || places.length === 1) throw error;
    return places.map((place) => compose([place], [-1]));
  }
}

/** The stages that take the records that a unit puts out. */
function childrenOf(stages: readonly GroupStage[], { stage, unit }: Place): number[] {
  const units = stages[stage]?.compiled.program.units.length ?? 0;
  return unit < units - 1 ? [] : stages.flatMap(({ parent }, i) => (parent === stage ? [i] : []));
}

function unitAt(
  stages: readonly GroupStage[],
  { stage, unit }: Place,
  parent: number,
  outside: readonly number[],
): Unit {
  const { plans, program, values } = (stages[stage] as GroupStage).compiled;
  const from = program.units[unit]?.from ?? 0;
  const to = program.units[unit + 1]?.from ?? plans.length;
  return {
    ...unitOf(plans.slice(from, to), values, from),
    parent,
    first: unit === 0,
    last: unit === program.units.length - 1,
    outside,
  };
}

function programOf(lowered: LoweredModule, name: string, memory: Module['memory']): WasmProgram {
  const { module, ...rest } = lowered;
  return { ...rest, bytes: encode({ ...module, name, memory }) };
}

/** What a module is, for people. */
export interface ModuleExplanation {
  /** Bytes of its binary form. */
  readonly bytes: number;
  readonly text: string;
}

/** The module of a stage's unit, as if it ran alone. */
export function explainUnit(compiled: CompiledStage, unit: number): ModuleExplanation {
  const { name } = compiled.program;
  const memory = { shared: false, initialPages: 1, maximumPages: 1 };
  const alone = unitAt([{ compiled, parent: -1 }], { stage: 0, unit }, -1, []);
  const { module } = compiled.whole ?? lowerUnits([alone], { name, memory });
  return { bytes: encode(module).length, text: moduleText({ ...module, name }) };
}
