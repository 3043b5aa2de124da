// Checks all models with spin, whole and broken: `npm run model [-- name]`. Installs spin where it is missing.
//
// A model has to hold, with every statement reached by some behaviour (a model that never gets anywhere holds as well);
// each broken one has to fail. Anything else is an error.
import os from 'node:os';
import process from 'node:process';
import { MODELS } from './models.mjs';
import { check, ensureInstalled } from './spin.mjs';

/** @typedef {import('./spin.mjs').Run} Run */

/**
 * @typedef {object} Task
 * @property {string} title
 * @property {Run} run
 */

/**
 * All runs of a model.
 *
 * @param {import('./models.mjs').Model} model
 * @returns {Task[]}
 */
function tasksOf({ name, constants = [], progress = false, broken, stuck = [] }) {
  /** @type {(title: string, search: Run['search'], isBroken: boolean, macros?: string[]) => Task} */
  const task = (title, search, isBroken, macros = []) => ({
    title,
    run: { model: name, macros, search, isBroken },
  });
  return [
    task('', 'safety', false),
    ...constants.map((macros) => task(macros, 'safety', false, macros.split(' '))),
    ...(progress ? [task('progress', 'progress', false)] : []),
    ...broken.map((macro) => task(macro, 'safety', true, [`-D${macro}`])),
    ...stuck.map((macro) => task(macro, 'progress', true, [`-D${macro}`])),
  ];
}

/**
 * Runs one task, and says how it went.
 *
 * @param {Task} task
 */
async function perform({ title, run }) {
  const holds = !run.isBroken;
  const { error, states, unreached, seconds } = await check(run);
  const surprises = holds
    ? [...(error === undefined ? [] : [error]), ...unreached.map((s) => `unreached: ${s}`)]
    : [];
  if (!holds && error === undefined) surprises.push('no error found');
  const outcome = error === undefined ? 'holds' : holds ? 'FAILS' : `fails: ${error}`;
  const columns = [
    run.model.padEnd(10),
    title.padEnd(40),
    String(states).padStart(9),
    `${seconds.toFixed(1)} s`.padStart(7),
  ];
  console.log(`${surprises.length > 0 ? '✗' : '✓'} ${columns.join(' ')}  ${outcome}`);
  for (const surprise of surprises) console.log(`    ${surprise}`);
  return surprises.length === 0;
}

const chosen = process.argv.slice(2);
const models = MODELS.filter(({ name }) => chosen.length === 0 || chosen.includes(name));
try {
  if (models.length === 0) throw new Error(`Cannot check ${chosen.join(', ')}: there is no such model`);
  ensureInstalled();
  const start = performance.now();
  const queue = models.flatMap(tasksOf);
  const results = /** @type {boolean[]} */ ([]);
  const lane = async () => {
    for (let task = queue.shift(); task !== undefined; task = queue.shift())
      results.push(await perform(task));
  };
  await Promise.all(Array.from({ length: Math.min(4, os.availableParallelism()) }, lane));
  const surprises = results.filter((passed) => !passed).length;
  const seconds = (performance.now() - start) / 1_000;
  console.log(`\n${results.length} runs in ${seconds.toFixed(0)} s, ${surprises} surprises`);
  process.exitCode = surprises === 0 ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
