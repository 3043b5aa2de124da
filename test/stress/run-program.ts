// Runs the stress program in a process of its own, which may hang or be broken.
import { spawn } from 'node:child_process';
import process from 'node:process';
import type { Report } from './program.js';
import type { Fixed } from './scenario.js';

export interface Limits {
  readonly seconds?: number;
  readonly scenarios?: number;
  readonly seed?: number;
  /** Of the time without progress that counts as a hang. */
  readonly watchdogMs?: number;
}

/**
 * Runs a program that {@link bundleStress} wrote.
 *
 * @param fixed What is fixed of its scenarios.
 */
export function runProgram(path: string, fixed: Fixed, limits: Limits): Promise<Report> {
  const { seconds, scenarios, seed, watchdogMs } = limits;
  const args = [path, '--json', '--fixed', JSON.stringify(fixed)];
  if (seconds !== undefined) args.push('--seconds', String(seconds));
  if (scenarios !== undefined) args.push('--scenarios', String(scenarios));
  if (seed !== undefined) args.push('--seed', String(seed));
  if (watchdogMs !== undefined) args.push('--watchdog', String(watchdogMs));
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  return new Promise((resolve, reject) => {
    let out = '';
    let errors = '';
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      errors += chunk.toString();
    });
    child.on('error', reject);
    child.on('close', () => {
      if (out.trim() === '') reject(new Error(`The stress program said nothing but: ${errors}`));
      else resolve(JSON.parse(out) as Report);
    });
  });
}
