// For each broken model a build of the code that is broken in the same way, and the scenarios in which it has to show.
import type { Patch } from './bundle.mjs';
import type { FaultKind } from './orders.js';
import type { Fixed, ReaderPlan } from './scenario.js';

export interface BrokenBuild {
  /** The model and the macro that breaks it. */
  readonly model: string;
  readonly macro: string;
  readonly patches: readonly Patch[];
  /** Scenarios in which it shows. */
  readonly fixed: Fixed;
  /** As what it may show. */
  readonly faults: readonly FaultKind[];
}

const WRITER = 'src/journal/writer.ts';
const READER = 'src/journal/reader.ts';
const JOURNAL = 'src/journal/journal.ts';
const BELL = 'src/journal/bell.ts';
const SEQUENCE = 'src/journal/sequence.ts';
const COPIES = 'src/engine/lapped-copies.ts';
const CHECKED_READER = 'test/stress/roles/checked-reader.ts';
const RELAY = 'test/stress/roles/relay.ts';
const WAITING = 'test/stress/waiting.ts';

/** One reader that holds the writer back, and sleeps at once. */
const GATING: ReaderPlan = { gating: true, wait: 'park', slice: 8, pauses: 4, leavesAfter: 0 };
/** One that sleeps as rarely as can be without two free cores. */
const AWAKE: ReaderPlan = { ...GATING, wait: 'hybrid' };
const LAPPED: ReaderPlan = { gating: false, wait: 'hybrid', slice: 64, pauses: 4, leavesAfter: 0 };

/** One writer and its readers, nothing else. */
const PLAIN: Fixed = {
  kind: 'journal',
  retain: 'ring',
  jitter: true,
  visitors: { count: 0 },
  relay: null,
  writer: { dies: false, refuses: 0, settles: false },
};
/** Threads that sleep as often as can be. */
const SLEEPY: Fixed = {
  ...PLAIN,
  capacity: 2,
  readers: [GATING],
  writer: { ...PLAIN.writer, wait: 'park', batch: 1 },
};
/** Many short scenarios, each of which has an end. */
const SHORT: Fixed = { ...SLEEPY, capacity: 8, records: 20 };
const RACING: Fixed = { ...PLAIN, capacity: 8, readers: [LAPPED], writer: { ...PLAIN.writer, batch: 4 } };
const VISITED: Fixed = {
  ...PLAIN,
  capacity: 2,
  readers: [],
  visitors: { count: 2, visits: 1_000_000 },
  writer: { ...PLAIN.writer, wait: 'park' },
};
const RETAINED: Fixed = {
  ...PLAIN,
  retain: 'append',
  capacity: 2_000,
  readers: [],
  visitors: { count: 3, visits: 1_000_000 },
  writer: { ...PLAIN.writer, batch: 2, settles: true },
};
const SEQUENCES: Fixed = { kind: 'sequences', jitter: false };

const PUBLISHED =
  '    storeSequence(this.memory, this.journal.cell + at.PUBLISHED, this.published, before);\n';
const CLAIMED = '    storeSequence(this.memory, this.journal.cell + at.CLAIMED, claimed, this.claimed);\n';
const POSITION = '    storeSequence(this.memory, this.cell + at.POSITION, this.sequence, before);\n';
const RING_WRITER =
  '    const writer = this.memory.cells.load(this.memory.i32, this.journal.cell + at.WRITER_BELL);\n' +
  '    if (writer !== 0) ring(this.memory, writer);\n';
const STORED = '    cells.store(i32, cell + HI, hi);\n';
const STORED_LO = '    cells.store(i32, cell + LO, lowBits(sequence));\n';
const STORED_AGAIN = '    cells.store(i32, cell + HI_AGAIN, hi);\n';
const ADD_VERSION = '  cells.add(i32, journal.cell + at.READERS_VERSION, 1);\n';
const PLACE = '        storeSequence(memory, cell + at.POSITION, this.next, -1);\n';
const COMPARE = '        cells.compareExchange(i32, cell + at.READER_STATE, found, joined);\n';

const RING: readonly BrokenBuild[] = [
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
    patches: [{ file: WRITER, from: '    this.lo = (this.lo - 1) | 0;\n', to: '' }],
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
        to: '    const count = this.take();\n    const end = endKind(this.journal);\n',
      },
      { file: CHECKED_READER, from: ' && this.reader.available() === 0) this', to: ') this' },
    ],
    fixed: { ...SHORT, readers: [AWAKE, AWAKE], writer: { ...SHORT.writer, batch: 6 } },
    faults: ['count'],
  },
];

