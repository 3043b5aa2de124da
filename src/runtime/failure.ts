// What is said of a failed stage, as text that fits into a journal's end.
import { MAX_PAYLOAD_BYTES } from '../journal/index.js';

/** Why a stage ended before its source did. */
export interface Failure {
  /**
   * `function`: a function threw; `journal`: an append journal is full; `worker`: the worker died;
   * `source`: the source was ended with an error.
   */
  readonly cause: 'function' | 'journal' | 'worker' | 'source';
  readonly stage: string;
  /** The operator whose function threw. */
  readonly operator?: string;
  /** The record that was being processed, as a plain object. */
  readonly record?: unknown;
  /** Its sequence in the journal that the stage reads. */
  readonly sequence?: number;
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  /** The code of an error of the catalogue. */
  readonly code?: string;
}

const MAX_TEXT = 2_000;

/** Writes a failure as text of at most MAX_PAYLOAD_BYTES bytes; long texts and records are cut. */
export function encodeFailure(failure: Failure): string {
  const cut = { ...failure, message: failure.message.slice(0, MAX_TEXT) };
  if (failure.stack !== undefined) Object.assign(cut, { stack: failure.stack.slice(0, MAX_TEXT) });
  const text = JSON.stringify(cut, pack);
  if (new TextEncoder().encode(text).length <= MAX_PAYLOAD_BYTES) return text;
  return JSON.stringify({ ...cut, record: undefined }, pack);
}

/** Reads what {@link encodeFailure} wrote. */
export function decodeFailure(text: string): Failure {
  return JSON.parse(text, unpack) as Failure;
}

// JSON has no bigints, NaN, infinities and −0: they travel as `{ $: text }`.
function pack(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return { $: `${value}n` };
  if (typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0))) {
    return { $: Object.is(value, -0) ? '-0' : String(value) };
  }
  return value;
}

function unpack(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const text = (value as { $?: unknown }).$;
  if (typeof text !== 'string') return value;
  return text.endsWith('n') ? BigInt(text.slice(0, -1)) : Number(text);
}

/** The parts of whatever a function threw. */
export function describeThrown(thrown: unknown): Pick<Failure, 'name' | 'message' | 'stack' | 'code'> {
  if (thrown instanceof Error) {
    const { name, message, stack, code } = thrown as Error & { code?: unknown };
    return { name, message, ...(stack ? { stack } : {}), ...(typeof code === 'string' ? { code } : {}) };
  }
  return { name: 'Error', message: String(thrown) };
}
