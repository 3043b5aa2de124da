// The alerts of the services against the plain loop, on generated and on real telemetry.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { generatedSeries } from '../../../examples/service-health/generated.js';
import { readNab } from '../../../examples/service-health/nab.js';
import { drawPicture } from '../../../examples/service-health/picture.js';
import { DETECTOR } from '../../../examples/service-health/pipeline.js';
import { alertsByPlainLoop } from '../../../examples/service-health/plain-loop.js';
import { findAlerts } from '../../../examples/service-health/run.js';
import type { Series } from '../../../examples/service-health/telemetry.js';
import { formatVerdicts, judge, total } from '../../../examples/service-health/verdict.js';

const nab = fileURLToPath(new URL('../../../../shared/data/nab', import.meta.url));

/** A metric that swings a little, with some values in place of its own. */
function swinging(metric: string, values: Readonly<Record<number, number>>, length = 1_000): Series {
  return {
    metric,
    times: Array.from({ length }, (_, i) => 300 * i),
    values: Array.from({ length }, (_, i) => values[i] ?? 100 + (i % 2)),
    anomalies: [],
  };
}

describe('findAlerts()', () => {
  it.each([
    ['inline', 'js'],
    ['inline', 'wasm'],
    ['worker', 'wasm'],
  ] as const)(
    'raises those of the plain loop, and all but one that should be, %s, on %s',
    async (placement, backend) => {
      const series = generatedSeries();
      const alerts = await findAlerts(series, { placement, backend });
      expect(alerts).toEqual(alertsByPlainLoop(series, DETECTOR));
      expect(total(judge(series, alerts))).toMatchObject({ detected: 4, missed: 1, falseAlarms: 0 });
    },
  );

  it('raises one alert a spell, and another after a day of quiet', async () => {
    const series = [swinging('a', { 700: 120, 701: 120, 702: 120, 800: 120, 999: 120 }), swinging('b', {})];
    const alerts = await findAlerts(series, { placement: 'inline' });
    // 999 is less than a day after 800.
    expect(alerts.map(({ metric, time }) => [metric, time / 300])).toEqual([['a', 700]]);
    const later = await findAlerts([swinging('a', { 700: 120, 995: 120 })], { placement: 'inline' });
    expect(later.map(({ time }) => time / 300)).toEqual([700, 995]);
  });

  it('raises none while it warms up', async () => {
    const alerts = await findAlerts([swinging('a', { 100: 500, 500: 500 })], { placement: 'inline' });
    expect(alerts).toEqual([]);
  });

  it('does not take an outage for usual', async () => {
    const outage = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [700 + i, 0]));
    const [alert] = await findAlerts([swinging('a', outage)], { placement: 'inline' });
    expect(alert).toMatchObject({ time: 300 * 700, value: 0 });
    expect(alert?.usual).toBeGreaterThan(100);
  });

  it('gives the picture in the docs', async () => {
    const series = generatedSeries();
    const committed = await readFile(
      new URL('../../../docs/images/service-health.svg', import.meta.url),
      'utf8',
    );
    expect(drawPicture(series, await findAlerts(series)) === committed).toBe(true);
  });

  it.skipIf(!existsSync(nab))(
    'raises those of the plain loop on real telemetry, half of which are right',
    async () => {
      const series = await readNab(nab);
      const alerts = await findAlerts(series);
      expect(alerts).toEqual(alertsByPlainLoop(series, DETECTOR));
      expect(total(judge(series, alerts))).toMatchObject({
        measurements: 74_903,
        detected: 16,
        missed: 12,
        falseAlarms: 11,
      });
    },
  );
});

describe('judge()', () => {
  it('tells what was detected, how late, what was missed and what was false', () => {
    const series = [
      {
        ...swinging('a', {}),
        anomalies: [
          { from: 100, to: 200 },
          { from: 5000, to: 9000 },
        ],
      },
    ];
    const alert = (time: number) => ({ metric: 'a', time, value: 0, usual: 0, score: 9 });
    const [verdict] = judge(series, [alert(50), alert(160), alert(200), alert(7000), alert(9001)]);
    expect(verdict?.detected).toEqual([
      { from: 100, to: 200, delay: 60 },
      { from: 5000, to: 9000, delay: 2000 },
    ]);
    expect(verdict?.falseAlarms.map(({ time }) => time)).toEqual([50, 9001]);
    expect(judge(series, [])[0]?.missed).toEqual(series[0]?.anomalies);
  });

  it('is shown as a table', () => {
    const series = [{ ...swinging('a', {}), anomalies: [{ from: 0, to: 9000 }] }];
    const alert = { metric: 'a', time: 7200, value: 0, usual: 0, score: 9 };
    expect(formatVerdicts(judge(series, [alert])).split('\n')).toEqual([
      'metric   detected   missed   false   after',
      'a               1        0       0   2.0 h',
      'all             1        0       0   median 2.0 h',
    ]);
  });
});
