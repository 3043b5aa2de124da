// What goes around the fragments in docstrings, so that they are checked and run without repeating it.

/** Lines before and after a fragment. They may use what the package exports without importing it. */
export interface Context {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

const readings = [
  'const Reading = struct({ sensorId: u32, value: f64, timestamp: u53 });',
  'const engine = createEngine();',
  'const readings = engine.source(Reading);',
];
const feed = [
  'for (let n = 0; n < 100; n++) readings.next({ sensorId: n % 3, value: n % 7, timestamp: n * 1000 });',
  'readings.complete();',
  'await engine.idle();',
  'await engine.close();',
];

export const contexts: Readonly<Record<string, Context>> = {
  /** A source of readings, fed after the fragment. */
  readings: { before: readings, after: feed },
  /** A stage over such a source, with the average of each sensor. */
  summaries: {
    before: [
      ...readings,
      'const summaries = readings.stage(stateful(',
      '  (r) => r.sensorId,',
      '  (r) => ({ sensorId: r.sensorId, avg: r.value, count: 1 }),',
      '  (s, r) => { s.avg = (s.avg * s.count + r.value) / (s.count + 1); s.count += 1; },',
      '));',
    ],
    after: feed,
  },
  /** An Observable of readings from elsewhere, and something to do with results. */
  sensor$: {
    before: [
      'const Reading = struct({ sensorId: u32, value: f64, timestamp: u53 });',
      'const sensor$ = range(0, 100).pipe(concatMap((n) => [{ sensorId: n % 3, value: n % 7, timestamp: n * 1000 }]));',
      'const notify = (_: unknown): void => {};',
    ],
    after: [],
  },
};
