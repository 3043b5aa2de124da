// How the tests run: over the sources, with the worker's code embedded as in the package.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { embedWorkerInVite } from './scripts/embed-worker.js';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  plugins: [embedWorkerInVite()],
  resolve: {
    alias: [
      { find: /^roda-rx$/, replacement: at('src/index.ts') },
      { find: /^roda-rx\/operators$/, replacement: at('operators/index.ts') },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    // Processes, so that a test may end its workers or itself.
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
