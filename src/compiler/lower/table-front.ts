// Guesses at the entry of a key, so that a key that was found lately needs no search: the entry that was found last of all, the one
// that was found after that when it was found before, and the one that has the key's cell by a cheap hash.
//
// They lie in the module's scratch memory: a cell for each value of the hash, and one for each place of an entry, with the byte
// address of an entry, or 0. Whether the entry has the key is looked at each time, so a cell is only a guess.
import { isHalf, type KeyPart } from '../../operator/table-layout.js';
import type { Builder } from './builder.js';
import { add, and, cellAt, eq, setCell, shl, shr, value, when } from './cells.js';
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

interface FrontOptions {
  readonly maxKeys: number;
  /** Bytes from one entry to the next. */
  readonly entryBytes: number;
  /** Whether keys are ever deleted. */
  readonly deletes: boolean;
}

export class TableFront {
  private readonly cells: number;
  private place: Address | undefined;
  private followers: Address | undefined;

  constructor(
    private readonly module: ModuleParts,
    private readonly kinds: readonly KeyPart[],
    private readonly options: FrontOptions,
  ) {
    const { maxKeys } = options;
    this.cells = Math.min(MAX_CELLS, Math.max(MIN_CELLS, 2 ** Math.ceil(Math.log2(2 * maxKeys))));
  }

  /**
   * Sets `state` to the state of a key, or 0.
   *
   * Looked at first are the entry that was found last of all, and its follower: their addresses are known before the key is, so that
   * a processor goes on with them meanwhile. Then the one that the key's cell has.
   *
   * @param search Sets `state`, and `last` if there is one, where neither has the key.
   */
  find(b: Builder, last: Global, key: readonly Expression[], state: Local, search: () => void): void {
    const [before, lately] = [local('i32', 'last'), local('i32', 'lately')];
    const tryGuess = (entry: Local, known: Label, found = () => {}): void => {
      b.block('other', (other) => {
        b.break(other, hasOtherKey(entry, this.kinds, key));
        b.break(other, eq(entry, 0));
        found();
        b.set(state, stateOf(entry, this.kinds));
        b.break(known);
      });
    };
    const keep = () => b.add({ op: 'set', to: last, value: get(lately) });
    b.set(before, get(last));
    b.block('known', (known) => {
      tryGuess(before, known);
      const follower = this.followerOf(b, before);
      if (follower !== undefined) {
        b.set(lately, cellAt(follower));
        tryGuess(lately, known, keep);
      }
      const cell = this.cellOf(b, key);
      b.set(lately, cellAt(cell));
      tryGuess(lately, known, () => {
        keep();
        if (follower !== undefined) setCell(b, follower, 0, lately);
      });
      search();
      when(b, value(state), () => this.keep(b, last, cell, follower));
    });
  }

  /** Lets `search` set `state` without a guess, for guesses at keys that come later. */
  learn(b: Builder, last: Global, key: readonly Expression[], state: Local, search: () => void): void {
    const before = local('i32', 'last');
    b.set(before, get(last));
    search();
    when(b, value(state), () => this.keep(b, last, this.cellOf(b, key), this.followerOf(b, before)));
  }

  /** Keeps the entry found last in the key's cell, and as the follower of the one before. */
  private keep(b: Builder, last: Global, cell: Local, follower: Local | undefined): void {
    setCell(b, cell, 0, get(last));
    if (follower !== undefined) setCell(b, follower, 0, get(last));
  }

  /**
   * Binds the byte address of the cell with the entry that was found after another. None where keys are deleted: who deletes an
   * entry can't tell which cells have it.
   */
  private followerOf(b: Builder, entry: Local): Local | undefined {
    if (this.options.deletes) return undefined;
    this.followers ??= this.module.scratch(4 * this.cells);
    const { address, offset } = this.followers;
    const index = and(shr(entry, Math.floor(Math.log2(this.options.entryBytes))), this.cells - 1);
    const cell = local('i32', 'follower');
    b.set(cell, add(add(address, offset), shl(index, 2)));
    return cell;
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
