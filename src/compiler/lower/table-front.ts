// A few entries of a table by a cheap hash of their keys: a key that was found lately needs no search.
//
// It lies in the module's scratch memory: a cell for each value of the hash, with the byte address of the entry that was
// found there last, or 0. Whether the entry has the key is looked at each time, so a cell is only a guess.
import { isHalf, type KeyPart } from '../../operator/table-layout.js';
import type { Builder } from './builder.js';
import { add, cellAt, eq, setCell, shl, value, when } from './cells.js';
import type { Address, ModuleParts } from './context.js';
import {
  binary,
  type Expression,
  type Global,
  get,
  i64,
  type Label,
  type Local,
  local,
  unary,
} from './ir.js';
import { stateOf, storedPart } from './table-key.js';

/** 16 KiB: about half of what a core has at hand. */
const MAX_CELLS = 4096;
const MIN_CELLS = 16;

/** Odd numbers whose products have their high bits from all bits of a part; the first is 2^64 / φ. */
const FACTORS = [0x9e3779b97f4a7c15n, 0xd6e8feb86659fd93n, 0xff51afd7ed558ccdn, 0xc4ceb9fe1a85ec53n];

export class TableFront {
  private readonly cells: number;
  private place: Address | undefined;

  constructor(
    private readonly module: ModuleParts,
    private readonly kinds: readonly KeyPart[],
    maxKeys: number,
  ) {
    this.cells = Math.min(MAX_CELLS, Math.max(MIN_CELLS, 2 ** Math.ceil(Math.log2(2 * maxKeys))));
  }

  /**
   * Sets `state` to the state of a key, or 0.
   *
   * Looked at first is the entry that was found last of all: its address is known before the key is, so that a processor goes
   * on with it meanwhile. Then the one that the key's cell has.
   *
   * @param search Sets `state`, and `last` if there is one, where neither has the key.
   */
  find(b: Builder, last: Global, key: readonly Expression[], state: Local, search: () => void): void {
    const [before, lately] = [local('i32', 'last'), local('i32', 'lately')];
    const take = (entry: Local, known: Label): void => {
      b.set(state, stateOf(entry, this.kinds));
      b.break(known);
    };
    b.set(before, get(last));
    b.block('known', (known) => {
      b.block('other', (other) => {
        b.break(other, hasOtherKey(before, this.kinds, key));
        b.break(other, eq(before, 0));
        take(before, known);
      });
      const cell = this.cellOf(b, key);
      b.set(lately, cellAt(cell));
      b.block('other', (other) => {
        b.break(other, hasOtherKey(lately, this.kinds, key));
        b.break(other, eq(lately, 0));
        b.add({ op: 'set', to: last, value: get(lately) });
        take(lately, known);
      });
      search();
      when(b, value(state), () => setCell(b, cell, 0, get(last)));
    });
  }

  /** Binds the byte address of the cell of a key. */
  private cellOf(b: Builder, key: readonly Expression[]): Local {
    this.place ??= this.module.scratch(4 * this.cells);
    const { address, offset } = this.place;
    const sum = this.kinds
      .map((kind, i) =>
        binary('i64.mul', wide(kind, key[i] as Expression), i64(FACTORS[i % FACTORS.length] as bigint)),
      )
      .reduce((a, product) => binary('i64.add', a, product));
    const bits = binary('i64.shr_u', this.mixed(b, sum), i64(BigInt(64 - Math.log2(this.cells))));
    const index = unary('i32.wrap_i64', bits);
    const cell = local('i32', 'front');
    b.set(cell, add(add(address, offset), shl(index, 2)));
    return cell;
  }

  /**
   * A sum of products, mixed once more where there are several: multiples of one number lie far apart from each other, but those of
   * a second part are the same pattern moved by a bit, and may fall on it.
   */
  private mixed(b: Builder, sum: Expression): Expression {
    if (this.kinds.length === 1) return sum;
    const mix = local('i64', 'mix');
    b.set(mix, sum);
    b.set(mix, binary('i64.xor', get(mix), binary('i64.shr_u', get(mix), i64(32n))));
    return binary('i64.mul', get(mix), i64(FACTORS[0] as bigint));
  }

  /** Forgets an entry, whose key is still stored. */
  forget(b: Builder, entry: Local): void {
    const key = this.kinds.map((kind, i) => storedPart(entry, kind, i));
    const cell = this.cellOf(b, key);
    when(b, eq(cellAt(cell), entry), () => setCell(b, cell, 0, 0));
  }
}

function wide(kind: KeyPart, part: Expression): Expression {
  return isHalf(kind) ? unary('i64.extend_i32_u', part) : part;
}

/** Whether the entry at a byte address has another key. All parts are looked at, without a branch. */
function hasOtherKey(entry: Local, kinds: readonly KeyPart[], key: readonly Expression[]): Expression {
  const [kind] = kinds;
  if (kinds.length === 1 && kind !== undefined)
    return binary(isHalf(kind) ? 'i32.ne' : 'i64.ne', storedPart(entry, kind, 0), key[0] as Expression);
  const differences = kinds.map((part, i) => {
    const [stored, own] = [storedPart(entry, part, i), key[i] as Expression];
    return isHalf(part)
      ? unary('i64.extend_i32_u', binary('i32.xor', stored, own))
      : binary('i64.xor', stored, own);
  });
  return binary(
    'i64.ne',
    differences.reduce((a, difference) => binary('i64.or', a, difference)),
    i64(0n),
  );
}
