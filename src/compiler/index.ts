// What the other folders use of the compiler.
export { type BackendOption, type CompiledStage, type CompileInput, compileStage } from './compile-stage.js';
export {
  type ComposedModule,
  composeModules,
  explainUnit,
  type GroupStage,
  type ModuleExplanation,
} from './compose-modules.js';
export { instantiate } from './instantiate.js';
export { instantiateModule, type ModuleEnv, type ModuleInstance, moduleWords } from './instantiate-module.js';
export { failureOf } from './lower/failures.js';
export type {
  Backend,
  JsUnit,
  OperatorSummary,
  StageEnv,
  StageInstance,
  StageProgram,
  TableSpec,
  UnitProgram,
} from './program.js';
export { tableId } from './table-specs.js';
export {
  type FailureSite,
  type ModuleStage,
  STAGE_BLOCK_BYTES,
  StageBlock,
  type WasmProgram,
} from './wasm-program.js';
