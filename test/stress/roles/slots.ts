// Slot stores: one thread writes sequences into slots, others read them or follow the changes.
//
// Sequence n goes to slot n modulo their number, so a value that is torn, of another slot or older than one seen before shows.
import {
  claimSlots,
  openSlots,
  releaseSlots,
  SlotReader,
  type Slots,
  type SlotsShape,
  SlotWatch,
  SlotWriter,
} from '../../../src/journal/index.js';
import { USED } from '../../../src/journal/slots.js';
import type { Memory } from '../../../src/memory/index.js';
import { pause } from '../jitter.js';
import {
  Fault,
  type FollowSlotsOrder,
  type Outcome,
  type SlotOrder,
  type Tools,
  type WriteSlotsOrder,
} from '../orders.js';
import { describeRecord, holdsRecord, writeRecord } from '../record.js';

/** The sequence of the last value; it goes to slot 0. */
const LAST = 2 ** 31 - 1;
/** Longest sleep: so long that a call which is lost is noticed. */
const FOREVER_MS = 3_600_000;
/** One rest, until all watchers have seen everything, in so many values. */
const SETTLING = 50;
/** Slots that are read between two looks at whether it is over. */
const READS = 256;
/** Values that come after a writer's death. */
const MORE = 3;

/** What slots a scenario of a seed has. */
export function slotsShape(
  address: number,
  capacity: number,
  recordWords: number,
  keyed: boolean,
): SlotsShape {
  const key = keyed ? ({ types: ['f64'], tuple: false } as const) : undefined;
  return { name: 'slots', address, capacity, recordWords, key };
}

/** The key of a slot, as words. */
function keyOf(slot: number): Int32Array {
  return new Int32Array(new Float64Array([slot * 7_919 + 0.5]).buffer);
}

/** Writes sequences into the slots of a memory. */
class Feed {
  readonly writer: SlotWriter;
  constructor(
    private readonly memory: Memory,
    private readonly slots: Slots,
  ) {
    this.writer = new SlotWriter(slots);
  }

  put(sequence: number): void {
    const slot = this.begin(sequence, this.slots.recordWords);
    this.writer.publish(slot);
  }

  /** Writes the first words of a value, without publishing it. Returns the slot. */
  begin(sequence: number, words: number): number {
    const slot = sequence === LAST ? 0 : sequence % this.slots.capacity;
    const at = this.slots.key === undefined ? slot : this.writer.slotOf(keyOf(slot), 0);
    writeRecord(this.memory.i32, this.writer.next(at), words, sequence);
    return at;
  }
}

export function writeSlots({ memory, random }: Tools, order: WriteSlotsOrder): Outcome {
  const { scenario, stop, progress, seen } = order;
  const { cells, i32 } = memory;
  const slots = openSlots(memory, order.shape);
  if (!claimSlots(slots)) throw new Fault('count', 'the store has a writer already');
  const feed = new Feed(memory, slots);
  let sequence = 0;
  const limit = Math.min(LAST - 1, scenario.records);
  while (sequence < limit && (sequence % 64 > 0 || cells.load(i32, stop) === 0)) {
    sequence++;
    if (scenario.jitter && random.oneIn(8)) {
      feed.begin(sequence, random.integer(1, scenario.recordWords));
      pause(random);
    }
    feed.put(sequence);
    if (scenario.writer.settles && random.oneIn(SETTLING)) {
      for (const cell of seen) while (cells.load(i32, cell) !== sequence);
    }
    i32[progress] = sequence;
  }
  if (scenario.writer.dies) {
    feed.begin(sequence + 1, random.integer(1, scenario.recordWords));
    // As if it had died before it counted the key that came last.
    const { cell, capacity } = slots;
    if (slots.key !== undefined && sequence > 0 && sequence < capacity && random.oneIn(2))
      cells.add(i32, cell + USED, -1);
    return { records: sequence, lost: 0, died: true };
  }
  feed.put(LAST);
  releaseSlots(slots);
  return { records: sequence, lost: 0 };
}

