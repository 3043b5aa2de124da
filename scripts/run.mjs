// Runs a TypeScript program of this project on any supported Node, after setting up what it needs.
//
//   node scripts/run.mjs examples/flights/main.ts --some-flag
//
// The folder at the top (here examples/) is transpiled file by file to out/run/, so that files and workers find each other
// as they do in the source; `roda-rx` is the built package itself. Benchmarks also measure parts of src/ by themselves.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, extname, join, relative, resolve, sep } from 'node:path';
import process from 'node:process';
import { ensureBuilt, root } from './setup.mjs';

/**
 * The TypeScript files of a folder.
 *
 * @param {string} folder
 * @returns {string[]}
 */
function sourcesIn(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.d.ts'))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

/** What a folder's programs import besides its own files. */
const IMPORTED_BY = /** @type {Record<string, string[]>} */ ({ bench: ['src'] });

/**
 * Transpiles the top folder of a program.
 *
 * @param {string} program Its path, relative to the project.
 * @returns {Promise<string>} The path of the program that Node can run.
 */
async function transpile(program) {
  const { transform } = await import('esbuild');
  const out = join(root, 'out', 'run');
  const [top = '.'] = program.split(sep);
  const folders = [top, ...(IMPORTED_BY[top] ?? [])];
  for (const source of folders.flatMap((folder) => sourcesIn(join(root, folder)))) {
    const target = join(out, relative(root, source).replace(/\.ts$/, '.js'));
    const { code } = await transform(readFileSync(source, 'utf8'), {
      loader: 'ts',
      format: 'esm',
      target: 'es2022',
      sourcefile: source,
      sourcemap: 'inline',
    });
    // Another run may be using the file: it is touched only when it changes.
    if (existsSync(target) && readFileSync(target, 'utf8') === code) continue;
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, code);
  }
  return join(out, program.replace(/\.ts$/, '.js'));
}

const [program, ...args] = process.argv.slice(2);
if (program === undefined || extname(program) !== '.ts' || !existsSync(program)) {
  console.error(`Cannot run ${program ?? 'nothing'}: the first argument is a .ts file of this project`);
  process.exit(1);
}
try {
  ensureBuilt({ types: false });
  const compiled = await transpile(relative(root, resolve(program)));
  const { status, signal, error } = spawnSync(process.execPath, ['--enable-source-maps', compiled, ...args], {
    stdio: 'inherit',
  });
  if (error !== undefined) throw error;
  process.exitCode = signal === null ? (status ?? 1) : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
