// The pipeline: flights → a running summary of each airport's hour → alerts, and the hours as they close.
import { type Infer, i32, type Source, struct, text, u53 } from 'roda-rx';
import { dedupBy, delta, filter, map, stateful } from 'roda-rx/operators';

export const Flight = struct({ airport: text, time: u53, delay: i32 }, 'Flight');

/** The stages over a source of flights in order of departure. */
export function delayStages(flights: Source<Infer<typeof Flight>>) {
  const summaries = flights.stage(
    { name: 'summaries' },
    stateful(
      (f) => f.airport,
      (f, { HOUR_MS }) => ({
        airport: f.airport,
        hour: Math.floor(f.time / HOUR_MS),
        flights: 1,
        total: f.delay,
        average: f.delay,
        flightsBefore: 0,
        averageBefore: 0,
      }),
      (s, f, { HOUR_MS }) => {
        const hour = Math.floor(f.time / HOUR_MS);
        if (hour !== s.hour) {
          const follows = hour === s.hour + 1;
          s.flightsBefore = follows ? s.flights : 0;
          s.averageBefore = follows ? s.average : 0;
          s.hour = hour;
          s.flights = 0;
          s.total = 0;
        }
        s.flights += 1;
        s.total += f.delay;
        s.average = s.total / s.flights;
      },
      { using: { HOUR_MS: 3_600_000 } },
    ),
  );

  const alerts = summaries.stage(
    { name: 'alerts' },
    filter((s) => s.flights >= 10 && s.flightsBefore >= 10),
    filter((s) => s.average - s.averageBefore > Math.max(15, 0.5 * Math.max(s.averageBefore, 10))),
    dedupBy(
      (s) => s.airport,
      (s) => s.hour,
    ),
    map((s) => ({
      airport: s.airport,
      hour: s.hour,
      flights: s.flights,
      average: s.average,
      before: s.averageBefore,
    })),
  );

  const hours = summaries.stage(
    { name: 'hours' },
    delta(
      (s) => s.airport,
      (curr, prev) =>
        prev &&
        prev.hour !== curr.hour && {
          airport: prev.airport,
          hour: prev.hour,
          flights: prev.flights,
          average: prev.average,
        },
    ),
  );

  return { summaries, alerts, hours };
}