const SLEEP: readonly BrokenBuild[] = [
  {
    model: 'bell',
    macro: 'RING_WITHOUT_STORE',
    patches: [
      {
        file: BELL,
        from: '    cells.store(i32, bell, AWAKE);\n    cells.notify(i32, bell);\n',
        to: '    cells.notify(i32, bell);\n',
      },
    ],
    fixed: SLEEPY,
    faults: ['hang'],
  },
  {
    model: 'bell',
    macro: 'RING_WITHOUT_NOTIFY',
    patches: [{ file: BELL, from: '    cells.notify(i32, bell);\n', to: '' }],
    fixed: SLEEPY,
    faults: ['hang'],
  },
  {
    model: 'bell',
    macro: 'MISSING_RECHECK',
    patches: [{ file: BELL, from: 'if (!isReady()) sleep(i32', to: 'sleep(i32' }],
    fixed: SLEEPY,
    faults: ['hang'],
  },
  {
    model: 'bell',
    macro: 'BELL_SET_LATE',
    patches: [
      {
        file: BELL,
        from: '  cells.store(i32, bell, ASLEEP);\n  if (!isReady()) sleep(i32, bell, ASLEEP, timeoutMs);\n',
        to: '  if (!isReady()) {\n  cells.store(i32, bell, ASLEEP);\n  sleep(i32, bell, ASLEEP, timeoutMs);\n}\n',
      },
    ],
    fixed: SLEEPY,
    faults: ['hang'],
  },
  {
    model: 'bell',
    macro: 'WAKE_BEFORE_STORE',
    patches: [{ file: WRITER, from: `${PUBLISHED}    this.wake();\n`, to: `    this.wake();\n${PUBLISHED}` }],
    fixed: SLEEPY,
    faults: ['hang'],
  },
  {
    model: 'bell',
    macro: 'WAKE_BEFORE_ADVANCE',
    patches: [{ file: READER, from: POSITION + RING_WRITER, to: RING_WRITER + POSITION }],
    fixed: SLEEPY,
    faults: ['hang'],
  },
  {
    model: 'bell',
    macro: 'WRITER_BELL_SET_LATE',
    patches: [
      { file: WAITING, from: '    writer.setBell(bell);\n', to: '' },
      {
        file: WAITING,
        from: '() => writer.look() > 0, FOREVER_MS);',
        to: '() => { const ready = writer.look() > 0; writer.setBell(bell); return ready; }, FOREVER_MS);',
      },
    ],
    fixed: SLEEPY,
    faults: ['hang'],
  },
  {
    model: 'bell',
    macro: 'END_WITHOUT_WAKE',
    patches: [
      {
        file: WRITER,
        from: '    cells.store(i32, cell + at.END_KIND, kind);\n    this.wake();\n',
        to: '    cells.store(i32, cell + at.END_KIND, kind);\n',
      },
    ],
    fixed: SHORT,
    faults: ['hang'],
  },
];

const RELAYED: Fixed = { ...SLEEPY, readers: [AWAKE], relay: { wait: 'park' } };

const CHAIN: readonly BrokenBuild[] = [
  {
    model: 'chain',
    macro: 'ADVANCE_BEFORE_PUBLISH',
    patches: [
      {
        file: RELAY,
        from: '    writer.publish();\n    reader.advance(count);\n',
        to: '    reader.advance(count);\n    writer.publish();\n',
      },
    ],
    fixed: { ...RELAYED, capacity: 64, relay: { wait: 'hybrid' } },
    faults: ['order'],
  },
  {
    model: 'chain',
    macro: 'FULL_UNPUBLISHED',
    patches: [{ file: WAITING, from: '  writer.publish();\n', to: '' }],
    fixed: { ...RELAYED, writer: { ...RELAYED.writer, batch: 4 } },
    faults: ['hang'],
  },
  {
    model: 'chain',
    macro: 'WRITER_BELL_UNSET',
    patches: [
      {
        file: WRITER,
        from: '    this.memory.cells.store(this.memory.i32, this.journal.cell + at.WRITER_BELL, bell);\n',
        to: '',
      },
    ],
    fixed: RELAYED,
    faults: ['hang'],
  },
];

