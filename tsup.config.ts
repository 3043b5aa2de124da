// How the package is built: ESM and CJS with types, readable, the worker's code embedded.
import { defineConfig } from 'tsup';
import { embedWorker } from './scripts/embed-worker.js';

export default defineConfig({
  entry: { index: 'src/index.ts', operators: 'operators/index.ts' },
  format: ['esm', 'cjs'],
  target: 'es2022',
  platform: 'neutral',
  // tsup itself sets the deprecated baseUrl for them.
  dts: { compilerOptions: { ignoreDeprecations: '6.0', incremental: false } },
  // `splitting` is for ESM only, as by default: what both entries use is one chunk there. In CJS each has its copy, and
  // nothing that they exchange depends on identity; a split CJS build would go through a transform that rewrites `??`
  // and `?.` in the steps of operators into calls of helpers.
  clean: true,
  // The steps of operators are taken in by their source: they stay as they are written.
  minify: false,
  keepNames: false,
  treeshake: false,
  sourcemap: false,
  esbuildPlugins: [embedWorker()],
});
