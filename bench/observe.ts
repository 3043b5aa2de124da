// The process of one observation: takes an order as its argument, sends the observation to its parent, or prints it

import process from 'node:process';
import { findEntry } from './contestants/index.js';
import type { Order } from './harness/observation.js';

const order = JSON.parse(process.argv[2] ?? '') as Order;
const observation = await findEntry(order.workload).observe(order);
if (process.send === undefined) console.log(observation);
else process.send(observation);
process.disconnect?.();
