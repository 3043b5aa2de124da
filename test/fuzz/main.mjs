// Runs the fuzzer: `npm run fuzz -- --cases 1e6`, `npm run fuzz -- --seed 7 --case 1234`; see program.ts.
import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { bundlePatched } from '../patched-bundle.mjs';

const program = await bundlePatched('test/fuzz/program.ts', 'fuzz/fuzz');
const { status } = spawnSync(process.execPath, [program, ...process.argv.slice(2)], { stdio: 'inherit' });
process.exitCode = status ?? 1;
