// Where and of what a session was run
import { execFileSync } from 'node:child_process';
import os from 'node:os';
import process from 'node:process';

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly platform: string;
  readonly node: string;
  readonly v8: string;
  /** The checked out commit. */
  readonly commit: string;
  /** Whether files that are measured, or measure, differed from it. */
  readonly dirty: boolean;
}

const MEASURED = ['src', 'operators', 'package-lock.json', 'bench', ':!bench/results'];

export function describeMachine(): Machine {
  const cpus = os.cpus();
  return {
    cpu: cpus[0]?.model.trim() ?? 'unknown',
    cores: cpus.length,
    memoryGb: Math.round(os.totalmem() / 1e9),
    platform: `${process.platform} ${process.arch}`,
    node: process.versions.node,
    v8: process.versions.v8,
    commit: git('rev-parse', '--short=12', 'HEAD') ?? 'unknown',
    dirty: git('status', '--porcelain', '--', ...MEASURED) !== '',
  };
}

/** In one line. */
export function machineText({ cpu, cores, memoryGb, platform, node, v8, commit, dirty }: Machine): string {
  const at = `commit ${commit}${dirty ? ' with changes' : ''}`;
  return `${cpu}, ${cores} cores, ${memoryGb} GB, ${platform}, Node ${node}, V8 ${v8}, ${at}`;
}

/** What git says, or undefined where there is none. */
function git(...args: string[]): string | undefined {
  try {
    return execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}
