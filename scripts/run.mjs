// Runs a TypeScript program of this project on any supported Node, after setting up what it needs.
//
//   node scripts/run.mjs examples/flights/main.ts --some-flag
//
// The folder at the top (here examples/) is transpiled file by file to out/run/; `roda-rx` is the built package itself.
// Benchmarks also measure parts of src/ by themselves.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { extname, join, relative, resolve, sep } from 'node:path';
import process from 'node:process';
import { ensureBuilt, root } from './setup.mjs';
import { transpile } from './transpile.mjs';

/** What a folder's programs import besides its own files; examples take their workloads from bench/. */
const IMPORTED_BY = /** @type {Record<string, string[]>} */ ({
  bench: ['src', 'examples'],
  examples: ['bench'],
});

const [path, ...args] = process.argv.slice(2);
if (path === undefined || extname(path) !== '.ts' || !existsSync(path)) {
  console.error(`Cannot run ${path ?? 'nothing'}: the first argument is a .ts file of this project`);
  process.exit(1);
}
try {
  ensureBuilt({ types: false });
  const program = relative(root, resolve(path));
  const [top = '.'] = program.split(sep);
  const out = join(root, 'out', 'run');
  await transpile(root, [top, ...(IMPORTED_BY[top] ?? [])], out);
  const compiled = join(out, program.replace(/\.ts$/, '.js'));
  const { status, signal, error } = spawnSync(process.execPath, ['--enable-source-maps', compiled, ...args], {
    stdio: 'inherit',
  });
  if (error !== undefined) throw error;
  process.exitCode = signal === null ? (status ?? 1) : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
