// Node's built-in modules, without an import that a bundler for browsers would trip over.
import type * as Fs from 'node:fs';
import type * as Module from 'node:module';
import type * as Os from 'node:os';
import type * as Process from 'node:process';
import type * as WorkerThreads from 'node:worker_threads';

interface NodeProcess {
  getBuiltinModule?(name: 'node:fs'): typeof Fs;
  getBuiltinModule?(name: 'node:module'): typeof Module;
  getBuiltinModule?(name: 'node:os'): typeof Os;
  getBuiltinModule?(name: 'node:worker_threads'): typeof WorkerThreads;
}

/** Node's process object, or undefined elsewhere. */
export function nodeProcess(): (typeof Process & NodeProcess) | undefined {
  const found = (globalThis as { process?: typeof Process & NodeProcess }).process;
  return typeof found?.getBuiltinModule === 'function' && found.versions?.node ? found : undefined;
}
