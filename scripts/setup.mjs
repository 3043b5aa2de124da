// Makes a checkout ready: installs what is missing, builds what is stale. Needs nothing but Node and npm.
//
//   node scripts/setup.mjs            dependencies and dist/
//   node scripts/setup.mjs --no-build dependencies
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The project's folder. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** What dist/ is made of, besides src/ and operators/. */
const BUILD_INPUTS = [
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'tsup.config.ts',
  'scripts/share-core.ts',
];
const OLDEST_NODE = [20, 19];

/**
 * Runs a program and waits for it.
 *
 * @param {string} program
 * @param {readonly string[]} args
 */
function run(program, args) {
  const { status, error } = spawnSync(program, args, {
    cwd: root,
    // Progress of a set-up is not the output of what it is for.
    stdio: ['ignore', process.stderr, process.stderr],
    shell: process.platform === 'win32',
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`Cannot set up: ${program} ${args.join(' ')} ended with ${status}`);
}

/** Whether node_modules/ holds exactly what package-lock.json names (for this platform). */
export function isInstalled() {
  const installed = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) return false;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const present = JSON.parse(readFileSync(installed, 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, entry]) =>
      path === '' ||
      (path in present ? present[path].integrity === entry.integrity : entry.optional === true),
  );
}

/**
 * The time of the newest file in a folder, or of a file, in milliseconds.
 *
 * @param {string} path
 * @returns {number}
 */
function newest(path) {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return 0;
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
}

const PROGRAMS = ['index.js', 'index.cjs', 'operators.js', 'operators.cjs'];
const DECLARATIONS = ['index.d.ts', 'index.d.cts', 'operators.d.ts', 'operators.d.cts'];

/**
 * Whether dist/ is there and no older than what it is made of.
 *
 * @param {{ types: boolean }} options Whether the declarations count: they take most of the time.
 */
export function isBuilt({ types }) {
  const outputs = types ? [...PROGRAMS, ...DECLARATIONS] : PROGRAMS;
  const oldestOutput = Math.min(...outputs.map((name) => newest(join(root, 'dist', name))));
  const inputs = ['src', 'operators', ...BUILD_INPUTS].map((path) => newest(join(root, path)));
  return oldestOutput >= Math.max(...inputs);
}

/** Installs the dependencies unless they are there. */
export function ensureInstalled() {
  if (isInstalled()) return;
  console.error('Installing the dependencies (npm ci) …');
  run('npm', ['ci', '--include=dev', '--no-audit', '--no-fund']);
}

/**
 * Installs the dependencies and builds dist/, where that is needed.
 *
 * @param {{ types: boolean }} options Whether the declarations are needed too.
 */
export function ensureBuilt(options) {
  ensureInstalled();
  if (isBuilt(options)) return;
  console.error('Building dist/ …');
  const tsup = join('node_modules', 'tsup', 'dist', 'cli-default.js');
  run(process.execPath, [tsup, '--silent', ...(options.types ? [] : ['--no-dts'])]);
}

/** Refuses a Node older than package.json's `engines`. */
function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_NODE;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  throw new Error(
    `Cannot set up on Node ${process.versions.node}: Node ${OLDEST_NODE.join('.')} or newer is needed`,
  );
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    checkNode();
    if (process.argv.includes('--no-build')) ensureInstalled();
    else ensureBuilt({ types: true });
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
