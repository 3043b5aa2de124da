// Histograms: threads record in one while others read it and begin it anew.
//
// Values come in rounds: one of each bucket that is used, from the greatest to the least. Who records announces how many it is
// about to record and says how many it has, so who reads knows between what bounds its count must lie. Each keeps count
// of its own, by bucket, and so does who resets of what that returned: in the end both must come to the same.

import { bucketOf, bucketStart, bucketWidth, SHARED } from '../../../src/journal/histogram.js';
import {
  claimHistogram,
  type HistogramMemory,
  type HistogramShape,
  type HistogramSnapshot,
  HistogramWriter,
  openHistogramMemory,
  ownHistogram,
  readHistogram,
  recordShared,
  resetHistogram,
} from '../../../src/journal/index.js';
import { loadSequence, storeSequence } from '../../../src/journal/sequence.js';
import type { Memory } from '../../../src/memory/index.js';
import { pause } from '../jitter.js';
import {
  Fault,
  type Outcome,
  type ReadValuesOrder,
  type RecordValuesOrder,
  type TakeValuesOrder,
  type Tools,
} from '../orders.js';
import type { Random } from '../random.js';

/** Buckets that values go to. */
const USED = 16;
/** Powers of two from one to the next. */
const APART = 53 / USED;
/** Most rounds between two announcements. */
const ROUNDS = 4;
/** A count is brought to just below 2^31 once in so many rounds. */
const JUMPS = 8;
/** Rounds from one reset to the next, at most, where the thread that records is the one that resets. */
const TAKES = 64;
const BELOW_TWO_31 = 2 ** 31 - 1;

/** Of the line of a thread that records: values that it is about to record or has, those that it has. */
const BEGUN = 0;
const DONE = 4;

/** The buckets that are used, in ascending order. */
function usedBuckets({ bits }: HistogramMemory): readonly number[] {
  return Array.from({ length: USED }, (_, i) => bucketOf(Math.floor(2 ** (APART * i)), bits));
}

/** How many values a snapshot has of each bucket that is used; there may be no others. */
function countsOf(snapshot: HistogramSnapshot, histogram: HistogramMemory): Float64Array {
  const used = usedBuckets(histogram);
  const counts = new Float64Array(USED);
  for (const { from, count } of snapshot.buckets()) {
    const at = used.indexOf(bucketOf(from, histogram.bits));
    if (at < 0) throw new Fault('record', `${count} values of ${from} were never recorded`);
    counts[at] = count;
  }
  return counts;
}

export function recordValues({ memory, random }: Tools, order: RecordValuesOrder): Outcome {
  const { scenario, stop, progress, line, over } = order;
  const { cells, i32 } = memory;
  const { owner, carries, takes } = scenario.histogram;
  const histogram = openHistogramMemory(memory, order.shape);
  claimHistogram(histogram, owner);
  const isOwner = owner === 'STAGE' || ownHistogram(histogram);
  const writer = isOwner ? new HistogramWriter(histogram) : undefined;
  const used = usedBuckets(histogram);
  const counts = new Float64Array(USED);
  const taken = new Float64Array(USED);
  let [begun, done, records, rounds] = [0, 0, 0, 0];
  const begin = (more: number) => {
    storeSequence(memory, line + BEGUN, begun + more, begun);
    begun += more;
    // What is recorded now is not seen before that.
    cells.fence(i32, line + LAST);
  };
  while (records < scenario.records && cells.load(i32, stop) === 0) {
    const more = random.integer(1, ROUNDS);
    begin(more * USED);
    for (let round = 0; round < more; round++) {
      for (let k = USED - 1; k >= 0; k--) {
        const bucket = used[k] as number;
        const width = Math.min(2 ** 31, bucketWidth(bucket, histogram.bits));
        const value = bucketStart(bucket, histogram.bits) + random.integer(0, width - 1);
        if (writer !== undefined) writer.record(value);
        else recordShared(histogram, value);
        counts[k] = (counts[k] as number) + 1;
        if (scenario.jitter && random.oneIn(32)) pause(random);
      }
    }
    storeSequence(memory, line + DONE, begun, done);
    done = begun;
    records += more * USED;
    rounds += more;
    // Nobody else writes these cells: as if so many had been recorded one after the other.
    if (carries && isOwner && random.oneIn(JUMPS)) {
      const k = random.integer(0, USED - 1);
      const at = histogram.low + (used[k] as number);
      const jump = BELOW_TWO_31 - random.integer(0, 5) - (i32[at] as number);
      begin(Math.max(0, jump));
      if (jump > 0) {
        i32[at] = (i32[at] as number) + jump;
        counts[k] = (counts[k] as number) + jump;
      }
      storeSequence(memory, line + DONE, begun, done);
      done = begun;
    }
    if (takes && random.oneIn(TAKES)) {
      const ended = countsOf(resetHistogram(histogram), histogram);
      if (ended.some((count) => count !== rounds)) {
        throw new Fault('count', `a reset returned ${ended.join(' ')} of ${rounds} rounds`);
      }
      ended.forEach((count, k) => {
        taken[k] = (taken[k] as number) + count;
      });
      rounds = 0;
    }
    i32[progress] = done;
  }
  cells.add(i32, over, 1);
  return { records, lost: 0, counts: counts.map((count, k) => count - (taken[k] as number)) };
}

