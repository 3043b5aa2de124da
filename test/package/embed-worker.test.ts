// The worker's code arrives in a bundle as text, and runs; in the package it is the source of a function.
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundleWorker, embedWorker, embedWorkerInVite } from '../../scripts/embed-worker.js';

let folder = '';

beforeAll(async () => {
  folder = join(await realpath(await mkdtemp(join(tmpdir(), 'embed-'))), 'src', 'runtime');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'part.ts'), 'export const part = (n: number): number => n * 2;\n');
  await writeFile(
    join(folder, 'worker-main.ts'),
    `import { part } from './part.js';
const { parentPort } = require('node:worker_threads');
parentPort.postMessage(part(21));
`,
  );
  await writeFile(join(folder, 'worker-source.ts'), "export const workerSource = (): string => '';\n");
  await writeFile(
    join(folder, 'main.ts'),
    "import { workerSource } from './worker-source.js';\nexport const code = workerSource();\n",
  );
});

afterAll(async () => {
  await rm(join(folder, '..', '..'), { recursive: true, force: true });
});

/** What a worker that runs a text posts first. */
function firstMessage(code: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(code, { eval: true });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

test('bundleWorker() makes one minified script of the entry and what it imports', async () => {
  const { code, files } = await bundleWorker(join(folder, 'worker-main.ts'));
  expect(files).toEqual([join(folder, 'part.ts'), join(folder, 'worker-main.ts')]);
  expect(code).not.toMatch(/\b(import|export)\b/);
  expect(code.split('\n')).toHaveLength(1);
  expect(await firstMessage(code)).toBe(42);
});

test('bundleWorker() refuses an entry that is missing', async () => {
  await expect(bundleWorker(join(folder, 'nowhere.ts'))).rejects.toThrow(
    /^Cannot bundle the worker: there is no /,
  );
});

test.each(['worker-main.ts', 'file-worker-main.ts'])('%s has no parser in it', async (entry) => {
  const { code } = await bundleWorker(join(process.cwd(), 'src', 'runtime', entry));
  // What the parser says; of its names none outlives minification.
  expect(code).not.toContain('Unterminated template');
});

test('a bundle made with embedWorker() holds the worker, whose code runs', async () => {
  const bundle = join(folder, 'bundle.mjs');
  await build({
    entryPoints: [join(folder, 'main.ts')],
    bundle: true,
    format: 'esm',
    outfile: bundle,
    plugins: [embedWorker()],
    logLevel: 'silent',
  });
  const { code } = (await import(bundle)) as { code: string };
  expect(await firstMessage(code)).toBe(42);
});

test('embedWorkerInVite() gives the same text, and leaves other modules alone', async () => {
  const watched: string[] = [];
  const context = { addWatchFile: (file: string) => watched.push(file) };
  const load = embedWorkerInVite().load as unknown as (
    this: typeof context,
    id: string,
  ) => Promise<string | undefined>;
  const { code } = await bundleWorker(join(folder, 'worker-main.ts'));
  expect(await load.call(context, join(folder, 'worker-source.ts'))).toBe(
    `export const workerSource = () => ${JSON.stringify(code)};\n`,
  );
  expect(watched).toContain(join(folder, 'part.ts'));
  expect(await load.call(context, join(folder, 'main.ts'))).toBeUndefined();
});
