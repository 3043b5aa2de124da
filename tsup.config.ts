// How the package is built: ESM and CJS with types, readable, the worker's code embedded.
import { defineConfig } from 'tsup';
import { embedWorker } from './scripts/embed-worker.js';

export default defineConfig({
  entry: { index: 'src/index.ts', operators: 'operators/index.ts' },
  format: ['esm', 'cjs'],
  target: 'es2022',
  platform: 'neutral',
  dts: true,
  // What both entries use is one chunk in ESM. In CJS each has a copy; nothing they exchange depends on identity.
  splitting: true,
  clean: true,
  // The steps of operators are taken in by their source: they stay as they are written.
  minify: false,
  keepNames: false,
  treeshake: false,
  sourcemap: false,
  esbuildPlugins: [embedWorker()],
});
