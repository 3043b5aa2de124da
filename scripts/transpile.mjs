// Transpiles TypeScript file by file, so that files and workers find each other as they do in the source.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/**
 * Transpiles folders of a checkout.
 *
 * @param {string} from The checkout.
 * @param {readonly string[]} folders Their names in it.
 * @param {string} to Where they go, under the same names.
 */
export async function transpile(from, folders, to) {
  const { transform } = await import('esbuild');
  for (const source of folders.flatMap((folder) => sourcesIn(join(from, folder)))) {
    const target = join(to, relative(from, source).replace(/\.ts$/, '.js'));
    const { code } = await transform(readFileSync(source, 'utf8'), {
      loader: 'ts',
      format: 'esm',
      target: 'es2022',
      sourcefile: source,
      sourcemap: 'inline',
    });
    // Another run may be using the file: it is touched only when it changes.
    if (existsSync(target) && readFileSync(target, 'utf8') === code) continue;
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, code);
  }
}

/**
 * The TypeScript files of a folder; none if there is no such folder.
 *
 * @param {string} folder
 * @returns {string[]}
 */
function sourcesIn(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.d.ts'))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}
