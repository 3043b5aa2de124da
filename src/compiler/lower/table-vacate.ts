// Takes an entry's slot out of a table's index in a module, by Knuth's algorithm R: nothing is left in its place.
import { BUCKET_KEYS } from '../../operator/table-layout.js';
import {
  addToCell,
  and,
  cellAt,
  eq,
  giveBack,
  le,
  loopWhile,
  lt,
  or,
  select,
  setCell,
  sub,
  when,
  xor,
} from './cells.js';
import { type DefinedFunction, get, i32, local } from './ir.js';
import { define, directoryCell, homeOf, type Indexed, next, slotsOf, tagOf } from './table-index.js';

/** `vacate<n>(entry, hash)`: takes an entry's slot out of the index, moves back what follows it, and gives its id. */
export function vacate(table: Indexed): DefinedFunction {
  const { module, n, head, idMask } = table;
  return define(module, `vacate${n}`, { entry: 'i32', hash: 'i32' }, 'i32', (b, { entry, hash }) => {
    const [cell, hole, found] = [local('i32', 'cell'), local('i32', 'hole'), local('i32', 'found')];
    b.set(cell, cellAt(directoryCell(head, hash)));
    const slots = slotsOf(b, cell);
    b.set(hole, homeOf(hash, cell));
    b.block('found', (isFound) => {
      loopWhile(
        b,
        () => i32(1),
        () => {
          b.set(found, cellAt(hole));
          const same = eq(and(xor(found, tagOf(hash)), ~idMask), 0);
          when(b, same, () => b.break(isFound, eq(table.entryOf(b, found), entry)));
          next(b, hole, slots);
        },
      );
    });
    const [id, slot, home] = [local('i32', 'id'), local('i32', 'slot'), local('i32', 'home')];
    b.set(id, sub(and(found, idMask), 1));
    b.set(slot, get(hole));
    b.block('done', (done) => {
      b.loop('again', (again) => {
        next(b, slot, slots);
        b.set(found, cellAt(slot));
        b.break(done, eq(found, 0));
        b.set(home, homeOf(table.hashOf(b, table.entryOf(b, found)), cell));
        // It stays where its search, from its home on, would not pass the hole.
        const after = lt(hole, home);
        const before = le(home, slot);
        b.break(again, select(lt(hole, slot), and(after, before), or(after, before)));
        setCell(b, hole, 0, found);
        b.set(hole, get(slot));
        b.break(again);
      });
    });
    setCell(b, hole, 0, 0);
    addToCell(b, slots.bucket, BUCKET_KEYS, -1);
    giveBack(b, id);
  });
}
