// Errors of memory and journals.
import type { Catalogue } from './catalogue-entry.js';

export const journalErrors = {
  OUT_OF_MEMORY: {
    kind: 'RangeError',
    message: (p: { what: string; bytes: number; free: number; total: number }) =>
      `Cannot allocate ${p.bytes} bytes for ${p.what}: ${p.free} of the engine's ${p.total} bytes are free in one piece`,
    when: "A journal, a keyed table or another region doesn't fit into the engine's memory.",
    remedy:
      'Give the engine more (`createEngine({ memory: bytes })`, up to 4 GiB), or ask for less: smaller capacities, a lower `maxKeys`.',
  },
  MEMORY_PLAN: {
    kind: 'RangeError',
    message: (p: { what: string; bytes: number; size: number; largest: string; largestBytes: number }) =>
      `Cannot build ${p.what}: with it the engine's memory would have to hold at least ${p.bytes} bytes, and it has ${p.size}; the largest part is ${p.largest}: ${p.largestBytes} bytes`,
    when: "What has been built so far and what is to be built can't fit into the engine's memory: journals, and keyed states and tables whose `maxKeys` was given, with that many keys.",
    remedy:
      'Make the named part smaller (a lower `capacity` of a source or a stage, a lower `maxKeys`), or give the engine more (`createEngine({ memory: bytes })`, up to 4 GiB); `engine.memory()` lists all parts.',
  },
  MEMORY_SIZE: {
    kind: 'RangeError',
    message: (p: { bytes: number }) =>
      `Cannot create an engine memory of ${p.bytes} bytes: it takes from 1 MiB to 4 GiB (4294967296 bytes)`,
    when: "The engine's `memory` option is outside of what a WebAssembly memory can hold.",
    remedy: 'Choose a size from 1048576 to 4294967296 bytes.',
  },
  SHARED_MEMORY_UNAVAILABLE: {
    kind: 'Error',
    message: (_: object) =>
      "Cannot place stages in workers: memory can't be shared here; serve the page cross-origin isolated (with the headers COOP and COEP), or use `placement: 'inline'`",
    when: 'A page that is not cross-origin isolated asks for placement in workers.',
    remedy:
      "Serve the page with the headers for cross-origin isolation (COOP and COEP), or use `placement: 'inline'`.",
  },
  CAPACITY: {
    kind: 'RangeError',
    message: (p: { journal: string; capacity: unknown }) =>
      `Cannot create journal ${p.journal} with a capacity of ${String(p.capacity)}: it takes a whole number from 1 to 1073741824`,
    when: 'A capacity is not a whole number in range.',
    remedy: 'Give the number of records that the journal shall hold; a ring rounds it up to a power of two.',
  },
  TOO_MANY_READERS: {
    kind: 'RangeError',
    message: (p: { journal: string; limit: number }) =>
      `Cannot add a reader to journal ${p.journal}: all ${p.limit} reader slots are taken`,
    when: 'More stages, views, batches and pull readers read one journal than it has slots for.',
    remedy:
      'Release readers that are no longer needed, or share one among several subscribers with an RxJS Subject.',
  },
  JOURNAL_FULL: {
    kind: 'RangeError',
    message: (p: { journal: string; capacity: number }) =>
      `Cannot append to journal ${p.journal}: it retains every record and its ${p.capacity} slots are taken`,
    when: "A journal with `retain: 'append'` has reached its capacity.",
    remedy:
      "Give it a larger `capacity`, or use `retain: 'ring'`, which reuses slots that every gating reader has passed.",
  },
  NOT_RETAINED: {
    kind: 'RangeError',
    message: (p: { journal: string; from: unknown }) =>
      `Cannot read journal ${p.journal} from ${String(p.from)}: it does not retain past records`,
    when: "A subscriber asks for `{ from }` of a journal with `retain: 'ring'` after records have been published.",
    remedy: "Use `retain: 'append'` for the source or the stage, or subscribe before the first record.",
  },
} as const satisfies Catalogue;
