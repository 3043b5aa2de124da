// First stage, right for real markets: what trades, what is cancelled in part, and what nobody knows are told apart.
import { type Fused, i64, keyedTable, struct, u8, u32, u64 } from 'roda-rx';
import { step } from 'roda-rx/operators';
import { Delta, LETTERS, type Mbo } from './records.js';

const SidedOrder = struct({ price: i64, size: u32, side: u8 }, 'SidedOrder');

/**
 * What a fill does: it reduces the order that was filled, or it only reports, and the order is reduced by a cancel that follows
 * (so Databento has it). Trades only report in any case: they are the other side of fills.
 */
export type Fills = 'reduce' | 'report';

/**
 * A cancel takes its size, and no more than the order has, from where the order rests; so does a fill that reduces. What is said of
 * orders that are not known changes nothing, but that a modification of one adds it.
 *
 * @param maxOrders How many orders may rest at a time.
 */
export function trackOrdersCorrectly(maxOrders: number, fills: Fills): Fused<Mbo, Delta> {
  return step(
    (r: Mbo, state, emit, { orders, fillsReduce, ADD, CANCEL, FILL, MODIFY, CLEAR }) => {
      const { ts, tsRecv, orderId, price, size, instrumentId, action, side } = r;
      if (!state.exists) state.set({ orders: 0 });
      const before = orders.size;
      if (action === CLEAR) {
        if (state.value.orders > 0) orders.deleteWhere((_order, [instrument]) => instrument === instrumentId);
        emit({ ts, tsRecv, price: 0n, delta: 0, instrumentId, side: 0, isClear: 1 });
      } else if (action === CANCEL || (action === FILL && fillsReduce)) {
        const order = orders.get([instrumentId, orderId]);
        if (order !== undefined) {
          const taken = Math.min(size, order.size);
          emit({ ts, tsRecv, price: order.price, delta: -taken, instrumentId, side: order.side, isClear: 0 });
          if (taken < order.size) order.size -= taken;
          else orders.delete([instrumentId, orderId]);
        }
      } else if (action === ADD || action === MODIFY) {
        const order = orders.get([instrumentId, orderId]);
        if (order === undefined) {
          emit({ ts, tsRecv, price, delta: size, instrumentId, side, isClear: 0 });
          orders.set([instrumentId, orderId], { price, size, side });
        } else {
          if (order.price === price && order.side === side) {
            emit({ ts, tsRecv, price, delta: size - order.size, instrumentId, side, isClear: 0 });
          } else {
            const { price: from, side: of } = order;
            emit({ ts, tsRecv, price: from, delta: -order.size, instrumentId, side: of, isClear: 0 });
            emit({ ts, tsRecv, price, delta: size, instrumentId, side, isClear: 0 });
            order.price = price;
            order.side = side;
          }
          order.size = size;
        }
      }
      state.value.orders += orders.size - before;
    },
    {
      key: (r) => r.instrumentId,
      state: struct({ orders: u32 }),
      out: Delta,
      tables: { orders: keyedTable({ key: [u32, u64], value: SidedOrder, maxKeys: maxOrders }) },
      using: { ...LETTERS, fillsReduce: fills === 'reduce' },
    },
  );
}
