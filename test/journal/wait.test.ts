// Wait strategies: how often workers look before they sleep, and that no more of them spin than have a core.
import { expect, test } from 'vitest';
import { spinsBeforeSleep } from '../../src/journal/index.js';

test('with a core for each, spin looks for ever, hybrid for a while, park not at all', () => {
  const crowd = { rank: 2, spareCores: 3 };
  expect(spinsBeforeSleep('spin', crowd, 3)).toBe(Number.POSITIVE_INFINITY);
  expect(spinsBeforeSleep('hybrid', crowd, 3)).toBeGreaterThan(100);
  expect(spinsBeforeSleep('hybrid', crowd, 3)).toBeLessThan(1e6);
  expect(spinsBeforeSleep('park', crowd, 3)).toBe(0);
});

test('with more workers than spare cores, spin is for as many as there are cores, and hybrid parks', () => {
  const ranks = [0, 1, 2];
  const spins = (strategy: 'spin' | 'hybrid') =>
    ranks.map((rank) => spinsBeforeSleep(strategy, { rank, spareCores: 1 }, 3));
  expect(spins('spin')).toEqual([Number.POSITIVE_INFINITY, 0, 0]);
  expect(spins('hybrid')).toEqual([0, 0, 0]);
});
