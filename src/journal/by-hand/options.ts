// Options of journals by hand and their readers.
import { fail } from '../../errors/index.js';
import { describe, type View } from '../../schema/index.js';
import type { Journal, Retain } from '../journal.js';
import type { From } from './join.js';

/** Options of a journal by hand. */
export interface JournalOptions {
  /** For messages; `journal` and a number unless told. */
  readonly name?: string;
  /** Slots, from 1 to 2^30; 16,384 unless told, rounded up to a power of two for a ring. */
  readonly capacity?: number;
  /** What it keeps: `ring`, unless told, reuses a slot once its readers have passed it; `append` keeps every record. */
  readonly retain?: Retain;
  /** The sequence of its first record, from 0 to 2^53 - 1; 0 unless told. */
  readonly start?: number;
}

/** Options of a reader of a journal by hand. */
export interface JournalReaderOptions {
  /**
   * Where it begins: with what is written from now on (`next`, unless told), with the oldest record there is (`start`), or at
   * a sequence. Where every record is kept all of them can be had. A ring gives what it still has (less than its capacity);
   * while its writer is on another thread only readers that may be lapped can have that.
   */
  readonly from?: From;
  /**
   * What happens when it is slower than the writer of a ring, which waits for it (`block`, unless told), or overwrites what
   * it has not read: then the losses are counted (`drop-oldest`) or also an error (`error`).
   */
  readonly overflow?: 'block' | 'drop-oldest' | 'error';
  /** Records behind the current one that stay readable, with `overflow: 'block'`; less than the capacity, 0 unless told. */
  readonly keep?: number;
}

const OVERFLOWS = ['block', 'drop-oldest', 'error'];

/** Throws OPTION for an option that can't be. */
export function checkReaderOptions(journal: Journal, options: JournalReaderOptions): void {
  const what = `a reader of ${journal.name}`;
  const refuse = (option: string, found: unknown, allowed: string) =>
    fail('OPTION', { what, option, found: describe(found), allowed });
  for (const option of Object.keys(options)) {
    if (!['from', 'overflow', 'keep'].includes(option)) {
      throw fail('OPTION', { what, option, found: 'unknown', allowed: 'from, overflow, keep' });
    }
  }
  const { from = 'next', overflow = 'block', keep = 0 } = options;
  if (typeof from !== 'number' && from !== 'next' && from !== 'start') {
    throw refuse('from', from, "'start', 'next' or a sequence");
  }
  if (!OVERFLOWS.includes(overflow)) throw refuse('overflow', overflow, "'block', 'drop-oldest', 'error'");
  if (!(Number.isInteger(keep) && keep >= 0 && keep < journal.capacity)) {
    throw refuse('keep', keep, `a whole number from 0 to ${journal.capacity - 1}`);
  }
}

/** Where a reader is, for the thread that goes on with it. */
export interface ReaderPlace {
  readonly slot: number;
  readonly options: JournalReaderOptions;
  readonly begin?: number;
}

/** What `readAll` calls: with a view of each record, and its sequence. */
export type Each<T> = (record: View<T>, sequence: number) => void;
