// Builds that break what is measured: histograms and marks, of which there are no models.
import type { Fixed } from '../scenario.js';
import {
  type BrokenBuild,
  GATING,
  HISTOGRAM,
  HISTOGRAM_READER,
  HISTOGRAM_WRITER,
  LAPPED,
  MARKS,
} from './build.js';

const PLAN = { digits: 1, recorders: 1, readers: 1, takers: 0, takes: false, carries: false } as const;
const histogramOf = (plan: Partial<NonNullable<Fixed['histogram']>>): Fixed => ({
  kind: 'histogram',
  jitter: true,
  histogram: { ...PLAN, owner: 'HAND', ...plan },
});
const marksOf = (reader: typeof GATING, sizedFor: number): Fixed => ({
  kind: 'marks',
  jitter: true,
  capacity: 2,
  readers: [reader],
  marks: { every: 2, sizedFor },
  writer: { batch: 2, refuses: 5 },
});

const ADD = 'if (cells.add(i32, at, 1) === GREATEST_COUNT) carry';
const UNCHANGED = '    if (cells.load(i32, cell + BEGUN) === begun) return result;\n';

export const MEASURES: readonly BrokenBuild[] = [
  {
    model: 'histogram',
    macro: 'SHARED_NOT_ATOMIC',
    patches: [
      { file: HISTOGRAM_WRITER, from: ADD, to: 'if ((i32[at] = (i32[at] as number) + 1) < 0) carry' },
    ],
    fixed: histogramOf({ recorders: 3 }),
    faults: ['count'],
  },
  {
    model: 'histogram',
    macro: 'TWO_OWNERS',
    patches: [
      {
        file: HISTOGRAM,
        from: 'return cells.compareExchange(i32, cell + HAS_OWNER, 0, 1) === 0;',
        to: 'return true;',
      },
    ],
    fixed: histogramOf({ recorders: 3 }),
    faults: ['count'],
  },
  {
    model: 'histogram',
    macro: 'CARRY_NOT_ANNOUNCED',
    patches: [
      {
        file: HISTOGRAM_WRITER,
        from: '  cells.add(i32, cell + BEGUN, 1);\n  cells.add(i32, high, 1);',
        to: '  cells.add(i32, high, 1);',
      },
      { file: HISTOGRAM_WRITER, from: '  cells.add(i32, cell + DONE, 1);\n', to: '' },
      { file: HISTOGRAM_READER, from: 'const result = read(begun !== 0);', to: 'const result = read(true);' },
    ],
    fixed: histogramOf({ owner: 'STAGE', carries: true }),
    faults: ['count', 'order'],
  },
  {
    model: 'histogram',
    macro: 'CARRY_FORGOTTEN',
    patches: [{ file: HISTOGRAM_WRITER, from: '  cells.add(i32, high, 1);\n', to: '' }],
    fixed: histogramOf({ recorders: 2, carries: true }),
    faults: ['count', 'order'],
  },
  {
    model: 'histogram',
    macro: 'VALIDATION_SKIPPED',
    patches: [{ file: HISTOGRAM_READER, from: UNCHANGED, to: '    return result;\n' }],
    fixed: histogramOf({ owner: 'STAGE', takes: true, readers: 2 }),
    faults: ['record', 'count'],
  },
  {
    model: 'histogram',
    macro: 'RESET_NOT_ANNOUNCED',
    patches: [
      { file: HISTOGRAM_READER, from: '    cells.add(i32, cell + BEGUN, 1);\n', to: '' },
      { file: HISTOGRAM_READER, from: '    cells.add(i32, cell + DONE, 1);\n', to: '' },
      { file: HISTOGRAM_READER, from: 'const result = read(begun !== 0);', to: 'const result = read(true);' },
    ],
    fixed: histogramOf({ owner: 'STAGE', takes: true, readers: 2 }),
    faults: ['record', 'count'],
  },
  {
    model: 'histogram',
    macro: 'RESETS_TOGETHER',
    patches: [
      {
        file: HISTOGRAM_READER,
        from: 'const isFree = seen % 2 === 0;',
        to: 'const isFree = seen % 1 === 0;',
      },
    ],
    fixed: histogramOf({ recorders: 2, readers: 0, takers: 2 }),
    faults: ['count'],
  },
  {
    model: 'histogram',
    macro: 'TOTALS_READ_LATE',
    patches: [
      {
        file: HISTOGRAM_READER,
        from: '      const count = now[i] as number;\n',
        to: '      const count = totals(histogram, true)[i] as number;\n',
      },
    ],
    fixed: histogramOf({ readers: 0, takers: 1 }),
    faults: ['count'],
  },
  {
    model: 'marks',
    macro: 'VALIDATION_SKIPPED',
    patches: [
      {
        file: MARKS,
        from: 'if (((cells.load(i32, this.head) - this.passed) | 0) < size) {',
        to: 'if (size > 0) {',
      },
    ],
    fixed: marksOf(LAPPED, 1_000),
    faults: ['record'],
  },
  {
    model: 'marks',
    macro: 'LAPPED_LATE',
    patches: [
      {
        file: MARKS,
        from: 'if (((cells.load(i32, this.head) - this.passed) | 0) < size) {',
        to: 'if (((cells.load(i32, this.head) - this.passed) | 0) <= size) {',
      },
      // Time for the writer to get to the mark that is being read: each of these may be followed by a pause.
      {
        file: MARKS,
        from: '        this.time = f64[at + 1] as number;\n',
        to: '        for (let i = 0; i < 16; i++) cells.load(i32, this.head);\n        this.time = f64[at + 1] as number;\n',
      },
    ],
    fixed: marksOf(LAPPED, 1_000),
    faults: ['record'],
  },
  {
    model: 'marks',
    macro: 'NOT_TAKEN_BACK',
    patches: [{ file: MARKS, from: 'this.written = (this.written - 1) | 0;', to: '' }],
    fixed: marksOf(GATING, 1),
    faults: ['record'],
  },
  {
    model: 'marks',
    macro: 'UNPUBLISHED_PASSED',
    patches: [{ file: MARKS, from: 'if (sequence >= end) return end;', to: '' }],
    fixed: { ...marksOf(GATING, 1), capacity: 8, writer: { batch: 8 } },
    faults: ['record'],
  },
  {
    model: 'marks',
    macro: 'RING_TOO_SMALL',
    patches: [
      {
        file: MARKS,
        from: 'Math.min(MAX_MARKS, dense, 2 * capacity + 2)',
        to: 'Math.min(MAX_MARKS, dense, capacity)',
      },
    ],
    fixed: { ...marksOf(GATING, 1), marks: { every: 1, sizedFor: 1 } },
    faults: ['count', 'record'],
  },
];
