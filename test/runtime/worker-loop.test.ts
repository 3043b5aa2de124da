// The loop of a worker between two looks: whatever comes in the moment before its bell is set, it does not sleep over that.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { map } from '../../operators/index.js';
import { createBell, EndKind, isWriterWaiting, NAP_MS, PARK_MS } from '../../src/journal/index.js';
import { sharedCells } from '../../src/memory/atomics.js';
import { LINE_CELLS, LINE_WORDS } from '../../src/memory/index.js';
import { Control, type FromWorker, type ToWorker } from '../../src/runtime/messages.js';
import { GroupCell, GroupFlag } from '../../src/runtime/plan.js';
import { WorkerLoop } from '../../src/runtime/worker-loop.js';
import { ground, type Laid, layGroup } from './group-kit.js';

const same = () => map((r: { v: number }) => ({ v: r.v }));

/** More often no test's bell is set: one that never sleeps is told, and let out. */
const MOST_BELLS = 50;

afterEach(() => vi.restoreAllMocks());

/**
 * A worker's loop on this thread. `run` lets it run; it tells for how long the loop wanted to sleep each time.
 *
 * @param options.receives Whether the thread can take messages without its event loop.
 */
function start({ receives = false } = {}) {
  const place = ground();
  const { arena, memory, texts } = place;
  const { i32 } = memory;
  const line = () => (arena.allocate(LINE_WORDS, 'a line') / LINE_WORDS) * LINE_CELLS;
  const [control, workersCell, bell, engineBell] = [line(), line(), createBell(arena), createBell(arena)];
  const posted: FromWorker[] = [];
  const mail: ToWorker[] = [];
  const loop = new WorkerLoop(
    {
      name: 'worker',
      thread: 1,
      memory: memory.wasm,
      texts: texts.handle,
      control,
      bell,
      engineBell,
      wait: 'park',
      crowd: { rank: 0, spareCores: 1, workersCell },
    },
    (message) => posted.push(message),
    receives ? () => mail.shift() : undefined,
  );
  const knock = () => sharedCells.add(i32, control + Control.MAIL, 1);
  return {
    memory,
    engineBell,
    posted,
    /** Lays a group and gives it to the loop. */
    add(options: { capacity?: number; graph?: number } = {}): Laid {
      const laid = layGroup(place, bell, same(), options);
      knock();
      loop.handle({ type: 'install', plan: laid.plan });
      return laid;
    },
    post(message: ToWorker) {
      mail.push(message);
      knock();
    },
    knock,
    /**
     * @param beforeBell Called each time just before the bell is set, after the last look before that.
     * @param asleep Called instead of each sleep; once it returns true, the loop ends.
     */
    run(beforeBell: (time: number) => void, asleep: (time: number) => boolean): number[] {
      const sleeps: number[] = [];
      let bells = 0;
      // Thrown in the middle of a record they would be that stage's.
      const failures: unknown[] = [];
      const checked = <R>(act: () => R): R | undefined => {
        try {
          return act();
        } catch (failure) {
          failures.push(failure);
          return undefined;
        }
      };
      vi.spyOn(sharedCells, 'store').mockImplementation((cells, index, value) => {
        if (index === bell && value === 1) {
          bells++;
          checked(() => beforeBell(bells));
          if (bells > MOST_BELLS) throw new Error('it does not sleep');
        }
        Atomics.store(cells, index, value);
      });
      vi.spyOn(Atomics, 'wait').mockImplementation((_, index, __, timeoutMs) => {
        checked(() => expect(index).toBe(bell));
        const time = sleeps.push(timeoutMs as number);
        if (checked(() => asleep(time)) ?? true) knock();
        return 'ok';
      });
      loop.run();
      vi.restoreAllMocks();
      expect(failures).toEqual([]);
      expect(bells).toBeLessThan(MOST_BELLS);
      return sleeps;
    },
  };
}

/** Does something the first time. */
const once = (act: () => void) => (time: number) => {
  if (time === 1) act();
};

describe('a worker that is about to sleep does not, over', () => {
  it('records that are published', () => {
    const worker = start();
    const laid = worker.add();
    const { memory, engineBell } = worker;
    sharedCells.store(memory.i32, engineBell, 1);
    const sleeps = worker.run(
      once(() => laid.feed(1, 2)),
      () => {
        expect(laid.take()).toEqual([1, 2]);
        // Whoever waits for it to be done was told.
        expect(sharedCells.load(memory.i32, engineBell)).toBe(0);
        return true;
      },
    );
    expect(sleeps).toEqual([PARK_MS]);
  });

  it('a message', () => {
    const worker = start();
    worker.add();
    expect(worker.run(worker.knock, () => true)).toEqual([]);
  });

  it.each<[string, (laid: Laid, flag: () => void) => void]>([
    ['the end of its input', ({ input }) => input.end(EndKind.COMPLETE)],
    ['a group that is to go', (_, remove) => remove()],
  ])('%s', (_, act) => {
    const worker = start();
    const laid = worker.add();
    worker.add();
    const { i32 } = worker.memory;
    const remove = () => sharedCells.store(i32, laid.plan.flag, GroupFlag.REMOVE);
    worker.run(
      once(() => act(laid, remove)),
      () => {
        expect(sharedCells.load(i32, laid.plan.flag)).toBe(GroupFlag.REMOVED);
        return true;
      },
    );
  });
});

