// What the other folders use of the compiler.
export { type CompileInput, compileStage } from './compile-stage.js';
export { instantiate } from './instantiate.js';
export type { OperatorSummary, StageEnv, StageInstance, StageProgram, TableSpec } from './program.js';
