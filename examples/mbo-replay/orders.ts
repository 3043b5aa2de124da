// First stage, as the original has it: follows every order, and tells how the volume at its price changes.
import { type Fused, i64, keyedTable, struct, u32, u64 } from 'roda-rx';
import { step } from 'roda-rx/operators';
import { Delta, LETTERS, type Mbo } from './records.js';

export const Order = struct({ price: i64, size: u32 }, 'Order');

/**
 * Cancels, fills and trades all take the record's size from the record's price; a cancel forgets the order, the others reduce
 * it. The state counts an instrument's orders, so that clearing one that has none visits nothing.
 *
 * @param maxOrders How many orders may rest at a time.
 */
export function trackOrders(maxOrders: number): Fused<Mbo, Delta> {
  return step(
    (r: Mbo, state, emit, { orders, ADD, CANCEL, FILL, MODIFY, CLEAR, TRADE }) => {
      const { ts, tsRecv, orderId, price, size, instrumentId, action, side } = r;
      if (!state.exists) state.set({ orders: 0 });
      const before = orders.size;
      if (action === ADD) {
        emit({ ts, tsRecv, price, delta: size, instrumentId, side, isClear: 0 });
        orders.set([instrumentId, orderId], { price, size });
      } else if (action === CANCEL) {
        emit({ ts, tsRecv, price, delta: -size, instrumentId, side, isClear: 0 });
        orders.delete([instrumentId, orderId]);
      } else if (action === FILL || action === TRADE) {
        emit({ ts, tsRecv, price, delta: -size, instrumentId, side, isClear: 0 });
        const order = orders.get([instrumentId, orderId]);
        if (order !== undefined) {
          if (order.size > size) order.size -= size;
          else orders.delete([instrumentId, orderId]);
        }
      } else if (action === MODIFY) {
        const order = orders.get([instrumentId, orderId]);
        if (order === undefined) {
          emit({ ts, tsRecv, price, delta: size, instrumentId, side, isClear: 0 });
          orders.set([instrumentId, orderId], { price, size });
        } else {
          if (order.price === price) {
            emit({ ts, tsRecv, price, delta: size - order.size, instrumentId, side, isClear: 0 });
          } else {
            emit({ ts, tsRecv, price: order.price, delta: -order.size, instrumentId, side, isClear: 0 });
            emit({ ts, tsRecv, price, delta: size, instrumentId, side, isClear: 0 });
            order.price = price;
          }
          order.size = size;
        }
      } else if (action === CLEAR) {
        if (state.value.orders > 0) orders.deleteWhere((_order, [instrument]) => instrument === instrumentId);
        emit({ ts, tsRecv, price: 0n, delta: 0, instrumentId, side: 0, isClear: 1 });
      }
      state.value.orders += orders.size - before;
    },
    {
      key: (r) => r.instrumentId,
      state: struct({ orders: u32 }),
      out: Delta,
      tables: { orders: keyedTable({ key: [u32, u64], value: Order, maxKeys: maxOrders }) },
      using: LETTERS,
    },
  );
}
