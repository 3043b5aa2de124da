// Sequences alone: one thread stores into a cursor, across 2^32 at every step, others load the whole.
import { loadSequence, storeSequence } from '../../../src/journal/sequence.js';
import { Fault, type Outcome, type SequenceOrder, type Tools } from '../orders.js';

const TWO_32 = 2 ** 32;
/** Offset of the high bits in a cursor, which are stored first. */
const HI = 1;
/** Sequences are good to 2^53. */
const HIGHEST = 2 ** 21;

/** What goes with high bits: so many records after a wrap, and so many before the next, where each sequence lies. */
function distanceOf(hi: number): number {
  return Math.imul(hi, 0x9e3779b1) >>> 2;
}

export function storeSequences({ memory }: Tools, order: SequenceOrder): Outcome {
  const { scenario, cursor, stop, done, progress } = order;
  const { cells, i32 } = memory;
  // From 0 on within the same high bits: no step across 2^32 is as long as half of it.
  let before = TWO_32 - 1;
  storeSequence(memory, cursor, before, 0);
  let hi = 0;
  while (++hi < HIGHEST && (hi % 64 > 0 || cells.load(i32, stop) === 0)) {
    const first = hi * TWO_32 + distanceOf(hi);
    const last = (hi + 1) * TWO_32 - 1 - distanceOf(hi);
    storeSequence(memory, cursor, first, before);
    storeSequence(memory, cursor, last, first);
    before = last;
    i32[progress] = hi;
  }
  // It may die in the middle of the next, which is then stored or not.
  if (scenario.writer.dies) cells.store(i32, cursor + HI, hi);
  cells.store(i32, done, 1);
  return { records: 0, lost: 0 };
}

export function loadSequences({ memory }: Tools, { cursor, done, progress }: SequenceOrder): Outcome {
  const { cells, i32 } = memory;
  let last = 0;
  let isDone = false;
  while (!isDone) {
    isDone = cells.load(i32, done) !== 0;
    const sequence = loadSequence(memory, cursor);
    const hi = Math.floor(sequence / TWO_32);
    const lo = sequence - hi * TWO_32;
    const distance = hi === 0 ? 0 : distanceOf(hi);
    if (sequence < last || (lo !== distance && lo !== TWO_32 - 1 - distance)) {
      throw new Fault('sequence', `${sequence} was loaded, which was never stored, after ${last}`);
    }
    last = sequence;
    i32[progress] = hi;
  }
  return { records: 0, lost: 0 };
}
