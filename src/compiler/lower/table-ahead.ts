// Looks at the slots of several keys of a table, then at the entries that they lead to, so that the searches that follow find
// both at hand; and keeps the hashes for them.
import { SIZE_MASK } from '../../operator/table-layout.js';
import type { Builder } from './builder.js';
import { add, and, cellAt, loopWhile, ne, or, select, setCell, shl, sub } from './cells.js';
import type { Address } from './context.js';
import { type Expression, get, i32, type Local, local } from './ir.js';
import { hashOf } from './table-key.js';
import { directoryCell, homeOf, type Indexed, mayBeOf } from './table-slots.js';

/** Adds the parts of a function that looks ahead. */
export class SlotsAhead {
  private readonly at = local('i32', 'at');
  private readonly seen = local('i32', 'seen');
  private readonly memory: Address;

  /** @param group For how many keys there is room. */
  constructor(
    private readonly table: Indexed,
    private readonly group: number,
  ) {
    // A hash for each key, a slot for each key, and what was seen, so that no engine leaves a look out.
    this.memory = table.module.scratch(8 * group + 8);
  }

  /** Where the hashes are: a cell for each key. */
  get hashes(): Expression {
    return add(this.memory.address, this.memory.offset);
  }

  begin(b: Builder): void {
    b.set(this.at, this.hashes);
    b.set(this.seen, i32(0));
  }

  /** Looks at the slot of the next key, and at the head of its bucket. */
  slot(b: Builder, key: readonly Expression[]): void {
    const { at, seen, table } = this;
    const hash = hashOf(b, key);
    const [cell, slot] = [local('i32', 'cell'), local('i32', 'slot')];
    b.set(cell, cellAt(directoryCell(table.head, hash)));
    b.set(slot, homeOf(hash, cell, table.layout));
    setCell(b, at, 0, hash);
    setCell(b, at, this.group, slot);
    b.set(seen, add(seen, or(cellAt(slot), cellAt(and(cell, ~SIZE_MASK)))));
    b.set(at, add(at, 4));
  }

  /** Looks at the entries of the keys whose slots seem to be theirs. */
  entries(b: Builder, keys: Local): void {
    const { at, seen, table } = this;
    const [hash, slot, found] = [local('i32', 'hash'), local('i32', 'slot'), local('i32', 'found')];
    const end = local('i32', 'end');
    b.set(end, get(at));
    b.set(at, sub(at, shl(keys, 2)));
    loopWhile(
      b,
      () => ne(at, end),
      () => {
        b.set(hash, cellAt(at));
        b.set(slot, cellAt(at, this.group));
        b.set(found, cellAt(slot));
        const own = and(mayBeOf(slot, found, hash, table.layout), ne(found, 0));
        // The first entry, which is at hand, instead of another key's.
        b.set(found, select(own, found, 1));
        b.set(seen, add(seen, cellAt(table.entryOf(b, found))));
        b.set(at, add(at, 4));
      },
    );
    setCell(b, this.hashes, 2 * this.group, seen);
  }
}
