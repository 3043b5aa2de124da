// Runs the stress program: `npm run stress -- --seconds 60`, `npm run stress -- --records 1e9`; see program.ts.
import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { bundleStress } from './bundle.mjs';

const program = await bundleStress('stress');
const { status } = spawnSync(process.execPath, [program, ...process.argv.slice(2)], { stdio: 'inherit' });
process.exitCode = status ?? 1;
