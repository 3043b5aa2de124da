// Writes docs/benchmarks.md and its charts from bench/results/: `npm run docs:benchmarks`
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readResults } from '../harness/results-file.js';
import { makeReport } from './page.js';

const docs = path.join(process.cwd(), 'docs');
const folder = path.join(docs, 'images', 'benchmarks');
const { page, charts } = await makeReport(readResults(path.join(process.cwd(), 'bench', 'results')));
mkdirSync(folder, { recursive: true });
for (const name of readdirSync(folder)) if (!charts.has(name)) rmSync(path.join(folder, name));
for (const [name, chart] of charts) writeFileSync(path.join(folder, name), chart);
writeFileSync(path.join(docs, 'benchmarks.md'), page);
console.log(`docs/benchmarks.md with ${charts.size} charts`);
