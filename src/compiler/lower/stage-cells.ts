// The block of a stage in memory: counters, and where its output goes. In the module's loop they are locals meanwhile.
import { StageBlock } from '../wasm-program.js';
import type { Builder } from './builder.js';
import { type Expression, type Global, get, type Local, local, type Statement } from './ir.js';

export type StageCell = keyof typeof StageBlock;

const TYPES = { ENDED: 'i32', WRITES: 'i32', SLOT: 'i32', ROOM: 'i32', IN: 'f64', OUT: 'f64' } as const;
/** Those that the module changes. */
const WRITTEN: readonly StageCell[] = ['SLOT', 'ROOM', 'IN', 'OUT'];

/** The cells of all stages of a module, as one function of it reads and writes them. */
export class StageCells {
  private readonly loads: Statement[][] = [];
  private readonly flushes: Statement[][] = [];
  private readonly locals = new Map<
    string,
    { readonly stage: number; readonly cell: StageCell; readonly local: Local }
  >();

  /** @param cached Whether no other function of the module looks at them while this one runs. */
  constructor(
    private readonly blocks: readonly Global[],
    private readonly cached: boolean,
  ) {}

  read(stage: number, cell: StageCell): Expression {
    return this.cached ? get(this.localOf(stage, cell)) : this.loaded(stage, cell);
  }

  write(builder: Builder, stage: number, cell: StageCell, value: Expression): void {
    if (this.cached) builder.set(this.localOf(stage, cell), value);
    else builder.add(this.stored(stage, cell, value));
  }

  /** Takes one cell from memory, which JavaScript has just written. */
  reload(builder: Builder, stage: number, cell: StageCell): void {
    if (this.cached) builder.set(this.localOf(stage, cell), this.loaded(stage, cell));
  }

  /** Marks where all that is used is taken from memory. */
  load(builder: Builder): void {
    this.loads.push(mark(builder, 'load'));
  }

  /** Marks where all that may have changed is put into memory. */
  flush(builder: Builder): void {
    this.flushes.push(mark(builder, 'flush'));
  }

  /** Fills the marks in, once it is known what is used. */
  settle(): void {
    for (const { stage, cell, local } of this.locals.values()) {
      for (const list of this.loads) list.push({ op: 'set', to: local, value: this.loaded(stage, cell) });
      if (!WRITTEN.includes(cell)) continue;
      for (const list of this.flushes) list.push(this.stored(stage, cell, get(local)));
    }
  }

  private localOf(stage: number, cell: StageCell): Local {
    const key = `${stage} ${cell}`;
    let found = this.locals.get(key);
    if (found === undefined) {
      found = { stage, cell, local: local(TYPES[cell], `${cell.toLowerCase()}${stage}`) };
      this.locals.set(key, found);
    }
    return found.local;
  }

  private loaded(stage: number, cell: StageCell): Expression {
    return { op: 'load', code: `${TYPES[cell]}.load`, address: this.block(stage), offset: StageBlock[cell] };
  }

  private stored(stage: number, cell: StageCell, value: Expression) {
    const code = `${TYPES[cell]}.store` as const;
    return { op: 'store', code, address: this.block(stage), offset: StageBlock[cell], value } as const;
  }

  private block(stage: number): Expression {
    return get(this.blocks[stage] as Global);
  }
}

function mark(builder: Builder, name: string): Statement[] {
  const body: Statement[] = [];
  builder.add({ op: 'block', label: { name }, body });
  return body;
}
