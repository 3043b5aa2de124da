// The console that functions see in a worker: what they print goes to the engine, which prints it.

import type { LogLevel } from './messages.js';
import type { StageHost } from './running-stage.js';

/** A console whose lines go to `write`. */
export function workerConsole(write: (level: LogLevel, text: string) => void): StageHost['console'] {
  const printer =
    (level: LogLevel) =>
    (...values: unknown[]): void =>
      write(level, values.map(formatValue).join(' '));
  return {
    log: printer('log'),
    info: printer('info'),
    warn: printer('warn'),
    error: printer('error'),
    debug: printer('debug'),
  };
}

/** A value as a line of text; records by their fields. */
export function formatValue(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'bigint') return `${value}n`;
  if (Object.is(value, -0)) return '-0';
  if (typeof value !== 'object' || value === null) return String(value);
  if (value instanceof Error) return value.stack ?? String(value);
  const plain = 'toJSON' in value && typeof value.toJSON === 'function' ? value.toJSON() : value;
  if (Array.isArray(plain)) return `[ ${plain.map(formatNested).join(', ')} ]`;
  const fields = Object.entries(plain as object).map(([name, field]) => `${name}: ${formatNested(field)}`);
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}

function formatNested(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : formatValue(value);
}
