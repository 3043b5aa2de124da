// The other thread of a bare ping: answers by storing what it has seen, and does nothing else
import { workerData } from 'node:worker_threads';
import { ANSWER, type BareOrder, PING, STOP } from './bare.js';

const { cells: buffer, parked } = workerData as BareOrder;
const cells = new Int32Array(buffer);
for (let seen = 0; seen !== STOP; ) {
  if (parked) Atomics.wait(cells, PING, seen);
  const ping = Atomics.load(cells, PING);
  if (ping === seen) continue;
  seen = ping;
  Atomics.store(cells, ANSWER, ping);
}
