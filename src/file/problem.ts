// What can go wrong with files, as plain data: it is thrown in a worker, and becomes an error of the catalogue elsewhere.
import type { ErrorCode, ErrorParams } from '../errors/index.js';

/** The codes of errors with files. */
export type FileErrorCode = Extract<ErrorCode, `FILE_${string}`>;

/** What {@link FileProblem} says, ready to be posted. */
export interface ProblemData {
  readonly code: FileErrorCode;
  readonly params: object;
  /** What the system said, if it did. */
  readonly cause?: { readonly message: string; readonly code?: string };
}

/** A problem with a file. The text of its message is made from the catalogue, which workers with files do without. */
export class FileProblem extends Error {
  readonly code: FileErrorCode;
  readonly params: object;

  constructor(code: FileErrorCode, params: object, cause?: unknown) {
    super(`${code} ${JSON.stringify(params)}`, { cause });
    this.name = 'FileProblem';
    this.code = code;
    this.params = params;
  }
}

/** The problem of a code, with what its message names. */
export function problem<C extends FileErrorCode>(
  code: C,
  params: ErrorParams<C>,
  cause?: unknown,
): FileProblem {
  return new FileProblem(code, params, cause);
}

/** Runs what the system may refuse (no space, no permission, a broken disk), and says which action it refused. */
export function attempt<R>(action: string, path: string, run: () => R): R {
  try {
    return run();
  } catch (error) {
    throw refusalOf(action, path, error);
  }
}

/** As {@link attempt}, for what takes its time. */
export async function attemptAsync<R>(action: string, path: string, run: () => Promise<R>): Promise<R> {
  try {
    return await run();
  } catch (error) {
    throw refusalOf(action, path, error);
  }
}

/** What is posted of whatever was thrown. */
export function problemData(thrown: unknown, path: string): ProblemData {
  const { code, params, cause } = refusalOf('use', path, thrown);
  if (cause === undefined) return { code, params };
  const { message, code: name } = cause as { message?: unknown; code?: unknown };
  return {
    code,
    params,
    cause: { message: String(message), ...(typeof name === 'string' ? { code: name } : {}) },
  };
}

/** What the system refused, as a problem. */
export function refusalOf(action: string, path: string, error: unknown): FileProblem {
  if (error instanceof FileProblem) return error;
  const why = error instanceof Error ? error.message : String(error);
  return problem('FILE_FAILED', { action, path, why }, error);
}
