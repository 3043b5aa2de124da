// The backends of the compiler, for tests that hold each of them to the same.
import type { Struct } from '../../src/schema/index.js';
import { type AnyFused, start, type TestStage } from './stage-kit.js';
import { startWasm } from './wasm-kit.js';

/** Compiles operators and makes them ready to run. */
export type Start = (input: Struct, ...operators: AnyFused[]) => TestStage;

export const BACKENDS: readonly (readonly [name: string, start: Start])[] = [
  ['js', start],
  ['wasm', startWasm],
];
