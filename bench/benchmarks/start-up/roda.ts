// From createEngine to the first alert
import type { Observation } from '../../harness/benchmark.js';
import { sensor } from '../../workloads/sensor.js';

/** Enough records for one alert. */
const RECORDS = 4;

/** To be called in a fresh process. */
export async function startRoda(backend: 'auto' | 'js'): Promise<Observation> {
  const before = performance.now();
  const [{ createEngine }, { buildStages, ReadingStruct }] = await Promise.all([
    import('roda-rx'),
    import('../../contestants/roda-pipelines.js'),
  ]);
  const start = performance.now();
  const engine = createEngine({ backend });
  const readings = engine.source(ReadingStruct);
  const { alerts } = buildStages.sensor(readings);
  const alert = new Promise((resolve) => alerts.subscribe(resolve));
  sensor.feed(RECORDS, (reading) => readings.next(reading));
  await alert;
  const ms = performance.now() - start;
  await engine.close();
  return { ms, loadingMs: start - before };
}
