// How the package is built: ESM and CJS with types, readable, the code that workers need as a function that both sides call.
import { rmSync } from 'node:fs';
import process from 'node:process';
import { defineConfig, type Options } from 'tsup';
import { embedFileWorker } from './scripts/embed-worker.js';
import { shareCore } from './scripts/share-core.js';

const index = { index: 'src/index.ts' };
const operators = { operators: 'operators/index.ts' };

const common: Options = {
  target: 'es2022',
  platform: 'neutral',
  // The steps of operators are taken in by their source: they stay as they are written.
  minify: false,
  keepNames: false,
  treeshake: false,
  sourcemap: false,
};

const declarations: Options = {
  ...common,
  entry: { ...index, ...operators },
  format: ['esm', 'cjs'],
  // tsup itself sets the deprecated baseUrl for them. What is marked @internal is left out, and with it what only that needs.
  dts: {
    only: true,
    compilerOptions: { ignoreDeprecations: '6.0', incremental: false, stripInternal: true },
  },
};

// Each of the builds below writes to dist/: none of them may clean it.
rmSync('dist', { recursive: true, force: true });

export default defineConfig((overrides) => [
  {
    ...common,
    entry: { ...index, ...operators },
    format: 'esm',
    // What both entries use is one chunk.
    splitting: true,
    esbuildPlugins: [embedFileWorker(), shareCore(process.cwd())],
  },
  // In CJS each entry has its copy of what both use, and nothing that they exchange depends on identity; a split CJS build
  // would go through a transform that rewrites `??` and `?.` in the steps of operators into calls of helpers. The copy
  // that `operators` has is only what it needs: it starts no worker.
  {
    ...common,
    entry: index,
    format: 'cjs',
    splitting: false,
    esbuildPlugins: [embedFileWorker(), shareCore(process.cwd())],
  },
  { ...common, entry: operators, format: 'cjs', splitting: false },
  ...(overrides.dts === false ? [] : [declarations]),
]);
