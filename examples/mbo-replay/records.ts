// The records: what happens to orders, and what the stages make of it.
import { array, f64, type Infer, i64, struct, u8, u32, u64 } from 'roda-rx';

/**
 * Something happened to an order. `action`: A(dd), C(ancel), M(odify), R (clear the book), T(rade), F(ill), N(one); `side`: B(id),
 * A(sk) or N(one); both as the ASCII code of the letter. Prices are in billionths, times in nanoseconds since 1970. `tsRecv` goes
 * through to the signals: the replay keeps in it when it handed the record in.
 */
export const Mbo = struct(
  { ts: u64, orderId: u64, price: i64, size: u32, instrumentId: u32, tsRecv: u64, action: u8, side: u8 },
  'Mbo',
);
export type Mbo = Infer<typeof Mbo>;

/** The volume that rests at a price has changed by `delta`; or, with `isClear` 1, all that an instrument had is gone. */
export const Delta = struct(
  { ts: u64, tsRecv: u64, price: i64, delta: f64, instrumentId: u32, side: u8, isClear: u8 },
  'Delta',
);
export type Delta = Infer<typeof Delta>;

/** The volume that rests at a price now. */
export const Level = struct(
  { ts: u64, tsRecv: u64, symbol: u32, price: i64, volume: f64, side: u8 },
  'Level',
);
export type Level = Infer<typeof Level>;

/** What the best five levels of both sides come to, the first counting most; `imbalance` from -1 (asks only) to 1. */
export const Signal = struct(
  { ts: u64, tsRecv: u64, symbol: u32, imbalance: f64, bidVolume: f64, askVolume: f64 },
  'Signal',
);
export type Signal = Infer<typeof Signal>;

/** A price and what rests there. */
export const Place = struct({ price: i64, size: f64 }, 'Place');
export type Place = Infer<typeof Place>;

export const DEPTH = 5;
export const WEIGHTS = [1, 0.8, 0.6, 0.4, 0.2] as const;

/** The best five of both sides, best first; those that are missing have price and size 0. */
export const Book = struct({ bids: array(Place, DEPTH), asks: array(Place, DEPTH) }, 'Book');

/** Actions and sides, by the ASCII code of their letters. */
export const LETTERS = {
  ADD: 65,
  CANCEL: 67,
  FILL: 70,
  MODIFY: 77,
  CLEAR: 82,
  TRADE: 84,
  ASK: 65,
  BID: 66,
} as const;
