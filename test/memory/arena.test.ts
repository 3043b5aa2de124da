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
        expect(() => arena.allocate((4 * MIB) / 8 - 4 * LINE_WORDS, 'the rest')).not.toThrow();
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
