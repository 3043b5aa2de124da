// The fuzzer in short: random functions, operators and layouts over adversarial records, the same on model, js and wasm.
import { describe, expect, it } from 'vitest';
import { type Report, runScript, scriptOf, VECTORS } from './cases.js';
import { Choices } from './choices.js';
import { difference, same } from './compare.js';
import { Tally } from './tally.js';
import { Outcome, World } from './world.js';

/** Repeats a run with FUZZ_SEED; FUZZ_CASES makes it longer. */
const SEED = Number(process.env['FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const CASES = Number(process.env['FUZZ_CASES'] ?? 4_000);

describe('random pipelines', () => {
  it(`give the same on model, js and wasm (seed ${SEED})`, () => {
    const world = new World();
    const tally = new Tally();
    for (let program = 0; tally.cases < CASES; program++) {
      const report = runScript(world, scriptOf(SEED, program));
      tally.add(report);
      const { problem } = report;
      const again = problem && `npm run fuzz -- --seed ${SEED} --case ${program * VECTORS + problem.vector}`;
      expect.soft(problem?.text, again).toBeUndefined();
      if (tally.problems > 2) break;
    }
    expect(tally.shortcoming(), tally.text()).toBeUndefined();
  }, 120_000);
});

describe('the fuzzer', () => {
  it('makes the same cases of the same seed, and others of others', () => {
    const texts = [scriptOf(7, 3), scriptOf(7, 3), scriptOf(7, 4), scriptOf(8, 3)].map((script) => {
      runScript(new World(), script);
      return [script.pipeline, ...script.vectors].map(({ made }) => made.join()).join(';');
    });
    expect(texts[0]).toBe(texts[1]);
    expect(new Set(texts).size).toBe(3);
  });

  it('makes the simplest choices where a list of choices ends', () => {
    const choices = Choices.replay([2, 9]);
    expect([choices.below(4), choices.below(4), choices.below(4)]).toEqual([2, 3, 0]);
    expect(Choices.replay(choices.made).of(['a', 'b', 'c'])).toBe('c');
  });

  it('tells values apart by Object.is', () => {
    expect(same({ a: [Number.NaN] }, { a: [Number.NaN] })).toBe(true);
    expect(same({ a: 0 }, { a: -0 })).toBe(false);
    expect(same({ a: 1 }, { a: 1n })).toBe(false);
    expect(same({ a: 1 }, { a: 1, b: 1 })).toBe(false);
  });

  it('tells outcomes apart by records, failures and where they happened', () => {
    const outcome = (emitted: unknown[], failures: Error[] = [], index = 0) => {
      const made = new Outcome();
      for (const what of emitted) made.emitted.push({ stage: 0, index, what });
      for (const what of failures) made.failures.push({ stage: 0, index, what });
      return made;
    };
    const differs = (a: Outcome, b: Outcome, isModel = false) =>
      difference(a, b, ['a', 'b'], isModel) !== undefined;
    expect(differs(outcome([{ a: 1 }]), outcome([{ a: 1 }]))).toBe(false);
    expect(differs(outcome([{ a: 1 }]), outcome([{ a: 2 }]))).toBe(true);
    expect(differs(outcome([{ a: 1 }]), outcome([]))).toBe(true);
    expect(differs(outcome([]), outcome([{ a: 1 }]))).toBe(true);
    expect(differs(outcome([{ a: 1 }]), outcome([{ a: 1 }], [], 1))).toBe(true);
    const [error, other] = [new RangeError('no'), new RangeError('other')];
    expect(differs(outcome([], [error]), outcome([], [error]))).toBe(false);
    expect(differs(outcome([], [error]), outcome([], [other]))).toBe(true);
    expect(differs(outcome([], [error]), outcome([]), true)).toBe(true);
    expect(differs(outcome([]), outcome([], [error]), true)).toBe(true);
    // After its first failure the model knows no more.
    expect(differs(outcome([], [error]), outcome([{ a: 1 }], [error, other]), true)).toBe(false);
  });

  it('is not content with cases that say little', () => {
    const report = (over: Partial<Report>): Report => ({
      cases: VECTORS,
      notCompiled: undefined,
      failed: 0,
      refusals: [],
      operators: [],
      records: 0,
      problem: undefined,
      ...over,
    });
    const tally = (...reports: Report[]) => {
      const made = new Tally();
      for (const one of reports) made.add(one);
      return made.shortcoming();
    };
    expect(tally(report({}), report({ notCompiled: 'why' }))).toContain('ran on wasm');
    expect(tally(report({ operators: ['map'], refusals: ['no', 'no'] }))).toContain('taken in');
    expect(tally(report({ failed: VECTORS }))).toContain('taken in');
    expect(tally(report({ failed: VECTORS, operators: ['map'] }))).toContain('failed');
    expect(tally(report({ operators: ['map'] }))).toContain('never ran');
  });
});
