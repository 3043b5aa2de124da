// The same question answered without the engine: collect everything, then look at each airport's hours.
import type { FlightsFile } from './flights-file.js';
import type { Alert } from './types.js';

/** The alerts of a file, airport by airport. It shares no code with the pipeline that it checks. */
export async function alertsByPlainLoop(file: FlightsFile): Promise<Alert[]> {
  const airports = await delaysByHour(file);
  const alerts: Alert[] = [];
  for (const [airport, hours] of airports) {
    for (const [hour, delays] of hours) {
      const previous = hours.get(hour - 1);
      if (previous === undefined || previous.length < 10) continue;
      const before = mean(previous);
      for (let flights = 10; flights <= delays.length; flights++) {
        const average = mean(delays.slice(0, flights));
        const rise = average - before;
        if (rise <= 15 || rise <= 0.5 * Math.max(before, 10)) continue;
        alerts.push({ airport, hour, flights, average, before });
        break;
      }
    }
  }
  return alerts;
}

/** The delays of each airport's hours, in the order of the file. */
async function delaysByHour(file: FlightsFile): Promise<Map<string, Map<number, number[]>>> {
  const airports = new Map<string, Map<number, number[]>>();
  for await (const { airport, time, delay } of file.rowGroups()) {
    for (let i = 0; i < airport.length; i++) {
      const name = airport[i] as string;
      const hour = Math.floor((time[i] as number) / 3_600_000);
      const hours = airports.get(name) ?? new Map<number, number[]>();
      const delays = hours.get(hour) ?? [];
      delays.push(delay[i] as number);
      hours.set(hour, delays);
      airports.set(name, hours);
    }
  }
  return airports;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
