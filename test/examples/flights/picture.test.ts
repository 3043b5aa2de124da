// The picture of the demo.
import { describe, expect, it } from 'vitest';
import { drawPicture } from '../../../examples/flights/picture.js';

const DAY = Date.UTC(2001, 1, 1) / 86_400_000;
const hours = Array.from({ length: 240 }, (_, i) => ({
  airport: i % 2 === 0 ? 'AAA' : 'BBB',
  hour: 24 * DAY + Math.floor(i / 2),
  flights: 20,
  average: i % 30,
}));
const alerts = [26, 30, 50].map((at) => ({
  airport: 'AAA',
  hour: 24 * DAY + at,
  flights: 10,
  average: 9,
  before: 1,
}));

describe('drawPicture()', () => {
  it('marks each alert of the worst days once', () => {
    const svg = drawPicture({ alerts, hours, flights: 4800, airports: ['AAA', 'BBB'] });
    expect(svg).toContain('3 alerts from 4,800 flights, Feb 1 to Feb 5, 2001');
    // One more in the legend.
    expect(svg.match(/<circle/g)).toHaveLength(alerts.length + 1);
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('draws an empty half year', () => {
    expect(drawPicture({ alerts: [], hours, flights: 4800, airports: [] })).not.toMatch(
      /NaN|undefined|Infinity/,
    );
  });
});
