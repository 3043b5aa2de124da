// Two weeks of a service with four metrics, each with its rhythm of the day, and what goes wrong with them.
import type { Series, Window } from './telemetry.js';

const START = Date.UTC(2024, 0, 1) / 1000;
const STEP = 300;
const DAY = 86_400;
const DAYS = 14;

/** What goes wrong, from a day on and for some hours. */
interface Trouble {
  readonly day: number;
  readonly hours: number;
  readonly change: (value: number, share: number) => number;
}

interface Metric {
  readonly name: string;
  readonly base: number;
  /** How much the day's rhythm and the noise move it. */
  readonly swing: number;
  readonly noise: number;
  readonly troubles: readonly Trouble[];
}

const METRICS: readonly Metric[] = [
  {
    name: 'latency, ms',
    base: 45,
    swing: 8,
    noise: 4,
    troubles: [
      { day: 5.3, hours: 2, change: (value) => value * 4 },
      { day: 10.6, hours: 6, change: (value) => value + 60 },
    ],
  },
  {
    name: 'requests a second',
    base: 800,
    swing: 120,
    noise: 40,
    troubles: [{ day: 7.5, hours: 3, change: () => 0 }],
  },
  {
    name: 'cpu, %',
    base: 40,
    swing: 6,
    noise: 3,
    troubles: [
      { day: 9.2, hours: 5, change: (value, share) => value + 50 * share },
      // Too little to be seen.
      { day: 12.4, hours: 4, change: (value) => value + 5 },
    ],
  },
  { name: 'disk, %', base: 60, swing: 1, noise: 0.5, troubles: [] },
];

/** The same every time. */
export function generatedSeries(): Series[] {
  let state = 2024;
  /** From -1 to 1, nearer to 0 more often. */
  const noise = () => {
    let sum = 0;
    for (let i = 0; i < 4; i++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      sum += state / 2 ** 32;
    }
    return sum / 2 - 1;
  };
  return METRICS.map(({ name, base, swing, noise: spread, troubles }) => {
    const windows = troubles.map(({ day, hours }): Window => {
      const from = START + Math.round((day * DAY) / STEP) * STEP;
      return { from, to: from + hours * 3600 };
    });
    const times: number[] = [];
    const values: number[] = [];
    for (let time = START; time < START + DAYS * DAY; time += STEP) {
      let value = base + swing * Math.sin((2 * Math.PI * time) / DAY) + spread * noise();
      windows.forEach(({ from, to }, i) => {
        if (time >= from && time <= to) value = troubles[i]!.change(value, (time - from) / (to - from));
      });
      times.push(time);
      values.push(value);
    }
    return { metric: name, times, values, anomalies: windows };
  });
}
