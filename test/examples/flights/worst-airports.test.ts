// The table of the worst airports.
import { describe, expect, it } from 'vitest';
import { formatTable, worstAirports } from '../../../examples/flights/worst-airports.js';

const HOUR = Date.UTC(2001, 1, 25, 14) / 3_600_000;
const alerts = [
  { airport: 'BBB', hour: HOUR, flights: 10, average: 30, before: 0 },
  { airport: 'AAA', hour: HOUR, flights: 10, average: 40, before: 1 },
  { airport: 'BBB', hour: HOUR + 1, flights: 12, average: 90, before: 30 },
];
const hours = [
  { airport: 'AAA', hour: HOUR, flights: 1000, average: 2 },
  { airport: 'BBB', hour: HOUR, flights: 10, average: 20 },
  { airport: 'BBB', hour: HOUR + 1, flights: 30, average: 40 },
];

describe('worstAirports()', () => {
  it('puts the airport with most alerts first, with its sharpest rise', () => {
    const [worst, next] = worstAirports(alerts, hours, 2);
    expect(worst).toEqual({ airport: 'BBB', alerts: 2, flights: 40, average: 35, sharpest: alerts[2] });
    expect(next).toMatchObject({ airport: 'AAA', alerts: 1 });
  });
});

describe('formatTable()', () => {
  it('aligns numbers to the right', () => {
    expect(formatTable(worstAirports(alerts, hours, 2)).split('\n')).toEqual([
      'airport   alerts   flights    average   sharpest rise',
      '───────   ──────   ───────   ────────   ─────────────────────────────',
      'BBB            2        40   35.0 min   30 → 90 min, 2001-02-25 15:00',
      'AAA            1     1,000    2.0 min   1 → 40 min, 2001-02-25 14:00',
    ]);
  });
});
