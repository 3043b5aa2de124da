// The reader of the parquet file.
import { describe, expect, it } from 'vitest';
import { defaultFlightsPath, openFlights } from '../../../examples/flights/flights-file.js';

describe('openFlights()', () => {
  it('knows the number of flights before it reads any', async () => {
    expect((await openFlights(defaultFlightsPath())).flights).toBe(3_000_000);
  });

  it('reads a row group as columns of one length', async () => {
    const file = await openFlights(defaultFlightsPath());
    const { value } = await file.rowGroups().next();
    const { airport, time, delay } = value as Exclude<typeof value, void>;
    expect([airport.length, time.length, delay.length]).toEqual([272_727, 272_727, 272_727]);
    expect(airport.slice(0, 3)).toEqual(['LAS', 'ATL', 'MCI']);
    expect([...delay.slice(0, 3)]).toEqual([33, 19, 14]);
    expect(new Date(time[0] as number).toISOString()).toBe('2001-01-01T00:01:00.000Z');
  });

  it('says which file is missing', async () => {
    await expect(openFlights('no-such.parquet')).rejects.toThrow(
      'Cannot read the flights: no-such.parquet is missing; run npm install, or give another file',
    );
  });

  it('says which file is no parquet file', async () => {
    await expect(openFlights('package.json')).rejects.toThrow('Cannot read the flights: package.json: ');
  });
});
