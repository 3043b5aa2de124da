// The process of one observation: takes an order as its argument, sends the observation to its parent, or prints it
import process from 'node:process';
import { loadBenchmark } from './benchmarks/index.js';
import type { Order } from './harness/session.js';

const { benchmark, task } = JSON.parse(process.argv[2] ?? '') as Order;
const observation = await (await loadBenchmark(benchmark)).observe(task);
if (process.send === undefined) console.log(observation);
else process.send(observation);
process.disconnect?.();
