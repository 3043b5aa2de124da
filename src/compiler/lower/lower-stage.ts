// Lowers a stage: its operators one after the other, what becomes of what comes out, and what happens where a step fails.
import type { Struct } from '../../schema/index.js';
import { addressOf } from './context.js';
import type { Exit } from './control.js';
import { Environment } from './environment.js';
import { binary, call, type Expression, f64, get, i32, type Label, type Statement, unary } from './ir.js';
import type { Lowering } from './lowering.js';
import type { Operand } from './operand.js';
import { lowerOperator, type OperatorInput } from './operator.js';
import { materialise, writePlace } from './records.js';
import type { StageCells } from './stage-cells.js';

/** A stage's part in a module. */
export interface StageInput {
  /** Its number within the module. */
  readonly number: number;
  readonly operators: readonly OperatorInput[];
  readonly input: Struct;
  readonly output: Struct;
  /** Whether its last operator is among them. */
  readonly last: boolean;
  /** The stages that take its records: within the module, and outside of it by the numbers that `accept` takes. */
  readonly children: readonly StageInput[];
  readonly outside: readonly number[];
}

/** What the stages of a module share. */
export interface StageContext {
  readonly cells: StageCells;
  /** The function's way out where the root's stage has ended; undefined where that can't be. */
  readonly ended: ((low: Lowering) => void) | undefined;
}

/** Adds what a stage does with a record, which it also is told to be at an address if it is. */
export function lowerStage(
  low: Lowering,
  stage: StageInput,
  record: Operand,
  context: StageContext,
  address?: Expression,
): void {
  const { builder } = low;
  const start = low.env?.copy();
  const outer = low.step;
  const label: Label = { name: `failed${stage.number}` };
  let fails = false;
  low.step = {
    stage: stage.number,
    operator: 0,
    leave(at) {
      fails = true;
      at.break(label);
    },
  };
  low.builder.add({ op: 'comment', text: `stage ${stage.number}` });
  let list: Statement[];
  try {
    list = builder.collect(() => lowerOperators(low, stage, 0, record, context));
  } finally {
    low.step = outer;
  }
  if (!fails || start === undefined) {
    for (const statement of list) builder.add(statement);
    return;
  }
  const after = low.env as Environment | undefined;
  const done: Label = { name: `done${stage.number}` };
  if (after !== undefined) list.push({ op: 'break', label: done });
  const inner: Statement = { op: 'block', label, body: list };
  low.env = new Environment(start.cells);
  const cold = builder.collect(() => putFailed(low, stage, record, context, address));
  const goesOn = low.env !== undefined;
  builder.add({ op: 'block', label: done, body: [inner, ...cold] });
  if (after === undefined && !goesOn) low.env = undefined;
  else low.env = new Environment((after ?? start).cells);
}

/** Tells JavaScript of a failure, with the record that the stage had taken. */
function putFailed(
  low: Lowering,
  stage: StageInput,
  record: Operand,
  context: StageContext,
  address: Expression | undefined,
): void {
  const { builder, failures, module } = low;
  const at = address ?? addressOf(materialise(low, stage.input, record));
  const failed = module.importFunction('failed', ['i32', 'i32', 'f64', 'f64'], 'i32');
  const [a, b] = failures.details;
  const ended = builder.pin(call(failed, get(failures.site), at, get(a), get(b)), 'ended');
  if (address !== undefined && context.ended !== undefined) {
    const leave = context.ended;
    builder.when(
      ended,
      builder.collect(() => leave(low)),
    );
  }
}

function lowerOperators(
  low: Lowering,
  stage: StageInput,
  i: number,
  record: Operand,
  context: StageContext,
): void {
  const operator = stage.operators[i];
  if (operator !== undefined) {
    lowerOperator(low, operator, record, (inner, emitted) =>
      lowerOperators(inner, stage, i + 1, emitted, context),
    );
  } else if (stage.last) lowerEnd(low, stage, record, context);
  else leaveModule(low, stage, record);
}

/** A record that goes on to an operator of its stage that is not in the module. */
function leaveModule(low: Lowering, stage: StageInput, record: Operand): void {
  const { builder, module } = low;
  const next = module.importFunction('next', ['i32', 'i32'], 'i32');
  const at = addressOf(materialise(low, stage.output, record));
  const failed = builder.pin(call(next, i32(stage.number), at), 'failed');
  builder.when(
    failed,
    builder.collect(() => low.failures.leave(low, { kind: 'next' }, [])),
  );
  low.forgetAll();
}

/** A record that comes out of its stage: counted, given to the stages behind it, and written if somebody reads. */
function lowerEnd(low: Lowering, stage: StageInput, record: Operand, context: StageContext): void {
  const { builder, module } = low;
  const { cells } = context;
  const { number } = stage;
  cells.write(builder, number, 'OUT', binary('f64.add', cells.read(number, 'OUT'), f64(1)));
  for (const child of stage.children) lowerChild(low, child, record, context);
  if (stage.outside.length > 0) {
    const accept = module.importFunction('accept', ['i32', 'i32'], undefined);
    const at = low.pinAddress(addressOf(materialise(low, stage.output, record)), 'out');
    for (const child of stage.outside) builder.add({ op: 'run', call: call(accept, i32(child), at) });
  }
  low.block('written', (exit) => {
    low.branch(unary('i32.eqz', cells.read(number, 'WRITES')), () => low.jump(exit));
    writeOut(low, stage, record, cells, exit);
    return undefined;
  });
}

function lowerChild(low: Lowering, child: StageInput, record: Operand, context: StageContext): void {
  const { builder } = low;
  const { cells } = context;
  low.block('child', (exit) => {
    low.branch(cells.read(child.number, 'ENDED'), () => low.jump(exit));
    cells.write(builder, child.number, 'IN', binary('f64.add', cells.read(child.number, 'IN'), f64(1)));
    low.isolated(record, () => lowerStage(low, child, record, context));
    return undefined;
  });
}

/** Writes a record to the stage's output journal. */
function writeOut(low: Lowering, stage: StageInput, record: Operand, cells: StageCells, exit: Exit): void {
  const { builder, module } = low;
  const { number, output } = stage;
  const makeRoom = module.importFunction('makeRoom', ['i32'], 'i32');
  builder.when(
    unary('i32.eqz', cells.read(number, 'ROOM')),
    builder.collect(() => {
      const made = builder.pin(call(makeRoom, i32(number)), 'made');
      builder.when(
        binary('i32.eq', made, i32(2)),
        builder.collect(() => low.failures.leave(low, { kind: 'next' }, [])),
      );
      // Nobody reads any more.
      low.branch(unary('i32.eqz', made), () => low.jump(exit));
    }),
  );
  const slot = low.builder.variable('i32', 'slot');
  builder.set(slot, cells.read(number, 'SLOT'));
  low.setRegion(get(slot), { name: `output ${number}` });
  writePlace(low, { type: { kind: 'struct', struct: output }, address: get(slot), offset: 0 }, record);
  cells.write(builder, number, 'SLOT', binary('i32.add', get(slot), i32(output.layout.bytes)));
  cells.write(builder, number, 'ROOM', binary('i32.sub', cells.read(number, 'ROOM'), i32(1)));
}
