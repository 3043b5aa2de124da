// The fuzzer: `npm run fuzz -- --cases 1e6 --seed 7`; `--seed 7 --case 1234` runs one case again, after
// those of its pipeline before it.
import process from 'node:process';
import { parseArgs } from 'node:util';
import { runScript, scriptOf, VECTORS } from './cases.js';
import { shrink } from './shrink.js';
import { Tally } from './tally.js';
import { World } from './world.js';

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '20000' },
    seed: { type: 'string' },
    case: { type: 'string' },
    /** Cases of each pipeline. */
    vectors: { type: 'string', default: String(VECTORS) },
    /** How many problems to show before it ends. */
    problems: { type: 'string', default: '1' },
    'shrink-ms': { type: 'string', default: '20000' },
  },
});
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
const wanted = Number(values.cases);
const vectors = Number(values.vectors);
const only = values.case === undefined ? undefined : Number(values.case);
const world = new World();
const tally = new Tally();
const kinds = new Set<string>();
console.log(`seed ${seed}`);

function runProgram(program: number): void {
  const script = scriptOf(seed, program, only === undefined ? vectors : (only % vectors) + 1);
  const report = runScript(world, script);
  tally.add(report);
  const { problem } = report;
  if (problem === undefined) return;
  const smallest = shrink(world, script, problem, Number(values['shrink-ms']));
  kinds.add(problem.kind);
  const again = `--seed ${seed} --vectors ${vectors} --case ${program * vectors + problem.vector}`;
  console.log(`PROBLEM (npm run fuzz -- ${again})\n${smallest.text}\n`);
}

if (only !== undefined) runProgram(Math.floor(only / vectors));
else {
  let told = Date.now();
  for (let program = 0; tally.cases < wanted && tally.problems < Number(values.problems); program++) {
    runProgram(program);
    if (Date.now() - told < 60_000) continue;
    told = Date.now();
    console.log(tally.line());
  }
}
console.log(tally.text());
const short = only === undefined && tally.problems === 0 ? tally.shortcoming() : undefined;
if (short !== undefined) console.log(`NOT ENOUGH: ${short}`);
process.exitCode = tally.problems > 0 || short !== undefined ? 1 : 0;
