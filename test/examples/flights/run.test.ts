// The demo's pipeline against the plain loop.
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { defaultFlightsPath, type FlightsFile, openFlights } from '../../../examples/flights/flights-file.js';
import { drawPicture } from '../../../examples/flights/picture.js';
import { alertsByPlainLoop } from '../../../examples/flights/plain-loop.js';
import { findAlerts } from '../../../examples/flights/run.js';
import type { Alert } from '../../../examples/flights/types.js';
import { worstAirports } from '../../../examples/flights/worst-airports.js';
import { flightsOf, hourOf } from './hand-made.js';

/** The plain loop goes airport by airport, the pipeline flight by flight. */
function inOneOrder(alerts: readonly Alert[]): Alert[] {
  const key = ({ airport, hour }: Alert) => `${airport} ${hour}`;
  return [...alerts].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

async function firstRowGroup(): Promise<FlightsFile> {
  const file = await openFlights(defaultFlightsPath());
  const { value } = await file.rowGroups().next();
  if (!value) throw new Error('Cannot test: the file is empty');
  return flightsOf(value);
}

describe('findAlerts()', () => {
  it('raises one alert an airport and hour, and closes an hour when the next begins', async () => {
    const file = flightsOf(hourOf('AAA', 0, 10, 0), hourOf('AAA', 1, 15, 20), hourOf('AAA', 2, 1, 0));
    const { alerts, hours } = await findAlerts(file);
    expect(alerts).toEqual([{ airport: 'AAA', hour: 1, flights: 10, average: 20, before: 0 }]);
    expect(hours).toEqual([
      { airport: 'AAA', hour: 0, flights: 10, average: 0 },
      { airport: 'AAA', hour: 1, flights: 15, average: 20 },
    ]);
  });

  it('takes the hour right before, not the one that happened to be last', async () => {
    const { alerts } = await findAlerts(flightsOf(hourOf('AAA', 0, 10, 0), hourOf('AAA', 2, 10, 60)));
    expect(alerts).toEqual([]);
  });

  it.each(['inline', 'worker'] as const)(
    'finds what the plain loop finds in a row group, %s',
    async (placement) => {
      const file = await firstRowGroup();
      const { alerts } = await findAlerts(file, undefined, { placement });
      expect(inOneOrder(alerts)).toEqual(inOneOrder(await alertsByPlainLoop(file)));
    },
  );

  it('finds 10,332 alerts in three million flights, those of the picture in the docs', async () => {
    const { alerts, hours } = await findAlerts(await openFlights(defaultFlightsPath()));
    expect(alerts).toHaveLength(10_332);
    expect(hours).toHaveLength(424_030);
    const airports = worstAirports(alerts, hours, 6).map(({ airport }) => airport);
    const committed = await readFile(new URL('../../../docs/images/flights.svg', import.meta.url), 'utf8');
    expect(drawPicture({ alerts, hours, flights: 3_000_000, airports }) === committed).toBe(true);
  }, 300_000);
});
