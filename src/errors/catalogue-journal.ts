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
  JOURNAL_HAS_WRITER: {
    kind: 'Error',
    message: (p: { journal: string }) => `Cannot write journal ${p.journal}: another writer is open`,
    when: 'A second writer of a journal is asked for, on whatever thread, while the first is open.',
    remedy: 'Close the first with `writer.close()`, or have a journal for each writer.',
  },
  JOURNAL_ENDED: {
    kind: 'Error',
    message: (p: { journal: string }) =>
      `Cannot write journal ${p.journal}: it has ended, or this writer is closed`,
    when: 'A journal is written after `end()`, `fail()` or `close()` of its writer.',
    remedy: 'Write before the end; after `close()` take another writer with `journal.writer()`.',
  },
  JOURNAL_CLAIM: {
    kind: 'Error',
    message: (p: { journal: string }) =>
      `Cannot write journal ${p.journal}: a claimed record has not been published`,
    when: 'A record is written while another, taken with `writer.claim()`, is still being written in place.',
    remedy: 'Call `writer.publish()` first.',
  },
  JOURNAL_FAILED: {
    kind: 'Error',
    message: (p: { journal: string; message: string }) =>
      `Journal ${p.journal} ended with an error: ${p.message}`,
    when: 'A reader has read everything of a journal whose writer ended it with `fail(error)`, or died.',
    remedy: "Look at the error's `cause`.",
  },
  JOURNAL_FROM: {
    kind: 'RangeError',
    message: (p: { journal: string; from: unknown; start: number; next: number }) =>
      `Cannot read journal ${p.journal} from ${String(p.from)}: its sequences go from ${p.start} to ${p.next}`,
    when: 'A reader asks for a sequence before the first record of a journal, or beyond the next.',
    remedy:
      "Use `journal.start`, `journal.next`, or what lies between; `from: 'start'` is the oldest there is.",
  },
  JOURNAL_LAPPED: {
    kind: 'RangeError',
    message: (p: { journal: string; lost: number }) =>
      `Cannot read ${p.lost} records of journal ${p.journal}: they were overwritten before the reader came to them`,
    when: "A reader with `overflow: 'error'` is slower than the writer by more than the journal's capacity.",
    remedy:
      "Give the journal more `capacity`, count the losses with `overflow: 'drop-oldest'`, or let the writer wait (`block`). Read on for what is there.",
  },
  JOURNAL_NOT_SHARED: {
    kind: 'Error',
    message: (p: { journal: string }) =>
      `Cannot hand journal ${p.journal} to another thread: its engine is inline, and no other thread sees its memory`,
    when: "The handle of a journal is asked for whose engine was created with `placement: 'inline'`.",
    remedy: "Create the engine without `placement: 'inline'`.",
  },
  JOURNAL_HANDLE: {
    kind: 'TypeError',
    message: (p: { found: string }) => `Cannot open a journal by ${p.found}: it takes the handle of one`,
    when: '`openJournal` is given something else than a handle.',
    remedy: 'Post `journal.handle` to the thread, and open what arrives there.',
  },
  JOURNAL_IN_USE: {
    kind: 'Error',
    message: (p: { journal: string }) =>
      `Cannot close journal ${p.journal}: a writer or a reader of it is open`,
    when: 'The memory of a journal would be given back while somebody, on whatever thread, uses it.',
    remedy: 'Close its readers and its writer first.',
  },
  JOURNAL_CLOSED: {
    kind: 'Error',
    message: (p: { journal: string }) => `Cannot use journal ${p.journal}: it is closed`,
    when: 'A journal is used after `journal.close()`.',
    remedy: 'Close it later.',
  },
  SLOTS_CAPACITY: {
    kind: 'RangeError',
    message: (p: { store: string; capacity: unknown; limit: number }) =>
      `Cannot create slot store ${p.store} with a capacity of ${String(p.capacity)}: it takes a whole number from 1 to ${p.limit}`,
    when: 'The capacity of a slot store is not a whole number in range.',
    remedy: 'Give the number of slots, or of keys, that the store shall hold.',
  },
  SLOTS_FULL: {
    kind: 'RangeError',
    message: (p: { store: string; capacity: number }) =>
      `Cannot add a key to slot store ${p.store}: all ${p.capacity} slots are taken`,
    when: 'A keyed slot store is given one key more than its capacity; within a stage that is an error of the stage.',
    remedy: 'Give the store a larger capacity, or filter the keys that shall be kept.',
  },
  SLOT_RANGE: {
    kind: 'RangeError',
    message: (p: { store: string; index: unknown; capacity: number }) =>
      `Cannot access slot ${String(p.index)} of ${p.store}: it has ${p.capacity} slots, from 0 on`,
    when: 'A slot store is written or read at an index that it does not have.',
    remedy: 'Use whole numbers below the capacity, or a keyed store.',
  },
  SLOT_KEY: {
    kind: 'TypeError',
    message: (p: { store: string; takes: string; found: string }) =>
      `Cannot use ${p.found} as a key of slot store ${p.store}: it takes ${p.takes}`,
    when: 'A slot store is given a key of another type than its keys, or one that this type cannot hold.',
    remedy:
      'Give an index to a store without keys, and a key of the declared type (a tuple of them) to a keyed one.',
  },
  SLOTS_WRITTEN: {
    kind: 'Error',
    message: (p: { store: string; by: string }) => `Cannot write to slot store ${p.store}: ${p.by} writes it`,
    when: 'A slot store, which has one writer, is written by hand and by a stage, by two stages, or in two threads.',
    remedy:
      'Use a store for each writer, let one stage write, or `release()` the store where it was written before.',
  },
} as const satisfies Catalogue;
