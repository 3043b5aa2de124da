// Chromium, as a distribution's package: where it is, and how it gets there.
import { spawnSync } from 'node:child_process';
import process from 'node:process';

const PROGRAMS = ['chromium', 'chromium-browser', 'google-chrome'];

/** The program to start, if one is there: what `CHROMIUM` names, or the first of the usual ones. */
export function findChromium() {
  const named = process.env['CHROMIUM'];
  const candidates = named === undefined ? PROGRAMS : [named];
  for (const program of candidates) {
    const { status, stdout } = spawnSync('sh', ['-c', 'command -v "$0"', program], { encoding: 'utf8' });
    if (status === 0) return stdout.trim();
  }
  return undefined;
}

/** Installs Chromium with apt-get, where that is possible; otherwise says what to install. */
export function ensureChromium() {
  if (findChromium() !== undefined) return;
  const asRoot = process.getuid?.() === 0;
  const prefix = asRoot ? [] : ['sudo', '-n'];
  const canInstall =
    spawnSync('apt-get', ['--version']).error === undefined &&
    (asRoot || spawnSync('sudo', ['-n', 'true']).status === 0);
  if (canInstall) {
    console.error('Installing chromium (apt-get) …');
    for (const args of [['update'], ['install', '--yes', '--no-install-recommends', 'chromium']]) {
      const [program = '', ...rest] = [...prefix, 'apt-get', ...args];
      spawnSync(program, rest, {
        stdio: ['ignore', process.stderr, process.stderr],
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      });
    }
  }
  if (findChromium() === undefined) {
    throw new Error(
      'Cannot check in a browser: chromium is needed. Install the package chromium of your system, or name a program in CHROMIUM',
    );
  }
}
