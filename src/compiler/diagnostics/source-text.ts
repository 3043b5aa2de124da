// Values and layouts as source text, for remedies.
import type { FieldType, Struct } from '../../schema/index.js';

const MAX_LENGTH = 60;

/** A struct as it is declared. */
export function structText(struct: Struct<unknown>): string {
  const fields = Object.entries(struct.fields).map(([name, type]) => `${keyText(name)}: ${typeText(type)}`);
  return `struct({ ${fields.join(', ')} })`;
}

function typeText(type: FieldType): string {
  if (type.kind === 'scalar') return type.type;
  if (type.kind === 'struct') return structText(type.struct);
  return `array(${typeText(type.element)}, ${type.length})`;
}

export const keyText = (name: string): string => (/^[\w$]+$/.test(name) ? name : JSON.stringify(name));

/** A plain value; undefined where it is long, or can't be written out. */
export function valueText(value: unknown): string | undefined {
  const text = written(value);
  return text !== undefined && text.length <= MAX_LENGTH ? text : undefined;
}

function written(value: unknown): string | undefined {
  switch (typeof value) {
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value);
    case 'bigint':
      return `${value}n`;
    case 'string':
      return quoted(value);
    case 'object':
      break;
    case 'function':
      return functionText(value as () => unknown);
    default:
      return String(value);
  }
  if (value === null) return 'null';
  if (Array.isArray(value)) {
    const items = value.map(written);
    return items.includes(undefined) ? undefined : `[${items.join(', ')}]`;
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) return undefined;
  const entries = Object.entries(value as object).map(([name, item]) => [keyText(name), written(item)]);
  if (entries.some(([, item]) => item === undefined)) return undefined;
  return entries.length === 0 ? '{}' : `{ ${entries.map((entry) => entry.join(': ')).join(', ')} }`;
}

function functionText(fn: () => unknown): string | undefined {
  const text = Function.prototype.toString.call(fn);
  return /^(function\b|\(|[\w$]+\s*=>)/.test(text) && !/\[native code\]|\n/.test(text) ? text : undefined;
}

function quoted(text: string): string {
  return text.includes("'")
    ? JSON.stringify(text)
    : `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"')}'`;
}
