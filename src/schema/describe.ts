// How values look in messages.

const MAX_LENGTH = 40;

/** A value in a few words, such as `"ten"`, `-1`, `5n`, `an array` or `undefined`. */
export function describe(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value.length > MAX_LENGTH
        ? `${JSON.stringify(value.slice(0, MAX_LENGTH))}…`
        : JSON.stringify(value);
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value);
    case 'bigint':
      return `${value}n`;
    case 'object':
      if (value === null) return 'null';
      return Array.isArray(value) || ArrayBuffer.isView(value) ? 'an array' : 'an object';
    case 'function':
      return 'a function';
    default:
      return String(value);
  }
}
