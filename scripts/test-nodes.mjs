// Runs the tests on several versions of Node, whose binaries come from npm packages.
//
//   npm run test:nodes                      Node 20, 22, 24 and 26, all tests
//   npm run test:nodes -- 22 24 test/rx     some versions, some tests
import { spawnSync } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';
import process from 'node:process';
import { nodeBinary } from './node-binary.mjs';
import { ensureInstalled, root } from './setup.mjs';

const MAJORS = ['20', '22', '24', '26'];
/**
 * Runs a Node with the project's vitest.
 *
 * @param {string} node
 * @param {readonly string[]} args
 */
function passes(node, args) {
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const { status } = spawnSync(node, [vitest, 'run', ...args], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}` },
  });
  return status === 0;
}

const given = process.argv.slice(2);
const majors = given.filter((arg) => /^\d+$/.test(arg));
const rest = given.filter((arg) => !/^\d+$/.test(arg));
/** @type {Map<string, boolean>} */
const results = new Map();
ensureInstalled();
for (const major of majors.length > 0 ? majors : MAJORS) {
  const node = nodeBinary(major);
  const version = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim();
  console.log(`\nNode ${version}`);
  results.set(version, passes(node, rest));
}
for (const [version, passed] of results) console.log(`Node ${version}: ${passed ? 'passed' : 'failed'}`);
process.exitCode = [...results.values()].every(Boolean) ? 0 : 1;
