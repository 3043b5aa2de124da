// npm ci finds in the lockfile every package that it looks for, on every platform.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { missingPackages } from '../../scripts/complete-lockfile.mjs';

test('package-lock.json names every optional package (npm run lockfile adds what npm leaves out)', () => {
  const text = readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8');
  expect(missingPackages(JSON.parse(text).packages)).toEqual({});
});

test('missingPackages() names packages with their version and platform', () => {
  const packages = {
    'node_modules/a': {
      dev: true,
      optionalDependencies: {
        '@a/linux-x64-musl': '1.2.3',
        '@a/darwin-arm64': '1.2.3',
        'a-win32-x64-gnu': '1.2.3',
      },
    },
    'node_modules/a/node_modules/@a/darwin-arm64': {},
  };
  expect(missingPackages(packages)).toEqual({
    'node_modules/@a/linux-x64-musl': {
      version: '1.2.3',
      os: ['linux'],
      cpu: ['x64'],
      libc: ['musl'],
      dev: true,
      optional: true,
    },
    'node_modules/a-win32-x64-gnu': {
      version: '1.2.3',
      os: ['win32'],
      cpu: ['x64'],
      dev: true,
      optional: true,
    },
  });
  expect(() => missingPackages({ a: { optionalDependencies: { 'a-plan9': '1.0.0' } } })).toThrow(
    'Cannot tell the platform of a-plan9',
  );
});
