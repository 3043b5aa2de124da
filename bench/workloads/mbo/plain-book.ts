// Market by order as plain functions over objects and Maps: track orders, sum up levels, weigh the book's imbalance
import {
  ADD,
  ASK,
  BID,
  CANCEL,
  CLEAR,
  type Delta,
  FILL,
  type Level,
  type Mbo,
  MODIFY,
  type Signal,
  TRADE,
} from './records.js';

/** The whole pipeline. */
export function plainBook(emit: (signal: Signal) => void): (record: Mbo) => void {
  return trackOrders(aggregateLevels(analyseBook(emit)));
}

function trackOrders(emit: (delta: Delta) => void): (record: Mbo) => void {
  const byInstrument = new Map<number, Map<number, { price: number; size: number }>>();
  return (record) => {
    const { ts, tsRecv, orderId, price, size, instrumentId, action, side } = record;
    let orders = byInstrument.get(instrumentId);
    if (orders === undefined) {
      orders = new Map();
      byInstrument.set(instrumentId, orders);
    }
    const change = (at: number, delta: number) =>
      emit({ ts, tsRecv, price: at, delta, instrumentId, side, isClear: 0 });
    const order = orders.get(orderId);
    switch (action) {
      case CANCEL:
      case FILL:
      case TRADE:
        change(price, -size);
        if (action === CANCEL) orders.delete(orderId);
        else if (order !== undefined) {
          order.size = Math.max(0, order.size - size);
          if (order.size === 0) orders.delete(orderId);
        }
        break;
      case ADD:
      case MODIFY:
        if (action === MODIFY && order !== undefined) {
          if (order.price === price) change(price, size - order.size);
          else {
            change(order.price, -order.size);
            change(price, size);
          }
        } else change(price, size);
        orders.set(orderId, { price, size });
        break;
      case CLEAR:
        orders.clear();
        emit({ ts, tsRecv, price: 0, delta: 0, instrumentId, side: 0, isClear: 1 });
        break;
    }
  };
}

function aggregateLevels(emit: (level: Level) => void): (delta: Delta) => void {
  const byInstrument = new Map<number, Map<number, number>>();
  return ({ ts, tsRecv, price, delta, instrumentId: symbol, side, isClear }) => {
    if (isClear === 1) {
      byInstrument.delete(symbol);
      emit({ ts, tsRecv, symbol, price: 0, volume: 0, side: BID });
      emit({ ts, tsRecv, symbol, price: 0, volume: 0, side: ASK });
      return;
    }
    let volumes = byInstrument.get(symbol);
    if (volumes === undefined) {
      volumes = new Map();
      byInstrument.set(symbol, volumes);
    }
    const key = price * 256 + side;
    const volume = Math.max(0, (volumes.get(key) ?? 0) + delta);
    emit({ ts, tsRecv, symbol, price, volume, side });
    if (volume === 0) volumes.delete(key);
    else volumes.set(key, volume);
  };
}

const DEPTH = 5;
const WEIGHTS = [1, 0.8, 0.6, 0.4, 0.2];

/** One side of a book, best first; empty levels are zero. */
interface Side {
  readonly prices: number[];
  readonly sizes: number[];
}

function analyseBook(emit: (signal: Signal) => void): (level: Level) => void {
  const books = new Map<number, { bids: Side; asks: Side }>();
  return ({ ts, tsRecv, symbol, price, volume, side }) => {
    let book = books.get(symbol);
    if (book === undefined) {
      book = { bids: emptySide(), asks: emptySide() };
      books.set(symbol, book);
    }
    if (side === BID) place(book.bids, price, volume, (level) => price > level);
    else if (side === ASK) place(book.asks, price, volume, (level) => price < level);
    const bidVolume = weigh(book.bids);
    const askVolume = weigh(book.asks);
    const total = bidVolume + askVolume;
    if (total > 0) {
      emit({ ts, tsRecv, symbol, imbalance: (bidVolume - askVolume) / total, bidVolume, askVolume });
    }
  };
}

function place(
  { prices, sizes }: Side,
  price: number,
  volume: number,
  better: (level: number) => boolean,
): void {
  const known = prices.indexOf(price);
  if (known >= 0 && volume > 0) sizes[known] = volume;
  else if (known >= 0) {
    prices.splice(known, 1);
    sizes.splice(known, 1);
    prices.push(0);
    sizes.push(0);
  } else if (volume > 0) {
    const at = prices.findIndex((level) => level === 0 || better(level));
    if (at < 0) return;
    prices.splice(at, 0, price);
    sizes.splice(at, 0, volume);
    prices.length = DEPTH;
    sizes.length = DEPTH;
  }
}

function weigh({ sizes }: Side): number {
  return sizes.reduce((sum, size, i) => sum + size * WEIGHTS[i]!, 0);
}

function emptySide(): Side {
  return { prices: new Array(DEPTH).fill(0), sizes: new Array(DEPTH).fill(0) };
}
