// Journals between real threads, in short: every record is checked for tearing, loss, repetition and order.
import { beforeAll, describe, expect, it } from 'vitest';
import { bundleStress } from './bundle.mjs';
import { describeRecord, holdsRecord, writeRecord } from './record.js';
import { type Limits, runProgram } from './run-program.js';
import { chooseScenario, ENDINGS, type Fixed, type HistogramPlan, type ReaderPlan } from './scenario.js';

let program = '';

beforeAll(async () => {
  program = await bundleStress('test');
});

/** Runs scenarios, finds no fault in any of them, and returns what was counted. */
async function stress(fixed: Fixed, limits: Limits) {
  const { seed, fault, tally } = await runProgram(program, fixed, limits);
  expect(fault, `seed ${seed}`).toBeUndefined();
  return tally;
}

const GATING: ReaderPlan = { gating: true, wait: 'hybrid', slice: 64, pauses: 0, leavesAfter: 0 };
const LAPPED: ReaderPlan = { ...GATING, gating: false };
/** One writer in good health, readers that stay, as long as it takes. */
const PLAIN: Fixed = {
  kind: 'journal',
  retain: 'ring',
  milliseconds: 600_000,
  jitter: false,
  visitors: { count: 0 },
  relay: null,
  writer: { wait: 'hybrid', dies: false, settles: false },
};

describe('a journal between threads', () => {
  const RECORDS = 20_000;
  const PLACES = [0, 2 ** 31 - 1_000, 2 ** 32 - 1_000, 2 ** 40, 2 ** 53 - 2 ** 32 - 1_000];

  it.each(PLACES)(
    'gives gating readers every record once, in order and whole, from sequence %d on',
    async (start) => {
      const readers = [GATING, { ...GATING, wait: 'park' as const }];
      const fixed: Fixed = { ...PLAIN, capacity: 4, start, readers, records: RECORDS };
      expect(await stress(fixed, { scenarios: 1 })).toEqual({ written: RECORDS, read: 2 * RECORDS, lost: 0 });
    },
    120_000,
  );

  it.each([1, 2, 3, 8])(
    'loses nothing with %d slots, however its threads wait',
    async (capacity) => {
      for (const wait of ['park', 'spin', 'hybrid'] as const) {
        const fixed: Fixed = {
          ...PLAIN,
          capacity,
          readers: [{ ...GATING, wait }],
          records: 2_000,
          writer: { ...PLAIN.writer, wait },
        };
        expect(await stress(fixed, { scenarios: 1 })).toEqual({ written: 2_000, read: 2_000, lost: 0 });
      }
    },
    120_000,
  );

  it.each(PLACES)(
    'never shows a lapped reader a torn record, and counts all that it lost, from sequence %d on',
    async (start) => {
      const fixed: Fixed = { ...PLAIN, capacity: 16, start, readers: [GATING, LAPPED], records: RECORDS };
      const { written, read, lost } = await stress(fixed, { scenarios: 1 });
      expect(written).toBe(RECORDS);
      expect(read + lost).toBe(2 * RECORDS);
    },
    120_000,
  );

  it('never shows a lapped reader a torn record while nobody holds the writer back', async () => {
    const readers = [LAPPED, { ...LAPPED, slice: 1, pauses: 1 }];
    const fixed: Fixed = { ...PLAIN, capacity: 16, readers, records: 1_000_000 };
    const { written, read, lost } = await stress(fixed, { scenarios: 1 });
    expect(written).toBe(1_000_000);
    expect(lost).toBeGreaterThan(0);
    expect(read + lost).toBe(2_000_000);
  }, 120_000);

  it.each<[title: string, fixed: Fixed]>([
    [
      'readers join and leave while it is written',
      { visitors: { count: 4, visits: 1_000_000 }, relay: null },
    ],
    ['a thread passes its records on into another', { relay: { wait: 'park' } }],
    ['it keeps every record, and readers start anywhere', { retain: 'append', visitors: { count: 4 } }],
    ['its writer dies in the middle of a record', { writer: { dies: true }, readers: [GATING, LAPPED] }],
    ['threads pause between any two atomic operations', { jitter: true }],
    ['cursors cross 2^32 all the time', { kind: 'sequences' }],
  ])(
    'loses nothing while %s',
    async (_, fixed) => {
      await stress({ kind: 'journal', ...fixed }, { scenarios: 8 });
    },
    240_000,
  );
});

describe('a journal by hand between threads', () => {
  it.each<[title: string, fixed: Fixed]>([
    ['writers take turns', { byHand: { writers: 2, readers: 1 } }],
    ['readers join in whatever moment', { retain: 'ring', byHand: { writers: 1, readers: 2 } }],
    ['threads pause between any two atomic operations', { jitter: true }],
  ])(
    'has one writer at a time, and shows every record where it belongs, while %s',
    async (_, fixed) => {
      const { written } = await stress({ kind: 'by-hand', ...fixed }, { scenarios: 8 });
      expect(written).toBeGreaterThan(0);
    },
    240_000,
  );
});

