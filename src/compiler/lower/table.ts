// A keyed table in a module: functions that find, add and delete keys, made for the parts of its key.
//
// The layout is that of operator/table-layout.ts. JavaScript makes the table and gives it back (table-memory.ts); its header is
// at the imported global `table<n>`. Memory comes from `allocate(words, table)` and goes back with `release(word address)`.
import {
  BUCKET_KEYS,
  type KeyPart,
  TABLE_COUNT,
  TABLE_FREE,
  TABLE_IDS,
  TABLE_SEGMENTS,
  type TableLayout,
  tableLayout,
} from '../../operator/table-layout.js';
import type { Builder } from './builder.js';
import {
  add,
  addToCell,
  and,
  cellAt,
  eq,
  giveBack,
  loopWhile,
  or,
  select,
  setCell,
  setGlobal,
  shr,
  sub,
  value,
  when,
  xor,
} from './cells.js';
import type { ModuleParts } from './context.js';
import { define } from './define.js';
import {
  call,
  type DefinedFunction,
  type Expression,
  type Global,
  get,
  i32,
  type Local,
  local,
} from './ir.js';
import { SlotsAhead } from './table-ahead.js';
import { TableEntries } from './table-entries.js';
import { TableFront } from './table-front.js';
import { grow } from './table-growth.js';
import {
  hashOf,
  hashOfStored,
  hasKey,
  keyPart,
  partType,
  stateOf,
  storedPart,
  storeKey,
} from './table-key.js';
import {
  directoryCell,
  foundOf,
  homeOf,
  type Indexed,
  idOf,
  isFull,
  mayBeOf,
  next,
  place,
  setSlot,
  slotsOf,
} from './table-slots.js';
import { vacate } from './table-vacate.js';

export interface TableOptions {
  /** Its number within the module. */
  readonly n: number;
  readonly parts: readonly KeyPart[];
  readonly stateWords: number;
  readonly maxKeys: number;
  /** Whether keys are ever deleted. */
  readonly deletes: boolean;
}

/** What is remembered of keys for the searches that follow: where the next one's hash is, and how many were searched for. */
export interface Remembered {
  /** A byte address, or 0 where no hash is known. */
  readonly hashes: Global;
  /** Those of keys whose hash was not known, and that were not guessed. */
  readonly searches: Global;
}

/** The code of one table. States and entries go by their byte addresses. */
export class TableCode {
  readonly layout: TableLayout;
  /** The header's byte address: imported. */
  readonly header: Global;
  /** The entry that was found or added last, or 0: its key needs no search. */
  private readonly last: Global;
  /** The hash that was searched for in vain last, and the slot where its search ended; 0 if that is not known. */
  private readonly missed: Global;
  private readonly slot: Global;
  /** Undefined where nobody looks ahead. */
  private remembered: Remembered | undefined;
  private readonly head: Expression;
  private readonly front: TableFront;
  private readonly entries: TableEntries;

  constructor(
    private readonly module: ModuleParts,
    private readonly options: TableOptions,
  ) {
    const { n, parts, stateWords, maxKeys } = options;
    this.layout = tableLayout(parts.length, stateWords, maxKeys);
    this.header = { kind: 'global', type: 'i32', name: `table${n}`, mutable: false };
    this.last = this.own('last');
    this.missed = this.own('missed');
    this.slot = this.own('slot');
    this.head = get(this.header);
    this.entries = new TableEntries(module, n, this.head, this.layout, parts);
    this.front = new TableFront(module, parts, {
      maxKeys,
      entryBytes: 8 * this.layout.entryWords,
      deletes: options.deletes,
    });
  }

  private own(name: string): Global {
    return { kind: 'global', type: 'i32', name: `${name}${this.options.n}`, mutable: true, initial: 0 };
  }

  /** The parts of a key as the functions take them; each is an i32, f64 or i64 as the part has it. */
  key(b: Builder, parts: readonly Expression[]): Expression[] {
    return this.options.parts.map((part, i) => keyPart(b, part, parts[i] as Expression));
  }

