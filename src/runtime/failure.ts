// What is said of a failed stage, as text that fits into a journal's end.
import { MAX_PAYLOAD_BYTES } from '../journal/index.js';

/** Why a stage ended before its source did. */
export interface Failure {
  /**
   * `function`: a function threw; `journal`: an append journal is full; `host`: the stage could not be started, or its worker
   * died; `source`: the source was ended with an error; `feed`: so was it by the worker that writes it, or that worker died.
   */
  readonly cause: 'function' | 'journal' | 'host' | 'source' | 'feed';
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

/** Longest message and longest stack, in characters; each takes at most 6 bytes. */
const MAX_TEXT = 2_000;
/** Longest of the other texts. */
const MAX_NAME = 100;

/** Writes a failure as text of at most MAX_PAYLOAD_BYTES bytes: texts are cut; record and stack go where there is no room. */
export function encodeFailure(failure: Failure): string {
  const cut: Record<string, unknown> = { ...failure };
  for (const [key, value] of Object.entries(failure)) {
    const limit = key === 'message' || key === 'stack' ? MAX_TEXT : MAX_NAME;
    if (typeof value === 'string') cut[key] = value.slice(0, limit);
  }
  const text = [[], ['record'], ['record', 'stack']].map((without) => {
    const kept = Object.entries(cut).filter(([key]) => !without.includes(key));
    return JSON.stringify(Object.fromEntries(kept), pack);
  });
  const fits = (candidate: string) => new TextEncoder().encode(candidate).length <= MAX_PAYLOAD_BYTES;
  return text.find(fits) as string;
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

/** What was thrown, in parts. */
export type Thrown = Pick<Failure, 'name' | 'message' | 'stack' | 'code'>;

/** The parts of whatever a function threw; it may be anything, and hostile. */
export function describeThrown(thrown: unknown): Thrown {
  try {
    if (!(thrown instanceof Error)) return { name: 'Error', message: String(thrown) };
    const { name, message, stack, code } = thrown as Error & { code?: unknown };
    return {
      name: String(name),
      message: String(message),
      ...(typeof stack === 'string' ? { stack } : {}),
      ...(typeof code === 'string' ? { code } : {}),
    };
  } catch {
    return { name: 'Error', message: 'something was thrown that can not be described' };
  }
}
