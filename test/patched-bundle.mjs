// Makes programs of tests from their sources and those of the package, as they are or deliberately broken.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

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
 * Writes a program, as a CommonJS file.
 *
 * @param {string} entry Its TypeScript file, relative to the project.
 * @param {string} name Of the file, without its ending, in out/.
 * @param {readonly Patch[]} [patches]
 * @returns {Promise<string>} Its path.
 */
export async function bundlePatched(entry, name, patches = []) {
  const patched = new Set();
  const result = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'cjs',
    platform: 'node',
    target: 'es2022',
    logLevel: 'silent',
    plugins: [
      {
        name: 'patches',
        setup({ onLoad }) {
          onLoad({ filter: /\.ts$/ }, ({ path }) => {
            const file = relative(root, path).split(sep).join('/');
            const own = patches.filter((patch) => patch.file === file);
            for (const patch of own) patched.add(patch);
            return { contents: applyPatches(readFileSync(path, 'utf8'), own), loader: 'ts' };
          });
        },
      },
    ],
  });
  const missed = patches.find((patch) => !patched.has(patch));
  if (missed !== undefined) throw new Error(`Cannot patch ${missed.file}: the program has no such file`);
  const path = join(root, 'out', `${name}.cjs`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, result.outputFiles[0]?.text ?? '');
  return path;
}