  /** The state of a key, or 0. */
  find(b: Builder, key: readonly Expression[]): Expression {
    const state = local('i32', `state${this.options.n}`);
    const { remembered } = this;
    const guess = (): void =>
      this.front.find(b, this.last, key, state, () => {
        if (remembered !== undefined) setGlobal(b, remembered.searches, add(get(remembered.searches), 1));
        this.findHere(b, key, hashOf(b, key), state);
      });
    if (remembered === undefined) guess();
    else {
      const { hashes } = remembered;
      const known = (): void => {
        const hash = local('i32', 'hash');
        b.set(hash, cellAt(get(hashes)));
        setGlobal(b, hashes, add(get(hashes), 4));
        this.front.learn(b, this.last, key, state, () => this.findHere(b, key, hash, state));
      };
      when(b, get(hashes), known, guess);
    }
    return get(state);
  }

  /**
   * Lets searches take hashes that are known before: as many as there are searches until `hashes` is set to 0 again. To be called
   * before the first `find`.
   */
  remember(): Remembered {
    this.remembered ??= { hashes: this.own('hashes'), searches: this.own('searches') };
    return this.remembered;
  }

  /** What looks at the slots of a group of keys ahead. */
  slotsAhead(group: number): SlotsAhead {
    return new SlotsAhead(this.indexed, group);
  }

  /** Looks at the slot where a key is at best; where it is not there, searches for it. */
  private findHere(b: Builder, key: readonly Expression[], hash: Local, state: Local): void {
    const { parts } = this.options;
    const [cell, slot, found] = [local('i32', 'cell'), local('i32', 'slot'), local('i32', 'found')];
    b.set(cell, cellAt(directoryCell(this.head, hash)));
    b.set(slot, homeOf(hash, cell, this.layout));
    b.set(found, cellAt(slot));
    b.block('found', (isFound) => {
      const differs = or(eq(mayBeOf(slot, found, hash, this.layout), 0), eq(found, 0));
      b.block('elsewhere', (elsewhere) => {
        b.break(elsewhere, differs);
        const entry = this.indexed.entryOf(b, found);
        b.break(elsewhere, eq(hasKey(entry, parts, key), 0));
        setGlobal(b, this.last, get(entry));
        b.set(state, stateOf(entry, parts));
        b.break(isFound);
      });
      b.set(state, call(this.search(), ...key, get(hash), get(slot)));
    });
  }

  /**
   * Adds a key: one that `find` has just not found, or that has just been deleted. All words of its state are to be stored.
   *
   * @returns The state, or 0: the table has `maxKeys` keys, or there is no memory left.
   */
  insert(b: Builder, key: readonly Expression[]): Expression {
    return b.pin(call(this.inserted(), ...key), `state${this.options.n}`);
  }

  /** Deletes the key of a state. */
  erase(b: Builder, state: Expression): void {
    b.add({ op: 'run', call: call(this.erased(), state) });
  }

  /** How many keys there are. */
  get count(): Expression {
    return cellAt(this.head, TABLE_COUNT);
  }

  /** Ids are below this. */
  get ids(): Expression {
    return cellAt(this.head, TABLE_IDS);
  }

  /** The state of an id, or 0 if it is free. */
  taken(b: Builder, id: Expression): Expression {
    return b.pin(call(this.entries.taken(), id), `state${this.options.n}`);
  }

  /** A part of a state's key: i32, i64, or the bits of a double. */
  keyOf(state: Expression, i: number): Expression {
    const { parts } = this.options;
    return storedPart(sub(state, 8 * parts.length), parts[i] as KeyPart, i);
  }

  private get indexed(): Indexed {
    const { module, head } = this;
    const { n, parts } = this.options;
    return {
      module,
      n,
      head,
      layout: this.layout,
      entryOf: (b, found) => this.entries.entry(b, idOf(found, this.layout)),
      hashOf: (b, entry) => hashOfStored(b, entry, parts),
    };
  }

  private keyParams(): Record<string, 'i32' | 'i64'> {
    return Object.fromEntries(
      this.options.parts.map((part, i) => [`k${i}`, partType(part) as 'i32' | 'i64']),
    );
  }

