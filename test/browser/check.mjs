// Runs the tests in a browser, which it installs where it is missing.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { ensureChromium } from './chromium.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
ensureChromium();
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
const { status } = spawnSync(process.execPath, [vitest, 'run', 'test/browser'], {
  cwd: root,
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
