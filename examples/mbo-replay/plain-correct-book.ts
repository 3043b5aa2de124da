// The correct book without the engine, written to be plain instead of fast: every order is looked at for every signal.
import {
  ADD,
  ASK,
  BID,
  CANCEL,
  CLEAR,
  FILL,
  type Mbo,
  MODIFY,
  type Signal,
} from '../../bench/workloads/mbo/records.js';
import type { Fills } from './correct-orders.js';

interface Order {
  readonly side: number;
  readonly price: number;
  readonly size: number;
}

/** It shares no code with the stages that it checks. */
export function plainCorrectBook(emit: (signal: Signal) => void, fills: Fills): (record: Mbo) => void {
  const orders = new Map<number, Map<number, Order>>();
  return (record) => {
    const { instrumentId, orderId, action, side, price } = record;
    const own = orders.get(instrumentId) ?? new Map<number, Order>();
    orders.set(instrumentId, own);
    const tell = () => {
      const bids = bestFive(own, BID, (a, b) => b - a);
      const asks = bestFive(own, ASK, (a, b) => a - b);
      if (bids + asks === 0) return;
      const imbalance = (bids - asks) / (bids + asks);
      const { ts, tsRecv } = record;
      emit({ ts, tsRecv, symbol: instrumentId, imbalance, bidVolume: bids, askVolume: asks });
    };
    const rest = (order: Order) => {
      if (order.size > 0) own.set(orderId, order);
      else own.delete(orderId);
      tell();
    };
    const order = own.get(orderId);
    if (action === CLEAR) {
      own.clear();
      tell();
    } else if (action === CANCEL || (action === FILL && fills === 'reduce')) {
      if (order) rest({ ...order, size: Math.max(0, order.size - record.size) });
    } else if (action === ADD || action === MODIFY) {
      // An order that moves is gone for a moment.
      if (order && (order.price !== price || order.side !== side)) rest({ ...order, size: 0 });
      rest({ side, price, size: record.size });
    }
  };
}

/** What the five best prices weigh: the best counts in full, each further one a fifth less. */
function bestFive(
  orders: Map<number, Order>,
  side: number,
  better: (a: number, b: number) => number,
): number {
  const sizes = new Map<number, number>();
  for (const order of orders.values()) {
    if (order.side === side) sizes.set(order.price, (sizes.get(order.price) ?? 0) + order.size);
  }
  const best = [...sizes.keys()].sort(better).slice(0, 5);
  return best.reduce((sum, price, i) => sum + (sizes.get(price) ?? 0) * ([1, 0.8, 0.6, 0.4, 0.2][i] ?? 0), 0);
}
