// The demo: three million flights through the engine, a table and a picture of the alerts, and a check of their number.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { defaultFlightsPath, openFlights } from './flights-file.js';
import { drawPicture } from './picture.js';
import { alertsByPlainLoop } from './plain-loop.js';
import { createProgress } from './progress.js';
import { findAlerts } from './run.js';
import type { Alert } from './types.js';
import { formatTable, worstAirports } from './worst-airports.js';

/** How many alerts the flights of `vega-datasets` 3.2 raise. */
const ALERTS_OF_DEFAULT_FILE = 10_332;

const HELP = `Usage: npm run demo -- [--file FLIGHTS.parquet] [--picture PICTURE.svg]`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { file: { type: 'string' }, picture: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) return console.log(HELP);
  const file = await openFlights(values.file ?? defaultFlightsPath());

  const progress = createProgress(file.flights, process.stderr);
  const { alerts, hours } = await findAlerts(file, progress.update);
  progress.end();

  const worst = worstAirports(alerts, hours, 10);
  console.log(
    `\nThe airports with most alerts, of ${alerts.length.toLocaleString('en-US')}:\n\n${formatTable(worst)}\n`,
  );

  const picture = resolve(values.picture ?? 'out/flights.svg');
  const airports = worst.slice(0, 6).map(({ airport }) => airport);
  await mkdir(dirname(picture), { recursive: true });
  await writeFile(picture, drawPicture({ alerts, hours, flights: file.flights, airports }));
  console.log(`Picture: ${picture}`);

  checkAlerts(alerts, await alertsByPlainLoop(file), file.flights);
  if (values.file === undefined && alerts.length !== ALERTS_OF_DEFAULT_FILE) {
    throw new Error(
      `Cannot confirm the alerts: ${alerts.length} were raised, and ${ALERTS_OF_DEFAULT_FILE} are known`,
    );
  }
  console.log(
    `Checked: a plain loop over the same flights finds the same ${alerts.length.toLocaleString('en-US')} alerts`,
  );
}

function checkAlerts(alerts: readonly Alert[], expected: readonly Alert[], flights: number): void {
  const lines = (list: readonly Alert[]): Set<string> =>
    new Set(list.map((a) => `${a.airport} ${a.hour} ${a.flights} ${a.average} ${a.before}`));
  const found = lines(alerts);
  const missing = [...lines(expected)].filter((line) => !found.has(line));
  if (alerts.length !== expected.length || missing.length > 0) {
    throw new Error(
      `Cannot confirm the alerts: ${alerts.length} were raised, a plain loop finds ${expected.length}, first missing: ${missing[0]}`,
    );
  }
  if (alerts.length >= flights / 100)
    throw new Error(`Cannot confirm the alerts: ${alerts.length} are 1% or more`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
