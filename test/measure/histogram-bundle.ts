// Bundles the thread of the histogram's test into one script.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** The script, for `new Worker(script, { eval: true })`. */
export async function bundleThread(): Promise<string> {
  const result = await build({
    entryPoints: [fileURLToPath(new URL('histogram-thread.ts', import.meta.url))],
    bundle: true,
    write: false,
    format: 'cjs',
    platform: 'node',
    target: 'es2022',
    logLevel: 'silent',
  });
  return result.outputFiles[0]?.text ?? '';
}
