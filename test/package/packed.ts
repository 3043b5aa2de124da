// The package as npm would publish it, laid into projects outside the checkout, where nothing else can be found.
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ensureBuilt } from '../../scripts/setup.mjs';

const execute = promisify(execFile);

export const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Packed {
  /** A folder of its own, outside the checkout. */
  readonly folder: string;
  readonly tarball: string;
  /** What the tarball holds, by path. */
  readonly files: readonly string[];
}

/** Builds where needed, and packs. */
export async function pack(): Promise<Packed> {
  ensureBuilt({ types: true });
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'packed-')));
  const { stdout } = await execute(
    'npm',
    ['pack', '--ignore-scripts', '--json', '--pack-destination', folder],
    {
      cwd: root,
    },
  );
  const [report] = JSON.parse(stdout) as Array<{ filename: string; files: Array<{ path: string }> }>;
  if (report === undefined) throw new Error('Cannot pack: npm reports no tarball');
  return { folder, tarball: join(folder, report.filename), files: report.files.map(({ path }) => path) };
}

/**
 * A project that has the package installed, and of other packages only those that a user of it has too.
 *
 * @param type Its `type` in package.json.
 */
export async function projectWith(packed: Packed, type: 'module' | 'commonjs'): Promise<string> {
  const project = join(packed.folder, type);
  const modules = join(project, 'node_modules');
  await mkdir(join(modules, 'roda-rx'), { recursive: true });
  await writeFile(join(project, 'package.json'), JSON.stringify({ private: true, type }));
  await execute('tar', ['-xzf', packed.tarball, '-C', join(modules, 'roda-rx'), '--strip-components=1']);
  const manifest = JSON.parse(await readFile(join(modules, 'roda-rx', 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
    peerDependencies: Record<string, string>;
  };
  for (const name of Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })) {
    await symlink(join(root, 'node_modules', name), join(modules, name), 'dir');
  }
  await cp(join(root, 'test', 'package', 'service.ts'), join(project, 'service.ts'));
  return project;
}

/** Runs Node in a folder, and gives what it printed. A failure's message holds what it printed to stderr. */
export async function runNode(folder: string, ...args: string[]): Promise<string> {
  const { stdout } = await execute(process.execPath, args, { cwd: folder, timeout: 60_000 });
  return stdout;
}

/** Removes what was packed and the projects. */
export async function discard(packed: Packed | undefined): Promise<void> {
  if (packed !== undefined) await rm(packed.folder, { recursive: true, force: true });
}
