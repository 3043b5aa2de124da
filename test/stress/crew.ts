// The crew: threads that perform scenarios together, watched by the thread that gives the orders.
import { Worker } from 'node:worker_threads';
import {
  createBell,
  createHistogram,
  createJournal,
  createMarks,
  createSlots,
  EndKind,
  freeBell,
  freeJournal,
  type Journal,
  JournalWriter,
  joinReader,
  publishedSequence,
  type SlotsShape,
} from '../../src/journal/index.js';
import { storeSequence } from '../../src/journal/sequence.js';
import { Arena, createMemory, LINE_CELLS } from '../../src/memory/index.js';
import { createTextTable, type TextTable, textTableWords } from '../../src/schema/index.js';
import { Fault, type Order, type Outcome } from './orders.js';
import { Random } from './random.js';
import { writeRecord } from './record.js';
import { ITEM_WORDS } from './roles/by-hand.js';
import { checkValues, nearlyCarry } from './roles/histogram.js';
import { endSlots, slotsShape } from './roles/slots.js';
import type { Scenario } from './scenario.js';

const MEMORY_BYTES = 64 * 1024 * 1024;
/** How often it looks whether anybody has made progress. */
const LOOK_MS = 100;
/** What is shown of a journal that is stuck: descriptor, writer, control, and the first readers. */
const LINES_SHOWN = 8;
const CELLS_SHOWN = 8;
/** A journal by hand wants a table of texts. */
const NO_TEXTS = { maxTexts: 1, maxBytes: 8 };
/** The number of the first thread that uses a journal by hand; the next have the next. */
const FIRST_BY_HAND = 2;
const WRITING: readonly Order['role'][] = [
  'write',
  'write-slots',
  'write-by-hand',
  'record-values',
  'write-marks',
];
/** How many marks were written before the first: so that their number comes to where its low bits change their sign, or wrap. */
const MARKS_BEFORE = [0, -50, 2 ** 31 - 50];
/** Threads that load sequences while another stores them. */
const LOADERS = 2;

/** What came of a scenario. */
export interface Tally {
  /** Records written, and read by all readers together. */
  written: number;
  read: number;
  /** Records that lapped readers were too slow for. */
  lost: number;
}

/** An order without what the crew adds to it. */
type Part = Order extends infer O
  ? O extends Order
    ? Omit<O, 'scenario' | 'seed' | 'progress' | 'stop'>
    : never
  : never;

export class Crew {
  private readonly memory = createMemory(MEMORY_BYTES, true);
  private readonly arena = Arena.create(this.memory);
  private readonly texts: TextTable['handle'];
  private readonly file: string;
  private readonly watchdogMs: number;
  private readonly threads: Worker[] = [];
  /** Lines of one scenario: bells, cursors, cells of progress. */
  private lines: number[] = [];
  /** Word addresses of what is freed when a scenario is over. */
  private readonly regions: number[] = [];
  /** Values that were in a histogram before the scenario, by bucket. */
  private readonly counted: Float64Array[] = [];

  /**
   * @param file The program, which serves as a thread when it is one.
   * @param watchdogMs How long nobody may make progress.
   */
  constructor(file: string, watchdogMs: number) {
    this.file = file;
    const address = this.arena.allocate(textTableWords(NO_TEXTS), 'texts');
    this.texts = createTextTable(this.memory, { address, ...NO_TEXTS }).handle;
    this.watchdogMs = watchdogMs;
  }

