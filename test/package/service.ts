// A small service as a user writes it. The tests run it from each form that the package can take.

import { createEngine, f64, type Infer, type Source, struct, u32, u53 } from 'roda-rx';
import { delta, stateful } from 'roda-rx/operators';
import type { Observable } from 'rxjs';

const Reading = struct({ sensorId: u32, value: f64, timestamp: u53 });
type Reading = Infer<typeof Reading>;

interface Alert {
  sensorId: number;
  severity: number;
}

function alertsOf(readings: Source<Reading>, placement: 'worker' | 'inline'): Observable<Alert> {
  return readings
    .stage(
      { name: 'averages', placement },
      stateful(
        (r) => r.sensorId,
        (r) => ({ sensorId: r.sensorId, avg: r.value, count: 1 }),
        (s, r) => {
          s.avg = (s.avg * s.count + r.value) / (s.count + 1);
          s.count += 1;
        },
      ),
    )
    .stage(
      { name: 'jumps', placement },
      delta(
        (s) => s.sensorId,
        (curr, prev, { jump }) =>
          prev &&
          curr.avg > prev.avg * jump && {
            sensorId: curr.sensorId,
            severity: curr.avg > prev.avg * 2 ? 2 : 1,
          },
        { using: { jump: 1.5 } },
      ),
    );
}

async function main(): Promise<void> {
  const results: Record<string, Alert[]> = {};
  for (const placement of ['worker', 'inline'] as const) {
    const engine = createEngine();
    const readings = engine.source(Reading);
    const alerts: Alert[] = [];
    alertsOf(readings, placement).subscribe((alert) => alerts.push(alert));
    for (let n = 0; n < 3000; n++) {
      readings.next({ sensorId: n % 100, value: (n * n) % 97 < 3 ? 500 : (n * 7) % 13, timestamp: n });
    }
    await engine.idle();
    await engine.close();
    results[placement] = alerts;
  }
  console.log(JSON.stringify(results));
}

main().catch((error: unknown) => {
  console.error(error);
  throw error;
});
