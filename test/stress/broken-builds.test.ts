// Checks the checker: the stress program finds what is wrong with each deliberately broken build of the code.
import { describe, expect, it } from 'vitest';
import { MODELS } from '../model/models.mjs';
import { BROKEN_BUILDS, MEASURES } from './broken/index.js';
import { applyPatches, bundleStress } from './bundle.mjs';
import { runProgram } from './run-program.js';

/** Most builds are found out within the first scenario; none takes this long. */
const SECONDS = 120;
/** Where calls are lost, a thread that waits for so long has lost one. */
const HANG_MS = 2_000;
/** Where none are, a thread that waits only waits for the machine; a build that hangs is still told from one that is found out. */
const PATIENCE_MS = 20_000;

describe('the stress program', () => {
  it.each([...BROKEN_BUILDS, ...MEASURES].map((build) => [`${build.model} ${build.macro}`, build] as const))(
    'finds out the build that is broken like %s',
    async (name, { patches, fixed, faults }) => {
      const path = await bundleStress(name.replace(' ', '-'), patches);
      const isLost = faults.includes('hang') || faults.includes('unplaced');
      const watchdogMs = isLost ? HANG_MS : PATIENCE_MS;
      const { fault } = await runProgram(path, fixed, { seconds: SECONDS, seed: 1, watchdogMs });
      expect(faults).toContain(fault?.kind);
    },
    2 * SECONDS * 1_000,
  );
});

describe('the broken builds', () => {
  it('are those of the models, one for each break', () => {
    const ofModels = MODELS.flatMap(({ name, broken, stuck = [] }) =>
      [...broken, ...stuck].map((macro) => `${name} ${macro}`),
    );
    expect(BROKEN_BUILDS.map(({ model, macro }) => `${model} ${macro}`)).toEqual(ofModels);
  });

  it('are refused when the code that they change is not there, or twice', async () => {
    const patch = { file: 'src/journal/writer.ts', from: 'one', to: 'two' };
    expect(applyPatches('one', [patch])).toBe('two');
    expect(() => applyPatches('none', [{ ...patch, from: 'some' }])).toThrow('0 times');
    expect(() => applyPatches('one one', [patch])).toThrow('2 times');
    const other = { ...patch, file: 'src/journal/none.ts' };
    await expect(bundleStress('refused', [other])).rejects.toThrow('no such file');
  });
});
