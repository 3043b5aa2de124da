// Scenarios: one journal, who writes it, who reads it and how, all chosen by a seed.
import type { HistogramDigits, Retain, WaitStrategy } from '../../src/journal/index.js';
import { Random } from './random.js';

export interface ReaderPlan {
  readonly gating: boolean;
  readonly wait: WaitStrategy;
  /** Most records that are taken at a time. */
  readonly slice: number;
  /** A pause once in so many batches; 0 for none. */
  readonly pauses: number;
  /** Records after which it leaves; 0 if it stays until the end. */
  readonly leavesAfter: number;
}

export interface WriterPlan {
  readonly wait: WaitStrategy;
  /** Records that are claimed before they are published, at most. */
  readonly batch: number;
  /** Slots are claimed in runs rather than one by one. */
  readonly bulk: boolean;
  /** It looks at its readers without need, as a stage does before every batch, once in so many claims; 0 for never. */
  readonly looks: number;
  /** A claimed slot is written in part and taken back, once in so many records; 0 for never. */
  readonly refuses: number;
  /** Now and then, and before it ends, it waits until all readers have read what it published. */
  readonly settles: boolean;
  /** It dies in the middle of a record, and another ends the journal in its place. */
  readonly dies: boolean;
}

export interface VisitorsPlan {
  readonly count: number;
  /** How often each of them joins. */
  readonly visits: number;
  /** For how many turns it stays, on average. */
  readonly stays: number;
  /** How many threads have so many of them each. */
  readonly threads: number;
}

export interface HistogramPlan {
  readonly digits: HistogramDigits;
  /** Who records: one thread in the place of a stage, or several by hand. */
  readonly owner: 'STAGE' | 'HAND';
  readonly recorders: number;
  readonly readers: number;
  /** Threads that reset it. */
  readonly takers: number;
  /** The one that records resets it too. */
  readonly takes: boolean;
  /** Counts go beyond 2^31 now and then. */
  readonly carries: boolean;
}

export interface Scenario {
  readonly kind: 'journal' | 'sequences' | 'slots' | 'by-hand' | 'histogram' | 'marks' | 'handover';
  readonly seed: number;
  readonly capacity: number;
  readonly retain: Retain;
  readonly recordWords: number;
  /** The sequence of the first record. */
  readonly start: number;
  /** Ends after so many records or so many milliseconds, whichever comes first. */
  readonly records: number;
  readonly milliseconds: number;
  /** Every thread pauses at random between two of its atomic operations. */
  readonly jitter: boolean;
  readonly writer: WriterPlan;
  /** There from the first record on, each in a thread of its own. */
  readonly readers: readonly ReaderPlan[];
  /** Readers that join and leave while the writer runs. */
  readonly visitors: VisitorsPlan;
  /** The readers read another journal, into which a thread passes on every record of the first. */
  readonly relay: { readonly wait: WaitStrategy } | null;
  /** Of a slot store: its slots have keys; threads that read, and that follow changes. */
  readonly slots: { readonly keyed: boolean; readonly readers: number; readonly followers: number };
  /** Of a journal by hand: threads that take turns at writing it, and threads that join and leave. */
  readonly byHand: { readonly writers: number; readonly readers: number };
  readonly histogram: HistogramPlan;
  /** Marks: of how many records one has a mark, and for how many records to one the ring has room. */
  readonly marks: { readonly every: number; readonly sizedFor: number };
  /** Of a source that is given to a worker: how its loop comes to its end. */
  readonly handover: { readonly ending: Ending };
}

/** How the loop of a worker that a source was given to comes to its end, or what is done to it meanwhile. */
export const ENDINGS = ['returns', 'throws', 'fails', 'dies', 'is stopped', 'is removed'] as const;
export type Ending = (typeof ENDINGS)[number];

/** What a run fixes of every scenario; parts that are objects are fixed field by field. */
export type Fixed = Partial<Omit<Scenario, 'writer' | 'visitors'>> & {
  readonly writer?: Partial<WriterPlan>;
  readonly visitors?: Partial<VisitorsPlan>;
};

const TWO_31 = 2 ** 31;
const TWO_32 = 2 ** 32;
/** One scenario in 29 is about sequences alone, three are about slot stores, two about journals by hand, one about hand-overs, four about what is measured. */
const KINDS = [
  'sequences',
  'slots',
  'slots',
  'slots',
  'by-hand',
  'by-hand',
  'handover',
  'histogram',
  'histogram',
  'marks',
  'marks',
  ...Array<'journal'>(18).fill('journal'),
] as const;
const WAITS = ['spin', 'hybrid', 'park', 'park'] as const;
/** Most records that are claimed before they are published. */
const MAX_BATCH = 256;
/** Most records of one scenario. */
const MAX_RECORDS = 2 ** 30;