  /** `search<n>(parts…, hash, slot)`: the state of a key, or 0; searched for from a slot on. */
  private search(): DefinedFunction {
    const { n, parts } = this.options;
    const params = { ...this.keyParams(), hash: 'i32', slot: 'i32' } as const;
    return define(this.module, `search${n}`, params, 'i32', (b, { hash, slot, ...rest }) => {
      const key = Object.values<Local>(rest).map(get);
      const [cell, found] = [local('i32', 'cell'), local('i32', 'found')];
      b.set(cell, cellAt(directoryCell(this.head, hash)));
      const slots = slotsOf(b, cell);
      b.block('missed', (missed) => {
        loopWhile(
          b,
          () => i32(1),
          () => {
            b.set(found, cellAt(slot));
            b.break(missed, eq(found, 0));
            when(b, mayBeOf(slot, found, hash, this.layout), () => {
              const entry = this.indexed.entryOf(b, found);
              when(b, hasKey(entry, parts, key), () => {
                setGlobal(b, this.last, get(entry));
                giveBack(b, stateOf(entry, parts));
              });
            });
            next(b, slot, slots, this.layout);
          },
        );
      });
      setGlobal(b, this.missed, get(hash));
      setGlobal(b, this.slot, get(slot));
      giveBack(b, 0);
    });
  }

  /** `insert<n>(parts…)`: the state of a new key, or 0. What may find no memory comes first. */
  private inserted(): DefinedFunction {
    const { n, parts, maxKeys, deletes } = this.options;
    const { head, layout, module } = this;
    const { segmentShift } = layout;
    return define(module, `insert${n}`, this.keyParams(), 'i32', (b, params) => {
      const [id, hash] = [local('i32', 'id'), local('i32', 'hash')];
      const [cell, at] = [local('i32', 'cell'), local('i32', 'at')];
      const free = cellAt(head, TABLE_FREE);
      when(b, eq(this.count, maxKeys), () => giveBack(b, 0));
      b.set(id, deletes ? select(free, sub(free, 1), this.ids) : this.ids);
      when(b, eq(shr(id, segmentShift), cellAt(head, TABLE_SEGMENTS)), () => {
        when(b, eq(call(this.entries.addSegment()), 0), () => giveBack(b, 0));
      });
      b.set(hash, get(this.missed));
      const found = foundOf(id, hash, layout);
      const grown = local('i32', 'grown');
      b.set(grown, i32(0));
      b.set(cell, cellAt(directoryCell(head, hash)));
      const slots = slotsOf(b, cell);
      loopWhile(
        b,
        () => isFull(slots, layout),
        () => {
          when(b, eq(call(grow(this.indexed), get(hash)), 0), () => giveBack(b, 0));
          b.set(grown, i32(1));
          b.set(cell, cellAt(directoryCell(head, hash)));
          const longer = slotsOf(b, cell);
          b.set(slots.bucket, get(longer.bucket));
          b.set(slots.start, get(longer.start));
          b.set(slots.end, get(longer.end));
        },
      );
      b.set(at, select(get(grown), 0, get(this.slot)));
      when(
        b,
        value(at),
        () => {
          setSlot(b, at, found, hash, layout);
          addToCell(b, slots.bucket, BUCKET_KEYS, 1);
        },
        () => b.add({ op: 'run', call: call(place(module, layout), get(cell), found, get(hash)) }),
      );
      const entry = this.entries.entry(b, get(id));
      const isNew = (): void => setCell(b, head, TABLE_IDS, add(id, 1));
      if (deletes) {
        when(
          b,
          free,
          () => {
            setCell(b, head, TABLE_FREE, cellAt(entry));
            this.entries.setBit(b, id, (bits, bit) => and(bits, xor(bit, -1)));
          },
          isNew,
        );
      } else isNew();
      storeKey(b, entry, parts, Object.values(params).map(get));
      addToCell(b, head, TABLE_COUNT, 1);
      setGlobal(b, this.last, get(entry));
      giveBack(b, stateOf(entry, parts));
    });
  }

  /** `erase<n>(state)`: deletes the key of a state. */
  private erased(): DefinedFunction {
    const { n, parts } = this.options;
    const { head, module } = this;
    return define(module, `erase${n}`, { state: 'i32' }, undefined, (b, { state }) => {
      const [entry, id] = [local('i32', 'entry'), local('i32', 'id')];
      b.set(entry, sub(state, 8 * parts.length));
      const hash = hashOfStored(b, entry, parts);
      b.set(id, call(vacate(this.indexed), get(entry), get(hash)));
      this.front.forget(b, entry);
      setCell(b, entry, 0, cellAt(head, TABLE_FREE));
      setCell(b, head, TABLE_FREE, add(id, 1));
      this.entries.setBit(b, id, or);
      addToCell(b, head, TABLE_COUNT, -1);
      when(b, eq(get(this.last), entry), () => setGlobal(b, this.last, i32(0)));
      setGlobal(b, this.missed, get(hash));
      setGlobal(b, this.slot, i32(0));
    });
  }
}
