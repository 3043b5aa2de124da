// Builds that are broken like the model owner.pml: threads that take turns at writing a journal by hand.
import type { Fixed } from '../scenario.js';
import { type BrokenBuild, OWNER_CELL, WRITER_BY_HAND } from './build.js';

const TURNS: Fixed = {
  kind: 'by-hand',
  retain: 'ring',
  capacity: 8,
  jitter: true,
  milliseconds: 500,
  byHand: { writers: 2, readers: 0 },
  writer: { batch: 4 },
};
/** Readers that come while somebody writes. */
const READ: Fixed = { ...TURNS, capacity: 2, byHand: { writers: 1, readers: 2 } };

export const OWNERSHIP: readonly BrokenBuild[] = [
  {
    model: 'owner',
    macro: 'TAKEN_WITHOUT_COMPARING',
    patches: [
      {
        file: OWNER_CELL,
        from: '    const found = cells.compareExchange(i32, journal.cell + WRITER_OWNER, NOBODY, thread);\n    if (found === NOBODY) return true;\n',
        to: '    const found = cells.load(i32, journal.cell + WRITER_OWNER);\n    if (found === NOBODY) {\n      cells.store(i32, journal.cell + WRITER_OWNER, thread);\n      return true;\n    }\n',
      },
    ],
    fixed: TURNS,
    faults: ['order', 'count'],
  },
  {
    model: 'owner',
    macro: 'LEFT_BEFORE_PUBLISHED',
    patches: [
      { file: WRITER_BY_HAND, from: '    act();\n', to: '    leaveWriting(this.journal);\n    act();\n' },
      {
        file: WRITER_BY_HAND,
        from: '    if (this.here.writer === this.self) this.here.writer = undefined;\n    leaveWriting(this.journal);\n',
        to: '    if (this.here.writer === this.self) this.here.writer = undefined;\n',
      },
    ],
    fixed: TURNS,
    faults: ['count'],
  },
  {
    model: 'owner',
    macro: 'JOINED_WHILE_WRITTEN',
    patches: [
      {
        file: OWNER_CELL,
        from: '  if (!takeWriting(journal, -thread)) return false;\n  try {\n    run();\n  } finally {\n    leaveWriting(journal);\n  }\n',
        to: '  void thread;\n  run();\n',
      },
    ],
    fixed: READ,
    faults: ['record', 'count'],
  },
];
