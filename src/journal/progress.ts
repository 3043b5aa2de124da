// How far a stage has got, in shared memory: how many records have passed, and when the first of them did. One thread counts.
import { type Arena, LINE_WORDS, type Memory, RegionKind } from '../memory/index.js';
import { sharedNow } from './clock.js';

/** f64: records that have passed. */
export const COUNT = 0;
/** f64: the shared clock's time, in ms, at which the first record passed; written before COUNT becomes 1. */
export const SINCE = 1;
/** i32, the first cell of this word: 1 while a stage counts. */
export const HAS_COUNTER = 2;

export const PROGRESS_WORDS = LINE_WORDS;

/** Which progress it is and where it lies: it can be posted. */
export interface ProgressShape {
  readonly name: string;
  /** Word address. */
  readonly address: number;
}

export interface ProgressCount {
  readonly count: number;
  /** The shared clock's time of the first record, in ms. */
  readonly since: number;
}

/** @throws {RangeError} OUT_OF_MEMORY when it doesn't fit. */
export function createProgress(arena: Arena, name: string): ProgressShape {
  const use = { kind: RegionKind.PROGRESS };
  return { name, address: arena.allocate(PROGRESS_WORDS, `progress ${name}`, use) };
}

/** Takes it for the one stage that counts; false if another has it. */
export function claimProgress({ cells, i32 }: Memory, { address }: ProgressShape): boolean {
  return cells.compareExchange(i32, 2 * (address + HAS_COUNTER), 0, 1) === 0;
}

export function releaseProgress({ cells, i32 }: Memory, { address }: ProgressShape): void {
  cells.store(i32, 2 * (address + HAS_COUNTER), 0);
}

/** Each is one aligned word, and a moment's delay does no harm. */
export function readProgress({ f64 }: Memory, { address }: ProgressShape): ProgressCount {
  return { count: f64[address + COUNT] as number, since: f64[address + SINCE] as number };
}

export class ProgressCounter {
  private readonly f64: Float64Array;
  private readonly address: number;

  constructor(memory: Memory, { address }: ProgressShape) {
    this.f64 = memory.f64;
    this.address = address;
  }

  /** A record passes. */
  pass(): void {
    const { f64, address } = this;
    const count = f64[address + COUNT] as number;
    if (count === 0) f64[address + SINCE] = sharedNow();
    f64[address + COUNT] = count + 1;
  }
}