describe('a worker whose stage has no room does not sleep over', () => {
  it('room, through however few slots', () => {
    const worker = start();
    const laid = worker.add({ capacity: 1 });
    laid.feed(1, 2, 3);
    const taken: number[] = [];
    const sleeps = worker.run(
      () => taken.push(...laid.take()),
      () => {
        expect(taken).toEqual([1, 2, 3]);
        return true;
      },
    );
    expect(sleeps).toEqual([PARK_MS]);
  });

  it('room in the journal that it waits for, whichever it has waited for before', () => {
    const worker = start();
    const [first, second] = [worker.add({ capacity: 1 }), worker.add({ capacity: 1, graph: 1 })];
    first.feed(1, 2);
    second.feed(3, 4);
    const taken: number[] = [];
    // The first is full again when the second waits, and stays so.
    worker.run(
      (time) => taken.push(...(time === 1 ? first : second).take()),
      () => {
        expect(taken).toEqual([1, 3, 4]);
        return true;
      },
    );
  });

  it('its own removal, whichever has waited before', () => {
    const worker = start();
    const [first, second] = [worker.add({ capacity: 1 }), worker.add({ capacity: 1, graph: 1 })];
    const { i32 } = worker.memory;
    first.feed(1, 2);
    second.feed(3, 4);
    worker.run(
      (time) => {
        if (time === 1) first.take();
        else if (time === 2) sharedCells.store(i32, second.plan.flag, GroupFlag.REMOVE);
      },
      () => {
        expect(sharedCells.load(i32, second.plan.flag)).toBe(GroupFlag.REMOVED);
        return true;
      },
    );
  });

  it('records for a group that has been put on top of it, which it runs', () => {
    const worker = start();
    const [waiting, above] = [worker.add({ capacity: 1 }), worker.add({ graph: 1 })];
    sharedCells.store(worker.memory.i32, above.plan.flag + GroupCell.ORDER, 1);
    waiting.feed(1, 2);
    const sleeps = worker.run(
      once(() => above.feed(5)),
      (time) => {
        if (time === 1) {
          expect(above.take()).toEqual([5]);
          expect(waiting.take()).toEqual([1]);
        }
        return time === 2;
      },
    );
    expect(sleeps).toEqual([PARK_MS, PARK_MS]);
    expect(waiting.take()).toEqual([2]);
  });

  it('a question of its engine, which it answers', () => {
    const worker = start({ receives: true });
    const laid = worker.add({ capacity: 1 });
    laid.feed(1, 2);
    const query = { id: 7, stage: -1, table: 0, type: 'count' } as never;
    worker.run(
      once(() => worker.post({ type: 'state', query })),
      (time) => {
        if (time === 1) {
          expect(worker.posted.map(({ type }) => type)).toEqual(['state']);
          laid.take();
        }
        return time === 2;
      },
    );
  });
});

describe('a worker whose stage has no room', () => {
  it('sleeps, again and again, whichever journal it has waited for before', () => {
    const worker = start();
    const [first, second] = [worker.add({ capacity: 1 }), worker.add({ capacity: 1, graph: 1 })];
    first.feed(1, 2);
    second.feed(3, 4, 5);
    const taken: number[] = [];
    // In the first there is room for good while the second waits.
    const sleeps = worker.run(
      () => taken.push(...first.take()),
      () => {
        taken.push(...second.take());
        return taken.length === 5;
      },
    );
    expect(taken.filter((v) => v > 2)).toEqual([3, 4, 5]);
    expect(sleeps.length).toBeLessThanOrEqual(4);
  });

  it('sleeps, though a group has records that must not run on top of it', () => {
    const worker = start();
    const [waiting, beside] = [worker.add({ capacity: 1 }), worker.add({ graph: 1 })];
    waiting.feed(1, 2);
    const sleeps = worker.run(
      once(() => beside.feed(5)),
      (time) => {
        expect(beside.take()).toEqual(time === 1 ? [] : [5]);
        if (time === 1) waiting.take();
        return time === 2;
      },
    );
    expect(sleeps).toEqual([PARK_MS, PARK_MS]);
  });

  it('names its bell in that journal for as long as it waits', () => {
    const worker = start();
    const laid = worker.add({ capacity: 1 });
    laid.feed(1, 2);
    const named: boolean[] = [];
    const look = () => named.push(isWriterWaiting(laid.output));
    worker.run(look, () => {
      look();
      laid.take();
      return named.length > 2;
    });
    // Before its bell is set, asleep; then with nothing to do.
    expect(named).toEqual([true, true, false, false]);
  });

  it('naps once in a long journal, then sleeps', () => {
    const worker = start();
    const laid = worker.add({ capacity: 8_192 });
    const values = Array.from({ length: 9_000 }, (_, v) => v);
    const taken: number[] = [];
    for (let i = 0; i < 9_000; i += 1_000) laid.feed(...values.slice(i, i + 1_000));
    const sleeps = worker.run(
      () => {},
      (time) => {
        if (time === 3) taken.push(...laid.take());
        return time === 4;
      },
    );
    expect(sleeps).toEqual([NAP_MS, PARK_MS, PARK_MS, PARK_MS]);
    expect([...taken, ...laid.take()]).toEqual(values);
  });
});
