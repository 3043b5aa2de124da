// Makes the error of a catalogue code.
import { catalogue, type ErrorParams } from './catalogue.js';
import type { CatalogueEntry } from './catalogue-entry.js';
import type { ErrorCode } from './codes.js';

/** An error with the code under which the catalogue (docs/errors.md) explains it. */
export interface CodedError extends Error {
  /** The section of docs/errors.md that is about it. */
  readonly code: ErrorCode;
}

const kinds = { TypeError, RangeError, Error };

/**
 * The error of a catalogue code, ready to be thrown.
 *
 * @param code The catalogue's code.
 * @param params What the code's message names.
 * @param extra Further properties of the error, such as `cause` or `frame`.
 */
export function fail<C extends ErrorCode>(
  code: C,
  params: ErrorParams<C>,
  extra: Readonly<Record<string, unknown>> = {},
): CodedError {
  const entry: CatalogueEntry = catalogue[code];
  const error = new kinds[entry.kind](entry.message(params));
  return Object.assign(error, { code }, extra);
}
