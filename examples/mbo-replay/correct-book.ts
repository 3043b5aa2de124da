// Third stage, right for real markets: a level that was pushed out of the best five comes back when there is room.
import { array, type FixedArray, type Fused, f64, i64, keyedTable, struct, u8, u32 } from 'roda-rx';
import { step } from 'roda-rx/operators';
import { LETTERS, type Level, Place, Signal, WEIGHTS } from './records.js';

/** So many of a side's best levels are kept in order; 16 as written in `put`. */
const KEPT = 16;

/** One side: `levels` there are, the best `kept` of them in order. */
const Side = struct({ levels: u32, kept: u32, places: array(Place, KEPT) }, 'Side');
const FullBook = struct({ bids: Side, asks: Side }, 'FullBook');

const NOTHING = { price: 0n, size: 0 };
const NO_SIDE = { levels: 0, kept: 0, places: new Array<typeof NOTHING>(KEPT).fill(NOTHING) };

/**
 * All levels are in a table, the best sixteen of each side in order beside it. Where fewer than five of these are left and there
 * are more, the table is gone through for the best sixteen: at least twelve of them have to go before that is needed again.
 *
 * @param maxSymbols How many symbols may have a book.
 * @param maxLevels How many prices may have something resting at a time.
 */
export function weighBookCorrectly(maxSymbols: number, maxLevels: number): Fused<Level, Signal> {
  return step(
    (l: Level, state, emit, { levels, ASK, BID, CLEAR, WEIGHTS, NO_SIDE, put }) => {
      const { ts, tsRecv, symbol, price, side: of, volume } = l;
      if (!state.exists) state.set({ bids: NO_SIDE, asks: NO_SIDE });
      if (of === CLEAR) {
        if (state.value.bids.levels + state.value.asks.levels > 0) {
          levels.deleteWhere((_level, [levelSymbol]) => levelSymbol === symbol);
        }
        state.set({ bids: NO_SIDE, asks: NO_SIDE });
      }
      const { bids, asks } = state.value;
      if (of === BID || of === ASK) {
        const side = of === BID ? bids : asks;
        const level = levels.get([symbol, of, price]);
        if (volume > 0) {
          if (level === undefined) {
            levels.set([symbol, of, price], { volume });
            side.levels += 1;
          } else level.volume = volume;
        } else if (levels.delete([symbol, of, price])) side.levels -= 1;
        put(side, price, volume, of === BID, side.kept + 1 === side.levels);
        if (side.kept < 5 && side.kept < side.levels) {
          side.kept = 0;
          levels.forEach((other, [levelSymbol, levelSide, levelPrice]) => {
            if (levelSymbol === symbol && levelSide === of)
              put(side, levelPrice, other.volume, of === BID, true);
          });
        }
      }
      let bidVolume = 0;
      let askVolume = 0;
      for (let i = 0; i < 5; i++) {
        if (i < bids.kept) bidVolume += bids.places[i]!.size * WEIGHTS[i]!;
        if (i < asks.kept) askVolume += asks.places[i]!.size * WEIGHTS[i]!;
      }
      const total = bidVolume + askVolume;
      if (total > 0)
        emit({ ts, tsRecv, symbol, imbalance: (bidVolume - askVolume) / total, bidVolume, askVolume });
    },
    {
      key: (l) => l.symbol,
      state: FullBook,
      out: Signal,
      tables: {
        levels: keyedTable({ key: [u32, u8, i64], value: struct({ volume: f64 }), maxKeys: maxLevels }),
      },
      using: { ...LETTERS, WEIGHTS, NO_SIDE, put },
      maxKeys: maxSymbols,
    },
  );
}

interface Side {
  levels: number;
  kept: number;
  places: FixedArray<Place>;
}

/**
 * Puts a level among those kept, changes it, or takes it out. It sees nothing but its arguments: stages call it.
 *
 * @param isNext Whether no other level lies between the last that is kept and one that is worse.
 */
function put(side: Side, price: bigint, size: number, isBid: boolean, isNext: boolean): void {
  const { places } = side;
  let at = 0;
  while (at < side.kept && (isBid ? places[at]!.price > price : places[at]!.price < price)) at++;
  const isKept = at < side.kept && places[at]!.price === price;
  if (isKept && size > 0) places[at]!.size = size;
  else if (isKept) {
    side.kept -= 1;
    for (; at < side.kept; at++) places[at] = places[at + 1]!;
  } else if (size > 0 && at < 16 && (at < side.kept || isNext)) {
    if (side.kept < 16) side.kept += 1;
    for (let i = side.kept - 1; i > at; i--) places[i] = places[i - 1]!;
    places[at] = { price, size };
  }
}