/** Goes on in the place of a writer that died after a sequence, and writes the last value. All keys must be there then. */
export function endSlots(memory: Memory, shape: SlotsShape, sequence: number): void {
  const slots = openSlots(memory, shape);
  releaseSlots(slots);
  const feed = new Feed(memory, slots);
  for (let next = sequence + 1; next <= sequence + MORE; next++) feed.put(next);
  feed.put(LAST);
  if (slots.key === undefined) return;
  const reader = new SlotReader(slots);
  const keys = Math.min(sequence + MORE, slots.capacity - 1) + 1;
  for (let slot = 0; slot < keys; slot++) {
    if (reader.find(keyOf(slot), 0) < 0) throw new Fault('count', `key ${slot} of ${keys} is lost`);
  }
  if (reader.size !== keys) throw new Fault('count', `${reader.size} keys are counted, not ${keys}`);
}

/** Values as a reader sees them, checked. */
class CheckedSlots {
  records = 0;
  /** The greatest sequence that it has seen. */
  latest = 0;
  isOver = false;
  readonly reader: SlotReader;
  private readonly copy: Int32Array;
  private readonly last: Float64Array;

  constructor(private readonly slots: Slots) {
    this.reader = new SlotReader(slots);
    this.copy = new Int32Array(2 * slots.recordWords);
    this.last = new Float64Array(slots.capacity);
  }

  /** Reads a slot as its key finds it, or as it is. Returns the sequence; 0 if it has no value. */
  read(slot: number): number {
    const { slots, reader, copy, last } = this;
    const at = slots.key === undefined ? slot : reader.find(keyOf(slot), 0);
    if (at >= 0 && reader.copy(at, copy, 0) !== 0) return this.check(slot, copy[0] as number);
    if (at >= 0 && slots.key !== undefined)
      throw new Fault('record', `key ${slot} was found without a value`);
    if (last[slot] !== 0) throw new Fault('record', `slot ${slot} has lost its value`);
    return 0;
  }

  /** Reads a slot of which only the number is known. */
  readAt(at: number): number {
    const { slots, reader, copy } = this;
    if (reader.copy(at, copy, 0) === 0) return 0;
    const sequence = copy[0] as number;
    const slot = sequence === LAST ? 0 : sequence % slots.capacity;
    return this.check(slot, sequence);
  }

  private check(slot: number, sequence: number): number {
    const { slots, copy, last } = this;
    const belongs = sequence === LAST ? slot === 0 : sequence > 0 && sequence % slots.capacity === slot;
    if (!belongs || !holdsRecord(copy, 0, slots.recordWords, sequence)) {
      const expected = last[slot] as number;
      throw new Fault(
        'record',
        `slot ${slot} showed ${describeRecord(copy, 0, slots.recordWords, expected)}`,
      );
    }
    if (sequence < (last[slot] as number)) {
      throw new Fault('order', `slot ${slot} showed ${sequence} after ${last[slot]}`);
    }
    last[slot] = sequence;
    this.isOver ||= sequence === LAST;
    this.latest = Math.max(this.latest, sequence);
    this.records++;
    return sequence;
  }
}

export function readSlots({ memory, random }: Tools, order: SlotOrder): Outcome {
  const slots = openSlots(memory, order.shape);
  const checked = new CheckedSlots(slots);
  while (!checked.isOver) {
    for (let i = 0; i < READS; i++) checked.read(random.integer(0, slots.capacity - 1));
    checked.read(0);
    // Not what it reads, but what it sees: a writer that waits for ever must show.
    memory.i32[order.progress] = checked.latest;
  }
  return { records: checked.records, lost: 0 };
}

export async function followSlots({ memory }: Tools, order: FollowSlotsOrder): Promise<Outcome> {
  const { cells, i32 } = memory;
  const checked = new CheckedSlots(openSlots(memory, order.shape));
  const watch = new SlotWatch(checked.reader, true);
  while (!checked.isOver) {
    watch.look((at) => {
      const sequence = checked.readAt(at);
      if (sequence > cells.load(i32, order.seen)) cells.store(i32, order.seen, sequence);
    });
    i32[order.progress] = checked.records;
    if (!checked.isOver) await watch.sleep(FOREVER_MS);
  }
  watch.close();
  return { records: checked.records, lost: 0 };
}
