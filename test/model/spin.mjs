// Runs spin on one model in one way, and says what it found.
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { FOLDER } from './models.mjs';

/** Longest path of a search; a longer one is reported as an error. */
const MAX_DEPTH = 1_000_000;
/** A search that needs more is a failure. */
const MEMORY_MB = 2_000;
/** A search that takes longer is a failure. */
const TIMEOUT_MS = 300_000;

/**
 * @typedef {object} Run
 * @property {string} model
 * @property {readonly string[]} macros Definitions, as `-DNAME=value`.
 * @property {'safety' | 'progress'} search Assertions and invalid end states, or cycles without progress.
 * @property {boolean} isBroken Whether an error is to be found.
 *
 * @typedef {object} Finding
 * @property {string | undefined} error What is wrong with the model, in the words of spin.
 * @property {number} states
 * @property {readonly string[]} unreached Statements that no behaviour reaches.
 * @property {number} seconds
 */

/** Whether spin and a compiler are there. */
export function isInstalled() {
  return ['spin', 'gcc'].every((program) => spawnSync(program, ['--version']).error === undefined);
}

/** Installs spin and a compiler with apt-get, where that is possible; otherwise says what to install. */
export function ensureInstalled() {
  if (isInstalled()) return;
  const asRoot = process.getuid?.() === 0;
  const prefix = asRoot ? [] : ['sudo', '-n'];
  const canInstall =
    spawnSync('apt-get', ['--version']).error === undefined &&
    (asRoot || spawnSync('sudo', ['-n', 'true']).status === 0);
  if (canInstall) {
    console.error('Installing spin and gcc (apt-get) …');
    for (const args of [
      ['update'],
      ['install', '--yes', '--no-install-recommends', 'spin', 'gcc', 'libc6-dev'],
    ]) {
      const [program = '', ...rest] = [...prefix, 'apt-get', ...args];
      spawnSync(program, rest, {
        stdio: ['ignore', process.stderr, process.stderr],
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      });
    }
  }
  if (!isInstalled()) {
    throw new Error(
      'Cannot check the models: spin and gcc are needed. Install the packages spin and gcc of your system ' +
        '(Debian and Ubuntu: apt-get install spin gcc libc6-dev; elsewhere: https://spinroot.com)',
    );
  }
}

/**
 * Checks one model in one way.
 *
 * @param {Run} run
 * @returns {Promise<Finding>}
 */
export async function check({ model, macros, search, isBroken }) {
  const start = performance.now();
  const folder = mkdtempSync(join(tmpdir(), 'roda-model-'));
  try {
    const source = fileURLToPath(FOLDER);
    for (const file of readdirSync(source).filter((name) => name.endsWith('.pml'))) {
      cpSync(join(source, file), join(folder, file));
    }
    await output(folder, 'spin', ['-a', ...macros, `${model}.pml`]);
    const kind = search === 'safety' ? ['-DSAFETY'] : ['-DNP'];
    // A broken model fails early: compiling it takes longer than searching it.
    const level = isBroken ? '-O0' : '-O2';
    await output(folder, 'gcc', [level, '-w', `-DMEMLIM=${MEMORY_MB}`, ...kind, '-o', 'pan', 'pan.c']);
    const options = [`-m${MAX_DEPTH}`, ...(isBroken ? ['-w18'] : [])];
    if (search === 'progress') options.push('-l');
    const report = await output(folder, join(folder, 'pan'), options);
    return { ...readReport(report), seconds: (performance.now() - start) / 1_000 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * What a search of spin found.
 *
 * @param {string} report
 * @returns {Omit<Finding, 'seconds'>}
 */
export function readReport(report) {
  const errors = /errors: (\d+)/.exec(report)?.[1];
  const error = /^pan:1: (.*?) \(at depth/m.exec(report)?.[1];
  const incomplete = /^(error: .*|Warning: Search not completed|.*max search depth too small.*)$/m.exec(
    report,
  )?.[1];
  const unreached = [...report.matchAll(/^\t(\S+\.pml:\d+), state \d+, (".*")$/gm)].map(
    ([, place, statement]) => `${place} ${statement}`,
  );
  return {
    error: error ?? (errors === '0' ? incomplete : (incomplete ?? 'no report')),
    states: Number(/([\d.e+]+) states, stored/.exec(report)?.[1] ?? 0),
    unreached: unreached.filter((statement) => !statement.endsWith('"-end-"')),
  };
}

/**
 * Runs a program and returns what it prints.
 *
 * @param {string} folder
 * @param {string} program
 * @param {readonly string[]} args
 * @returns {Promise<string>}
 */
function output(folder, program, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: folder,
      timeout: TIMEOUT_MS,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let text = '';
    const take = (/** @type {Buffer} */ chunk) => {
      text += chunk.toString();
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('error', reject);
    child.on('close', (status, signal) => {
      if (status === 0) resolve(text);
      else reject(new Error(`${program} ${args.join(' ')} ended with ${status ?? signal}:\n${text}`));
    });
  });
}