describe('a slot store between threads', () => {
  it.each<[title: string, fixed: Fixed]>([
    [
      'one slot is written without a pause',
      { capacity: 1, slots: { keyed: false, readers: 2, followers: 0 } },
    ],
    ['keys are added', { capacity: 20_000, slots: { keyed: true, readers: 2, followers: 1 } }],
    ['its writer dies in the middle of a value', { writer: { dies: true } }],
    [
      'those who follow changes sleep again and again',
      { writer: { settles: true }, slots: { keyed: false, readers: 0, followers: 2 } },
    ],
    ['threads pause between any two atomic operations', { jitter: true }],
  ])(
    'never shows a torn value, and loses no change, while %s',
    async (_, fixed) => {
      const { read } = await stress({ kind: 'slots', ...fixed }, { scenarios: 8 });
      expect(read).toBeGreaterThan(0);
    },
    240_000,
  );
});

describe('a histogram between threads', () => {
  const PLAN = {
    digits: 2,
    owner: 'HAND',
    recorders: 2,
    readers: 1,
    takers: 0,
    takes: false,
    carries: false,
  } as const;
  it.each<[title: string, plan: Partial<HistogramPlan>]>([
    ['several record and others read', { recorders: 3 }],
    ['several begin it anew', { takers: 2 }],
    [
      'who records begins it anew, and others read',
      { owner: 'STAGE', recorders: 1, readers: 2, takes: true },
    ],
    ['counts go beyond 2^31', { digits: 1, takers: 1, carries: true }],
  ])(
    'counts every value once, in one interval, while %s',
    async (_, plan) => {
      for (const jitter of [false, true]) {
        const fixed: Fixed = { kind: 'histogram', jitter, histogram: { ...PLAN, ...plan } };
        const { written } = await stress(fixed, { scenarios: 6 });
        expect(written).toBeGreaterThan(0);
      }
    },
    240_000,
  );
});

describe('marks between threads', () => {
  it.each<[title: string, fixed: Fixed]>([
    ['all are found by readers that hold the writer back', { readers: [GATING, { ...GATING, slice: 1 }] }],
    ['lapped readers find no wrong one', { readers: [LAPPED, GATING], writer: { refuses: 3 } }],
    [
      'rings of four wrap before they are read',
      {
        capacity: 1,
        readers: [LAPPED, { ...LAPPED, slice: 1, pauses: 4 }],
        marks: { every: 1, sizedFor: 1_000 },
      },
    ],
  ])(
    '%s',
    async (_, fixed) => {
      for (const jitter of [false, true]) {
        const { read } = await stress({ kind: 'marks', jitter, ...fixed }, { scenarios: 6 });
        expect(read).toBeGreaterThan(0);
      }
    },
    240_000,
  );
});

describe('a source that is given to a worker', () => {
  it.each(ENDINGS)(
    'loses nothing, ends once, and places whoever comes, where its loop %s',
    async (ending) => {
      const { read } = await stress({ kind: 'handover', handover: { ending } }, { scenarios: 6 });
      expect(read).toBeGreaterThan(0);
    },
    240_000,
  );
});

describe('the stress program', () => {
  it('chooses the same scenario for the same seed, and others for others', () => {
    expect(chooseScenario(7)).toEqual(chooseScenario(7));
    const chosen = Array.from({ length: 400 }, (_, seed) => chooseScenario(seed));
    for (const capacity of [1, 2, 3, 4, 8]) {
      expect(chosen.some((scenario) => scenario.capacity === capacity)).toBe(true);
    }
    const parts = [
      chosen.filter(({ writer }) => writer.dies),
      chosen.filter(({ relay }) => relay !== null),
      chosen.filter(({ retain }) => retain === 'append'),
      chosen.filter(({ kind }) => kind === 'sequences'),
      chosen.filter(({ kind, histogram }) => kind === 'histogram' && histogram.takers > 0),
      chosen.filter(({ kind, readers }) => kind === 'marks' && readers.some(({ gating }) => !gating)),
      chosen.filter(({ readers }) => readers.some(({ gating }) => !gating)),
    ];
    for (const part of parts) expect(part.length).toBeGreaterThan(5);
    for (const { start, records } of chosen) expect(start + records).toBeLessThanOrEqual(2 ** 53);
  });

  it.each([0, 2 ** 31 - 2, 2 ** 32 - 2, 2 ** 53 - 2 ** 32 - 2])(
    'tells the record of every sequence around %d from all others, and from parts of them',
    (first) => {
      const words = 3;
      const i32 = new Int32Array(2 * words);
      for (let written = first; written < first + 5; written++) {
        for (let expected = first; expected < first + 5; expected++) {
          writeRecord(i32, 0, words, written);
          expect(holdsRecord(i32, 0, words, expected)).toBe(written === expected);
          // The first word is another record's.
          writeRecord(i32, 0, 1, expected);
          expect(holdsRecord(i32, 0, words, expected)).toBe(written === expected);
          if (written !== expected) expect(describeRecord(i32, 0, words, expected)).toContain('torn');
        }
      }
    },
  );
});
