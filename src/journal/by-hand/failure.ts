// The error that ends a journal by hand, as text in the journal and as an error again.
import { fail } from '../../errors/index.js';
import { MAX_PAYLOAD_BYTES } from '../descriptor.js';
import { endPayload, type Journal } from '../journal.js';

/** Characters of a stack that are told: a text of this length fits whatever its characters are. */
const MAX_UNITS = Math.floor(MAX_PAYLOAD_BYTES / 8);

/** An error as text. */
export function encodeError(error: unknown): string {
  const { name, message, stack, code } = (
    error instanceof Error ? error : { name: 'Error', message: String(error) }
  ) as Partial<Error> & { code?: unknown };
  const text = (value: unknown, most: number) => String(value).slice(0, most);
  return JSON.stringify({
    name: text(name, 100),
    message: text(message, MAX_UNITS / 4),
    ...(stack === undefined ? {} : { stack: text(stack, MAX_UNITS / 4) }),
    ...(typeof code === 'string' ? { code: text(code, 100) } : {}),
  });
}

/** What readers of a journal are told that ended with an error. */
export function failureOf(journal: Journal): Error {
  const { name, message, stack, code } = JSON.parse(endPayload(journal)) as Record<string, string>;
  const cause = Object.assign(new Error(message), { name }, stack && { stack }, code && { code });
  return fail('JOURNAL_FAILED', { journal: journal.name, message: `${name}: ${message}` }, { cause });
}
