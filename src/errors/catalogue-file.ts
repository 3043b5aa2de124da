// Errors of journals in files.
import type { Catalogue } from './catalogue-entry.js';

export const fileErrors = {
  FILE_SEQUENCE: {
    kind: 'TypeError',
    message: (p: { path: string; found: string }) =>
      `Cannot wait for record ${p.found} of ${p.path}: sequences are whole numbers from 0 on`,
    when: '`durable()` is asked for something else than the sequence of a record.',
    remedy: 'Give it the sequence of a record, or nothing for the last one that was taken.',
  },
  FILE_UNAVAILABLE: {
    kind: 'Error',
    message: (p: { path: string; why: string }) => `Cannot keep records in ${p.path}: ${p.why}`,
    when: 'A journal is to be kept in files where there are none (in browsers), or by an inline engine, whose memory no other thread sees.',
    remedy: 'Use Node, and an engine with workers; its stages may still be placed inline.',
  },
  FILE_LATE: {
    kind: 'Error',
    message: (p: { path: string; records: string }) =>
      `Cannot keep the records of ${p.records} in ${p.path}: the first of them has been taken already`,
    when: "`persist` is called after the source's first record, so that its beginning would be missing.",
    remedy: 'Await `persist` before the first record.',
  },
  FILE_LAYOUT: {
    kind: 'TypeError',
    message: (p: { path: string; found: string; asked: string }) =>
      `Cannot open ${p.path} with the layout ${p.asked}: its records have the layout ${p.found}`,
    when: 'A journal in files is opened with another struct than it was made with.',
    remedy:
      'Open it with a struct of the same fields, types and order; keep records of a new layout in another folder.',
  },
  FILE_FORMAT: {
    kind: 'Error',
    message: (p: { path: string; why: string }) => `Cannot open ${p.path}: ${p.why}`,
    when: 'A segment was written by a later version of this package, or a folder holds segments of several journals.',
    remedy: 'Read it with the version that wrote it; keep each journal in a folder of its own.',
  },
  FILE_DAMAGED: {
    kind: 'Error',
    message: (p: { path: string; offset: number; sequence: number; why: string }) =>
      `Cannot read ${p.path} from byte ${p.offset}, record ${p.sequence}, on: ${p.why}`,
    when: 'Bytes that had been on the disk have changed, or a segment in the middle of a journal is missing. Nothing is cut off.',
    remedy:
      'Restore the file from a copy. The records before the damage can be replayed with `to`, those of later segments with `from`.',
  },
  FILE_LOCKED: {
    kind: 'Error',
    message: (p: { path: string; pid: number }) =>
      `Cannot open ${p.path}: process ${p.pid} has it open for writing`,
    when: 'Two engines, in one process or in several, are to write to one journal.',
    remedy:
      'Give each its own folder, or close the other one. If no such process writes to it, remove the file `lock`.',
  },
  FILE_FAILED: {
    kind: 'Error',
    message: (p: { action: string; path: string; why: string }) => `Cannot ${p.action} ${p.path}: ${p.why}`,
    when: 'The system refused to read or write a file: the disk is full, there is no permission, or it reports a fault.',
    remedy:
      "Look at `cause`. What was durable stays so; after making room, a new engine goes on where the journal ended. With `onError: 'continue'` the pipeline goes on without the file.",
  },
  FILE_RANGE: {
    kind: 'RangeError',
    message: (p: { path: string; from: string; first: number; next: number }) =>
      `Cannot replay ${p.path} from ${p.from}: it keeps records ${p.first} to before ${p.next}`,
    when: 'A replay begins or ends at records that were dropped by retention, or have not been written yet.',
    remedy: "Use `from: 'start'`, or a sequence that the journal keeps.",
  },
  FILE_CLOSED: {
    kind: 'Error',
    message: (p: { path: string; sequence: number; next: number }) =>
      `Cannot wait for record ${p.sequence} of ${p.path}: it was closed before record ${p.next}`,
    when: 'Somebody waits for a record to be durable, and the journal is closed without it.',
    remedy: 'Wait only for records that were taken, and before the engine is closed.',
  },
} as const satisfies Catalogue;
