// A market of fifty instruments: an endless, reproducible stream of orders added, changed, filled and cancelled
import { ADD, ASK, BID, CANCEL, CLEAR, FILL, type Mbo, MODIFY, NO_SIDE } from './records.js';
import { Xorshift } from './xorshift.js';

const INSTRUMENTS = 50;
const FIRST_INSTRUMENT_ID = 1000;
const START_NS = 1_700_000_000_000_000_000n;
/** Instruments are cleared in turn, one every so many records. */
const CLEAR_EVERY = 1048576;
const TICK = 10_000_000;
const LOWEST_MID = 200;
const FEW_ORDERS = 20;
const MANY_ORDERS = 2000;

/** Of 1000 records so many and fewer are an add, a cancel, a modification; the others are fills. */
const ADDS = 460;
const CANCELS = 860;
const MODIFICATIONS = 950;

interface Order {
  readonly id: number;
  readonly side: number;
  ticks: number;
  size: number;
}

export class MboGenerator {
  private readonly dice = new Xorshift();
  private readonly mids = Array.from({ length: INSTRUMENTS }, (_, i) => 2000 + 731 * i);
  private readonly resting = Array.from({ length: INSTRUMENTS }, (): Order[] => []);
  private records = 0;
  private nextId = 1000001;
  /** Nanoseconds after START_NS: a number as long as the stream is shorter than some 10^12 records. */
  private elapsedNs = 0;

  /** The next record, a fresh object. */
  next(): Mbo {
    const k = this.records++;
    if (k < INSTRUMENTS) return this.clear(k);
    if (k % CLEAR_EVERY === 0) return this.clear((k / CLEAR_EVERY) % INSTRUMENTS);

    const dice = this.dice;
    this.elapsedNs += 1 + dice.below(2000);
    const a = dice.below(65536);
    const b = dice.below(65536);
    const i = Math.floor((Math.floor((a * b) / 65536) * INSTRUMENTS) / 65536);
    if (dice.below(64) === 0) {
      this.mids[i] = Math.max(LOWEST_MID, this.mids[i]! + (dice.below(2) === 0 ? 1 : -1));
    }
    const orders = this.resting[i]!;
    let u = dice.below(1000);
    if (orders.length < FEW_ORDERS) u = 0;
    else if (orders.length >= MANY_ORDERS && u < ADDS) u = ADDS;
    if (u < ADDS) return this.add(i, orders);
    if (u < CANCELS) return this.cancel(i, orders);
    if (u < MODIFICATIONS) return this.modify(i, orders);
    return this.fill(i, orders);
  }

  private clear(i: number): Mbo {
    this.elapsedNs += 1;
    this.resting[i]!.length = 0;
    return this.record(i, CLEAR, { id: 0, side: NO_SIDE, ticks: 0, size: 0 }, 0);
  }

  private add(i: number, orders: Order[]): Mbo {
    const side = this.dice.below(2) === 0 ? BID : ASK;
    const ticks = this.newTicks(i, side);
    const order = { id: this.nextId++, side, ticks, size: this.newSize() };
    orders.push(order);
    return this.record(i, ADD, order, order.size);
  }

  private cancel(i: number, orders: Order[]): Mbo {
    const j = this.dice.below(orders.length);
    const order = orders[j]!;
    swapRemove(orders, j);
    return this.record(i, CANCEL, order, order.size);
  }

  private modify(i: number, orders: Order[]): Mbo {
    const order = orders[this.dice.below(orders.length)]!;
    if (this.dice.below(2) === 0) order.ticks = this.newTicks(i, order.side);
    order.size = this.newSize();
    return this.record(i, MODIFY, order, order.size);
  }

  /** Fills one of four orders picked, the one that is nearest to or furthest beyond the middle. */
  private fill(i: number, orders: Order[]): Mbo {
    const aggressiveness = (j: number) => {
      const { side, ticks } = orders[j]!;
      return side === BID ? ticks - this.mids[i]! : this.mids[i]! - ticks;
    };
    let j = this.dice.below(orders.length);
    for (let pick = 0; pick < 3; pick++) {
      const other = this.dice.below(orders.length);
      if (aggressiveness(other) > aggressiveness(j)) j = other;
    }
    const order = orders[j]!;
    const filled = this.dice.below(2) === 0 ? order.size : 1 + this.dice.below(order.size);
    order.size -= filled;
    if (order.size === 0) swapRemove(orders, j);
    return this.record(i, FILL, order, filled);
  }

  private newTicks(i: number, side: number): number {
    const distance = 1 + ((this.dice.below(64) * this.dice.below(64)) >> 6);
    return side === BID ? this.mids[i]! - distance : this.mids[i]! + distance;
  }

  private newSize(): number {
    return this.dice.below(8) === 0 ? 1 + this.dice.below(99) : 100 * (1 + this.dice.below(10));
  }

  private record(i: number, action: number, order: Order, size: number): Mbo {
    return {
      ts: START_NS + BigInt(this.elapsedNs),
      orderId: order.id,
      price: order.ticks * TICK,
      size,
      instrumentId: FIRST_INSTRUMENT_ID + i,
      tsRecv: 0n,
      action,
      side: order.side,
    };
  }
}

function swapRemove(orders: Order[], j: number): void {
  const last = orders.pop()!;
  if (j < orders.length) orders[j] = last;
}
