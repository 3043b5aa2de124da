// A thread of the stress program: takes orders, one after the other, and says how each went.
import { parentPort, threadId } from 'node:worker_threads';
import { Arena, openMemory } from '../../src/memory/index.js';
import { withJitter } from './jitter.js';
import { Fault, type Order, type Outcome, type Tools } from './orders.js';
import { Random } from './random.js';
import { readByHand, writeByHand } from './roles/by-hand.js';
import { readValues, recordValues, takeValues } from './roles/histogram.js';
import { readMarks, writeMarks } from './roles/marks.js';
import { read } from './roles/read.js';
import { relay } from './roles/relay.js';
import { loadSequences, storeSequences } from './roles/sequences.js';
import { followSlots, readSlots, writeSlots } from './roles/slots.js';
import { visit } from './roles/visit.js';
import { write } from './roles/write.js';

/** Takes orders over one memory until the program ends. */
export function serve(wasm: WebAssembly.Memory): void {
  const memory = openMemory(wasm);
  parentPort?.on('message', async (order: Order) => parentPort?.postMessage(await perform(order)));

  async function perform(order: Order): Promise<Outcome> {
    const random = new Random(order.seed);
    const own = order.scenario.jitter ? withJitter(memory, random) : memory;
    const tools: Tools = { memory: own, arena: Arena.open(own, 1 + threadId), random };
    try {
      switch (order.role) {
        case 'write':
          return write(tools, order);
        case 'read':
          return read(tools, order);
        case 'visit':
          return visit(tools, order);
        case 'relay':
          return relay(tools, order);
        case 'store-sequences':
          return storeSequences(tools, order);
        case 'load-sequences':
          return loadSequences(tools, order);
        case 'write-slots':
          return writeSlots(tools, order);
        case 'write-by-hand':
          return writeByHand(tools, order);
        case 'read-by-hand':
          return readByHand(tools, order);
        case 'read-slots':
          return readSlots(tools, order);
        case 'record-values':
          return recordValues(tools, order);
        case 'take-values':
          return takeValues(tools, order);
        case 'read-values':
          return readValues(tools, order);
        case 'write-marks':
          return writeMarks(tools, order);
        case 'read-marks':
          return readMarks(tools, order);
        case 'follow-slots':
          return await followSlots(tools, order);
      }
    } catch (error) {
      if (error instanceof Fault) return { fault: error.kind, message: error.message };
      return { fault: 'threw', message: error instanceof Error ? (error.stack ?? '') : String(error) };
    }
  }
}
