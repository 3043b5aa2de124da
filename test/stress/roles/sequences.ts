// Sequences alone: one thread stores into a cursor, across 2^32 at every step, others load the whole.
import { loadSequence, storeSequence } from '../../../src/journal/sequence.js';
import { Fault, type Outcome, type SequenceOrder, type Tools } from '../orders.js';

const TWO_32 = 2 ** 32;
/** Sequences are good to 2^53. */
const HIGHEST = 2 ** 21;

/** The low bits that go with high ones; even, so that one more is no carry. */
function lowOf(hi: number): number {
  return Math.imul(hi, 0x9e3779b2) >>> 0;
}

export function storeSequences({ memory }: Tools, { cursor, stop, done, progress }: SequenceOrder): Outcome {
  const { cells, i32 } = memory;
  let before = 0;
  let hi = 0;
  while (++hi < HIGHEST && (hi % 64 > 0 || cells.load(i32, stop) === 0)) {
    const sequence = hi * TWO_32 + lowOf(hi);
    storeSequence(memory, cursor, sequence, before);
    storeSequence(memory, cursor, sequence + 1, sequence);
    before = sequence + 1;
    i32[progress] = hi;
  }
  cells.store(i32, done, 1);
  return { records: 0, lost: 0 };
}

export function loadSequences({ memory }: Tools, { cursor, done, progress }: SequenceOrder): Outcome {
  const { cells, i32 } = memory;
  let last = 0;
  while (cells.load(i32, done) === 0) {
    const sequence = loadSequence(memory, cursor);
    const hi = Math.floor(sequence / TWO_32);
    const beyond = sequence - hi * TWO_32 - lowOf(hi);
    if (sequence < last || beyond < 0 || beyond > 1) {
      throw new Fault('sequence', `${sequence} was loaded, which was never stored, after ${last}`);
    }
    last = sequence;
    i32[progress] = hi;
  }
  return { records: 0, lost: 0 };
}
