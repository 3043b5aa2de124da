// The entries of a table in a module: segments, where the entry of an id is, and the bits of those that are free again. The layout is
// that of operator/table-layout.ts.
import {
  type KeyPart,
  TABLE_COUNT,
  TABLE_IDS,
  TABLE_SEGMENT_LIST,
  TABLE_SEGMENT_ROOM,
  TABLE_SEGMENTS,
  type TableLayout,
} from '../../operator/table-layout.js';
import type { Builder } from './builder.js';
import { add, and, cellAt, eq, giveBack, mul, ne, setCell, shl, shr, when } from './cells.js';
import type { ModuleParts } from './context.js';
import { define } from './define.js';
import { call, type DefinedFunction, type Expression, get, i32, type Local, local } from './ir.js';
import { stateOf } from './table-key.js';
import { allocate, release } from './table-slots.js';

/** The code of a table's entries. */
export class TableEntries {
  /** @param head The byte address of the table's header. */
  constructor(
    private readonly module: ModuleParts,
    private readonly n: number,
    private readonly head: Expression,
    private readonly layout: TableLayout,
    private readonly parts: readonly KeyPart[],
  ) {}

  /** Binds the entry of an id. */
  entry(b: Builder, id: Expression): Local {
    const { segmentShift, entryWords } = this.layout;
    const entry = local('i32', 'entry');
    const segment = cellAt(add(cellAt(this.head, TABLE_SEGMENT_LIST), shl(shr(id, segmentShift), 2)));
    b.set(entry, add(segment, mul(and(id, 2 ** segmentShift - 1), 8 * entryWords)));
    return entry;
  }

  /** `addSegment<n>()`: makes room for more ids; 0 if there is no memory for it. */
  addSegment(): DefinedFunction {
    const { n, head, module } = this;
    return define(module, `addSegment${n}`, {}, 'i32', (b) => {
      const [count, room] = [local('i32', 'count'), local('i32', 'room')];
      const [list, at] = [local('i32', 'list'), local('i32', 'at')];
      b.set(count, cellAt(head, TABLE_SEGMENTS));
      b.set(room, cellAt(head, TABLE_SEGMENT_ROOM));
      when(b, eq(count, room), () => {
        // Twice as many cells: as many words as there were cells.
        b.set(list, call(allocate(module), get(room), i32(n)));
        when(b, eq(list, 0), () => giveBack(b, 0));
        const old = cellAt(head, TABLE_SEGMENT_LIST);
        b.set(list, shl(list, 3));
        b.add({ op: 'copy', to: get(list), from: old, bytes: shl(room, 2) });
        b.add({ op: 'run', call: call(release(module), shr(old, 3)) });
        setCell(b, head, TABLE_SEGMENT_LIST, list);
        setCell(b, head, TABLE_SEGMENT_ROOM, shl(room, 1));
      });
      b.set(at, call(allocate(module), i32(this.layout.segmentWords), i32(n)));
      when(b, eq(at, 0), () => giveBack(b, 0));
      setCell(b, add(cellAt(head, TABLE_SEGMENT_LIST), shl(count, 2)), 0, shl(at, 3));
      setCell(b, head, TABLE_SEGMENTS, add(count, 1));
      giveBack(b, 1);
    });
  }

  /** `taken<n>(id)`: the state of an id, or 0 if it is free. */
  taken(): DefinedFunction {
    const { n, parts } = this;
    return define(this.module, `taken${n}`, { id: 'i32' }, 'i32', (b, { id }) => {
      when(b, ne(cellAt(this.head, TABLE_COUNT), cellAt(this.head, TABLE_IDS)), () => {
        const at = this.bitsOf(b, id);
        when(b, and(shr(cellAt(at), and(id, 31)), 1), () => giveBack(b, 0));
      });
      giveBack(b, stateOf(this.entry(b, get(id)), parts));
    });
  }

  /** Binds the byte address of the cell with the bit that says whether an id is free. */
  private bitsOf(b: Builder, id: Local): Local {
    const { segmentShift, bitsAt } = this.layout;
    const at = local('i32', 'bits');
    const segment = cellAt(add(cellAt(this.head, TABLE_SEGMENT_LIST), shl(shr(id, segmentShift), 2)));
    b.set(at, add(segment, add(8 * bitsAt, shl(shr(and(id, 2 ** segmentShift - 1), 5), 2))));
    return at;
  }

  /** Changes the bit that says whether an id is free. */
  setBit(b: Builder, id: Local, change: (bits: Expression, bit: Expression) => Expression): void {
    const at = this.bitsOf(b, id);
    setCell(b, at, 0, change(cellAt(at), shl(1, and(id, 31))));
  }
}
