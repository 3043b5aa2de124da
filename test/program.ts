// Programs that tests run in processes of their own: bundled with the package's sources, the worker's code embedded.
import { execFile } from 'node:child_process';
import { basename, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { embedWorker } from '../scripts/embed-worker.js';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Bundles a program.
 *
 * @param path Its TypeScript file, relative to the project.
 * @returns The file that Node can run.
 */
export async function bundleProgram(path: string): Promise<string> {
  const outfile = join(root, 'out', 'test', `${basename(path, '.ts')}.mjs`);
  await build({
    absWorkingDir: root,
    entryPoints: [path],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'es2022',
    packages: 'external',
    alias: { 'roda-rx': './src/index.ts', 'roda-rx/operators': './operators/index.ts' },
    plugins: [embedWorker()],
    logLevel: 'silent',
  });
  return outfile;
}

export interface Run {
  readonly stdout: string;
  readonly stderr: string;
  /** What it exited with; null if it had to be ended. */
  readonly code: number | null;
}

/**
 * Runs a bundled program to its end.
 *
 * @param file What {@link bundleProgram} returned.
 * @param args The program's, those for Node (`--expose-gc`) in front.
 */
export function runProgram(file: string, args: readonly string[] = [], timeoutMs = 120_000): Promise<Run> {
  const forNode = args.filter((arg) => arg.startsWith('--'));
  const own = args.filter((arg) => !arg.startsWith('--'));
  const options = { cwd: root, timeout: timeoutMs, maxBuffer: 256 * 1024 * 1024 };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [...forNode, file, ...own], options, (_, stdout, stderr) =>
      resolve({ stdout, stderr, code: child.exitCode }),
    );
  });
}

/** Runs a bundled program and reads what it printed, as JSON. Rejects if it fails. */
export async function resultOf<T>(
  file: string,
  args: readonly string[] = [],
  timeoutMs?: number,
): Promise<T> {
  const { stdout, stderr, code } = await runProgram(file, args, timeoutMs);
  if (code !== 0)
    throw new Error(`${basename(file)} ${args.join(' ')} ended with ${code}\n${stdout}${stderr}`);
  return JSON.parse(stdout) as T;
}
