// What a stage tells about itself.
import { type Backend, explainUnit } from '../compiler/index.js';
import type { Struct } from '../schema/index.js';
import type { StageNode } from './stage-node.js';

/** An operator of a stage. */
export interface OperatorExplanation {
  readonly name: string;
  /** The layout of what it emits. */
  readonly out: Struct<unknown>;
  readonly backend: Backend;
  /** Why it runs as JavaScript: which function, where and what, with a code frame. */
  readonly reason?: string;
}

/** Consecutive operators that run as one. */
export interface UnitExplanation {
  /** The names of its operators. */
  readonly operators: readonly string[];
  readonly backend: Backend;
  /** Bytes of the WebAssembly module, as if it ran alone. */
  readonly bytes?: number;
  /** The loop that was generated for it: the module in WebAssembly's text format, or JavaScript. */
  readonly text: string;
}

/** How a stage is built. */
export interface StageExplanation {
  readonly name: string;
  /** The operators in order. */
  readonly operators: readonly OperatorExplanation[];
  /** The layout of the records that it takes. */
  readonly input: Struct<unknown>;
  /** The layout of the records that it emits. */
  readonly output: Struct<unknown>;
  /** Where its loop runs: `inline`, or the name of its worker. */
  readonly placement: string;
  /** What runs it: `wasm`, `js`, or `mixed` where some of its operators can't be compiled. */
  readonly backend: Backend | 'mixed';
  /** What its operators run as, in order: one unit if all of them are on one backend. */
  readonly units: readonly UnitExplanation[];
}

export function explainStage({ name, compiled, host }: StageNode<unknown>): StageExplanation {
  const { operators, input, output, units } = compiled.program;
  return {
    name,
    operators: operators.map(({ name, out, backend, reason }) => ({
      name,
      out,
      backend,
      ...(reason === undefined ? {} : { reason }),
    })),
    input,
    output,
    placement: host.name,
    backend: units.length === 1 ? (units[0]?.backend ?? 'js') : 'mixed',
    units: units.map((unit, i) => ({
      operators: operators.slice(unit.from, units[i + 1]?.from).map((operator) => operator.name),
      backend: unit.backend,
      ...(unit.backend === 'js' ? { text: unit.source } : explainUnit(compiled, i)),
    })),
  };
}
