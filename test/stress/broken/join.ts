// Builds that are broken like the model join.pml: readers that join and leave.
import {
  ADD_VERSION,
  type BrokenBuild,
  COMPARE,
  JOURNAL,
  OWNER,
  PLACE,
  READER,
  VISITED,
  WRITER,
} from './build.js';

export const JOIN: readonly BrokenBuild[] = [
  {
    model: 'join',
    macro: 'STATE_BEFORE_POSITION',
    patches: [
      { file: WRITER, from: PLACE, to: '' },
      { file: WRITER, from: COMPARE, to: COMPARE + PLACE },
    ],
    fixed: VISITED,
    faults: ['count', 'record'],
  },
  {
    model: 'join',
    macro: 'VERSION_BEFORE_STATE',
    patches: [
      { file: JOURNAL, from: `${ADD_VERSION}  return slot;\n`, to: '  return slot;\n' },
      {
        file: JOURNAL,
        from: OWNER,
        to: `${OWNER}${ADD_VERSION}`,
      },
    ],
    fixed: { ...VISITED, visitors: { count: 1, visits: 1_000_000, stays: 2 } },
    faults: ['unplaced', 'hang'],
  },
  {
    model: 'join',
    macro: 'PLACED_WITHOUT_COMPARING',
    patches: [
      { file: WRITER, from: COMPARE, to: '        cells.store(i32, cell + at.READER_STATE, joined);\n' },
    ],
    fixed: VISITED,
    faults: ['hang', 'threw'],
  },
  {
    model: 'join',
    macro: 'PLACED_AT_PUBLISHED',
    patches: [{ file: WRITER, from: PLACE, to: PLACE.replace('this.next', 'this.published') }],
    fixed: { ...VISITED, writer: { ...VISITED.writer, batch: 8 } },
    faults: ['count', 'record'],
  },
  {
    model: 'join',
    macro: 'LEAVE_WITHOUT_VERSION',
    patches: [{ file: JOURNAL, from: `${ADD_VERSION}  const writer`, to: '  const writer' }],
    fixed: { ...VISITED, visitors: { count: 1, visits: 1, stays: 2 } },
    faults: ['hang'],
  },
  {
    model: 'join',
    macro: 'LEAVE_WITHOUT_RING',
    patches: [{ file: JOURNAL, from: '  if (writer !== 0) ring(journal.memory, writer);\n', to: '' }],
    fixed: {
      ...VISITED,
      visitors: { count: 1, visits: 1, stays: 16 },
      writer: { ...VISITED.writer, wait: 'park' },
    },
    faults: ['hang'],
  },
  {
    model: 'join',
    macro: 'END_WAKES_KNOWN_READERS',
    patches: [
      {
        file: WRITER,
        from: '    cells.store(i32, cell + at.END_KIND, kind);\n    this.wake();\n',
        to: '    cells.store(i32, cell + at.END_KIND, kind);\n    for (const bell of this.bells) ring(this.memory, bell);\n',
      },
    ],
    fixed: { ...VISITED, records: 20 },
    faults: ['hang'],
  },
  {
    model: 'join',
    macro: 'DISTANCE_BELOW_ZERO',
    patches: [
      {
        file: READER,
        from: 'return Math.max(0, (this.memory.cells.load(this.memory.i32, this.publishedCell) - this.lo) | 0);',
        to: 'return (this.memory.cells.load(this.memory.i32, this.publishedCell) - this.lo) | 0;',
      },
    ],
    fixed: {
      ...VISITED,
      capacity: 64,
      visitors: { ...VISITED.visitors, stays: 16 },
      writer: { ...VISITED.writer, batch: 64, looks: 1 },
    },
    faults: ['count', 'record'],
  },
  {
    model: 'join',
    macro: 'JOINING_READ',
    patches: [
      {
        file: READER,
        from: 'if (state !== ReaderState.GATING && state !== ReaderState.LAPPED) return false;',
        to: 'if (state === ReaderState.FREE) return false;',
      },
    ],
    fixed: VISITED,
    faults: ['count', 'record'],
  },
];
