// What goes around the fragments in docstrings, so that they are checked and run without repeating it.

/** Lines before and after a fragment. They may use what the package exports without importing it. */
export interface Context {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

export const contexts: Readonly<Record<string, Context>> = {
  /** A source of readings, fed after the fragment. */
  readings: {
    before: [
      'const Reading = struct({ sensorId: u32, value: f64, timestamp: u53 });',
      'const engine = createEngine();',
      'const readings = engine.source(Reading);',
    ],
    after: [
      'for (let n = 0; n < 100; n++) readings.next({ sensorId: n % 3, value: n % 7, timestamp: n * 1000 });',
      'readings.complete();',
      'await engine.idle();',
      'await engine.close();',
    ],
  },
};
