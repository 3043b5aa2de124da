// What runs in the page: the quick start and its failures, each as a function that the tests call.
import { createEngine, type EngineOptions, f64, fused, type StageOptions, struct, u32, u53 } from 'roda-rx';
import { delta, map, stateful } from 'roda-rx/operators';
import { from, lastValueFrom, toArray } from 'rxjs';

const Reading = struct({ sensorId: u32, value: f64, timestamp: u53 });

/** An error as the tests look at it. */
export interface Told {
  readonly name: string;
  readonly code: unknown;
  readonly message: string;
}

function told(error: unknown): Told {
  const { name, message, code } = error as Error & { code?: unknown };
  return { name, message, code };
}

const averages = () =>
  stateful(
    (r: { sensorId: number; value: number }) => r.sensorId,
    (r) => ({ sensorId: r.sensorId, avg: r.value, count: 1 }),
    (s, r) => {
      s.avg = (s.avg * s.count + r.value) / (s.count + 1);
      s.count += 1;
    },
  );
const jumps = () =>
  delta(
    (s: { sensorId: number; avg: number }) => s.sensorId,
    (curr, prev, { jump }) =>
      prev && curr.avg > prev.avg * jump && { sensorId: curr.sensorId, avg: curr.avg },
    { using: { jump: 1.5 } },
  );

/** The next turn of the event loop: what a test calls directly is exempt from the page's policy. */
const turn = () => new Promise<void>((resolve) => setTimeout(resolve));

const checks = {
  isolated: () => globalThis.crossOriginIsolated,

  /** The quick start, over readings of the tests. */
  async quickStart(
    readings: ReadonlyArray<{ sensorId: number; value: number; timestamp: number }>,
    engineOptions: EngineOptions,
    stageOptions: StageOptions,
  ) {
    await turn();
    try {
      const engine = createEngine(engineOptions);
      const source = engine.source(Reading);
      const summaries = source.stage(stageOptions, averages());
      const alerts = summaries.stage(stageOptions, jumps());
      const got: unknown[] = [];
      let failure: Told | undefined;
      alerts.subscribe({ next: (alert) => got.push(alert), error: (error) => (failure = told(error)) });
      const stages = [summaries, alerts].map((stage) => stage.explain());
      for (const reading of readings) {
        // Takes what a page can't wait for.
        if (source.tryNext(reading)) continue;
        await source.ready();
        source.next(reading);
      }
      await engine.idle();
      await engine.close();
      return { got, failure, stages: stages.map(({ backend, placement }) => ({ backend, placement })) };
    } catch (error) {
      return { thrown: told(error) };
    }
  },

  /** The same with the one operator, on the engine that it shares. */
  async fused(readings: ReadonlyArray<{ sensorId: number; value: number; timestamp: number }>) {
    return lastValueFrom(from(readings).pipe(fused(Reading, averages(), jumps()), toArray()));
  },

  /** Gives records to a slow stage until there is no room, then waits as a page can. */
  async fullJournal() {
    const engine = createEngine();
    const source = engine.source(struct({ n: u32 }), { capacity: 4, name: 'numbers' });
    const slow = source.stage(
      map((r) => {
        let sum = 0;
        for (let i = 0; i < 10_000_000; i++) sum = (sum + i * r.n) % 1_000_003;
        return { n: r.n, sum };
      }),
    );
    const got: number[] = [];
    slow.subscribe(({ n }) => got.push(n));
    let taken = 0;
    let thrown: Told | undefined;
    try {
      for (; taken < 10_000; taken++) source.next({ n: taken });
    } catch (error) {
      thrown = told(error);
    }
    const tried = source.tryNext({ n: taken });
    await source.ready();
    source.next({ n: taken });
    await engine.idle();
    await engine.close();
    return { taken, thrown, tried, got };
  },
};

export type Checks = typeof checks;
(globalThis as unknown as { checks: Checks }).checks = checks;
