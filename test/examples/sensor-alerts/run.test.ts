// The alerts of the sensors against the plain loop, and the picture.
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { drawPicture } from '../../../examples/sensor-alerts/picture.js';
import { alertsByPlainLoop } from '../../../examples/sensor-alerts/plain-loop.js';
import { FAULTS, hallReadings, SECONDS, SENSORS } from '../../../examples/sensor-alerts/readings.js';
import { findAlerts } from '../../../examples/sensor-alerts/run.js';

const reading = (sensorId: number, value: number, second: number) => ({
  sensorId,
  value,
  timestamp: second * 1000,
});

describe('findAlerts()', () => {
  it('raises an alert when the average is more than half as high again as the one before', async () => {
    const { alerts, summaries } = await findAlerts(
      [reading(1, 10, 0), reading(2, 10, 0), reading(1, 15, 60), reading(2, 15.5, 60), reading(2, 99, 61)],
      new Set([2]),
    );
    expect(alerts).toEqual([
      { sensorId: 2, window: 1, average: 15.5, before: 10 },
      { sensorId: 2, window: 1, average: 57.25, before: 15.5 },
    ]);
    expect(summaries).toEqual([
      { sensorId: 2, window: 0, min: 10, max: 10, average: 10, count: 1 },
      { sensorId: 2, window: 1, min: 15.5, max: 15.5, average: 15.5, count: 1 },
      { sensorId: 2, window: 1, min: 15.5, max: 99, average: 57.25, count: 2 },
    ]);
  });

  it.each([
    ['inline', 'js'],
    ['inline', 'wasm'],
    ['worker', 'wasm'],
  ] as const)(
    'finds what the plain loop finds, and what broke down, %s, on %s',
    async (placement, backend) => {
      const { alerts } = await findAlerts(hallReadings(), undefined, { placement, backend });
      expect(alerts).toEqual(alertsByPlainLoop(hallReadings()));
      const sudden = FAULTS.filter(({ from }) => from % 60 === 0);
      expect(new Set(alerts.map(({ sensorId }) => sensorId))).toEqual(
        new Set(sudden.map(({ sensorId }) => sensorId)),
      );
      expect(alerts).toHaveLength(sudden.length);
    },
  );

  it('gives the picture in the docs', async () => {
    const sensors = [3, 19, 35, 150, 7];
    const { alerts, summaries } = await findAlerts(hallReadings(), new Set(sensors));
    const committed = await readFile(
      new URL('../../../docs/images/sensor-alerts.svg', import.meta.url),
      'utf8',
    );
    const svg = drawPicture({ sensors, summaries, alerts, readings: SENSORS * SECONDS });
    expect(svg === committed).toBe(true);
  });
});
