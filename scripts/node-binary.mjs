// Another version of Node, from the npm packages that have its binaries; printed where this is run by itself.
//
//   $(node scripts/node-binary.mjs 26) scripts/run.mjs bench/main.ts
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { root } from './setup.mjs';

/** Platforms for which the npm registry has recent binaries of Node. */
const PLATFORMS = ['linux-x64', 'linux-arm64', 'darwin-x64'];

/**
 * The path of a Node of a major version, installed to out/nodes/ if it isn't there.
 *
 * @param {string} major
 * @returns {string}
 * @throws {Error} Where npm has no binaries for this platform, or none of that version.
 */
export function nodeBinary(major) {
  const platform = `${process.platform}-${process.arch}`;
  if (!PLATFORMS.includes(platform)) {
    throw new Error(
      `Cannot install another Node on ${platform}: npm has binaries for ${PLATFORMS.join(', ')}`,
    );
  }
  const name = `node-${platform}`;
  const folder = join(root, 'out', 'nodes', major);
  const binary = join(folder, 'node_modules', name, 'bin', 'node');
  if (existsSync(binary)) return binary;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const { status } = spawnSync(
    'npm',
    ['install', '--prefix', folder, '--no-audit', '--no-fund', '--ignore-scripts', `${name}@${major}`],
    { cwd: folder, stdio: ['ignore', process.stderr, process.stderr] },
  );
  if (status !== 0 || !existsSync(binary)) throw new Error(`Cannot install ${name}@${major}`);
  return binary;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    console.log(nodeBinary(process.argv[2] ?? ''));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
