// The generated market and the plain order book give the listed signals
import { expect, test } from 'vitest';
import { Checksum } from '../../bench/workloads/checksum.js';
import { MboGenerator } from '../../bench/workloads/mbo/generator.js';
import { plainBook } from '../../bench/workloads/mbo/plain-book.js';
import { addSignal } from '../../bench/workloads/mbo/records.js';

test('a hundred thousand records give 104185 signals with the listed checksum', () => {
  const signals = new Checksum();
  const next = plainBook((signal) => addSignal(signals, signal));
  const market = new MboGenerator();
  for (let k = 0; k < 100_000; k++) next(market.next());
  expect(signals.digest()).toEqual({ count: 104185, sum: '7e927b71dfc7052b', hash: '728dc49ff9aed172' });
});
