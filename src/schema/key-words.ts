// Keys as words in memory: one word a part, in one form for keys that are equal, so that words alone tell whether they are.
import type { Memory } from '../memory/index.js';
import type { ScalarName } from './fields.js';
import type { Texts } from './texts.js';

/** The types of a key's parts, and whether it is a tuple. */
export interface KeyTypes {
  readonly types: readonly ScalarName[];
  readonly tuple: boolean;
}

/** How the word of a part is brought to its one form. */
export type KeyWord =
  /** Only its low half counts; the high one is 0. */
  | 'half'
  /** A double: NaN has one form, and -0 is 0. */
  | 'double'
  | 'whole';

/** The integers that half a word holds, by type. */
const RANGES: Partial<Record<ScalarName, readonly [number, number]>> = {
  i8: [-(2 ** 7), 2 ** 7 - 1],
  u8: [0, 2 ** 8 - 1],
  i16: [-(2 ** 15), 2 ** 15 - 1],
  u16: [0, 2 ** 16 - 1],
  i32: [-(2 ** 31), 2 ** 31 - 1],
  u32: [0, 2 ** 32 - 1],
};

/** The halves of NaN. */
export const NAN_HALVES = { low: 0, high: 0x7ff80000 } as const;

const WIDE = new Set<ScalarName>(['i64', 'u64']);
const DOUBLES = new Set<ScalarName>(['f32', 'f64', 'i53', 'u53']);

export function keyWord(type: ScalarName): KeyWord {
  return WIDE.has(type) ? 'whole' : DOUBLES.has(type) ? 'double' : 'half';
}

/** What a part may be that is not there: no key equals it. */
export type KeyFit = 'fits' | 'unknown' | 'wrong';

/**
 * Writes a key as words.
 *
 * @param word The first of as many words as it has parts.
 * @returns `fits`; `unknown` for a key of the right kind that no record can have, such as a text that never came in; `wrong`
 *   for another kind.
 */
export function encodeKey(
  { types, tuple }: KeyTypes,
  key: unknown,
  memory: Memory,
  word: number,
  texts: Pick<Texts, 'id'>,
): KeyFit {
  if (!tuple) return encodePart(types[0] as ScalarName, key, memory, word, texts);
  if (!Array.isArray(key) || key.length !== types.length) return 'wrong';
  let fit: KeyFit = 'fits';
  for (let i = 0; i < types.length; i++) {
    const part = encodePart(types[i] as ScalarName, key[i], memory, word + i, texts);
    if (part === 'wrong') return 'wrong';
    if (part === 'unknown') fit = 'unknown';
  }
  return fit;
}

function encodePart(
  type: ScalarName,
  value: unknown,
  memory: Memory,
  word: number,
  texts: Pick<Texts, 'id'>,
): KeyFit {
  const { i32, f64, i64 } = memory;
  switch (keyWord(type)) {
    case 'whole':
      if (typeof value !== 'bigint') return 'wrong';
      i64[word] = BigInt.asIntN(64, value);
      return value === (type === 'i64' ? BigInt.asIntN : BigInt.asUintN)(64, value) ? 'fits' : 'unknown';
    case 'double': {
      if (typeof value !== 'number') return 'wrong';
      if (Number.isNaN(value)) {
        i32[2 * word] = NAN_HALVES.low;
        i32[2 * word + 1] = NAN_HALVES.high;
      } else f64[word] = (type === 'f32' ? Math.fround(value) : value) + 0;
      return 'fits';
    }
    case 'half': {
      const half = halfOf(type, value, texts);
      if (typeof half !== 'number') return half;
      i32[2 * word] = half;
      i32[2 * word + 1] = 0;
      return 'fits';
    }
  }
}

function halfOf(type: ScalarName, value: unknown, texts: Pick<Texts, 'id'>): number | KeyFit {
  if (type === 'bool') return typeof value === 'boolean' ? Number(value) : 'wrong';
  if (type === 'text') {
    if (typeof value !== 'string') return 'wrong';
    try {
      return texts.id(value);
    } catch {
      return 'unknown';
    }
  }
  if (typeof value !== 'number') return 'wrong';
  const [least, greatest] = RANGES[type] ?? [0, -1];
  return Number.isInteger(value) && value >= least && value <= greatest ? value | 0 : 'unknown';
}

/** The key whose words are at `word`. */
export function decodeKey({ types, tuple }: KeyTypes, memory: Memory, word: number, texts: Texts): unknown {
  const parts = types.map((type, i) => decodePart(type, memory, word + i, texts));
  return tuple ? parts : parts[0];
}

function decodePart(type: ScalarName, { i32, f64, i64, u64 }: Memory, word: number, texts: Texts): unknown {
  const half = i32[2 * word] as number;
  switch (type) {
    case 'bool':
      return half !== 0;
    case 'text':
      return texts.string(half);
    case 'u8':
    case 'u16':
    case 'u32':
      return half >>> 0;
    case 'i8':
    case 'i16':
    case 'i32':
      return half;
    case 'i64':
      return i64[word];
    case 'u64':
      return u64[word];
    default:
      return f64[word];
  }
}
