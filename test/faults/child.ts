// Runs a program of this folder in a process of its own, which is killed if it hangs: a test that blocks its own thread
// could not be stopped.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { embedWorker } from '../../scripts/embed-worker.js';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = fileURLToPath(new URL('../..', import.meta.url));

/** How a process ended, and what it said. */
export interface Run {
  /** Its exit code; null if a signal ended it. */
  readonly code: number | null;
  readonly signal: string | null;
  /** What it has told with `tell` (programs/tell.ts), in order. */
  readonly told: readonly unknown[];
  readonly stderr: string;
}

export interface RunOptions {
  readonly args?: readonly string[];
  /** Options of Node. */
  readonly execArgv?: readonly string[];
  /** When it is killed. */
  readonly timeoutMs?: number;
}

/** Runs `programs/<name>.ts`, over the sources, on the Node that runs the test. */
export async function run(name: string, options: RunOptions = {}): Promise<Run> {
  const folder = await mkdtemp(join(tmpdir(), 'fault-'));
  try {
    const program = join(folder, 'program.mjs');
    await build({
      entryPoints: [join(here, 'programs', `${name}.ts`)],
      outfile: program,
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      alias: { 'roda-rx': join(root, 'src/index.ts'), 'roda-rx/operators': join(root, 'operators/index.ts') },
      plugins: [embedWorker()],
      logLevel: 'silent',
    });
    return await start(program, options);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function start(program: string, options: RunOptions): Promise<Run> {
  const { args = [], execArgv = [], timeoutMs = 30_000 } = options;
  const child = spawn(process.execPath, [...execArgv, program, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (data) => {
    stdout += data;
  });
  child.stderr.on('data', (data) => {
    stderr += data;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
      resolve({ code, signal, told: lines.map((line) => JSON.parse(line).told), stderr });
    });
  });
}
