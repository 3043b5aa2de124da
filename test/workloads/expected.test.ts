// What a workload must give: continued for long inputs, and the same in C as in JavaScript
import { expect, test } from 'vitest';
import { canCompile, observeNative } from '../../bench/contestants/native/native.js';
import { expectedAlerts, expectedOfLong } from '../../bench/workloads/expected.js';
import { keysWorkload } from '../../bench/workloads/keys.js';
import { sensor } from '../../bench/workloads/sensor.js';
import { sensor1000 } from '../../bench/workloads/sensor-1000.js';

test('alerts of a long sensor input that are continued are those of the plain loop', () => {
  const listed = sensor.listed.at(-1)!;
  expect(expectedOfLong(sensor, listed.size)).toEqual(listed.alerts);
  for (const size of [400, 1_000, 20_004]) {
    expect(expectedOfLong(sensor, size, 400), String(size)).toEqual(expectedAlerts(sensor, size));
  }
});

test('a thousand sensors that take turns raise a thousand times the alerts of one', () => {
  expect(expectedAlerts(sensor1000, 1_000_000).count).toBe(1000 * expectedAlerts(sensor, 1000).count);
});

test('a workload of keys has as many keys as it says, each of them at first in order', () => {
  for (const keys of [1, 10, 1000]) {
    const ids: number[] = [];
    keysWorkload(keys).feed(20 * keys, ({ id }) => ids.push(id));
    expect(ids.slice(0, keys)).toEqual(Array.from({ length: keys }, (_, id) => id));
    expect(new Set(ids).size).toBe(keys);
  }
});

test.skipIf(!canCompile())(
  'the native loop gives the alerts of the plain loop, or refuses (needs a C compiler)',
  () => {
    for (const [sensors, workload] of [
      [1, sensor],
      [1000, sensor1000],
    ] as const) {
      const task = { size: 100_000, warmUpSize: 10_000, expected: expectedAlerts(workload, 100_000) };
      const { records, ms } = observeNative(sensors, task);
      expect(records).toBe(100_000);
      expect(ms).toBeGreaterThan(0);
      const wrong = { ...task.expected, hash: '0' };
      expect(() => observeNative(sensors, { ...task, expected: wrong })).toThrow(
        'Wrong results from the native C loop',
      );
    }
  },
);
