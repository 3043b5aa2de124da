// The error classes that callers catch by class, or whose data they read.
import type { ErrorCode } from './codes.js';

/**
 * A stage ended before its source did: a function threw, its journal is full for good, or its worker died. Sent to the
 * subscribers of the stage and of those behind it; `cause` has the name, message and stack of what was thrown.
 */
export class StageError extends Error {
  readonly code: ErrorCode = 'STAGE_FAILED';
  /** The stage's name. */
  readonly stage: string;
  /** The operator whose function threw, if one did. */
  readonly operator: string | undefined;
  /** The record that was being processed, as a plain object, if there was one. */
  readonly record: unknown;
  /** Its sequence in the journal that the stage reads. */
  readonly sequence: number | undefined;

  constructor(
    message: string,
    data: {
      readonly stage: string;
      readonly operator?: string | undefined;
      readonly record?: unknown;
      readonly sequence?: number | undefined;
      readonly cause?: unknown;
    },
  ) {
    super(message, { cause: data.cause });
    this.name = 'StageError';
    this.stage = data.stage;
    this.operator = data.operator;
    this.record = data.record;
    this.sequence = data.sequence;
  }
}

/** Waiting for room in a journal could never end, so `next()` did not begin to. The record was not taken. */
export class WouldDeadlockError extends Error {
  readonly code: ErrorCode = 'WOULD_DEADLOCK';

  constructor(message: string) {
    super(message);
    this.name = 'WouldDeadlockError';
  }
}
