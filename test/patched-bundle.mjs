// Makes programs of tests from their sources and those of the package, as they are or deliberately broken.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
/** How esbuild makes one script of a program, which nothing has to be there for. */
export const ONE_SCRIPT = /** @type {const} */ ({
  bundle: true,
  write: false,
  format: 'cjs',
  platform: 'node',
  target: 'es2022',
  logLevel: 'silent',
});
/** The module that the code of workers is put in the place of. */
const WORKER_SOURCE = 'src/runtime/worker-source.ts';

/**
 * @typedef {object} Patch
 * @property {string} file Relative to the project.
 * @property {string} from A text that occurs in the file exactly once.
 * @property {string} to What takes its place.
 */

/**
 * Applies patches to a text.
 *
 * @param {string} text
 * @param {readonly Patch[]} patches
 * @throws {Error} If what a patch replaces is not there exactly once: the patch has to follow the code.
 */
export function applyPatches(text, patches) {
  return patches.reduce((patched, { file, from, to }) => {
    const occurrences = patched.split(from).length - 1;
    if (occurrences !== 1) {
      throw new Error(`Cannot patch ${file}: the text occurs ${occurrences} times, not once:\n${from}`);
    }
    return patched.replace(from, () => to);
  }, text);
}

/**
 * The plugin that applies patches, also to the code of workers where a program starts some.
 *
 * @param {readonly Patch[]} patches
 * @param {Set<Patch>} patched Gets those whose file is part of the program.
 * @returns {import('esbuild').Plugin}
 */
function patching(patches, patched) {
  return {
    name: 'patches',
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        const file = relative(root, path).split(sep).join('/');
        if (file === WORKER_SOURCE) return { contents: await workerSource(patches, patched), loader: 'js' };
        const own = patches.filter((patch) => patch.file === file);
        for (const patch of own) patched.add(patch);
        return { contents: applyPatches(readFileSync(path, 'utf8'), own), loader: 'ts' };
      });
    },
  };
}

/**
 * The module that gives the code of workers, as text.
 *
 * @param {readonly Patch[]} patches
 * @param {Set<Patch>} patched
 */
async function workerSource(patches, patched) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [WORKER_SOURCE.replace('-source', '-main')],
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'neutral',
    target: 'es2022',
    external: ['node:*'],
    mainFields: ['module', 'main'],
    logLevel: 'silent',
    plugins: [patching(patches, patched)],
  });
  return `export const workerSource = () => ${JSON.stringify(outputFiles[0]?.text)};\n`;
}

/**
 * Writes a program, as a CommonJS file.
 *
 * @param {string} entry Its TypeScript file, relative to the project.
 * @param {string} name Of the file, without its ending, in out/.
 * @param {readonly Patch[]} [patches]
 * @returns {Promise<string>} Its path.
 */
export async function bundlePatched(entry, name, patches = []) {
  /** @type {Set<Patch>} */
  const patched = new Set();
  const result = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    ...ONE_SCRIPT,
    plugins: [patching(patches, patched)],
  });
  const missed = patches.find((patch) => !patched.has(patch));
  if (missed !== undefined) throw new Error(`Cannot patch ${missed.file}: the program has no such file`);
  const path = join(root, 'out', `${name}.cjs`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, result.outputFiles[0]?.text ?? '');
  return path;
}
