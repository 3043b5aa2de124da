// The arena survives the death of a thread: at every store that it makes, and while others wait for the lock it holds.
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Arena, createMemory, LINE_WORDS, type Memory } from '../../src/memory/index.js';
import type { ArenaOrder } from './arena-thread.js';

const MIB = 1024 * 1024;
const MORTAL = 2;

class Death extends Error {}

/**
 * A memory as a thread sees it that dies right before one of its stores: that one and all after it are not made, those of
 * `finally` included. A `fill` is two stores, of its halves.
 */
function mortal(memory: Memory, stores: number): Memory {
  let left = stores;
  const live = () => {
    if (left-- <= 0) throw new Death();
  };
  const i32 = new Proxy(memory.i32, {
    get: (cells, key) => {
      if (key !== 'fill') return cells[key as never];
      return (value: number, from: number, to: number) => {
        const middle = (from + to) >> 1;
        live();
        cells.fill(value, from, middle);
        live();
        cells.fill(value, middle, to);
      };
    },
    set: (cells, key, value) => {
      live();
      cells[key as never] = value as never;
      return true;
    },
  });
  const { cells } = memory;
  return {
    ...memory,
    i32,
    cells: {
      ...cells,
      load: (_, index) => cells.load(memory.i32, index),
      store: (_, index, value) => {
        live();
        cells.store(memory.i32, index, value);
      },
      compareExchange: (_, index, expected, value) => {
        live();
        return cells.compareExchange(memory.i32, index, expected, value);
      },
    },
  };
}

interface Region {
  readonly address: number;
  readonly words: number;
  readonly mark: bigint;
}

/** What a thread does to the arena; `at` picks the region that is freed. */
const command = fc.record({
  thread: fc.constantFrom('engine', 'mortal'),
  words: fc.integer({ min: 1, max: 4_000 }),
  free: fc.boolean(),
  at: fc.nat(30),
});

const last = fc.oneof(
  fc.record({ free: fc.constant(false), words: fc.integer({ min: 1, max: 4_000 }), at: fc.constant(0) }),
  fc.record({ free: fc.constant(true), words: fc.constant(0), at: fc.nat(30) }),
);

function allocate(arena: Arena, memory: Memory, regions: Region[], words: number): void {
  const mark = BigInt(regions.length + 1);
  const address = arena.allocate(words, 'a test');
  memory.i64.fill(mark, address, address + words);
  regions.push({ address, words, mark });
}

function free(arena: Arena, regions: Region[], at: number): void {
  const [region] = regions.splice(at % Math.max(1, regions.length), 1);
  if (region !== undefined) arena.free(region.address);
}

