// The example: a hall of sensors, an alert for each that breaks down, a picture, and a check of every alert.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { drawPicture } from './picture.js';
import { alertsByPlainLoop } from './plain-loop.js';
import { FAULTS, hallReadings, SECONDS, SENSORS } from './readings.js';
import { findAlerts } from './run.js';

/** Sensors that are drawn: three that break down at once, the one that does so in the middle of a minute, one that is well. */
const DRAWN = [3, 19, 35, 150, 7];

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { picture: { type: 'string' } } });
  const { alerts, summaries } = await findAlerts(hallReadings(), new Set(DRAWN));
  for (const { sensorId, window, average, before } of alerts) {
    console.log(
      `minute ${String(window).padStart(2)}, sensor ${String(sensorId).padStart(3)}: ${before.toFixed(1)} → ${average.toFixed(1)}`,
    );
  }

  const picture = resolve(values.picture ?? 'out/sensor-alerts.svg');
  await mkdir(dirname(picture), { recursive: true });
  await writeFile(picture, drawPicture({ sensors: DRAWN, summaries, alerts, readings: SENSORS * SECONDS }));
  console.log(`Picture: ${picture}`);

  if (!isDeepStrictEqual(alerts, alertsByPlainLoop(hallReadings()))) {
    throw new Error('Cannot confirm the alerts: those of a plain loop over the same readings are others');
  }
  const sudden = FAULTS.filter(({ from }) => from % 60 === 0);
  const found = alerts.map(({ sensorId, window }) => `${sensorId} ${window}`).sort();
  if (!isDeepStrictEqual(found, sudden.map(({ sensorId, from }) => `${sensorId} ${from / 60}`).sort())) {
    throw new Error(`Cannot confirm the alerts: ${found} were raised`);
  }
  console.log(
    `Checked: ${alerts.length} alerts, those of a plain loop, one for each sensor that broke down with a minute`,
  );
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
