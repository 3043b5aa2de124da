// Functions as they come out of build tools are taken in, or the message names what they were called in the source.
import { type BuildOptions, buildSync } from 'esbuild';
import { describe, expect, it } from 'vitest';
import * as op from '../../operators/index.js';
import { f64, struct, u32 } from '../../src/schema/index.js';
import { limit } from './limits.js';
import { refusal, through } from './stage-kit.js';

const Reading = struct({ id: u32, value: f64 }, 'Reading');
// biome-ignore lint/suspicious/noExplicitAny: functions come from bundles.
type Any = any;

const SOURCE = `
import { limit } from './limits.js';
const helper = 1;
export const key = (reading) => reading.id;
export const compare = (current, previous, { jump }) => {
  const rises = (a, b) => a > b * jump;
  function describeIt(record) { return { ...record, kind: record.value > 10 }; }
  return previous && rises(current.value, previous.value) && { ...describeIt(current), severity: 1 };
};
export const methods = { init(r) { const F64 = r.value; return { id: r.id, sum: F64 }; }, update(s, r) { s.sum += r.value; } };
export const captures = (r) => r.value > limit;
export { limit };
`;

/** The module as a build tool would leave it, run. */
function built(options: BuildOptions): Record<string, Any> {
  const result = buildSync({
    stdin: { contents: SOURCE, resolveDir: import.meta.dirname, loader: 'js' },
    bundle: false,
    write: false,
    format: 'cjs',
    ...options,
  });
  const module = { exports: {} as Record<string, Any> };
  new Function('module', 'exports', 'require', result.outputFiles?.[0]?.text as string)(
    module,
    module.exports,
    () => ({ limit }),
  );
  return module.exports;
}

const builds: [name: string, options: BuildOptions][] = [
  ['CommonJS', {}],
  ['a bundle', { bundle: true }],
  ['a minified bundle', { bundle: true, minify: true }],
  ['keepNames', { keepNames: true }],
  ['keepNames, minified', { bundle: true, keepNames: true, minify: true }],
  ['an old target', { target: 'es2019' }],
];

describe('compileStage() takes in functions from', () => {
  for (const [name, options] of builds) {
    it(name, () => {
      const { key, compare, methods } = built(options);
      const out = through(Reading, op.delta(key, compare, { using: { jump: 1.5 } as Any }), [
        { id: 1, value: 10 },
        { id: 1, value: 20 },
      ]);
      expect(out).toEqual([{ id: 1, value: 20, kind: true, severity: 1 }]);
      const sums = through(Reading, op.stateful(key, methods.init, methods.update), [
        { id: 1, value: 10 },
        { id: 1, value: 20 },
      ]);
      expect(sums.at(-1)).toEqual({ id: 1, sum: 30 });
    });

    it(`${name}, and names what a function captures`, () => {
      const error = refusal(Reading, op.filter(built(options).captures));
      expect(error['code']).toBe('CAPTURED_VARIABLE');
      const minified = options.minify === true;
      if (minified) expect(error['variable']).toMatch(/^\w+$/);
      else expect(error['variable']).toBe('limit');
      expect(error.message).toContain(`{ using: { ${error['variable']} } }`);
    });
  }

  it("Vitest's own transform, and names an import", () => {
    const error = refusal(
      Reading,
      op.filter((r: Any) => r.value > limit),
    );
    expect(error['variable']).toBe('limit');
    expect(error.message).toContain('filter((r, { limit }) => r.value > limit, { using: { limit } })');
  });

  it('names that clash with those of the driver', () => {
    const fn = new Function(
      'return (r, { $_own, state0, env }) => { const T = 1, I32 = [2], $_v0 = 3; return { ...r, T, i: I32[0], v: $_v0, o: $_own, s: state0, e: env }; }',
    )();
    const out = through(Reading, op.map(fn, { using: { $_own: 4, state0: 5, env: 6 } as Any }), [
      { id: 1, value: 2 },
    ]);
    expect(out).toEqual([{ id: 1, value: 2, T: 1, i: 2, v: 3, o: 4, s: 5, e: 6 }]);
  });
});
