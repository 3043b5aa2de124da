// Bundles the thread of a test into one script.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { ONE_SCRIPT } from './patched-bundle.mjs';

/**
 * @param thread Its TypeScript file.
 * @returns The script, for `new Worker(script, { eval: true })`.
 */
export async function bundleThread(thread: URL): Promise<string> {
  const result = await build({ entryPoints: [fileURLToPath(thread)], ...ONE_SCRIPT });
  return result.outputFiles[0]?.text ?? '';
}
