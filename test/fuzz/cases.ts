// Runs cases: a case is one random pipeline over one random vector of records, on the model and both backends.
//
// A pipeline runs several of them, one after the other; its state lives on from one to the next, until a function fails:
// then everything begins anew.
import { NotCompilable } from '../../src/compiler/lower/builder.js';
import { Choices } from './choices.js';
import { difference, show } from './compare.js';
import { DOUBLES, randomRecords } from './layouts.js';
import { JsMachine, WasmMachine } from './machines.js';
import { Model } from './model.js';
import { pipelineText, type RandomPipeline, randomPipeline } from './pipeline.js';
import type { World } from './world.js';

/** Vectors of records that each pipeline gets, unless told. */
export const VECTORS = 20;
const MOST_RECORDS = 12;

/** The choices that make a pipeline and its vectors. */
export interface Script {
  readonly pipeline: Choices;
  readonly vectors: readonly Choices[];
}

export function scriptOf(seed: number, program: number, vectors = VECTORS): Script {
  return {
    pipeline: Choices.random(seed, program),
    vectors: Array.from({ length: vectors }, (_, k) => Choices.random(seed, program, k)),
  };
}

/** What came of a pipeline's cases. */
export interface Report {
  readonly cases: number;
  /** Why it ran on the model and `js` only. */
  readonly notCompiled: string | undefined;
  readonly failed: number;
  readonly refusals: readonly string[];
  readonly operators: readonly string[];
  readonly records: number;
  readonly problem: Problem | undefined;
}

export interface Problem {
  /** Which sides disagree, or what broke. */
  readonly kind: string;
  readonly vector: number;
  readonly text: string;
}

export function runScript(world: World, script: Script): Report {
  let pipeline: RandomPipeline;
  let cases = 0;
  let failed = 0;
  let records = 0;
  let notCompiled: string | undefined;
  const report = (problem?: Problem): Report => ({
    cases,
    notCompiled,
    failed,
    records,
    refusals: pipeline?.refusals ?? [],
    operators: pipeline?.stages.flatMap(({ operators }) => operators.map(({ name }) => name)) ?? [],
    problem,
  });
  const broke = (what: string, error: unknown): Report =>
    report({
      kind: what,
      vector: 0,
      text: `${what}: ${(error as Error)?.stack ?? error}\n${causeOf(error)}${pipeline === undefined ? '' : pipelineText(pipeline)}`,
    });
  try {
    pipeline = randomPipeline(script.pipeline, world.param);
  } catch (error) {
    return broke('the pipeline can not be made', error);
  }
  if (pipeline.stages.length === 0) return report();
  let js: JsMachine;
  let wasm: WasmMachine | undefined;
  try {
    js = new JsMachine(world, pipeline);
  } catch (error) {
    return broke('js can not be made', error);
  }
  try {
    try {
      wasm = new WasmMachine(world, pipeline);
    } catch (error) {
      if (!(error instanceof NotCompilable)) return broke('wasm can not be made', error);
      notCompiled = error.reason;
    }
    const model = new Model(pipeline);
    const machines = [model, js, ...(wasm === undefined ? [] : [wasm])];
    for (const [vector, choices] of script.vectors.entries()) {
      const from = choices.below(2 ** 31) * 2 + (vector & 1);
      world.param.value = choices.of(DOUBLES);
      const vectorOf = randomRecords(choices, pipeline.input, MOST_RECORDS);
      let problem: string | undefined;
      let kind = '';
      try {
        kind = 'the model broke';
        const expected = model.run(vectorOf);
        kind = 'js broke';
        const byJs = js.run(vectorOf);
        kind = 'wasm broke';
        const byWasm = wasm?.run(vectorOf, from);
        kind = 'model and js disagree';
        problem = difference(expected, byJs, ['model', 'js'], true);
        if (problem === undefined && byWasm !== undefined) {
          kind = 'js and wasm disagree';
          problem = difference(byJs, byWasm, ['js', 'wasm'], false);
        }
        cases++;
        records += vectorOf.length;
        if (byJs.failures.length > 0) {
          failed++;
          for (const machine of machines) machine.restart();
        }
      } catch (error) {
        problem = `${(error as Error)?.stack ?? error}`;
      }
      if (problem !== undefined) {
        const text = `${kind}: ${problem}\n${pipelineText(pipeline)}\nparam ${show(world.param.value)}, from ${from}, vector ${vector}:\n${vectorOf.map(show).join('\n')}`;
        return report({ kind, vector, text });
      }
    }
    return report();
  } finally {
    js.dispose();
    wasm?.dispose();
  }
}

function causeOf(error: unknown): string {
  const { cause } = error as { cause?: Error };
  return cause === undefined ? '' : `caused by ${cause.stack}\n`;
}
