// What the other folders use of errors.
export { catalogue, type ErrorParams } from './catalogue.js';
export type { Catalogue, CatalogueEntry } from './catalogue-entry.js';
export { StageError, WouldDeadlockError } from './classes.js';
export type { ErrorCode } from './codes.js';
export { type CodedError, fail } from './fail.js';