describe('Arena.recover()', () => {
  it('frees all that a thread had, whichever store it died before, and touches nothing of others', () => {
    let deaths = 0;
    fc.assert(
      fc.property(fc.array(command, { maxLength: 40 }), last, (commands, end) => {
        const memory = createMemory(MIB, false);
        let asked = 0;
        const engine = Arena.create(memory, (holder) => {
          if (asked++ > 1_000) throw new Error('the lock is never taken back');
          return holder === MORTAL;
        });
        const thread = Arena.open(memory, MORTAL);
        const regions = { engine: [] as Region[], mortal: [] as Region[] };
        for (const { thread: who, words, free: frees, at } of commands) {
          const arena = who === 'engine' ? engine : thread;
          if (frees) free(arena, regions[who], at);
          else allocate(arena, memory, regions[who], words);
        }
        const before = memory.i32.slice();
        for (let stores = 0, died = true; died; stores++) {
          memory.i32.set(before);
          const doomed = Arena.open(mortal(memory, stores), MORTAL);
          died = false;
          try {
            if (end.free) free(doomed, [...regions.mortal], end.at);
            else doomed.allocate(end.words, 'a test');
          } catch (thrown) {
            if (!(thrown instanceof Death)) throw thrown;
            died = true;
            deaths++;
          }
          // Were the lock lost with its owner, this would never return.
          engine.free(engine.allocate(1, 'a test'));
          engine.recover(MORTAL);
          for (const { address, words, mark } of regions.engine) {
            expect(memory.i64.subarray(address, address + words).every((word) => word === mark)).toBe(true);
          }
          const mine = regions.engine.map(({ address }) => address);
          for (const address of mine) engine.free(address);
          expect(engine.usedBytes).toBe(0);
          // All is joined again, and zeroed when it is handed out.
          const words = MIB / 8 - 20 * LINE_WORDS;
          const whole = engine.allocate(words, 'the rest');
          expect(memory.i64.subarray(whole, whole + words).every((word) => word === 0n)).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
    expect(deaths).toBeGreaterThan(100);
  });

  it('keeps what other threads have taken, and counts it', () => {
    const memory = createMemory(MIB, false);
    const engine = Arena.create(memory);
    const [doomed, other] = [Arena.open(memory, 2), Arena.open(memory, 3)];
    doomed.allocate(10, 'a test');
    other.allocate(10, 'a test');
    doomed.allocate(10, 'a test');
    const used = engine.usedBytes;
    engine.recover(2);
    expect(engine.usedBytes).toBe(used / 3);
    engine.recover(3);
    expect(engine.usedBytes).toBe(0);
  });

  it('is possible while threads hammer the arena and are terminated anywhere', async () => {
    const { outputFiles } = await build({
      entryPoints: ['test/faults/arena-thread.ts'],
      bundle: true,
      write: false,
      format: 'cjs',
      platform: 'node',
      target: 'es2022',
    });
    const source = outputFiles[0]?.text ?? '';
    const memory = createMemory(4 * MIB, true);
    const dead = new Set<number>();
    const deadline = Date.now() + 50_000;
    const engine = Arena.create(memory, (holder) => {
      if (Date.now() > deadline) throw new Error('the lock is never taken back');
      return dead.has(holder);
    });
    const started = engine.allocate(LINE_WORDS, 'a cell') * 2;
    const mine = engine.allocate(1_000, 'a test');
    memory.i64.fill(7n, mine, mine + 1_000);
    const used = engine.usedBytes;
    for (let round = 0; round < 25; round++) {
      const owners = [2 + 2 * round, 3 + 2 * round];
      const workers = owners.map((owner) => {
        const workerData: ArenaOrder = { memory: memory.wasm, owner, started };
        return new Worker(source, { eval: true, workerData, execArgv: [] });
      });
      while (memory.cells.load(memory.i32, started) < 2 * (round + 1)) {
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      for (let i = 0; i < 200; i++) engine.free(engine.allocate(i + 1, 'a test'));
      for (const [i, worker] of workers.entries()) {
        await worker.terminate();
        dead.add(owners[i] as number);
        engine.free(engine.allocate(50, 'a test'));
      }
      for (const owner of owners) engine.recover(owner);
      dead.clear();
      expect(engine.usedBytes).toBe(used);
    }
    expect(memory.i64.subarray(mine, mine + 1_000).every((word) => word === 7n)).toBe(true);
  });
});

describe('an arena without a free block', () => {
  it('refuses, and leaves its own header alone', () => {
    const arena = Arena.create(createMemory(MIB, false));
    for (let lines = 1_000; lines > 0; ) {
      try {
        arena.allocate((lines - 1) * LINE_WORDS || 1, 'everything');
      } catch {
        lines = Math.floor(lines / 2);
      }
    }
    const used = arena.usedBytes;
    for (let i = 0; i < 3; i++) {
      expect(() => arena.allocate(1, 'one more')).toThrowError(
        expect.objectContaining({ code: 'OUT_OF_MEMORY', message: expect.stringContaining(': 0 of') }),
      );
    }
    expect(arena.usedBytes).toBe(used);
  });
});
