// Cores in Node on Linux: which there are for this process, and how a thread is pinned to one, by `koffi`, an optional package.
import type { Pin } from '../messages.js';
import { nodeProcess } from './node-builtins.js';
import type { Pinning } from './platform.js';

/** What pinning takes, or why there is none. */
export function nodePinning(): Pinning {
  const process = nodeProcess();
  if (process?.platform !== 'linux')
    return { why: `it is there on Linux only, and this is ${process?.platform}` };
  const { readFileSync } = process.getBuiltinModule('node:fs');
  const [, list = ''] = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  const koffi = resolveKoffi();
  if (koffi === undefined) return { why: 'the package koffi is not installed (npm install koffi)' };
  return { cores: coresOf(list), koffi };
}

/** Cores of a list as the system writes it: `0-2,5`. */
export function coresOf(list: string): number[] {
  return list.split(',').flatMap((range) => {
    const [first = Number.NaN, last = first] = range.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
}

/** Pins the thread that calls to a core. */
export function pinThread({ core, koffi }: Pin): void {
  const process = nodeProcess() as NonNullable<ReturnType<typeof nodeProcess>>;
  const require = process.getBuiltinModule('node:module').createRequire(koffi);
  const { load } = require(koffi) as { load(path: null): Library };
  const mask = new Uint8Array(8 * (1 + Math.floor(core / 64)));
  mask[core >> 3] = 1 << (core & 7);
  // 0 is the thread that calls.
  const failed = load(null).func('int sched_setaffinity(int, size_t, void *)')(0, mask.length, mask);
  if (failed !== 0) throw new Error(`it could not be pinned to core ${core}`);
}

interface Library {
  func(definition: string): (...args: unknown[]) => unknown;
}

/** The file of the module, as the program and the folder it was started in find it. */
function resolveKoffi(): string | undefined {
  const process = nodeProcess();
  if (process === undefined) return undefined;
  const { createRequire } = process.getBuiltinModule('node:module');
  for (const from of [process.argv[1], `${process.cwd()}/program.js`]) {
    try {
      if (from) return createRequire(from).resolve('koffi');
    } catch {
      // Not found from there.
    }
  }
  return undefined;
}
