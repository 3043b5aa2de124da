// Builds that are broken like the models slots.pml and watch.pml: slot stores, and following their changes.
import type { Fixed } from '../scenario.js';
import { type BrokenBuild, SLOT_INDEX, SLOT_READER, SLOT_WATCH, SLOT_WRITER } from './build.js';

const PLAIN: Fixed = {
  kind: 'slots',
  jitter: true,
  capacity: 2,
  recordWords: 4,
  slots: { keyed: true, readers: 2, followers: 0 },
  writer: { settles: false, dies: false },
};
/** Written for so long that readers are there meanwhile: who comes afterwards would wait for a last value that never shows. */
const LONG: Fixed = { ...PLAIN, milliseconds: 10_000 };
/** Stores that have keys to come most of the time, one after the other. */
const GROWING: Fixed = { ...PLAIN, capacity: 20_000, milliseconds: 20 };
/** Two that follow, and a writer that often waits for them. */
const FOLLOWED: Fixed = {
  ...PLAIN,
  slots: { keyed: false, readers: 0, followers: 2 },
  milliseconds: 60,
  writer: { settles: true, dies: false },
};
const DYING: Fixed = {
  ...PLAIN,
  capacity: 1_000,
  records: 200,
  slots: { keyed: true, readers: 1, followers: 0 },
  writer: { settles: false, dies: true },
};

const EXCHANGE = '    cells.exchange(i32, at, after(i32[at] as number));\n    cells.load(i32, at);\n';
const SHOW = '    if (keys !== undefined) keys.show(slot);\n';
const TELL = '    if (cells.load(i32, slots.cell + WATCHERS) !== 0) this.tell(slot);\n';
const VALIDATE = '      if (cells.load(i32, at) === version) return version;\n';
const COUNT = '  cells.add(i32, cell + RINGS, 1);\n';
const LOAD_RINGS = '      const rings = cells.load(i32, cell + RINGS);\n';
const SAY_SO = '      cells.store(i32, cell + WATCHERS_SLEEP, 1);\n';
const WATCHING = '    memory.cells.add(memory.i32, cell + WATCHERS, 1);\n';

export const SLOTS: readonly BrokenBuild[] = [
  {
    model: 'slots',
    macro: 'PUBLISH_BEFORE_WRITE',
    patches: [
      {
        file: SLOT_WRITER,
        from: 'return slotCopy(slots, slot, after(version));',
        to: 'this.publish(slot);\n    return slotCopy(slots, slot, after(version));',
      },
    ],
    fixed: LONG,
    faults: ['record', 'order'],
  },
  {
    model: 'slots',
    macro: 'LATEST_OVERWRITTEN',
    patches: [
      {
        file: SLOT_WRITER,
        from: 'return slotCopy(slots, slot, after(version));',
        to: 'return slotCopy(slots, slot, version);',
      },
    ],
    fixed: LONG,
    faults: ['record', 'order'],
  },
  {
    model: 'slots',
    macro: 'VALIDATION_SKIPPED',
    patches: [{ file: SLOT_READER, from: VALIDATE, to: '      return version;\n' }],
    fixed: { ...PLAIN, capacity: 1, recordWords: 16 },
    faults: ['record', 'order'],
  },
  {
    model: 'slots',
    macro: 'VALIDATE_BEFORE_COPY',
    patches: [
      { file: SLOT_READER, from: VALIDATE, to: '      if (still === version) return version;\n' },
      {
        file: SLOT_READER,
        from: '      for (let i = 0; i < count;',
        to: '      const still = cells.load(i32, at);\n      for (let i = 0; i < count;',
      },
    ],
    fixed: { ...PLAIN, capacity: 1, recordWords: 16 },
    faults: ['record', 'order'],
  },
  {
    model: 'slots',
    macro: 'KEY_BEFORE_VALUE',
    patches: [{ file: SLOT_WRITER, from: EXCHANGE + SHOW, to: SHOW + EXCHANGE }],
    fixed: GROWING,
    faults: ['record'],
  },
  {
    model: 'slots',
    macro: 'USED_FORGOTTEN',
    patches: [{ file: SLOT_INDEX, from: '=== this.used) this.count();', to: '=== -2) this.count();' }],
    fixed: DYING,
    faults: ['record', 'count'],
  },
  {
    model: 'watch',
    macro: 'TOLD_BEFORE_PUBLISHED',
    patches: [{ file: SLOT_WRITER, from: EXCHANGE + SHOW + TELL, to: TELL + EXCHANGE + SHOW }],
    fixed: FOLLOWED,
    faults: ['hang'],
  },
  {
    model: 'watch',
    macro: 'WATCHER_COUNTED_LATE',
    patches: [
      { file: SLOT_WATCH, from: WATCHING, to: '' },
      {
        file: SLOT_WATCH,
        from: '    this.first = false;\n',
        to: '    if (all) setTimeout(() => memory.cells.add(memory.i32, reader.slots.cell + WATCHERS, 1), 1);\n    this.first = false;\n',
      },
    ],
    fixed: { ...FOLLOWED, records: 3, milliseconds: 20 },
    faults: ['hang'],
  },
  {
    model: 'watch',
    macro: 'BLOCK_LOADED_LAST',
    patches: [
      {
        file: SLOT_WATCH,
        from: '      seenBlocks[block] = grown;\n      if (this.lookAt(block, changed)) any = true;\n',
        to: '      if (this.lookAt(block, changed)) any = true;\n      seenBlocks[block] = memory.cells.load(memory.i32, blocks + block);\n',
      },
    ],
    fixed: FOLLOWED,
    faults: ['hang'],
  },
  {
    model: 'watch',
    macro: 'RING_WITHOUT_COUNT',
    patches: [{ file: SLOT_WATCH, from: COUNT, to: '' }],
    fixed: FOLLOWED,
    faults: ['hang'],
  },
  {
    model: 'watch',
    macro: 'RINGS_LOADED_LATE',
    patches: [{ file: SLOT_WATCH, from: LOAD_RINGS + SAY_SO, to: SAY_SO + LOAD_RINGS }],
    fixed: FOLLOWED,
    faults: ['hang'],
  },
  {
    model: 'watch',
    macro: 'CHANGES_NOT_LOOKED_FOR',
    patches: [{ file: SLOT_WATCH, from: SAY_SO + '      if (this.hasChanges()) return;\n', to: SAY_SO }],
    fixed: FOLLOWED,
    faults: ['hang'],
  },
];