const JOIN: readonly BrokenBuild[] = [
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
        from: '  i32[cell + at.READER_BELL] = options.bell;\n',
        to: `  i32[cell + at.READER_BELL] = options.bell;\n${ADD_VERSION}`,
      },
    ],
    fixed: { ...VISITED, visitors: { count: 1, visits: 1_000_000 } },
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
    faults: ['record'],
  },
  {
    model: 'join',
    macro: 'LEAVE_WITHOUT_VERSION',
    patches: [{ file: JOURNAL, from: `${ADD_VERSION}  const writer`, to: '  const writer' }],
    fixed: { ...VISITED, visitors: { count: 1, visits: 1 } },
    faults: ['hang'],
  },
  {
    model: 'join',
    macro: 'LEAVE_WITHOUT_RING',
    patches: [{ file: JOURNAL, from: '  if (writer !== 0) ring(journal.memory, writer);\n', to: '' }],
    fixed: { ...VISITED, visitors: { count: 1, visits: 1 } },
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
    fixed: { ...VISITED, capacity: 8, writer: { ...VISITED.writer, batch: 8 } },
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

const RETENTION: readonly BrokenBuild[] = [
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
    fixed: { ...RETAINED, capacity: 20 },
    faults: ['hang'],
  },
  {
    model: 'retained',
    macro: 'UNPLACED_LINE_TAKEN',
    patches: [
      {
        file: JOURNAL,
        from: 'if (state === ReaderState.LEFT && placedByWriter) return slot;',
        to: 'if (state === ReaderState.LEFT) return slot;',
      },
    ],
    fixed: RETAINED,
    faults: ['count', 'record'],
  },
  {
    model: 'retained',
    macro: 'VERSION_BEFORE_STATE',
    patches: [
      { file: JOURNAL, from: `${ADD_VERSION}  return slot;\n`, to: '  return slot;\n' },
      {
        file: JOURNAL,
        from: '  i32[cell + at.READER_BELL] = options.bell;\n',
        to: `  i32[cell + at.READER_BELL] = options.bell;\n${ADD_VERSION}`,
      },
    ],
    fixed: { ...RETAINED, visitors: { count: 1, visits: 1_000_000 } },
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

const CURSOR: readonly BrokenBuild[] = [
  {
    model: 'sequence',
    macro: 'STORE_LO_FIRST',
    patches: [{ file: SEQUENCE, from: STORED + STORED_LO, to: STORED_LO + STORED }],
    fixed: SEQUENCES,
    faults: ['sequence'],
  },
  {
    model: 'sequence',
    macro: 'STORE_COPY_EARLY',
    patches: [{ file: SEQUENCE, from: STORED_LO + STORED_AGAIN, to: STORED_AGAIN + STORED_LO }],
    fixed: SEQUENCES,
    faults: ['sequence'],
  },
  {
    model: 'sequence',
    macro: 'STORE_LO_ONLY',
    patches: [{ file: SEQUENCE, from: 'if (hi === Math.floor(before / TWO_32)) {', to: 'if (hi >= 0) {' }],
    fixed: SEQUENCES,
    faults: ['sequence'],
  },
  {
    model: 'sequence',
    macro: 'LOAD_IN_ORDER_OF_STORES',
    patches: [
      {
        file: SEQUENCE,
        from: 'const hi = cells.load(i32, cell + HI_AGAIN);',
        to: 'const hi = cells.load(i32, cell + HI);',
      },
      {
        file: SEQUENCE,
        from: 'if (cells.load(i32, cell + HI) === hi)',
        to: 'if (cells.load(i32, cell + HI_AGAIN) === hi)',
      },
    ],
    fixed: SEQUENCES,
    faults: ['sequence'],
  },
  {
    model: 'sequence',
    macro: 'LOAD_WITHOUT_COPY',
    patches: [{ file: SEQUENCE, from: 'if (cells.load(i32, cell + HI) === hi) return', to: 'return' }],
    fixed: SEQUENCES,
    faults: ['sequence'],
  },
];

const LAPPING: readonly BrokenBuild[] = [
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
        from: 'Math.max(this.published, loadSequence(this.memory, journal.cell + at.CLAIMED))',
        to: 'this.published',
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

export const BROKEN_BUILDS: readonly BrokenBuild[] = [
  ...RING,
  ...SLEEP,
  ...CHAIN,
  ...JOIN,
  ...RETENTION,
  ...CURSOR,
  ...LAPPING,
];