/** Just below where the low bits change their sign or wrap, or somewhere else. */
function chooseStart(random: Random): number {
  const before = random.integer(1, 500);
  const wraps = [TWO_31, TWO_32, 3 * TWO_31, 2 ** 33, 2 ** 40, 2 ** 53 - TWO_32, 2 ** 53 - TWO_31 - TWO_32];
  return random.oneIn(6) ? random.integer(0, 100) : random.pick(wraps) - before;
}

function chooseReader(random: Random): ReaderPlan {
  return {
    gating: !random.oneIn(3),
    wait: random.pick(WAITS),
    slice: random.pick([1, 2, 7, 64, 256]),
    pauses: random.pick([0, 0, 4, 64]),
    leavesAfter: random.oneIn(5) ? random.integer(1, 5_000) : 0,
  };
}

/** What is fixed of scenarios that are about numbers: long batches, no pauses, few threads. */
export function fixForSpeed(seed: number): Fixed {
  const random = new Random(seed);
  const gating: ReaderPlan = { gating: true, wait: 'hybrid', slice: 1_024, pauses: 0, leavesAfter: 0 };
  const lapped: ReaderPlan = { ...gating, gating: false };
  const capacity = random.pick([8, 64, 1_024, 1_024]);
  return {
    kind: 'journal',
    retain: 'ring',
    capacity,
    jitter: false,
    milliseconds: 5_000,
    visitors: { count: 0 },
    relay: null,
    readers: random.pick([[gating], [gating], [lapped], [gating, lapped]]),
    writer: {
      wait: 'hybrid',
      batch: Math.min(capacity / 2, MAX_BATCH),
      bulk: true,
      looks: 0,
      refuses: 0,
      settles: false,
      dies: false,
    },
  };
}

/** Slot stores whose writer never rests. */
export const BUSY: Fixed = {
  kind: 'slots',
  jitter: false,
  milliseconds: 3_000,
  slots: { keyed: false, readers: 1, followers: 0 },
  writer: { settles: false, dies: false },
};

function chooseHistogram(random: Random): HistogramPlan {
  const takes = random.oneIn(4);
  const owner = takes || random.oneIn(3) ? 'STAGE' : 'HAND';
  return {
    digits: random.pick([1, 1, 2, 3]),
    owner,
    recorders: owner === 'STAGE' ? 1 : random.integer(1, 3),
    readers: random.pick([0, 1, 1, 2]),
    takers: takes ? 0 : random.pick([0, 0, 1, 2]),
    takes,
    carries: !takes && random.oneIn(2),
  };
}

/** The scenario of a seed. */
export function chooseScenario(seed: number, fixed: Fixed = {}): Scenario {
  const random = new Random(seed);
  const retain: Retain = fixed.retain ?? (random.oneIn(8) ? 'append' : 'ring');
  const capacity =
    retain === 'ring' ? random.pick([1, 1, 2, 2, 3, 4, 8, 8, 64, 1_024]) : random.integer(1, 20_000);
  const jitter = random.oneIn(2);
  const chosen: Scenario = {
    kind: random.pick(KINDS),
    seed,
    capacity,
    retain,
    recordWords: random.integer(1, 4),
    start: chooseStart(random),
    records: MAX_RECORDS,
    milliseconds: random.integer(20, 200),
    jitter,
    writer: {
      wait: random.pick(WAITS),
      batch: random.oneIn(2) ? 1 : random.integer(1, Math.min(2 * capacity, MAX_BATCH)),
      bulk: random.oneIn(2),
      looks: random.pick([0, 1, 8]),
      refuses: random.pick([0, 0, 5, 100]),
      settles: random.oneIn(2),
      dies: random.oneIn(8),
    },
    readers: Array.from({ length: random.pick([0, 1, 1, 2, 2, 3]) }, () => chooseReader(random)),
    visitors: {
      count: random.pick([0, 0, 1, 2, 4]),
      visits: random.pick([1, 5, 1_000_000]),
      stays: random.pick([2, 16, 64]),
      threads: 1,
    },
    relay: random.oneIn(6) ? { wait: random.pick(WAITS) } : null,
    slots: {
      keyed: random.oneIn(2),
      readers: random.pick([0, 1, 1, 2]),
      followers: random.pick([0, 1, 2]),
    },
    byHand: { writers: random.pick([1, 2, 2]), readers: random.pick([0, 1, 2]) },
    histogram: chooseHistogram(new Random(seed + 1)),
    marks: { every: random.pick([1, 1, 2, 7]), sizedFor: random.pick([1, 1, 16, 1_000]) },
    handover: { ending: random.pick(ENDINGS) },
  };
  return {
    ...chosen,
    ...fixed,
    writer: { ...chosen.writer, ...fixed.writer },
    visitors: { ...chosen.visitors, threads: random.pick([1, 1, 2]), ...fixed.visitors },
  };
}
