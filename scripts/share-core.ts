// Builds the package so that the code which workers need is in it once: in one function, which both sides call.
//
// The modules that a worker is made of (the core) are bundled into a function that closes over nothing and returns all their
// exports. In the package that function is called, and each of the core's modules exports what it returned; a worker's
// script is the source of the function, called (src/runtime/worker-text.ts).
import { readFile } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import { build, type Plugin } from 'esbuild';

const BOOT = 'src/runtime/worker-boot.ts';
const BOOT_FUNCTION = 'bootWorker';
const SOURCE = 'src/runtime/worker-source.ts';
const TEXT = './src/runtime/worker-text.ts';

/** What the catalogue of errors says for its page only: causes and remedies, each a string. Messages have their own. */
const PAGE_ONLY = /^\s*(?:when|remedy):\s*(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"),\n/gm;

/** Leaves the page of errors out of the catalogue. */
const shortCatalogue: Plugin = {
  name: 'short-catalogue',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]src[\\/]errors[\\/]catalogue-\w+\.ts$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      return { contents: text.replace(PAGE_ONLY, ''), loader: 'ts' };
    });
  },
};

const COMMON = {
  bundle: true,
  write: false,
  format: 'esm',
  platform: 'neutral',
  // Bundlers of users shall find nothing here that they would lower with helpers of their own, unless for targets before
  // ES2020: the helpers would be outside of the function, and missing in the worker.
  target: 'es2020',
  tsconfigRaw: { compilerOptions: { useDefineForClassFields: false, verbatimModuleSyntax: true } },
  metafile: true,
  legalComments: 'none',
  logLevel: 'silent',
  plugins: [shortCatalogue] as Plugin[],
} as const;

/** An export of one of the core's modules. */
interface Export {
  /** From the root, with slashes. */
  readonly file: string;
  readonly name: string;
}

interface Core {
  /** The function: a declaration of `core`. */
  readonly code: string;
  /** What it returns, in order. */
  readonly exports: readonly Export[];
}

/** All that some files export, but types. */
async function exportsOf(root: string, files: readonly string[]): Promise<Export[]> {
  const { metafile } = await build({
    ...COMMON,
    absWorkingDir: root,
    entryPoints: [...files],
    outdir: root,
    outbase: root,
  });
  return Object.values(metafile.outputs).flatMap(({ entryPoint, exports }) =>
    entryPoint === undefined ? [] : exports.map((name) => ({ file: entryPoint, name })),
  );
}

/** Bundles exports, each under the name `core` and its number, and says which files it took for that. */
async function bundle(root: string, exports: readonly Export[]): Promise<{ text: string; files: string[] }> {
  const lines = exports.map(({ file, name }, i) => `export { ${name} as core${i} } from './${file}';`);
  const { outputFiles, metafile } = await build({
    ...COMMON,
    absWorkingDir: root,
    stdin: { contents: lines.join('\n'), resolveDir: root, loader: 'ts' },
  });
  const [text] = outputFiles;
  const [output] = Object.values(metafile.outputs);
  if (text === undefined || output === undefined) throw new Error('Cannot bundle the core: nothing came out');
  const files = Object.entries(output.inputs).filter(
    ([path, input]) => input.bytesInOutput > 0 && path in metafile.inputs && path !== '<stdin>',
  );
  return { text: text.text, files: files.map(([path]) => path) };
}

/**
 * Bundles the modules that a worker is made of into one function.
 *
 * @param root The project's folder.
 */
export async function bundleCore(root: string): Promise<Core> {
  let exports: readonly Export[] = [{ file: BOOT, name: BOOT_FUNCTION }];
  let { text, files } = await bundle(root, exports);
  // What the other exports of these files need is in the core too.
  for (let known = 0; known < files.length; ) {
    known = files.length;
    exports = await exportsOf(root, files);
    ({ text, files } = await bundle(root, exports));
  }
  const end = text.lastIndexOf('\nexport {');
  const locals = new Map(
    [...text.slice(end).matchAll(/([\w$]+) as core(\d+)/g)].map(([, local, i]) => [Number(i), local]),
  );
  const returned = exports.map(({ name }, i) => {
    const local = locals.get(i);
    if (local === undefined) throw new Error(`Cannot bundle the core: ${name} is missing`);
    return local;
  });
  return {
    code: `function core() {\n${text.slice(0, end)}\nreturn [${returned.join(', ')}];\n}\n`,
    exports,
  };
}

/**
 * For esbuild, and tsup over it.
 *
 * @param root The project's folder.
 */
export function shareCore(root: string): Plugin {
  return {
    name: 'share-core',
    async setup({ onLoad, onResolve }) {
      const { code, exports } = await bundleCore(root);
      const byFile = new Map<string, string[]>();
      for (const [i, { file, name }] of exports.entries()) {
        byFile.set(file, [...(byFile.get(file) ?? []), `core${i} as ${name}`]);
      }
      const boot = exports.findIndex(({ file }) => file === BOOT);

      onResolve({ filter: /^core:/ }, ({ path }) => ({ path, namespace: 'core' }));
      onLoad({ filter: /./, namespace: 'core' }, () => ({
        contents: `${code}const [${exports.map((_, i) => `core${i}`).join(', ')}] = core();
export { core, ${exports.map((_, i) => `core${i}`).join(', ')} };
`,
      }));
      onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, ({ path }) => {
        const file = relative(root, path).split(sep).join('/');
        if (file === SOURCE) {
          return {
            contents: `import { core } from 'core:core';
import { workerText } from '${TEXT}';
export const workerSource = () => workerText(core, ${boot});
`,
            resolveDir: root,
          };
        }
        const names = byFile.get(file);
        if (names === undefined) return undefined;
        return { contents: `export { ${names.join(', ')} } from 'core:core';\n`, resolveDir: root };
      });
    },
  };
}
