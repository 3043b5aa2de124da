// Adds to package-lock.json the optional packages that npm left out of it.
//
//   npm run lockfile
//
// Where a registry doesn't serve the binaries of some platforms, `npm install` omits them from the lockfile, and `npm ci`
// then refuses that lockfile everywhere. Their version is known from the package that asks for them, their platform from
// their names; a package of another platform is never fetched, so that nothing else is needed.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';

/**
 * @typedef {object} LockEntry
 * @property {string} [version]
 * @property {boolean} [dev]
 * @property {boolean} [optional]
 * @property {string[]} [os]
 * @property {string[]} [cpu]
 * @property {string[]} [libc]
 * @property {Record<string, string>} [optionalDependencies]
 */

/**
 * The operating system, processor and C library in the name of a platform's package.
 *
 * @param {string} name
 * @returns {Pick<LockEntry, 'os' | 'cpu' | 'libc'>}
 */
function platformOf(name) {
  const systems = [
    'aix',
    'android',
    'darwin',
    'freebsd',
    'linux',
    'netbsd',
    'openbsd',
    'openharmony',
    'sunos',
    'win32',
  ];
  const processors = ['arm', 'arm64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'x64'];
  const words = name.split(/[/-]/);
  const os = systems.filter((system) => words.includes(system));
  const cpu = processors.filter((processor) => words.includes(processor));
  if (os.length !== 1 || cpu.length !== 1) throw new Error(`Cannot tell the platform of ${name}`);
  if (os[0] !== 'linux') return { os, cpu };
  return { os, cpu, libc: [words.some((word) => word.startsWith('musl')) ? 'musl' : 'glibc'] };
}

/**
 * What is missing in a lockfile's packages, by path.
 *
 * @param {Record<string, LockEntry>} packages
 * @returns {Record<string, LockEntry>}
 */
export function missingPackages(packages) {
  /** @type {Record<string, LockEntry>} */
  const missing = {};
  for (const [path, entry] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      const places = [`${path}/node_modules/${name}`, `node_modules/${name}`];
      if (places.some((place) => place in packages)) continue;
      if (!/^\d/.test(version)) throw new Error(`Cannot tell the version of ${name}: ${version}`);
      const dev = entry.dev === true ? { dev: true } : {};
      missing[`node_modules/${name}`] = { version, ...platformOf(name), ...dev, optional: true };
    }
  }
  return missing;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const path = join(fileURLToPath(new URL('..', import.meta.url)), 'package-lock.json');
  const lockfile = JSON.parse(readFileSync(path, 'utf8'));
  const missing = missingPackages(lockfile.packages);
  const all = Object.entries({ ...lockfile.packages, ...missing });
  lockfile.packages = Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(path, `${JSON.stringify(lockfile, null, 2)}\n`);
  console.log(`Added: ${Object.keys(missing).length}`);
}
