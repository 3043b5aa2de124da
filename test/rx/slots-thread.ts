// A thread that got the handle of a slot store: reads it, tries to write, and writes when it is told to.
import { parentPort, workerData } from 'node:worker_threads';
import { openSlots, type SlotsHandle } from '../../src/index.js';

const store = openSlots(workerData as SlotsHandle<string, { id: number; symbol: string; price: number }>);
let refused: unknown;
try {
  store.set('a', { id: 2, symbol: 'x', price: 2 });
} catch (error) {
  refused = (error as { code?: unknown }).code;
}
parentPort?.postMessage({ got: store.get('a'), keys: [...store.snapshot().keys()], refused });
parentPort?.on('message', (order) => {
  if (order === 'write') store.set('a', { id: 2, symbol: 'x', price: 2 });
  else parentPort?.close();
});
