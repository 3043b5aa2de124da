// The native C loop as a lane: built by the C compiler of the machine, if there is one, and run as a process of its own
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import type { Observation } from '../../harness/benchmark.js';
import { assertDigest } from '../../harness/checked.js';
import type { Digest } from '../../workloads/checksum.js';
import { NATIVE_SOURCE } from './source.js';

export const NATIVE = 'native C loop';

const OPTIONS = ['-O3', '-march=native', '-std=gnu11'];

/** Whether this machine has a C compiler. */
export function canCompile(): boolean {
  return compiler() !== undefined;
}

/**
 * Runs it.
 *
 * @param sensors How many take turns.
 * @throws {Error} If it can't be built, or its alerts are not the expected ones.
 */
export function observeNative(
  sensors: number,
  { size, warmUpSize, expected }: { size: number; warmUpSize: number; expected: Digest },
): Observation {
  const out = execFileSync(build(), [sensors, warmUpSize, size].map(String), { encoding: 'utf8' });
  const [ns, count, sum, hash, kilobytes] = out.trim().split(' ') as [string, string, string, string, string];
  assertDigest(`the ${NATIVE}, ${sensors} sensors, ${size}`, { count: Number(count), sum, hash }, expected);
  return { records: size, ms: Number(ns) / 1e6, peakRssBytes: Number(kilobytes) * 1024 };
}

function compiler(): string | undefined {
  return ['gcc', 'cc', 'clang'].find((name) => {
    try {
      execFileSync(name, ['--version'], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  });
}

/** The program's path; it is built once for each text and machine. */
function build(): string {
  const name = compiler();
  if (name === undefined) throw new Error(`Cannot build the ${NATIVE}: this machine has no C compiler`);
  const folder = path.join(os.tmpdir(), `roda-bench-${process.getuid?.() ?? 0}`);
  const mark = createHash('sha256').update([name, ...OPTIONS, os.hostname(), NATIVE_SOURCE].join('\n'));
  const program = path.join(folder, mark.digest('hex').slice(0, 16));
  if (existsSync(program)) return program;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const source = `${program}.${process.pid}.c`;
  writeFileSync(source, NATIVE_SOURCE);
  const built = `${program}.${process.pid}`;
  execFileSync(name, [...OPTIONS, '-o', built, source, '-lm'], { stdio: ['ignore', 'ignore', 'inherit'] });
  renameSync(built, program);
  return program;
}
