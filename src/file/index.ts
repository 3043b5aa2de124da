// What the other folders use of journals in files.
export type { FileSystem, OpenFile } from './file-system.js';
export type { RecordLayout } from './header.js';
export { FileLog, type LogOptions, type Retention } from './log.js';
export { type Chunk, LogReader, type ReadRange } from './log-reader.js';
export { Persister, PersisterCell, type SyncPolicy } from './persister.js';
export { type FileErrorCode, FileProblem, type ProblemData, problemData } from './problem.js';
export type { Cut } from './recovery.js';
