// What a process used: garbage collections of a thread, and the most memory that was ever resident
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { GCProfiler } from 'node:v8';

export interface Collections {
  readonly collections: number;
  readonly collectionMs: number;
}

/** Counts the collections of the thread that made it, from now until the returned function is called. */
export function countCollections(): () => Collections {
  const profiler = new GCProfiler();
  profiler.start();
  return () => {
    const { statistics } = profiler.stop();
    return {
      collections: statistics.length,
      // V8 tells microseconds.
      collectionMs: statistics.reduce((sum, { cost }) => sum + cost, 0) / 1000,
    };
  };
}

/**
 * The most bytes of this process, threads included, that were resident at once.
 *
 * On Linux `resourceUsage().maxRSS` is not that: it starts with what the parent process had resident when it forked.
 */
export function peakResidentBytes(): number {
  try {
    const status = readFileSync('/proc/self/status', 'utf8');
    const kilobytes = /^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1];
    if (kilobytes !== undefined) return Number(kilobytes) * 1024;
  } catch {
    // Another system.
  }
  return process.resourceUsage().maxRSS * 1024;
}
