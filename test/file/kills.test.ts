// Processes that are killed while they write: nothing durable is lost, nothing is read twice or torn.
import process from 'node:process';
import { expect, it } from 'vitest';
import { bundleProgram } from '../program.js';
import { killMany } from './kills.js';

const kills = Number(process.env['FILE_KILLS'] ?? 30);
/** Folders that are written to at a time. */
const parallel = Number(process.env['FILE_PARALLEL'] ?? 2);
const seed = Number(process.env['FILE_SEED'] ?? Date.now() % 1e6);

const timeout = 60_000 + kills * 10_000;

it(`kill -9 at ${kills} random moments loses no durable record (seed ${seed})`, { timeout }, async () => {
  const program = await bundleProgram('test/file/killed-program.ts');
  let done = 0;
  const progress = () => {
    if (++done % 100 === 0) console.log(`${done} of ${kills} kills`);
  };
  const lanes = Array.from({ length: parallel }, (_, i) =>
    killMany(program, Math.ceil(kills / parallel), seed + i, progress),
  );
  const results = await Promise.all(lanes);
  const early = results.reduce((sum, result) => sum + result.early, 0);
  const records = results.reduce((sum, result) => sum + result.records, 0);
  const torn = results.reduce((sum, result) => sum + result.torn, 0);
  console.log({ kills: done, early, torn, records });
  // Otherwise nothing was put to the test.
  expect(early).toBeLessThan(kills / 2);
  expect(records).toBeGreaterThan(100 * kills);
});
