// The catalogue of all errors; docs/errors.md is generated from it.
import { compilerErrors } from './catalogue-compiler.js';
import { engineErrors } from './catalogue-engine.js';
import { fileErrors } from './catalogue-file.js';
import { journalErrors } from './catalogue-journal.js';
import { schemaErrors } from './catalogue-schema.js';
import type { ErrorCode } from './codes.js';

/** Every error code with its message, cause and remedy. */
export const catalogue = {
  ...schemaErrors,
  ...journalErrors,
  ...fileErrors,
  ...compilerErrors,
  ...engineErrors,
};

/** What the message of a code is made of. */
export type ErrorParams<C extends ErrorCode> = Parameters<(typeof catalogue)[C]['message']>[0];
