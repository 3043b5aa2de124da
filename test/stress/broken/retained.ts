// Builds that are broken like the model retained.pml: journals that keep every record.
import { ADD_VERSION, type BrokenBuild, JOURNAL, OWNER, PUBLISHED, RETAINED, WRITER } from './build.js';

export const RETENTION: readonly BrokenBuild[] = [
  {
    model: 'retained',
    macro: 'PUBLISH_WAKES_KNOWN_READERS',
    patches: [
      {
        file: WRITER,
        from: `${PUBLISHED}    this.wake();\n`,
        to: `${PUBLISHED}    for (const bell of this.bells) ring(this.memory, bell);\n`,
      },
    ],
    fixed: {
      ...RETAINED,
      capacity: 20_000,
      visitors: { ...RETAINED.visitors, stays: 16 },
      writer: { ...RETAINED.writer, looks: 0 },
    },
    faults: ['hang'],
  },
  {
    model: 'retained',
    macro: 'UNPLACED_LINE_TAKEN',
    patches: [
      {
        file: JOURNAL,
        from: 'of placedByWriter ? [LEFT, FREE] : [FREE])',
        to: 'of [LEFT, FREE])',
      },
    ],
    fixed: { ...RETAINED, capacity: 20_000, visitors: { count: 2, visits: 1_000_000, stays: 1 } },
    faults: ['count', 'record'],
  },
  {
    model: 'retained',
    macro: 'VERSION_BEFORE_STATE',
    patches: [
      { file: JOURNAL, from: `${ADD_VERSION}  return slot;\n`, to: '  return slot;\n' },
      {
        file: JOURNAL,
        from: OWNER,
        to: `${OWNER}${ADD_VERSION}`,
      },
    ],
    fixed: { ...RETAINED, visitors: { count: 1, visits: 1_000_000, stays: 2 } },
    faults: ['unplaced', 'hang'],
  },
  {
    model: 'retained',
    macro: 'FULL_LATE',
    patches: [
      { file: WRITER, from: 'this.next - this.journal.start;', to: 'this.next - this.journal.start - 1;' },
    ],
    fixed: { ...RETAINED, capacity: 20 },
    faults: ['count'],
  },
];
