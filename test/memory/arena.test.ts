// The arena hands out zeroed regions that do not overlap, and joins what is given back.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Arena, createMemory, LINE_WORDS } from '../../src/memory/index.js';

const MIB = 1024 * 1024;

describe('Arena', () => {
  it('hands out regions that are aligned, zeroed and do not overlap, whatever was freed before', () => {
    const command = fc.record({ words: fc.integer({ min: 1, max: 5_000 }), free: fc.nat(20) });
    fc.assert(
      fc.property(fc.array(command, { maxLength: 200 }), (commands) => {
        const memory = createMemory(4 * MIB, false);
        const arena = Arena.create(memory);
        const live: { address: number; words: number; mark: number }[] = [];
        commands.forEach(({ words, free }, i) => {
          let address: number;
          try {
            address = arena.allocate(words, 'a test');
          } catch {
            return;
          }
          expect(address % LINE_WORDS).toBe(0);
          const region = memory.i64.subarray(address, address + words);
          expect(region.every((word) => word === 0n)).toBe(true);
          region.fill(BigInt(i + 1));
          live.push({ address, words, mark: i + 1 });
          const [freed] = free < live.length ? live.splice(free, 1) : [];
          if (freed !== undefined) arena.free(freed.address);
          for (const { address, words, mark } of live) {
            expect(memory.i64[address]).toBe(BigInt(mark));
            expect(memory.i64[address + words - 1]).toBe(BigInt(mark));
          }
        });
        for (const { address } of live) arena.free(address);
        expect(arena.usedBytes).toBe(0);
        // Everything has been joined again: one region may take nearly all.
        expect(() => arena.allocate((4 * MIB) / 8 - 20 * LINE_WORDS, 'the rest')).not.toThrow();
      }),
      { numRuns: 50 },
    );
  });

  it('says what did not fit, and how much is free', () => {
    const arena = Arena.create(createMemory(MIB, false));
    expect(() => arena.allocate(MIB, 'journal readings')).toThrowError(
      expect.objectContaining({
        code: 'OUT_OF_MEMORY',
        message: expect.stringContaining('journal readings'),
      }),
    );
  });

  it('finds the last block that is long enough, behind shorter ones of about its length', () => {
    const arena = Arena.create(createMemory(MIB, false));
    /** A region that takes so many lines together with its header. */
    const take = (lines: number): number => arena.allocate((lines - 1) * LINE_WORDS, 'a test');
    const fitting = take(67);
    const shorter = Array.from({ length: 12 }, () => [take(2), take(64)] as const);
    take(2);
    for (let lines = 4096; lines >= 2; lines /= 2) {
      try {
        for (;;) take(lines);
      } catch {}
    }
    for (const address of [fitting, ...shorter.map(([, address]) => address)]) arena.free(address);
    expect(take(66)).toBe(fitting);
    expect(() => take(66)).toThrowError(expect.objectContaining({ code: 'OUT_OF_MEMORY' }));
    expect(() => take(64)).not.toThrow();
  });

  it('does not touch what it hands out for the first time', () => {
    const memory = createMemory(1024 * MIB, false);
    const arena = Arena.create(memory);
    const before = process.memoryUsage().rss;
    arena.allocate((900 * MIB) / 8, 'a large journal');
    expect(process.memoryUsage().rss - before).toBeLessThan(50 * MIB);
  });
});

describe('createMemory()', () => {
  it('refuses sizes out of range', () => {
    for (const bytes of [0, MIB - 1, 2 ** 32 + 1, Number.NaN]) {
      expect(() => createMemory(bytes, false)).toThrowError(expect.objectContaining({ code: 'MEMORY_SIZE' }));
    }
  });
});
