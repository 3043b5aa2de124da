// A thread that takes regions of an arena and gives them back until it is terminated.
import { workerData } from 'node:worker_threads';
import { Arena, openMemory } from '../../src/memory/index.js';

export interface ArenaOrder {
  readonly memory: WebAssembly.Memory;
  readonly owner: number;
  /** A cell in which threads are counted that have begun. */
  readonly started: number;
}

const order = workerData as ArenaOrder;
const memory = openMemory(order.memory);
const arena = Arena.open(memory, order.owner);
memory.cells.add(memory.i32, order.started, 1);
const regions: number[] = [];
for (let i = 0; ; i = (i * 7 + 3) % 1_009) {
  if (regions.length < 10 || (i % 2 === 0 && regions.length < 100)) {
    regions.push(arena.allocate(1 + i, 'a test'));
  } else {
    const [region = 0] = regions.splice(i % regions.length, 1);
    arena.free(region);
  }
}