  /**
   * Performs a scenario to its end.
   *
   * @throws {Fault} What the first thread found that finds something, or a hang. The crew is of no use any more.
   */
  async perform(scenario: Scenario): Promise<Tally> {
    const journals = this.createJournals(scenario);
    const shape = this.createSlots(scenario);
    const parts =
      shape !== undefined
        ? this.slotParts(scenario, shape)
        : scenario.kind === 'sequences'
          ? this.sequenceParts()
          : scenario.kind === 'histogram'
            ? this.histogramParts(scenario)
            : scenario.kind === 'marks'
              ? this.markParts(scenario)
              : scenario.kind === 'by-hand'
                ? this.byHandParts(scenario, journals)
                : this.journalParts(scenario, journals);
    const stop = this.line();
    const progress = parts.map(() => this.line());
    const { i32, cells } = this.memory;
    const timer = setTimeout(() => cells.store(i32, stop, 1), scenario.milliseconds);
    const orders = parts.map((part, i) => {
      const own = { scenario, seed: scenario.seed + i + 1, stop, progress: progress[i] as number };
      return { ...part, ...own } as Order;
    });
    /** Records that have passed each reader that was there all the time. */
    const stayed: number[] = [];
    const counts: Float64Array[] = [];
    const tally: Tally = { written: 0, read: 0, lost: 0 };
    const outcomes = orders.map(async (order, i) => {
      const outcome = await this.give(i, order);
      if ('fault' in outcome) throw new Fault(outcome.fault, outcome.message);
      if (WRITING.includes(order.role)) tally.written += outcome.records;
      else tally.read += outcome.records;
      tally.lost += outcome.lost;
      if (outcome.counts !== undefined) counts.push(outcome.counts);
      if (outcome.stayed) stayed.push(outcome.records + outcome.lost);
      if (outcome.died && shape !== undefined) endSlots(this.memory, shape, outcome.records);
      else if (outcome.died) this.takeOver(journals[0] as Journal, scenario);
    });
    const watchdog = this.watch(progress, journals);
    try {
      await Promise.race([Promise.all(outcomes), watchdog.hang]);
    } finally {
      clearTimeout(timer);
      watchdog.stop();
    }
    for (const journal of journals.slice(-1)) {
      const published = publishedSequence(journal) - journal.start;
      const wrong = stayed.find((passed) => passed !== published);
      if (wrong !== undefined) throw new Fault('count', `${wrong} records passed a reader, not ${published}`);
      if (scenario.kind === 'by-hand' && tally.written !== published) {
        throw new Fault('count', `${tally.written} records were written, but ${published} published`);
      }
    }
    const [first] = orders;
    if (first?.role === 'record-values')
      checkValues(this.memory, first.shape, [...counts, ...this.counted.splice(0)]);
    for (const journal of journals) freeJournal(this.arena, journal);
    if (shape !== undefined) this.arena.free(shape.address);
    for (const region of this.regions.splice(0)) this.arena.free(region);
    for (const line of this.lines.splice(0)) freeBell(this.arena, line);
    return tally;
  }

  /** Ends the journal in the place of a writer that died, at once or after another record, as the engine does. */
  private takeOver(journal: Journal, { seed, recordWords }: Scenario): void {
    const writer = new JournalWriter(journal);
    const slot = seed % 2 === 0 ? writer.claim() : 0;
    if (slot !== 0) writeRecord(this.memory.i32, slot, recordWords, writer.next - 1);
    writer.end(EndKind.ERROR, 'died');
  }

  /** The journal that is written, and that which the relay writes. */
  private createJournals(scenario: Scenario): Journal[] {
    const { kind, capacity, retain, start } = scenario;
    if (kind !== 'journal' && kind !== 'by-hand') return [];
    const recordWords = kind === 'by-hand' ? ITEM_WORDS : scenario.recordWords;
    const names = scenario.relay === null || kind === 'by-hand' ? ['first'] : ['first', 'second'];
    return names.map((name) => createJournal(this.arena, { name, capacity, retain, recordWords, start }));
  }

  private journalParts({ readers, visitors, relay, start }: Scenario, journals: readonly Journal[]): Part[] {
    const [first, second] = journals.map(({ name, address }) => ({ name, address }));
    if (first === undefined) return [];
    const parts: Part[] = [];
    const join = (journal: Journal, bell: number, gating: boolean) =>
      joinReader(journal, { bell, gating, from: start });
    let passedOn: { line: number; output: typeof first } | null = null;
    if (relay !== null && second !== undefined) {
      const bell = this.line();
      const line = join(journals[0] as Journal, bell, true);
      passedOn = { line, output: second };
      parts.push({ role: 'relay', bell, journal: first, line, output: second, wait: relay.wait });
    }
    for (const plan of readers) {
      const bell = this.line();
      const line = join(journals.at(-1) as Journal, bell, plan.gating);
      parts.push({ role: 'read', bell, journal: second ?? first, line, plan });
    }
    for (let i = 0; visitors.count > 0 && i < visitors.threads; i++) {
      parts.push({ role: 'visit', bell: this.line(), journal: first });
    }
    parts.push({ role: 'write', bell: this.line(), journal: first, relay: passedOn });
    return parts;
  }

  /** A slot store, where the scenario is about one. */
  private createSlots({ kind, capacity, recordWords, slots }: Scenario): SlotsShape | undefined {
    if (kind !== 'slots') return undefined;
    const shape = slotsShape(0, capacity, recordWords, slots.keyed);
    return { ...shape, address: createSlots(this.arena, shape).address };
  }

  private slotParts({ slots }: Scenario, shape: SlotsShape): Part[] {
    const seen = Array.from({ length: slots.followers }, () => this.line());
    return [
      ...Array.from({ length: slots.readers }, (): Part => ({ role: 'read-slots', bell: 0, shape })),
      ...seen.map((cell): Part => ({ role: 'follow-slots', bell: 0, shape, seen: cell })),
      { role: 'write-slots', bell: 0, shape, seen },
    ];
  }

