// The block of a stage in memory: its counters, and where its output goes.
//
// They stay in memory, though locals would do: a step has more values than an engine has registers for, and each local that
// lives from record to record takes one or is moved about on the stack.
import { StageBlock } from '../wasm-program.js';
import type { Builder } from './builder.js';
import { type Expression, type Global, get } from './ir.js';

export type StageCell = keyof typeof StageBlock;

const TYPES = { ENDED: 'i32', WRITES: 'i32', SLOT: 'i32', ROOM: 'i32', IN: 'f64', OUT: 'f64' } as const;

/** The cells of all stages of a module. */
export class StageCells {
  /** The imported globals with the blocks' byte addresses. */
  private readonly blocks: readonly Global[];

  constructor(stages: number) {
    this.blocks = Array.from({ length: stages }, (_, k) => ({
      kind: 'global',
      type: 'i32',
      name: `stage${k}`,
      mutable: false,
    }));
  }

  /** A load of a cell; to be bound to where it happens, or used at once. */
  read(stage: number, cell: StageCell): Expression {
    return { op: 'load', code: `${TYPES[cell]}.load`, address: this.block(stage), offset: StageBlock[cell] };
  }

  write(builder: Builder, stage: number, cell: StageCell, value: Expression): void {
    const code = `${TYPES[cell]}.store` as const;
    builder.add({ op: 'store', code, address: this.block(stage), offset: StageBlock[cell], value });
  }

  private block(stage: number): Expression {
    return get(this.blocks[stage] as Global);
  }
}
