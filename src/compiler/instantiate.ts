// Turns a unit on JavaScript into functions, in the thread that runs it.
import { fail } from '../errors/index.js';
import { type Measure, openMeasure, openSlots, SlotWriter } from '../journal/index.js';
import type { SlotsTarget } from '../operator/index.js';
import { createTable, disposeTable } from '../operator/table-memory.js';
import { generate } from '../schema/index.js';
import type { JsUnit, StageEnv, StageInstance } from './program.js';

/** Engines keep what they learn of a text; stages of one program must not share it, or calls in them get many targets. */
let instances = 0;

/** What a driver's source text finds in `env`. */
interface DriverEnv extends StageEnv {
  readonly fail: typeof fail;
  createTable(what: string, table: number): number;
  disposeTable(head: number): void;
  slotWriter(target: SlotsTarget): SlotWriter;
  measure(measure: Measure): ReturnType<typeof openMeasure>;
}

/**
 * Makes a unit ready to run.
 *
 * @param name Its stage's, for messages.
 *
 * @throws {Error} CODEGEN_FORBIDDEN where the environment forbids code generation.
 * @throws {RangeError} OUT_OF_MEMORY if its tables find no room.
 */
export function instantiate(name: string, unit: JsUnit, env: StageEnv): StageInstance {
  const source = `// instance ${instances++}\n${unit.source}`;
  const make = generate<(env: DriverEnv) => StageInstance>(`stage ${name}`, ['env'], source);
  return make({
    ...env,
    fail,
    createTable: (what, table) => createTable(env, what, table),
    disposeTable: (head) => disposeTable(env, head),
    measure: (measure) => openMeasure(env.memory, measure),
    slotWriter: (target) => new SlotWriter(openSlots(env.memory, target)),
  });
}
