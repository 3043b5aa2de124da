// Third stage, as the original has it: keeps the best five levels of each side, and weighs them against each other.
import type { FixedArray, Fused } from 'roda-rx';
import { step } from 'roda-rx/operators';
import { Book, LETTERS, type Level, type Place, Signal, WEIGHTS } from './records.js';

const NOTHING = { price: 0n, size: 0 };
const NO_SIDE = [NOTHING, NOTHING, NOTHING, NOTHING, NOTHING];

/**
 * A level that is pushed out by a better one is forgotten, and doesn't come back when that is gone.
 *
 * @param maxSymbols How many symbols may have a book.
 */
export function weighBook(maxSymbols: number): Fused<Level, Signal> {
  return step(
    (l: Level, state, emit, { ASK, BID, WEIGHTS, NO_SIDE, place }) => {
      if (!state.exists) state.set({ bids: NO_SIDE, asks: NO_SIDE });
      const { bids, asks } = state.value;
      if (l.side === BID) place(bids, l.price, l.volume, true);
      else if (l.side === ASK) place(asks, l.price, l.volume, false);
      let bidVolume = 0;
      let askVolume = 0;
      for (let i = 0; i < 5; i++) {
        bidVolume += bids[i]!.size * WEIGHTS[i]!;
        askVolume += asks[i]!.size * WEIGHTS[i]!;
      }
      const total = bidVolume + askVolume;
      if (total > 0) {
        const imbalance = (bidVolume - askVolume) / total;
        emit({ ts: l.ts, tsRecv: l.tsRecv, symbol: l.symbol, imbalance, bidVolume, askVolume });
      }
    },
    {
      key: (l) => l.symbol,
      state: Book,
      out: Signal,
      using: { ...LETTERS, WEIGHTS, NO_SIDE, place },
      maxKeys: maxSymbols,
    },
  );
}

/** Puts a level into a side of five, changes it, or takes it out. It sees nothing but its arguments: stages call it. */
function place(side: FixedArray<Place>, price: bigint, size: number, isBid: boolean): void {
  // Most levels are beyond a full side.
  const worst = side[4]!.price;
  if (worst !== 0n && (isBid ? price < worst : price > worst)) return;
  let at = 0;
  while (at < 5 && side[at]!.price !== price) at++;
  if (at < 5 && size > 0) {
    side[at]!.size = size;
    return;
  }
  if (at < 5) {
    for (; at < 4; at++) side[at] = side[at + 1]!;
    side[4] = { price: 0n, size: 0 };
    return;
  }
  if (size === 0) return;
  at = 0;
  while (at < 5 && side[at]!.price !== 0n && (isBid ? price <= side[at]!.price : price >= side[at]!.price))
    at++;
  if (at === 5) return;
  for (let i = 4; i > at; i--) side[i] = side[i - 1]!;
  side[at] = { price, size };
}