  private byHandParts({ byHand }: Scenario, journals: readonly Journal[]): Part[] {
    const { name, address } = journals[0] as Journal;
    const [holders, written] = [this.line(), this.line()];
    const part = (role: 'write-by-hand' | 'read-by-hand', i: number): Part => {
      const thread = FIRST_BY_HAND + i;
      return { role, bell: 0, journal: { name, address }, texts: this.texts, thread, holders, written };
    };
    return [
      ...Array.from({ length: byHand.readers }, (_, i) => part('read-by-hand', byHand.writers + i)),
      ...Array.from({ length: byHand.writers }, (_, i) => part('write-by-hand', i)),
    ];
  }

  private histogramParts({ seed, histogram }: Scenario): Part[] {
    const { name, address, digits } = createHistogram(this.arena, 'values', histogram.digits);
    this.regions.push(address);
    const shape = { name, address, digits };
    const { recorders } = histogram;
    const shared = { bell: 0, shape, over: this.line(), recorders };
    const lines = Array.from({ length: histogram.recorders }, () => this.line());
    const takers = Array.from({ length: histogram.takers }, () => this.line());
    const before = this.line();
    if (histogram.carries) this.counted.push(nearlyCarry(this.memory, shape, before, new Random(seed)));
    return [
      ...lines.map((line): Part => ({ ...shared, role: 'record-values', line })),
      ...takers.map((line): Part => ({ ...shared, role: 'take-values', line })),
      ...Array.from(
        { length: histogram.readers },
        (): Part => ({ ...shared, role: 'read-values', lines: [...lines, before], takers }),
      ),
    ];
  }

  /** One that holds the writer back must find all marks: for it there is room. */
  private markParts({ seed, capacity, start, readers, marks }: Scenario): Part[] {
    const published = this.line();
    const of = { name: 'marked', capacity, address: 0 };
    const isHeld = readers.some(({ gating }) => gating);
    const shape = createMarks(this.arena, of, isHeld ? 1 : marks.sizedFor);
    this.regions.push(shape.address);
    this.memory.i32[2 * shape.address] = MARKS_BEFORE[seed % MARKS_BEFORE.length] as number;
    storeSequence(this.memory, published, start, 0);
    const parts = readers.map((plan): Part => {
      const position = this.line();
      storeSequence(this.memory, position, start, 0);
      return { role: 'read-marks', bell: 0, shape, published, position, plan };
    });
    const positions = parts.flatMap((part) =>
      part.role === 'read-marks' && part.plan.gating ? [part.position] : [],
    );
    return [...parts, { role: 'write-marks', bell: 0, shape, published, positions }];
  }

  private sequenceParts(): Part[] {
    const cursor = this.line();
    const done = this.line();
    const part = (role: 'store-sequences' | 'load-sequences'): Part => ({ role, bell: 0, cursor, done });
    return [...Array.from({ length: LOADERS }, () => part('load-sequences')), part('store-sequences')];
  }

  /** The first cell of a line that lives as long as the scenario. */
  private line(): number {
    const line = createBell(this.arena);
    this.lines.push(line);
    return line;
  }

  private give(i: number, order: Order): Promise<Outcome> {
    this.threads[i] ??= new Worker(this.file, { workerData: this.memory.wasm, execArgv: [] });
    const thread = this.threads[i];
    return new Promise((resolve, reject) => {
      thread.removeAllListeners();
      thread.once('message', resolve);
      thread.once('error', reject);
      thread.once('exit', () => reject(new Fault('threw', 'a thread exited by itself')));
      thread.postMessage(order);
    });
  }

  /**
   * Rejects once nobody has made progress for too long. Time is counted in looks, so that a process that is stopped, or does
   * not get its share of a busy machine, counts the less of it.
   */
  private watch(
    progress: readonly number[],
    journals: readonly Journal[],
  ): { hang: Promise<never>; stop(): void } {
    const { i32, cells } = this.memory;
    let timer: ReturnType<typeof setInterval> | undefined;
    const hang = new Promise<never>((_, reject) => {
      let seen = '';
      let waitedMs = 0;
      timer = setInterval(() => {
        const now = progress.map((cell) => cells.load(i32, cell)).join(' ');
        waitedMs = now === seen ? waitedMs + LOOK_MS : 0;
        seen = now;
        if (waitedMs < this.watchdogMs) return;
        reject(new Fault('hang', `no progress for ${this.watchdogMs} ms; ${this.describe(journals)}`));
      }, LOOK_MS);
    });
    return { hang, stop: () => clearInterval(timer) };
  }

  /** The control lines of journals, for whoever has to find out why they are stuck. */
  private describe(journals: readonly Journal[]): string {
    const { i32 } = this.memory;
    return journals
      .map(({ name, cell }) => {
        const lines = Array.from({ length: LINES_SHOWN }, (_, line) =>
          [...i32.subarray(cell + line * LINE_CELLS, cell + line * LINE_CELLS + CELLS_SHOWN)]
            .map((value) => value >>> 0)
            .join(','),
        );
        return `journal ${name}: ${lines.join(' | ')}`;
      })
      .join('; ');
  }
}
