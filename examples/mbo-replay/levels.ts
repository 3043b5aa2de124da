// Second stage: sums up what rests at each price.
import { type Fused, f64, i64, keyedTable, struct, u8, u32 } from 'roda-rx';
import { step } from 'roda-rx/operators';
import { type Delta, LETTERS, Level } from './records.js';

/**
 * Emits the level that a delta has changed. Where an instrument is cleared: two levels of price and volume 0, a bid and an ask,
 * as the original does; or, if `tellsClear`, one whose side is R.
 *
 * @param maxLevels How many prices may have something resting at a time.
 */
export function sumLevels(
  maxLevels: number,
  { tellsClear }: { readonly tellsClear: boolean },
): Fused<Delta, Level> {
  return step(
    (d: Delta, state, emit, { levels, ASK, BID, CLEAR, tellsClear }) => {
      const { ts, tsRecv, price, instrumentId: symbol, side } = d;
      if (!state.exists) state.set({ levels: 0 });
      const before = levels.size;
      if (d.isClear === 1) {
        if (state.value.levels > 0) levels.deleteWhere((_level, [instrument]) => instrument === symbol);
        if (tellsClear) emit({ ts, tsRecv, symbol, price: 0n, volume: 0, side: CLEAR });
        else {
          emit({ ts, tsRecv, symbol, price: 0n, volume: 0, side: BID });
          emit({ ts, tsRecv, symbol, price: 0n, volume: 0, side: ASK });
        }
      } else {
        const level = levels.get([symbol, side, price]);
        const volume = Math.max(0, (level === undefined ? 0 : level.volume) + d.delta);
        emit({ ts, tsRecv, symbol, price, volume, side });
        if (level === undefined) {
          if (volume > 0) levels.set([symbol, side, price], { volume });
        } else if (volume > 0) level.volume = volume;
        else levels.delete([symbol, side, price]);
      }
      state.value.levels += levels.size - before;
    },
    {
      key: (d) => d.instrumentId,
      state: struct({ levels: u32 }),
      out: Level,
      tables: {
        levels: keyedTable({ key: [u32, u8, i64], value: struct({ volume: f64 }), maxKeys: maxLevels }),
      },
      using: { ...LETTERS, tellsClear },
    },
  );
}
