// Makes a case that shows a problem smaller: fewer and simpler choices that still show one of the same kind.
import { type Problem, runScript, type Script } from './cases.js';
import { Choices } from './choices.js';
import type { World } from './world.js';

/** Choices of the pipeline, then of each vector. */
type Lists = readonly (readonly number[])[];

const scriptOf = ([pipeline = [], ...vectors]: Lists): Script => ({
  pipeline: Choices.replay(pipeline),
  vectors: vectors.map((vector) => Choices.replay(vector)),
});

/** @param milliseconds How long to go on at most. */
export function shrink(world: World, script: Script, problem: Problem, milliseconds: number): Problem {
  const until = Date.now() + milliseconds;
  let best: Lists = [script.pipeline, ...script.vectors.slice(0, problem.vector + 1)].map(({ made }) => [
    ...made,
  ]);
  let shown = problem;
  const attempt = (lists: Lists): boolean => {
    if (Date.now() > until) return false;
    const smaller = scriptOf(lists);
    const { problem: again } = runScript(world, smaller);
    if (again?.kind !== problem.kind) return false;
    shown = again;
    best = [smaller.pipeline, ...smaller.vectors.slice(0, again.vector + 1)].map(({ made }) => [...made]);
    return true;
  };
  const replaced = (at: number, list: readonly number[]): Lists =>
    best.map((one, i) => (i === at ? list : one));
  for (let before = ''; before !== JSON.stringify(best) && Date.now() < until; ) {
    before = JSON.stringify(best);
    for (let i = best.length - 1; i > 0; i--) attempt(best.filter((_, at) => at !== i));
    for (let at = best.length - 1; at >= 0; at--) {
      for (let size = 64; size >= 1; size = Math.floor(size / 2)) {
        for (let from = 0; from < (best[at]?.length ?? 0); ) {
          const list = best[at] as readonly number[];
          const without = [...list.slice(0, from), ...list.slice(from + size)];
          const zeroed = list.map((choice, i) => (i >= from && i < from + size ? 0 : choice));
          if (attempt(replaced(at, without))) continue;
          if (zeroed.some((choice, i) => choice !== list[i])) attempt(replaced(at, zeroed));
          from += size;
        }
      }
      for (let i = 0; i < (best[at]?.length ?? 0); i++) {
        for (const less of [1, 2]) {
          const list = best[at] as readonly number[];
          const choice = list[i] as number;
          if (choice > less) attempt(replaced(at, list.with(i, less)));
        }
      }
    }
  }
  return shown;
}
