// Builds that are broken like the model ring.pml: the ring: slots, their reuse, what is published.
import {
  AWAKE,
  type BrokenBuild,
  CHECKED_READER,
  GATING,
  POSITION,
  PUBLISHED,
  READER,
  SHORT,
  SLEEPY,
  WRITER,
} from './build.js';

export const RING: readonly BrokenBuild[] = [
  {
    model: 'ring',
    macro: 'NO_PUBLISH',
    patches: [{ file: WRITER, from: PUBLISHED, to: '' }],
    fixed: SLEEPY,
    faults: ['hang'],
  },
  {
    model: 'ring',
    macro: 'PUBLISH_BEFORE_WRITE',
    patches: [
      {
        file: WRITER,
        from: '    this.lo = (this.lo + 1) | 0;\n',
        to: '    this.lo = (this.lo + 1) | 0;\n    this.publish();\n',
      },
    ],
    fixed: { ...SLEEPY, readers: [AWAKE], writer: { ...SLEEPY.writer, bulk: false } },
    faults: ['record'],
  },
  {
    model: 'ring',
    macro: 'WRAP_OFF_BY_ONE',
    patches: [
      { file: WRITER, from: 'this.journal.capacity - used;', to: 'this.journal.capacity + 1 - used;' },
    ],
    fixed: SLEEPY,
    faults: ['record'],
  },
  {
    model: 'ring',
    macro: 'SLOT_OFF_BY_ONE',
    patches: [
      { file: READER, from: '((this.lo + i - origin) & mask)', to: '((this.lo + i + 1 - origin) & mask)' },
    ],
    fixed: SLEEPY,
    faults: ['record'],
  },
  {
    model: 'ring',
    macro: 'SLOWEST_FORGOTTEN',
    patches: [{ file: WRITER, from: 'if (behind > used) used = behind;', to: 'used = behind;' }],
    fixed: { ...SLEEPY, readers: [GATING, AWAKE] },
    faults: ['record'],
  },
  {
    model: 'ring',
    macro: 'ADVANCE_BEFORE_READ',
    patches: [
      { file: CHECKED_READER, from: 'reader.address(i) :', to: 'reader.address(i - count) :' },
      { file: CHECKED_READER, from: '    this.reader.advance(count);\n', to: '' },
      {
        file: CHECKED_READER,
        from: '    this.check(count);\n    if (',
        to: '    this.reader.advance(count);\n    this.check(count);\n    if (',
      },
    ],
    fixed: SLEEPY,
    faults: ['record'],
  },
  {
    model: 'ring',
    macro: 'ADVANCE_TOO_FAR',
    patches: [{ file: READER, from: POSITION, to: POSITION.replace('this.sequence', 'this.sequence + 1') }],
    fixed: { ...SLEEPY, readers: [{ ...GATING, slice: 1 }] },
    faults: ['record', 'hang'],
  },
  {
    model: 'ring',
    macro: 'UNSIGNED_DISTANCE',
    patches: [{ file: READER, from: ' - this.lo) | 0);', to: ' - this.lo));' }],
    fixed: { ...SLEEPY, start: 2 ** 31 - 5 },
    faults: ['hang'],
  },
  {
    model: 'ring',
    macro: 'UNCLAIM_KEEPS_SLOT',
    patches: [{ file: WRITER, from: '    this.lo = (this.lo - count) | 0;\n', to: '' }],
    fixed: { ...SLEEPY, writer: { ...SLEEPY.writer, bulk: false, refuses: 5 } },
    faults: ['count', 'record'],
  },
  {
    model: 'ring',
    macro: 'END_BEFORE_PUBLISH',
    patches: [
      {
        file: WRITER,
        from: '    this.publish();\n    cells.store(i32, cell + at.END_KIND, kind);\n',
        to: '    cells.store(i32, cell + at.END_KIND, kind);\n    this.publish();\n',
      },
    ],
    fixed: { ...SHORT, readers: [AWAKE], writer: { ...SHORT.writer, batch: 6 } },
    faults: ['count'],
  },
  {
    model: 'ring',
    macro: 'END_LOADED_LAST',
    patches: [
      {
        file: CHECKED_READER,
        from: '    const end = endKind(this.journal);\n    const count = this.take();\n',
        // Slow between the two, so that much can happen there.
        to:
          '    const count = this.take();\n    pause(this.tools.random);\n' +
          '    const end = endKind(this.journal);\n',
      },
      { file: CHECKED_READER, from: ' && this.reader.available() === 0) this', to: ') this' },
    ],
    fixed: { ...SHORT, readers: [AWAKE, AWAKE], writer: { ...SHORT.writer, batch: 6 } },
    faults: ['count'],
  },
];
