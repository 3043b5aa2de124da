// Bundles the thread of a test into one script.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/**
 * @param thread Its TypeScript file.
 * @returns The script, for `new Worker(script, { eval: true })`.
 */
export async function bundleThread(thread: URL): Promise<string> {
  const result = await build({
    entryPoints: [fileURLToPath(thread)],
    bundle: true,
    write: false,
    format: 'cjs',
    platform: 'node',
    target: 'es2022',
    logLevel: 'silent',
  });
  return result.outputFiles[0]?.text ?? '';
}
