// Builds that are broken like the model lapped.pml: readers that may be lapped.
import { type BrokenBuild, CLAIMED, COPIES, PUBLISHED, RACING, READER, WRITER } from './build.js';

export const LAPPING: readonly BrokenBuild[] = [
  {
    model: 'lapped',
    macro: 'CLAIM_NOT_ANNOUNCED',
    patches: [{ file: WRITER, from: CLAIMED, to: '' }],
    fixed: RACING,
    faults: ['record'],
  },
  {
    model: 'lapped',
    macro: 'ANNOUNCE_AFTER_WRITE',
    patches: [
      { file: WRITER, from: CLAIMED, to: '' },
      {
        file: WRITER,
        from: PUBLISHED,
        to: `    storeSequence(this.memory, this.journal.cell + at.CLAIMED, this.claimed, -1);\n${PUBLISHED}`,
      },
    ],
    fixed: RACING,
    faults: ['record'],
  },
  {
    model: 'lapped',
    macro: 'ANNOUNCE_TOO_LITTLE',
    patches: [{ file: WRITER, from: 'claimed, this.claimed);\n', to: 'claimed - 1, this.claimed);\n' }],
    fixed: RACING,
    faults: ['record'],
  },
  {
    model: 'lapped',
    macro: 'VALIDATION_SKIPPED',
    patches: [
      { file: READER, from: 'return Math.min(count, Math.max(0, oldest - this.sequence));', to: 'return 0;' },
    ],
    fixed: RACING,
    faults: ['record'],
  },
  {
    model: 'lapped',
    macro: 'VALIDATE_BEFORE_COPY',
    patches: [
      { file: COPIES, from: '      const lost = reader.lost(count);\n', to: '' },
      {
        file: COPIES,
        from: '      for (let i = 0; i < count',
        to: '      const lost = reader.lost(count);\n      for (let i = 0; i < count',
      },
    ],
    fixed: RACING,
    faults: ['record'],
  },
  {
    model: 'lapped',
    macro: 'OLDEST_OFF_BY_ONE',
    patches: [
      { file: READER, from: 'claimed - this.journal.capacity;', to: 'claimed - this.journal.capacity - 1;' },
    ],
    fixed: RACING,
    faults: ['record'],
  },
  {
    model: 'lapped',
    macro: 'OLDEST_BEYOND_PUBLISHED',
    patches: [
      {
        file: READER,
        from: 'return Math.min(published, Math.max(',
        to: 'return Math.max(published * 0, Math.max(',
      },
    ],
    fixed: { ...RACING, records: 200, writer: { ...RACING.writer, batch: 32, dies: true } },
    faults: ['count'],
  },
  {
    model: 'lapped',
    macro: 'CLAIMS_FORGOTTEN',
    patches: [
      {
        file: WRITER,
        from: 'this.claimed = loadSequence(this.memory, journal.cell + at.CLAIMED);',
        to: 'this.claimed = this.published;',
      },
    ],
    fixed: { ...RACING, records: 200, writer: { ...RACING.writer, batch: 32, dies: true } },
    faults: ['record'],
  },
  {
    model: 'lapped',
    macro: 'LOSS_NOT_COUNTED',
    patches: [{ file: COPIES, from: '    this.dropped += count;\n', to: '' }],
    fixed: RACING,
    faults: ['count'],
  },
];
