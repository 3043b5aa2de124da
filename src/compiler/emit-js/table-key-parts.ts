// Source text for the parts of declared keys: how each is stored in its word, and how functions see it there.
import type { ScalarName } from '../../schema/index.js';

/** What stores a part of a key at a word address. Adding 0 makes one key of 0 and -0. */
export function putPart(type: ScalarName, value: string, at: string): string {
  const half = (number: string): string => `I32[2 * (${at})] = ${number};`;
  switch (type) {
    case 'bool':
      return half(`${value} ? 1 : 0`);
    case 'i8':
      return half(`${value} << 24 >> 24`);
    case 'i16':
      return half(`${value} << 16 >> 16`);
    case 'u8':
      return half(`${value} & 255`);
    case 'u16':
      return half(`${value} & 65535`);
    case 'i32':
    case 'u32':
      return half(value);
    case 'text':
      return half(`T.id(${value})`);
    case 'f32':
      return `F64[${at}] = Math.fround(${value}) + 0;`;
    case 'f64':
    case 'i53':
    case 'u53':
      return `F64[${at}] = ${value} + 0;`;
    case 'i64':
    case 'u64':
      return `I64[${at}] = BigInt.asIntN(64, ${value});`;
  }
}

/** A part of a key at a word address, as functions see it. */
export function partOf(type: ScalarName, at: string): string {
  const half = `I32[2 * (${at})]`;
  switch (type) {
    case 'bool':
      return `${half} !== 0`;
    case 'text':
      return `T.string(${half})`;
    case 'u32':
      return `${half} >>> 0`;
    case 'i64':
      return `I64[${at}]`;
    case 'u64':
      return `U64[${at}]`;
    case 'f32':
    case 'f64':
    case 'i53':
    case 'u53':
      return `F64[${at}]`;
    default:
      return half;
  }
}
