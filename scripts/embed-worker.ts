// Embeds the code of workers where the sources are run, in tests: src/runtime/worker-source.ts gives the bundle of
// worker-main.ts, as text. The package itself has no second copy of that code (scripts/share-core.ts), but for the worker for
// files: its module is one of its own, loaded when it is first needed.
//
// The bundle is one script for `new Worker(code, { eval: true })` in Node and for a Blob in browsers: it imports nothing, and reaches
// node's modules, where there are any, at run time.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { build, type Plugin as EsbuildPlugin } from 'esbuild';
import type { Plugin as VitePlugin } from 'vite';

/** The modules that are replaced. */
const placeholder = /[\\/]src[\\/]runtime[\\/](file-)?worker-source\.ts$/;
/** The one that is loaded when it is first needed: in the package it is text as well. */
const filePlaceholder = /[\\/]src[\\/]runtime[\\/]file-worker-source\.ts$/;

/** The worker's entry, and the files that its bundle is made of. */
interface WorkerBundle {
  readonly code: string;
  readonly files: readonly string[];
}

/**
 * Bundles a worker's entry to one minified script.
 *
 * @param entry Its path.
 * @throws {Error} If there is no such file, or esbuild refuses it.
 */
export async function bundleWorker(entry: string): Promise<WorkerBundle> {
  if (!existsSync(entry)) throw new Error(`Cannot bundle the worker: there is no ${entry}`);
  const result = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'neutral',
    target: 'es2022',
    minify: true,
    legalComments: 'none',
    external: ['node:*'],
    mainFields: ['module', 'main'],
    metafile: true,
    logLevel: 'silent',
  });
  const [output] = result.outputFiles;
  if (output === undefined) throw new Error(`Cannot bundle the worker: esbuild wrote nothing for ${entry}`);
  return {
    code: output.text.trim(),
    files: Object.keys(result.metafile.inputs).map((path) => resolve(path)),
  };
}

/** The text of the module that takes the placeholder's place. */
function moduleOf({ code }: WorkerBundle): string {
  return `export const workerSource = () => ${JSON.stringify(code)};\n`;
}

function entryBeside(path: string): string {
  return path.replace(/-source\.ts$/, '-main.ts');
}

/** For esbuild, and tsup over it. */
export function embedWorker(): EsbuildPlugin {
  return embed('embed-worker', placeholder);
}

/** For the package, whose other workers share its code. */
export function embedFileWorker(): EsbuildPlugin {
  return embed('embed-file-worker', filePlaceholder);
}

function embed(name: string, filter: RegExp): EsbuildPlugin {
  return {
    name,
    setup({ onLoad }) {
      onLoad({ filter }, async ({ path }) => {
        const bundle = await bundleWorker(entryBeside(path));
        return { contents: moduleOf(bundle), loader: 'js', watchFiles: [...bundle.files] };
      });
    },
  };
}

/** For Vite, and Vitest over it. */
export function embedWorkerInVite(): VitePlugin {
  return {
    name: 'embed-worker',
    enforce: 'pre',
    async load(id) {
      const [path] = id.split('?');
      if (path === undefined || !placeholder.test(path)) return;
      const bundle = await bundleWorker(entryBeside(path));
      for (const file of bundle.files) this.addWatchFile(file);
      return moduleOf(bundle);
    },
  };
}
