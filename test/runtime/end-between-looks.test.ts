// Whoever reads to the end: what is published with the end is read, whichever two looks both of them come between.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { map } from '../../operators/index.js';
import type { Engine, PullReader } from '../../src/index.js';
import * as at from '../../src/journal/descriptor.js';
import { createBell, EndKind, type Journal, JournalWriter, openJournal } from '../../src/journal/index.js';
import { sharedCells } from '../../src/memory/atomics.js';
import { encodeFailure } from '../../src/runtime/failure.js';
import { Group } from '../../src/runtime/group.js';
import { Item } from '../back-pressure/chains.js';
import { withEngine } from '../rx/pipelines.js';
import { ground, hostOf, layGroup } from './group-kit.js';

afterEach(() => vi.restoreAllMocks());

/** Looks at a journal's cursor and its end: no reader has looked more often by the time it waits for more. */
const LOOKS = Array.from({ length: 12 }, (_, look) => look);

const FAILURE = { cause: 'function', stage: 'one', name: 'Error', message: 'over' } as const;

/** How a journal ends. */
interface Ending {
  readonly fails: boolean;
  /** Whether nothing is published with the end. */
  readonly alone?: boolean;
}

/** Has another thread publish a record and end the journal just before a look at either; at the latest once all have passed. */
function endsAt(
  look: number,
  { memory, cell }: Journal,
  writer: JournalWriter,
  { fails, alone = false }: Ending = { fails: false },
): void {
  let looks = 0;
  let isOver = false;
  const end = () => {
    if (isOver) return;
    isOver = true;
    if (!alone) memory.f64[writer.claim()] = 7;
    if (fails) writer.end(EndKind.ERROR, encodeFailure(FAILURE));
    else writer.end(EndKind.COMPLETE);
  };
  vi.spyOn(sharedCells, 'load').mockImplementation((cells, index) => {
    if ((index === cell + at.PUBLISHED || index === cell + at.END_KIND) && looks++ === look) end();
    return Atomics.load(cells, index);
  });
  setTimeout(end, 20);
}

/** Reads a source that is given to a worker: the engine goes on looking. */
async function pull(
  engine: Engine,
  look: number,
  ending: Ending,
  read: (reader: PullReader<Item>, seen: number[]) => Promise<void>,
): Promise<number[]> {
  const source = engine.source(Item);
  const reader = source.reader();
  const { journal, graph } = source.node.outlet;
  vi.spyOn(graph, 'isFed', 'get').mockReturnValue(true);
  engine.core.activeGraphs.add(graph);
  endsAt(look, journal, new JournalWriter(journal), ending);
  const seen: number[] = [];
  await read(reader, seen);
  vi.restoreAllMocks();
  return seen;
}

/** What each reader of an engine has read when it says that it is done. */
const READERS: Readonly<Record<string, (engine: Engine, look: number) => Promise<number[]>>> = {
  'a pull reader': (engine, look) =>
    pull(engine, look, { fails: false }, async (reader, seen) => {
      for await (const { n } of reader) seen.push(n);
    }),
  'a pull reader that asks whether it is done': (engine, look) =>
    pull(engine, look, { fails: false }, async (reader, seen) => {
      for (let tries = 0; !reader.isDone && tries < 20; tries++) {
        for (let record = reader.tryReceive(); record !== undefined; record = reader.tryReceive()) {
          seen.push(record.n);
        }
      }
    }),
  'a pull reader before an error': (engine, look) =>
    pull(engine, look, { fails: true }, async (reader, seen) => {
      const read = async () => {
        for await (const { n } of reader) seen.push(n);
      };
      await expect(read()).rejects.toThrow('over');
    }),
  async 'a reader by hand'(engine, look) {
    const journal = engine.journal(Item);
    const reader = journal.reader({ from: 'start' });
    const core = openJournal(engine.core.memory, journal.handle);
    endsAt(look, core, new JournalWriter(core));
    const seen: number[] = [];
    for await (const { n } of reader) seen.push(n);
    return seen;
  },
  async 'a reader by hand that asks whether it is done'(engine, look) {
    const journal = engine.journal(Item);
    const reader = journal.reader({ from: 'start' });
    const core = openJournal(engine.core.memory, journal.handle);
    endsAt(look, core, new JournalWriter(core));
    const seen: number[] = [];
    for (let tries = 0; !reader.isDone && tries < 20; tries++) {
      while (reader.next()) seen.push(reader.current?.n as number);
    }
    return seen;
  },
};

describe.each(LOOKS)('a record and the end that come before look %i at them', (look) => {
  it.each(Object.entries(READERS))('are both read by %s', (_, read) =>
    withEngine({}, async (engine) => expect(await read(engine, look)).toEqual([7])),
  );

  it.each([false, true])('reach who waits for a record, also the end alone (an error: %s)', (fails) =>
    withEngine({}, async (engine) => {
      await pull(engine, look, { fails, alone: true }, async (reader) => {
        if (fails) await expect(reader.receive()).rejects.toThrow('over');
        else expect(await reader.receive()).toBe(undefined);
      });
    }),
  );

  it('are both taken by a group', () => {
    const place = ground();
    const laid = layGroup(
      place,
      createBell(place.arena),
      map((r: { v: number }) => ({ v: r.v })),
    );
    const group = new Group(laid.plan, hostOf(place));
    endsAt(look, openJournal(place.memory, laid.plan.input), laid.input);
    for (let turns = 0; !group.isRemoved && turns < 100; turns++) group.turn();
    expect([laid.take(), group.isRemoved]).toEqual([[7], true]);
  });
});
