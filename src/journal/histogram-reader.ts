// Reads a histogram while others write it, and begins it anew.
//
// What is promised. A value that is recorded is counted once, whatever else happens. Of the snapshots that resets return, whoever
// calls them, and the one that is read at the end, exactly one has it: one value, one interval. A snapshot of which no reset is
// the end has for each bucket a count that it had during the reading; all of them belong to the same interval; and what a
// thread recorded before something that the reader has seen of it is in there.
//
// Every cell is loaded atomically, so it holds what some writer stored; while no count is being moved it only grows, and so
// the number that was loaded is one that its bucket had during the reading. DONE is loaded before BEGUN: if they are equal, no
// move was under way when BEGUN was loaded. If BEGUN is the same afterwards, none has begun since.
//
// A reset moves no count: it stores the totals as those from which counting begins. It has the base to itself by RESETTING,
// from before it reads the totals until it has stored them: so each base is what the reset before it left, and the difference
// is what it returns. RESETTING is odd while somebody has it, and never the same again. A reader that resets keep from reading
// asks for it too.
//
// A thread may be terminated within a move or a reset. Whoever waits for it goes on once it has itself run for PATIENCE_MS without
// a sign of life: a process that was stopped, or a machine that slept, doesn't count. What that thread was moving may then be
// counted twice or not at all, and buckets that it had not come to belong to the interval before.
import {
  BASE_HIGH,
  BASE_LOW,
  BEGUN,
  clearExtremes,
  DONE,
  GREATEST,
  HIGH,
  type HistogramMemory,
  LEAST,
  RESETTING,
  SHARED,
} from './histogram.js';
import { HistogramSnapshot } from './histogram-snapshot.js';

const TWO_31 = 2_147_483_648;
/** How long a move of counts or a reset may take, which are microseconds: much longer, since whoever is taken for dead and is not does harm. */
const PATIENCE_MS = 2_000;
/** What counts at most of the time between two looks: in the rest this thread did not run. */
const LOOK_MS = 1;
/** How often a reader begins anew because of a reset before it asks for none. */
const TRIES = 4;

/** What was counted since the last reset. */
export function readHistogram(histogram: HistogramMemory): HistogramSnapshot {
  const read = (wasMoved: boolean) => {
    const all = totals(histogram, wasMoved);
    return wasMoved ? sinceReset(histogram, all) : all;
  };
  const counts = whole(histogram, read, TRIES) ?? alone(histogram, () => whole(histogram, read));
  return snapshotOf(histogram, counts as Float64Array);
}

/**
 * Begins anew: what was counted before does not count any more, and is returned. Any thread may, also at the same time, and no
 * writer waits for it.
 */
export function resetHistogram(histogram: HistogramMemory): HistogramSnapshot {
  return alone(histogram, () => {
    const { memory, cell, buckets, low, stride } = histogram;
    const { cells, i32 } = memory;
    const now = whole(histogram, (wasMoved) => totals(histogram, wasMoved)) as Float64Array;
    const since = sinceReset(histogram, now);
    const ended = snapshotOf(histogram, since);
    cells.add(i32, cell + BEGUN, 1);
    for (let i = 0; i < buckets; i++) {
      // Where nothing came since, the base is what it shall be.
      if (since[i] === 0) continue;
      const count = now[i] as number;
      cells.store(i32, low + i + BASE_LOW * stride, count % TWO_31);
      cells.store(i32, low + i + BASE_HIGH * stride, Math.floor(count / TWO_31));
    }
    clearExtremes(histogram);
    cells.add(i32, cell + DONE, 1);
    return ended;
  });
}

/** The extremes are raced with, and believed only where they lie in the right bucket. */
function snapshotOf(histogram: HistogramMemory, counts: Float64Array): HistogramSnapshot {
  const { f64 } = histogram.memory;
  const { address } = histogram;
  return new HistogramSnapshot(
    histogram,
    counts,
    f64[address + LEAST] as number,
    f64[address + GREATEST] as number,
  );
}

/** What was counted ever, bucket by bucket. */
function totals(
  { memory: { cells, i32 }, buckets, low, stride }: HistogramMemory,
  wasMoved: boolean,
): Float64Array {
  const all = new Float64Array(buckets);
  for (let i = 0; i < buckets; i++) {
    const at = low + i;
    all[i] = (cells.load(i32, at) >>> 0) + (cells.load(i32, at + SHARED * stride) >>> 0);
    if (wasMoved) all[i] = (all[i] as number) + cells.load(i32, at + HIGH * stride) * TWO_31;
  }
  return all;
}

/** What is more than the last reset has found. */
function sinceReset(
  { memory: { cells, i32 }, buckets, low, stride }: HistogramMemory,
  all: Float64Array,
): Float64Array {
  const since = new Float64Array(buckets);
  for (let i = 0; i < buckets; i++) {
    // Most buckets never have any.
    if (all[i] === 0) continue;
    const at = low + i;
    const base = cells.load(i32, at + BASE_HIGH * stride) * TWO_31 + cells.load(i32, at + BASE_LOW * stride);
    // Less than the base only after a thread died in the middle of a move.
    since[i] = Math.max(0, (all[i] as number) - base);
  }
  return since;
}

/** Calls `read` until no count was moved meanwhile, and gives what it returned; undefined after so many tries. */
function whole<T>(
  { memory, cell }: HistogramMemory,
  read: (wasMoved: boolean) => T,
  tries = Number.POSITIVE_INFINITY,
): T | undefined {
  const { cells, i32 } = memory;
  const patience = new Patience();
  for (let tried = 0; tried < tries; ) {
    const done = cells.load(i32, cell + DONE);
    const begun = cells.load(i32, cell + BEGUN);
    if (done !== begun) {
      // Who reads next need not wait for it again.
      if (patience.isOver(begun)) cells.compareExchange(i32, cell + DONE, done, begun);
      continue;
    }
    const result = read(begun !== 0);
    if (cells.load(i32, cell + BEGUN) === begun) return result;
    tried++;
  }
  return undefined;
}

/** Does something while no other thread resets. */
function alone<T>({ memory: { cells, i32 }, cell }: HistogramMemory, act: () => T): T {
  const patience = new Patience();
  for (;;) {
    const seen = cells.load(i32, cell + RESETTING);
    const isFree = seen % 2 === 0;
    if (!isFree && !patience.isOver(seen)) continue;
    const own = (seen + (isFree ? 1 : 2)) | 0;
    if (cells.compareExchange(i32, cell + RESETTING, seen, own) !== seen) continue;
    const result = act();
    cells.compareExchange(i32, cell + RESETTING, own, (own + 1) | 0);
    return result;
  }
}

/** How long a thread waits for another that may be dead: in time that it runs itself, from the last sign of life. */
class Patience {
  private ranMs = 0;
  private lookedAt = performance.now();
  private seen = 0;

  /** @param sign What changes while the other is alive. */
  isOver(sign: number): boolean {
    const now = performance.now();
    this.ranMs = sign === this.seen ? this.ranMs + Math.min(LOOK_MS, now - this.lookedAt) : 0;
    this.lookedAt = now;
    this.seen = sign;
    return this.ranMs > PATIENCE_MS;
  }
}
