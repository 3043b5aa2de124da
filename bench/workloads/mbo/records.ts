// The records of market by order, and the words that they count by
import type { Checksum } from '../checksum.js';

/** What happened to an order, and its side, by the ASCII code of their letter. */
export const ADD = 65; // A
export const CANCEL = 67; // C
export const FILL = 70; // F
export const MODIFY = 77; // M
export const CLEAR = 82; // R
export const TRADE = 84; // T
export const ASK = 65; // A
export const BID = 66; // B
export const NO_SIDE = 78; // N

export interface Mbo {
  /** Nanoseconds since 1970: beyond 2^53. */
  ts: bigint;
  orderId: number;
  price: number;
  size: number;
  instrumentId: number;
  tsRecv: bigint;
  action: number;
  side: number;
}

/** A change of the volume resting at a price. */
export interface Delta {
  ts: bigint;
  tsRecv: bigint;
  price: number;
  delta: number;
  instrumentId: number;
  side: number;
  isClear: number;
}

/** The volume that rests at a price. */
export interface Level {
  ts: bigint;
  tsRecv: bigint;
  symbol: number;
  price: number;
  volume: number;
  side: number;
}

export interface Signal {
  ts: bigint;
  tsRecv: bigint;
  symbol: number;
  imbalance: number;
  bidVolume: number;
  askVolume: number;
}

export function addSignal(checksum: Checksum, signal: Signal): void {
  checksum.record();
  checksum.word(Number(signal.ts & 0xffffffffn) | 0, Number(signal.ts >> 32n) | 0);
  checksum.integer(signal.symbol);
  checksum.float(signal.imbalance);
  checksum.float(signal.bidVolume);
  checksum.float(signal.askVolume);
}
