// The worker's script is the source of a function, called, whatever a bundler did to that function.
import { expect, test, vi } from 'vitest';

/** `workerText` of a module that was not used yet: a script is written once. */
async function scriptOf(source: string, boot: number): Promise<string> {
  vi.resetModules();
  const { workerText } = await import('../../src/runtime/worker-text.js');
  return workerText(new Function(`return ${source}`)() as () => unknown, boot);
}

/** Runs a script that adds to `seen`. */
function run(script: string): unknown[] {
  const seen: unknown[] = [];
  new Function('seen', script)(seen);
  return seen;
}

test('workerText() calls the function, and of what it returns the one that boots', async () => {
  const script = await scriptOf(
    'function core() { const a = () => 1; function bootWorker() { seen.push("booted", (function () { return this; })()); } return [a, bootWorker]; }',
    1,
  );
  expect(run(script)).toEqual(['booted', undefined]);
});

test.each([
  ['minified', 'function(){function t(){a.push(1)}var a=seen;n(t,"bootWorker");return[t]}'],
  [
    'readable',
    'function core() { function bootWorker() { seen.push(1); }\n__name(bootWorker, "bootWorker"); return [bootWorker]; }',
  ],
  [
    'an arrow function',
    '()=>{let t=$q(()=>{seen.push(1)},"other"),e=()=>seen.push(1);return $q(e,`bootWorker`),[e]}',
  ],
])('workerText() provides the helper of keepNames: %s', async (_, source) => {
  expect(run(await scriptOf(source, 0))).toEqual([1]);
});
