// What V8 tells of its collections is counted by thread, between the two that were asked for
import { expect, test } from 'vitest';
import { countTraced } from '../../bench/benchmarks/collections.js';

const MARK =
  '[7:0x42]   100 ms: Mark-Compact 3.9 (4.5) -> 2.9 (5.5) MB, 22.94 / 0.00 ms  (average mu = 1.000) testing; GC in old space requested';
const OF_MAIN =
  '[7:0x42]   110 ms: Scavenge 64.6 (94.5) -> 64.3 (97.8) MB, 20.21 / 0.00 ms  (average mu = 1.000) allocation failure;';
const OF_WORKER =
  '[7:0x7ff1]    12 ms: Scavenge 4.6 (9.5) -> 4.3 (9.8) MB, 0.21 / 0.00 ms  (average mu = 1.000) allocation failure;';
const NEWER =
  '[7:0x7ff1:1]    12 ms: Scavenge 4.6 (9.5) -> 4.3 (9.8) MB, pooled: 0 MB, 0.21 / 0.00 ms  (average mu = 1.000) task;';

test('collections before the first mark and after the second do not count', () => {
  const trace = [OF_WORKER, OF_MAIN, MARK, OF_WORKER, OF_MAIN, OF_MAIN, NEWER, MARK, OF_WORKER, OF_MAIN].join(
    '\n',
  );
  expect(countTraced(trace)).toEqual({ inWorkers: 2, onMain: 2 });
  expect(countTraced([OF_WORKER, MARK, MARK].join('\n'))).toEqual({ inWorkers: 0, onMain: 0 });
});

test('a trace without marks is refused, not counted as none', () => {
  expect(() => countTraced(OF_WORKER)).toThrow("Cannot read V8's trace");
});
