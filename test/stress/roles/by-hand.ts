// Journals by hand: threads that take turns at writing one, and threads that join it as readers, in whatever moment.

import { Journal } from '../../../src/journal/by-hand/index.js';
import type { Journal as Core } from '../../../src/journal/index.js';
import { openJournal } from '../../../src/journal/index.js';
import { createCodec, openTextTable, struct, u53 } from '../../../src/schema/index.js';
import { pause } from '../jitter.js';
import { type ByHandOrder, Fault, type Outcome, type Tools } from '../orders.js';

/** A record says twice where it belongs. */
const Item = struct({ sequence: u53, again: u53 }, 'Item');
type Item = { sequence: number; again: number };

/** Words of a record. */
export const ITEM_WORDS = Item.layout.words;
/** Records that a reader takes before it leaves, at most. */
const MOST_READ = 64;

/** The journal as a thread of its own sees it. */
function open(
  { memory }: Tools,
  { journal, texts, thread }: ByHandOrder,
): { core: Core; journal: Journal<Item> } {
  const core = openJournal(memory, journal);
  const table = openTextTable(memory, texts);
  const codec = createCodec(Item, memory, table);
  const own = { number: thread, bell: 0, canBlock: true };
  return { core, journal: new Journal({ core, codec, texts: table, thread: own }) };
}

/** Has a turn whenever nobody writes; writes a few records, and lets others go on. */
export function writeByHand(tools: Tools, order: ByHandOrder): Outcome {
  const { memory, random } = tools;
  const { cells, i32 } = memory;
  const { core, journal } = open(tools, order);
  let records = 0;
  for (let turns = 1; cells.load(i32, order.stop) === 0; turns++) {
    i32[order.progress] = turns;
    const writer = unless('JOURNAL_HAS_WRITER', () => journal.writer());
    if (writer === undefined) {
      pause(random);
      continue;
    }
    const others = cells.add(i32, order.holders, 1);
    if (others !== 0) throw new Fault('order', `${others} others write at the same time`);
    const before = cells.load(i32, order.written);
    const behind = writer.next - core.start;
    if (behind !== before) throw new Fault('count', `it goes on behind ${behind} records, not ${before}`);
    let taken = 0;
    for (let left = random.integer(1, order.scenario.writer.batch); left > 0; left--) {
      const sequence = writer.next;
      if (!writer.tryWrite({ sequence, again: sequence })) break;
      taken++;
    }
    records += taken;
    cells.store(i32, order.written, before + taken);
    cells.add(i32, order.holders, -1);
    writer.close();
  }
  return { records, lost: 0 };
}

/** Joins, reads for a while and leaves; most of them hold the writers back. */
export function readByHand(tools: Tools, order: ByHandOrder): Outcome {
  const { memory, random } = tools;
  const { cells, i32 } = memory;
  const { journal } = open(tools, order);
  let records = 0;
  let lost = 0;
  for (let turns = 1; cells.load(i32, order.stop) === 0; turns++) {
    i32[order.progress] = turns;
    const from = random.pick(['start', 'next'] as const);
    const overflow = random.pick(['block', 'block', 'drop-oldest'] as const);
    const reader = unless('NOT_RETAINED', () => journal.reader({ from, overflow }));
    if (reader === undefined) continue;
    let last = -1;
    for (let left = random.integer(1, MOST_READ); left > 0; left--) {
      if (!reader.next()) {
        pause(random);
        continue;
      }
      const { index, current } = reader;
      if (current?.sequence !== index || current.again !== index) {
        const shown = `${current?.sequence} and ${current?.again}`;
        throw new Fault('record', `a ${overflow} reader from ${from} was shown ${shown} instead of ${index}`);
      }
      if (last >= 0 && index !== last + 1 + reader.gap) {
        throw new Fault('count', `record ${index} follows ${last}, with ${reader.gap} lost`);
      }
      last = index;
      records++;
    }
    lost += reader.lost;
    reader.close();
  }
  return { records, lost };
}

/** What a call gives; undefined if it is refused with a code. */
function unless<R>(code: string, act: () => R): R | undefined {
  try {
    return act();
  } catch (error) {
    if ((error as { code?: string }).code === code) return undefined;
    throw error;
  }
}
