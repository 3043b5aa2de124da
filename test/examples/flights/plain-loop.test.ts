// The plain loop is the check of the demo, so it is checked by hand-made flights.
import { describe, expect, it } from 'vitest';
import { alertsByPlainLoop } from '../../../examples/flights/plain-loop.js';
import { flightsOf, hourOf } from './hand-made.js';

describe('alertsByPlainLoop()', () => {
  it('raises one alert at the first flight that makes the condition true', async () => {
    const file = flightsOf(hourOf('AAA', 0, 10, 0), hourOf('AAA', 1, 15, 20));
    expect(await alertsByPlainLoop(file)).toEqual([
      { airport: 'AAA', hour: 1, flights: 10, average: 20, before: 0 },
    ]);
  });

  it('wants ten flights in both hours', async () => {
    expect(await alertsByPlainLoop(flightsOf(hourOf('AAA', 0, 9, 0), hourOf('AAA', 1, 10, 60)))).toEqual([]);
    expect(await alertsByPlainLoop(flightsOf(hourOf('AAA', 0, 10, 0), hourOf('AAA', 1, 9, 60)))).toEqual([]);
  });

  it('wants a rise of more than 15 minutes', async () => {
    expect(await alertsByPlainLoop(flightsOf(hourOf('AAA', 0, 10, 5), hourOf('AAA', 1, 10, 20)))).toEqual([]);
    expect(
      await alertsByPlainLoop(flightsOf(hourOf('AAA', 0, 10, 5), hourOf('AAA', 1, 10, 21))),
    ).toHaveLength(1);
  });

  it('wants a rise of more than half of the average before', async () => {
    expect(await alertsByPlainLoop(flightsOf(hourOf('AAA', 0, 10, 40), hourOf('AAA', 1, 10, 60)))).toEqual(
      [],
    );
    expect(
      await alertsByPlainLoop(flightsOf(hourOf('AAA', 0, 10, 40), hourOf('AAA', 1, 10, 61))),
    ).toHaveLength(1);
  });

  it('looks at the hour right before, of the same airport', async () => {
    expect(await alertsByPlainLoop(flightsOf(hourOf('AAA', 0, 10, 0), hourOf('AAA', 2, 10, 60)))).toEqual([]);
    expect(await alertsByPlainLoop(flightsOf(hourOf('AAA', 0, 10, 0), hourOf('BBB', 1, 10, 60)))).toEqual([]);
  });
});
