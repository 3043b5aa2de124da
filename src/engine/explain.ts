// What a stage tells about itself.
import type { Struct } from '../schema/index.js';
import type { StageNode } from './stage-node.js';

/** How a stage is built. */
export interface StageExplanation {
  readonly name: string;
  /** The operators in order, each with the layout of what it emits. */
  readonly operators: readonly { readonly name: string; readonly out: Struct<unknown> }[];
  /** The layout of the records that it takes. */
  readonly input: Struct<unknown>;
  /** The layout of the records that it emits. */
  readonly output: Struct<unknown>;
  /** Where its loop runs: `inline`, or the name of its worker. */
  readonly placement: string;
  /** What runs its loop: `js`. */
  readonly backend: string;
  /** The loop that was generated for it, as text. */
  readonly driver: string;
}

export function explainStage(stage: StageNode<unknown>): StageExplanation {
  const { name, program, host } = stage;
  const { operators, input, output, backend, source } = program;
  return { name, operators, input, output, placement: host.name, backend, driver: source };
}
