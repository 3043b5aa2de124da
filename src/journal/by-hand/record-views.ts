// The views that a reader of a journal by hand gives out: over the slots themselves, or over copies where the writer may lap it.
import type { Codec, View } from '../../schema/index.js';
import type { Journal } from '../journal.js';
import { lowBits } from '../sequence.js';
import type { Copies } from './copies.js';

/** Places of copies: the current record, one that is asked for, then those of a window or a batch. */
const CURRENT = 0;
const ASKED = 1;
const MANY = 2;

export class RecordViews<T> {
  private readonly journal: Journal;
  private readonly codec: Codec<T>;
  private readonly copies: Copies<T> | undefined;
  private currentView: View<T> | undefined;
  private askedView: View<T> | undefined;
  private windowViews: View<T>[] = [];

  constructor(journal: Journal, codec: Codec<T>, copies: Copies<T> | undefined) {
    this.journal = journal;
    this.codec = codec;
    this.copies = copies;
  }

  get current(): View<T> | undefined {
    return this.currentView;
  }

  /** Makes a record the current one. Returns false, and does nothing, if its copy is not whole. */
  showCurrent(sequence: number): boolean {
    if (this.copies !== undefined && this.copies.take(CURRENT, sequence, 1) > 0) return false;
    this.currentView = this.over(this.currentView, sequence, CURRENT);
    return true;
  }

  /** A view of one record; undefined if its copy is not whole. */
  at(sequence: number): View<T> | undefined {
    if (this.copies !== undefined && this.copies.take(ASKED, sequence, 1) > 0) return undefined;
    this.askedView = this.over(this.askedView, sequence, ASKED);
    return this.askedView;
  }

  /** Views of records that follow each other; undefined if one of their copies is not whole. */
  window(sequence: number, count: number): readonly View<T>[] | undefined {
    const { windowViews } = this;
    if (this.copies !== undefined && this.copies.take(MANY, sequence, count) > 0) return undefined;
    for (let i = 0; i < count; i++) {
      windowViews[i] = this.over(windowViews[i], sequence + i, MANY + i);
    }
    return windowViews.length === count ? windowViews : windowViews.slice(0, count);
  }

  /** Copies records of a batch. Returns whether all of them are whole. */
  copyBatch(sequence: number, count: number): boolean {
    return this.copies !== undefined && this.copies.take(MANY, sequence, count) === 0;
  }

  /** A view for a batch, over nothing yet. */
  batchView(): View<T> {
    return new (this.copies?.codec ?? this.codec).View(-1);
  }

  /** The address of a record for the view of a batch, the `i`th of those that were copied. */
  batchAddress(sequence: number, i: number): number {
    return this.copies?.address(MANY + i) ?? this.addressOf(sequence);
  }

  expireCurrent(): void {
    if (this.currentView !== undefined) this.currentView.$p = -1;
  }

  expire(): void {
    this.expireCurrent();
    for (const view of [this.askedView, ...this.windowViews]) if (view !== undefined) view.$p = -1;
  }

  private over(view: View<T> | undefined, sequence: number, place: number): View<T> {
    const { copies } = this;
    const { View } = copies?.codec ?? this.codec;
    const address = copies?.address(place) ?? this.addressOf(sequence);
    // The memory of the copies may have been exchanged for a larger one.
    if (!(view instanceof View)) return new View(address);
    view.$p = address;
    return view;
  }

  private addressOf(sequence: number): number {
    const { slots, mask, origin, recordWords } = this.journal;
    return slots + ((lowBits(sequence) - origin) & mask) * recordWords;
  }
}
