// Marks beside a journal of which there is only the sequence that is published: who writes them, and who reads them.
//
// Which records have a mark, and what time it says, follows from their sequence. A reader that holds the writer back must find
// all of them; one that is lapped may miss some, and never finds a wrong one.
import { MarkReader, MarkWriter } from '../../../src/journal/index.js';
import { loadSequence, storeSequence } from '../../../src/journal/sequence.js';
import { pause } from '../jitter.js';
import { Fault, type Outcome, type ReadMarksOrder, type Tools, type WriteMarksOrder } from '../orders.js';

/** What a mark says that is taken back. */
const NEVER = -7;
/** A cell of a published line that is not 0 once nothing more comes. */
const OVER = 8;

/** A number that follows from the sequence, and whose halves are those of no other. */
function scrambled(sequence: number): number {
  const low = Math.imul((sequence | 0) ^ Math.floor(sequence / 2 ** 32), 0x9e3779b1) >>> 0;
  return low * 2 ** 20 + (Math.imul(low, 0x85ebca6b) >>> 12);
}

const isMarked = (sequence: number, every: number) => scrambled(sequence) % every === 0;

export function writeMarks({ memory, random }: Tools, order: WriteMarksOrder): Outcome {
  const { scenario, stop, progress, published, positions, shape } = order;
  const { start, capacity, records, writer: plan, marks } = scenario;
  const { cells, i32 } = memory;
  const writer = new MarkWriter(memory, shape);
  const end = start + records;
  let [next, shown] = [start, start];
  while (next < end && cells.load(i32, stop) === 0) {
    const held = positions.reduce((least, cell) => Math.min(least, loadSequence(memory, cell)), next);
    const room = capacity - (next - held);
    for (let left = Math.min(room, random.integer(1, plan.batch)); left > 0; left--, next++) {
      if (plan.refuses > 0 && random.oneIn(plan.refuses)) {
        writer.put(next, NEVER);
        if (scenario.jitter && random.oneIn(4)) pause(random);
        writer.takeBack();
      }
      if (isMarked(next, marks.every)) writer.put(next, scrambled(next));
    }
    storeSequence(memory, published, next, shown);
    shown = next;
    i32[progress] = next | 0;
  }
  cells.store(i32, published + OVER, 1);
  return { records: next - start, lost: 0 };
}

export function readMarks({ memory, random }: Tools, order: ReadMarksOrder): Outcome {
  const { scenario, published, position, shape, plan } = order;
  const { every } = scenario.marks;
  const { cells, i32 } = memory;
  const reader = new MarkReader(memory, shape);
  let [at, records, lost, isOver] = [scenario.start, 0, 0, false];
  while (!isOver) {
    const ended = cells.load(i32, published + OVER) !== 0;
    const end = Math.min(loadSequence(memory, published), at + plan.slice);
    isOver = ended && at === end;
    const before = at;
    while (at < end) {
      const marked = reader.next(at, end);
      if (marked > end)
        throw new Fault('record', `record ${marked} has a mark, but only ${end} are published`);
      for (; at < marked; at++) if (isMarked(at, every)) lost++;
      if (marked === end) break;
      if (!isMarked(marked, every) || reader.time !== scrambled(marked)) {
        throw new Fault('record', `record ${marked} has the mark ${reader.time}`);
      }
      if (random.oneIn(2)) reader.pass();
      at++;
      records++;
    }
    if (plan.gating && lost > 0) throw new Fault('count', `${lost} marks before ${at} were missed`);
    if (plan.gating) storeSequence(memory, position, at, before);
    i32[order.progress] = at | 0;
    if (plan.pauses > 0 && random.oneIn(plan.pauses)) pause(random);
    // One that holds nobody back skips records as one that was lapped in the journal too.
    if (!plan.gating && random.oneIn(16)) {
      const to = loadSequence(memory, published);
      for (; at < to; at++) if (isMarked(at, every)) lost++;
    }
  }
  return { records, lost };
}
