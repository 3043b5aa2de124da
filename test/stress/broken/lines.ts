// Builds that are broken like the model lines.pml: threads that take readers' lines at the same time.
import type { Fixed } from '../scenario.js';
import { ADD_VERSION, type BrokenBuild, JOURNAL, VISITED, WRITER } from './build.js';

/** Two threads that join and leave as often as they can. */
const CROWDED: Fixed = { ...VISITED, visitors: { count: 2, visits: 1_000_000, stays: 2, threads: 2 } };
const BELL = '  i32[cell + at.READER_BELL] = options.bell ?? cell + at.READER_OWN_BELL;\n';
/** Time for the writer to see the reader: each of these may be followed by a pause. */
const MEANWHILE = '  for (let i = 0; i < 64; i++) cells.load(i32, cell);\n';

export const LINES: readonly BrokenBuild[] = [
  {
    model: 'lines',
    macro: 'TAKEN_BY_STORE',
    patches: [
      {
        file: JOURNAL,
        from: '      if (cells.compareExchange(i32, state, wanted, TAKEN) === wanted) return slot;\n',
        to: '      cells.store(i32, state, TAKEN);\n      return slot;\n',
      },
    ],
    fixed: CROWDED,
    faults: ['record', 'count', 'unplaced', 'hang', 'threw'],
  },
  {
    model: 'lines',
    macro: 'FREED_WITHOUT_COMPARING',
    patches: [
      {
        file: WRITER,
        from: '        cells.compareExchange(i32, cell + at.READER_STATE, ReaderState.LEFT, ReaderState.FREE);\n',
        to: '        cells.store(i32, cell + at.READER_STATE, ReaderState.FREE);\n',
      },
    ],
    fixed: CROWDED,
    faults: ['record', 'count', 'unplaced', 'hang', 'threw'],
  },
  {
    model: 'lines',
    macro: 'BELL_AFTER_VERSION',
    patches: [
      { file: JOURNAL, from: BELL, to: '' },
      {
        file: JOURNAL,
        from: `${ADD_VERSION}  return slot;\n`,
        to: `${ADD_VERSION}${MEANWHILE}${BELL}  return slot;\n`,
      },
    ],
    // Short ones: a reader with another's bell hangs only if nobody joins or leaves after it.
    fixed: { ...CROWDED, milliseconds: 4, visitors: { count: 1, visits: 2, stays: 16, threads: 2 } },
    faults: ['hang'],
  },
];
