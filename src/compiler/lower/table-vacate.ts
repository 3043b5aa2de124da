// Takes an entry's slot out of a table's index in a module, by Knuth's algorithm R: nothing is left in its place.
import { BUCKET_KEYS, SIZE_FULL, SIZE_MASK } from '../../operator/table-layout.js';
import type { Builder } from './builder.js';
import {
  add,
  addToCell,
  and,
  cellAt,
  eq,
  giveBack,
  gt,
  le,
  loopWhile,
  lt,
  mul,
  or,
  select,
  setCell,
  shl,
  shr,
  sub,
  when,
} from './cells.js';
import { define } from './define.js';
import { binary, type DefinedFunction, type Expression, get, i32, type Local, local } from './ir.js';
import {
  directoryCell,
  homeOf,
  type Indexed,
  idOf,
  mayBeOf,
  next,
  type Slots,
  setSlot,
  slotShift,
  slotsOf,
} from './table-slots.js';

/** `vacate<n>(entry, hash)`: takes an entry's slot out of the index, moves back what follows it, and gives its id. */
export function vacate(table: Indexed): DefinedFunction {
  const { module, n, head, layout } = table;
  return define(module, `vacate${n}`, { entry: 'i32', hash: 'i32' }, 'i32', (b, { entry, hash }) => {
    const [cell, hole, found] = [local('i32', 'cell'), local('i32', 'hole'), local('i32', 'found')];
    b.set(cell, cellAt(directoryCell(head, hash)));
    const slots = slotsOf(b, cell);
    b.set(hole, homeOf(hash, cell, layout));
    b.block('found', (isFound) => {
      loopWhile(
        b,
        () => i32(1),
        () => {
          b.set(found, cellAt(hole));
          when(b, mayBeOf(hole, found, hash, layout), () =>
            b.break(isFound, eq(table.entryOf(b, found), entry)),
          );
          next(b, hole, slots, layout);
        },
      );
    });
    const id = local('i32', 'id');
    b.set(id, idOf(found, layout));
    if (layout.slotCells === 2) closeWide(table, b, cell, slots, hole);
    else closeNarrow(table, b, cell, slots, hole);
    setCell(b, hole, 0, 0);
    addToCell(b, slots.bucket, BUCKET_KEYS, -1);
    giveBack(b, id);
  });
}

/** Whether a slot is still found where the one at `hole`, which comes before it, is free: its search does not pass that. */
function staysAt(slot: Local, home: Local, hole: Local): Expression {
  const after = lt(hole, home);
  const before = le(home, slot);
  return select(lt(hole, slot), and(after, before), or(after, before));
}

/** Moves back what follows a hole, until nothing is to be moved: the hole is then where the last one was. */
function closeWide({ layout }: Indexed, b: Builder, cell: Local, slots: Slots, hole: Local): void {
  const [slot, found] = [local('i32', 'slot'), local('i32', 'found')];
  const [hash, home] = [local('i32', 'hash'), local('i32', 'home')];
  b.set(slot, get(hole));
  b.block('done', (done) => {
    b.loop('again', (again) => {
      next(b, slot, slots, layout);
      b.set(found, cellAt(slot));
      b.break(done, eq(found, 0));
      b.set(hash, cellAt(slot, 1));
      b.set(home, homeOf(hash, cell, layout));
      b.break(again, staysAt(slot, home, hole));
      setSlot(b, hole, found, hash, layout);
      b.set(hole, get(slot));
      b.break(again);
    });
  });
}

/** The same for narrow slots, whose tags mostly tell whether they stay: entries are read only where they do not. */
function closeNarrow(table: Indexed, b: Builder, cell: Local, slots: Slots, hole: Local): void {
  const { layout } = table;
  const { idMask, tagShift } = layout;
  const [slot, found, home] = [local('i32', 'slot'), local('i32', 'found'), local('i32', 'home')];
  b.set(slot, get(hole));
  const first = firstOfRun(b, cell, hole, slots);
  const count = shr(sub(slots.end, slots.start), slotShift(layout));
  const numberOf = (of: Local): Expression => shr(sub(of, slots.start), slotShift(layout));
  // High halves of hashes from which on slots come from behind the hole, and such of them as may have another before it.
  const [behind, both, high] = [local('i32', 'behind'), local('i32', 'both'), local('i32', 'high')];
  const reach = 2 ** (16 - tagShift);
  b.set(behind, highHalf(add(numberOf(hole), 1), count));
  b.set(both, add(highHalf(numberOf(first), count), reach));
  const moveOn = (): void => {
    setCell(b, hole, 0, found);
    b.set(hole, get(slot));
    b.set(behind, highHalf(add(numberOf(hole), 1), count));
  };
  b.block('done', (done) => {
    b.loop('again', (again) => {
      next(b, slot, slots, layout);
      b.set(found, cellAt(slot));
      b.break(done, eq(found, 0));
      when(b, le(first, slot), () => {
        // The next one that the tag may be of; or else the one before.
        const tag = shr(and(found, ~idMask), tagShift + 16);
        b.set(high, add(behind, and(sub(tag, behind), reach - 1)));
        when(
          b,
          gt(shr(mul(high, count), 16), numberOf(slot)),
          () => {
            moveOn();
            b.break(again);
          },
          () => b.break(again, lt(high, both)),
        );
      });
      b.set(home, homeOf(table.hashOf(b, table.entryOf(b, found)), cell, layout));
      b.break(again, staysAt(slot, home, hole));
      moveOn();
      b.break(again);
    });
  });
}

/** The least high half of a hash whose home is a slot, counted from 0, or behind it. */
function highHalf(slot: Expression, count: Expression): Expression {
  return binary('i32.div_u', sub(add(shl(slot, 16), count), 1), count);
}

/**
 * The first slot of the run that a slot is in: slots from there on, up to the bucket's end, are where no search has come round
 * the end. The bucket's end if the run itself comes round, and for buckets whose tags say nothing.
 */
function firstOfRun(b: Builder, cell: Local, hole: Local, slots: Slots): Local {
  const first = local('i32', 'first');
  b.set(first, get(hole));
  loopWhile(
    b,
    () => select(lt(slots.start, first), cellAt(sub(first, 4)), 0),
    () => b.set(first, sub(first, 4)),
  );
  const comesRound = select(eq(first, slots.start), cellAt(sub(slots.end, 4)), 0);
  when(b, or(comesRound, gt(and(cell, SIZE_MASK), SIZE_FULL)), () => b.set(first, get(slots.end)));
  return first;
}
