// The process of one observation: takes an order as its argument, sends the observation to its parent

import process from 'node:process';
import { findEntry } from './contestants/index.js';
import type { Order } from './harness/observation.js';

const order = JSON.parse(process.argv[2] ?? '') as Order;
process.send?.(await findEntry(order.workload).observe(order));
process.disconnect?.();
