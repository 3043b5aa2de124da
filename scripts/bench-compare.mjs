// Measures two commits against each other, observation by observation.
//
//   npm run bench:compare -- BASE [HEAD] [--benchmark name]… [--lane text]… [--rounds n] [--size n] [--quick]
//
// Both are checked out into temporary worktrees and built there. The benchmarks are those of this checkout for both, so
// that nothing differs but what is measured; what one of the commits can't run is told and left out.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { ensureInstalled, root } from './setup.mjs';
import { transpile } from './transpile.mjs';

/**
 * Runs a program and waits for it; returns what it wrote.
 *
 * @param {string} cwd
 * @param {string} program
 * @param {readonly string[]} args
 */
function run(cwd, program, ...args) {
  const { status, error, stdout } = spawnSync(program, args, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    shell: process.platform === 'win32' && program === 'npm',
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`Cannot compare: ${program} ${args.join(' ')} ended with ${status}`);
  return stdout.trim();
}

/**
 * Checks out a commit and builds it there, with this checkout's benchmarks beside it.
 *
 * @param {string} folder
 * @param {string} commit
 * @returns {Promise<string>} The program that observes it.
 */
async function prepare(folder, commit) {
  console.error(`Building ${commit} …`);
  run(root, 'git', 'worktree', 'add', '--quiet', '--detach', folder, commit);
  const lockfile = (/** @type {string} */ at) => readFileSync(join(at, 'package-lock.json'), 'utf8');
  if (lockfile(folder) === lockfile(root)) {
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
  } else run(folder, 'npm', 'ci', '--include=dev', '--no-audit', '--no-fund');
  run(folder, 'npm', 'run', '--silent', 'build', '--', '--no-dts', '--silent');
  const out = join(folder, 'out', 'run');
  await transpile(folder, ['src'], out);
  cpSync(join(root, 'bench'), join(folder, 'bench'), { recursive: true });
  await transpile(folder, ['bench'], out);
  return join(out, 'bench', 'observe.js');
}

/** @param {string} revision */
function commitOf(revision) {
  return run(root, 'git', 'rev-parse', '--verify', '--short=12', `${revision}^{commit}`);
}

const [base, ...rest] = process.argv.slice(2);
const head = rest[0] !== undefined && !rest[0].startsWith('-') ? rest.shift() : 'HEAD';
if (base === undefined || base.startsWith('-')) {
  console.error('Cannot compare: npm run bench:compare -- BASE [HEAD] names two commits');
  process.exit(1);
}
const folder = mkdtempSync(join(tmpdir(), 'bench-compare-'));
/** Takes down what was checked out, also when this is interrupted. */
function cleanUp() {
  rmSync(folder, { recursive: true, force: true });
  spawnSync('git', ['worktree', 'prune'], { cwd: root });
}
process.on('SIGINT', () => process.exit(130));
process.on('SIGTERM', () => process.exit(143));
process.on('exit', cleanUp);
try {
  ensureInstalled();
  const commits = { base: commitOf(base), head: commitOf(head ?? 'HEAD') };
  const programs = {
    base: await prepare(join(folder, 'base'), commits.base),
    head: await prepare(join(folder, 'head'), commits.head),
  };
  console.log(`base ${base} (${commits.base}), head ${head} (${commits.head})`);
  const { status } = spawnSync(
    process.execPath,
    ['scripts/run.mjs', 'bench/compare.ts', programs.base, programs.head, ...rest],
    { cwd: root, stdio: 'inherit' },
  );
  process.exitCode = status ?? 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
