// The long form of the fault tests of journals in files: a thousand kills, and losses of power with many seeds.
//
//   npm run faults:files                       a thousand kills, then the rest
//   npm run faults:files -- --kills 100 --seed 7
import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '100' },
    seed: { type: 'string', default: String(Date.now() % 1e6) },
  },
});
const { kills, rounds, seed } = values;
const files = ['kills', 'power-loss', 'bad-bytes'].map((name) => `test/file/${name}.test.ts`);
const { status } = spawnSync(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', '--testTimeout', '3600000', ...files],
  {
    stdio: 'inherit',
    env: { ...process.env, FILE_PARALLEL: '4', FILE_KILLS: kills, FILE_ROUNDS: rounds, FILE_SEED: seed },
  },
);
process.exitCode = status ?? 1;
