// Readers that join and leave while the writer runs, all of a thread with one bell, as an engine has them.
import {
  EndKind,
  endKind,
  type Journal,
  joinReader,
  openJournal,
  publishedSequence,
} from '../../../src/journal/index.js';
import { pause } from '../jitter.js';
import { Fault, type Outcome, type Tools, type VisitOrder } from '../orders.js';
import { waitUntil } from '../waiting.js';
import { CheckedReader } from './checked-reader.js';

class Visitor {
  /** Visits that are left. */
  visits: number;
  reader: CheckedReader | undefined;
  lost = 0;
  private readonly tools: Tools;
  private readonly journal: Journal;
  private readonly order: VisitOrder;
  private since = 0;
  private before = 0;
  private from: number | undefined;
  private wasPlaced = false;

  constructor(tools: Tools, journal: Journal, order: VisitOrder) {
    this.tools = tools;
    this.journal = journal;
    this.order = order;
    this.visits = order.scenario.visitors.visits;
  }

  join(): void {
    const { journal } = this;
    const { random } = this.tools;
    const gating = !random.oneIn(3);
    this.before = publishedSequence(journal);
    const retained = journal.retain === 'append';
    this.from =
      retained && random.oneIn(2)
        ? random.pick([journal.start, random.integer(0, this.before - journal.start) + journal.start])
        : undefined;
    const { bell } = this.order;
    const from = this.from === undefined ? {} : { from: this.from };
    const line = joinReader(journal, { bell, gating, ...from });
    const manner = { gating, slice: random.pick([1, 2, 64]), pauses: random.pick([0, 4]) };
    this.reader = new CheckedReader(this.tools, journal, line, manner);
    this.since = publishedSequence(journal);
    this.wasPlaced = false;
  }

  turn(): number {
    const { reader, journal, order } = this;
    if (reader === undefined) return 0;
    const count = reader.turn();
    if (!this.wasPlaced && reader.start >= 0) this.placed(reader.start);
    // Loaded before it is asked whether it has joined: the writer looks whenever it publishes.
    const published = publishedSequence(journal);
    const patience = 4 * (journal.capacity + order.scenario.writer.batch + 1);
    if (published - this.since > patience && !reader.hasJoined) {
      throw new Fault('unplaced', `a reader that joined at ${this.since} has no position at ${published}`);
    }
    return count;
  }

  leave(): void {
    this.lost += this.reader?.lost ?? 0;
    this.reader?.leave();
    this.reader = undefined;
    this.visits--;
  }

  private placed(start: number): void {
    this.wasPlaced = true;
    const wrong = this.from === undefined ? start < this.before : start !== this.from;
    if (wrong)
      throw new Fault('count', `a reader that joined at ${this.from ?? this.before} was placed at ${start}`);
  }
}

export function visit(tools: Tools, order: VisitOrder): Outcome {
  const { memory, random } = tools;
  const { scenario, bell } = order;
  const journal = openJournal(memory, order.journal);
  const visitors = Array.from({ length: scenario.visitors.count }, () => new Visitor(tools, journal, order));
  let records = 0;
  for (;;) {
    let worked = 0;
    const ended = endKind(journal) !== EndKind.OPEN;
    for (const visitor of visitors) {
      if (visitor.reader === undefined) {
        if (!ended && visitor.visits > 0 && random.oneIn(4)) visitor.join();
        else continue;
      }
      worked += visitor.turn();
      // It may leave at once, before the writer has placed it.
      if (visitor.reader?.atEnd || random.oneIn(scenario.visitors.stays)) visitor.leave();
    }
    records += worked;
    memory.i32[order.progress] = records;
    const reading = visitors.flatMap(({ reader }) => (reader === undefined ? [] : [reader]));
    if (reading.length === 0 && (ended || visitors.every(({ visits }) => visits === 0))) break;
    if (worked > 0) continue;
    if (reading.length > 0 && random.oneIn(2)) {
      waitUntil(memory, bell, 'park', () => reading.some((reader) => reader.isReady()));
    } else pause(random);
  }
  return { records, lost: visitors.reduce((sum, { lost }) => sum + lost, 0) };
}
