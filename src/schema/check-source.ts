// Source text that tells whether a scalar field can hold a value, and the same in words for messages.
import type { ScalarName } from './fields.js';

/** From this magnitude on, finite numbers round to infinity in single precision: 2^128 - 2^103. */
const F32_OVERFLOW = 3.4028235677973366e38;

/** An expression that is true of values that a field can't hold; `v` is the name of a local. -0 is a whole number. */
export function unfit(type: ScalarName, v: string): string {
  switch (type) {
    case 'bool':
      return `typeof ${v} !== 'boolean'`;
    case 'i8':
      return whole(v, `${v} << 24 >> 24`);
    case 'u8':
      return whole(v, `${v} & 255`);
    case 'i16':
      return whole(v, `${v} << 16 >> 16`);
    case 'u16':
      return whole(v, `${v} & 65535`);
    case 'i32':
      return whole(v, `${v} | 0`);
    case 'u32':
      return whole(v, `${v} >>> 0`);
    case 'f32':
      return `typeof ${v} !== 'number' || (Math.abs(${v}) >= ${F32_OVERFLOW} && Math.abs(${v}) !== Infinity)`;
    case 'f64':
      return `typeof ${v} !== 'number'`;
    case 'i53':
      return `typeof ${v} !== 'number' || !(${v} >= -9007199254740991 && ${v} <= 9007199254740991) || Math.floor(${v}) !== ${v}`;
    case 'u53':
      return `typeof ${v} !== 'number' || !(${v} >= 0 && ${v} <= 9007199254740991) || Math.floor(${v}) !== ${v}`;
    case 'i64':
      return `typeof ${v} !== 'bigint' || BigInt.asIntN(64, ${v}) !== ${v}`;
    case 'u64':
      return `typeof ${v} !== 'bigint' || BigInt.asUintN(64, ${v}) !== ${v}`;
    case 'text':
      return `typeof ${v} !== 'string'`;
  }
}

/** Below this the sum of a whole number and it is exact, and has the number in its lower bits: 2^52. */
export const TWO_52 = 4503599627370496;
/** The same for whole numbers from -2^51 up to 2^51: 2^52 + 2^51. */
export const MIDDLE = 6755399441055744;

/** Like {@link unfit}, but also true of whole numbers that `storeSmall` can't store; it stores the sums that are made here. */
export function unfitSmall(type: ScalarName, v: string): string {
  if (type === 'u53')
    return `typeof ${v} !== 'number' || !(${v} >= 0 && ${v} < ${TWO_52}) || ${v} + ${TWO_52} - ${TWO_52} !== ${v}`;
  if (type === 'i53')
    return `typeof ${v} !== 'number' || !(${v} >= ${-(2 ** 51)} && ${v} < ${2 ** 51}) || ${v} + ${MIDDLE} - ${MIDDLE} !== ${v}`;
  return unfit(type, v);
}

function whole(v: string, wrapped: string): string {
  return `typeof ${v} !== 'number' || (${wrapped}) !== ${v}`;
}

/** What a scalar field takes, in words. */
export function takes(type: ScalarName): { readonly typeOf: string; readonly words: string } {
  if (type === 'bool') return { typeOf: 'boolean', words: 'a boolean' };
  if (type === 'text') return { typeOf: 'string', words: 'a string' };
  if (type === 'i64' || type === 'u64') return { typeOf: 'bigint', words: 'a bigint' };
  return { typeOf: 'number', words: 'a number' };
}

/** Which values of its JavaScript type a scalar field holds, in words. */
export const HOLDS: Readonly<Record<ScalarName, string>> = {
  bool: 'true and false',
  i8: 'whole numbers from -128 to 127',
  u8: 'whole numbers from 0 to 255',
  i16: 'whole numbers from -32768 to 32767',
  u16: 'whole numbers from 0 to 65535',
  i32: 'whole numbers from -2147483648 to 2147483647',
  u32: 'whole numbers from 0 to 4294967295',
  f32: 'finite numbers up to 3.4028234663852886e+38',
  f64: 'all numbers',
  i53: 'whole numbers from -9007199254740991 to 9007199254740991',
  u53: 'whole numbers from 0 to 9007199254740991',
  i64: 'bigints from -9223372036854775808n to 9223372036854775807n',
  u64: 'bigints from 0n to 18446744073709551615n',
  text: 'all strings',
};