/** The cell of a line that fences go by. */
const LAST = 31;

/** Resets again and again, and returns what it got, as counts that are less than 0. */
export function takeValues({ memory, random }: Tools, order: TakeValuesOrder): Outcome {
  const { cells, i32 } = memory;
  const histogram = openHistogramMemory(memory, order.shape);
  const counts = new Float64Array(USED);
  let [taken, resets, isOver] = [0, 0, false];
  while (!isOver) {
    isOver = cells.load(i32, order.over) === order.recorders;
    const before = taken;
    countsOf(resetHistogram(histogram), histogram).forEach((count, k) => {
      counts[k] = (counts[k] as number) - count;
      taken += count;
    });
    storeSequence(memory, order.line, taken, before);
    i32[order.progress] = ++resets;
    if (random.oneIn(4)) pause(random);
  }
  return { records: resets, lost: 0, counts };
}

export function readValues({ memory, random }: Tools, order: ReadValuesOrder): Outcome {
  const { lines, takers, recorders, scenario } = order;
  const { cells, i32 } = memory;
  const { takes, carries } = scenario.histogram;
  const histogram = openHistogramMemory(memory, order.shape);
  const isReset = takes || takers.length > 0;
  let [reads, isOver] = [0, false];
  let last: Float64Array = new Float64Array(USED);
  while (!isOver) {
    isOver = cells.load(i32, order.over) === recorders;
    const least = sum(memory, lines, DONE);
    const taken = sum(memory, takers, 0);
    const counts = countsOf(readHistogram(histogram), histogram);
    const most = sum(memory, lines, BEGUN);
    const count = counts.reduce((all, each) => all + each, 0);
    const bounds = `of ${least} to ${most} values, ${taken} of which were taken before`;
    if (count > most - taken) throw new Fault('count', `${count} are too many ${bounds}`);
    if (!isReset && count < least) throw new Fault('count', `${count} are too few ${bounds}`);
    if (!isReset && counts.some((each, k) => each < (last[k] as number))) {
      throw new Fault('order', `${counts.join(' ')} came after ${last.join(' ')}`);
    }
    // All belong to one interval, which began between two rounds.
    const spread = Math.max(...counts) - Math.min(...counts);
    if (takes && !carries && spread > (most - least) / USED) {
      throw new Fault('record', `${counts.join(' ')} are of two intervals: ${bounds}`);
    }
    last = counts;
    i32[order.progress] = ++reads;
    if (random.oneIn(4)) pause(random);
  }
  return { records: reads, lost: 0 };
}

/**
 * Brings what those record who are not the owner to just below 2^31, as if that had been recorded by a thread with this line.
 *
 * @returns What it would have counted.
 */
export function nearlyCarry(
  memory: Memory,
  shape: HistogramShape,
  line: number,
  random: Random,
): Float64Array {
  const histogram = openHistogramMemory(memory, shape);
  const counts = new Float64Array(USED);
  usedBuckets(histogram).forEach((bucket, k) => {
    const count = BELOW_TWO_31 - random.integer(0, 100);
    memory.i32[histogram.low + bucket + SHARED * histogram.stride] = count;
    counts[k] = count;
  });
  const all = counts.reduce((sum, each) => sum + each, 0);
  for (const cell of [BEGUN, DONE]) storeSequence(memory, line + cell, all, 0);
  return counts;
}

/** @param counts Of all who recorded and reset: what is left must be the rest. */
export function checkValues(memory: Memory, shape: HistogramShape, counts: readonly Float64Array[]): void {
  const histogram = openHistogramMemory(memory, shape);
  const left = countsOf(readHistogram(histogram), histogram);
  for (let k = 0; k < USED; k++) {
    const recorded = counts.reduce((all, each) => all + (each[k] as number), 0);
    if (recorded === left[k]) continue;
    throw new Fault('count', `${left[k]} values of bucket ${k} are left, not ${recorded}`);
  }
}

function sum(memory: Memory, lines: readonly number[], cell: number): number {
  return lines.reduce((all, line) => all + loadSequence(memory, line + cell), 0);
}
