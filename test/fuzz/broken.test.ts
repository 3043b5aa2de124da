// Checks the checker: the fuzzer finds what is wrong with each compiler that is broken on purpose.
import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { bundlePatched } from '../patched-bundle.mjs';
import { BROKEN_BUILDS } from './broken.js';

/** Each build is found out within some 150 pipelines. */
const ARGS = '--seed 1 --vectors 4 --cases 40000 --shrink-ms 0'.split(' ');

describe('the fuzzer finds a compiler that', () => {
  it.each(BROKEN_BUILDS.map((build) => [build.name, build] as const))(
    '%s',
    async (name, { patch }) => {
      const path = await bundlePatched('test/fuzz/program.ts', `fuzz/${name.replaceAll(' ', '-')}`, [patch]);
      const { stdout, stderr } = spawnSync(process.execPath, [path, ...ARGS], { encoding: 'utf8' });
      expect(stderr).toBe('');
      expect(stdout).toContain('PROBLEM');
    },
    240_000,
  );

  it('is broken in ten places at least', () => {
    expect(BROKEN_BUILDS.length).toBeGreaterThanOrEqual(10);
  });
});
