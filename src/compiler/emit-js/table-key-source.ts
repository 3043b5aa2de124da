// Source text for the keys of a table: how their parts are loaded, hashed, compared and copied.
import {
  HASH_FINISH,
  HASH_ROUND,
  HASH_SEED,
  isHalf,
  type KeyPart,
  NAN_HIGH,
  NAN_LOW,
} from '../../operator/table-layout.js';

export function plus(base: string, i: number): string {
  return i === 0 ? base : `${base} + ${i}`;
}

/** Loads the parts of the key at the word address `key` into `k0`, `k1`, …; of 64-bit integers the high half into `j0`, …. */
export function loadParts(parts: readonly KeyPart[], key: string): string {
  return parts
    .map((part, i) => {
      if (part === 'f64') return `  const k${i} = F64[${plus(key, i)}];`;
      if (isHalf(part)) return `  const k${i} = I32[${plus(`2 * ${key}`, 2 * i)}];`;
      return `  const k${i} = I32[${plus(`2 * ${key}`, 2 * i)}], j${i} = I32[2 * ${key} + ${2 * i + 1}];`;
    })
    .join('\n');
}

/** Whether the key of the entry at `e` equals the loaded one. */
export function equalParts(parts: readonly KeyPart[]): string {
  const equal = parts.map((part, i) => {
    if (part === 'f64') {
      const stored = `F64[${plus('e', i)}]`;
      return `(${stored} === k${i} || (k${i} !== k${i} && ${stored} !== ${stored}))`;
    }
    const low = `I32[${plus('2 * e', 2 * i)}] === k${i}`;
    return isHalf(part) ? low : `${low} && I32[2 * e + ${2 * i + 1}] === j${i}`;
  });
  return equal.join(' && ');
}

/** Copies the key at `key` to the entry at `e`. */
export function copyParts(parts: readonly KeyPart[], key: string): string {
  const copy = (half: number) => `  I32[${plus('2 * e', half)}] = I32[${plus(`2 * ${key}`, half)}];`;
  return parts
    .map((part, i) => {
      if (part === 'f64') return `  F64[${plus('e', i)}] = F64[${plus(key, i)}];`;
      return isHalf(part) ? copy(2 * i) : `${copy(2 * i)}\n${copy(2 * i + 1)}`;
    })
    .join('\n');
}

/** `function hashOf<n>(k)`: the hash of the key at the word address `k`. */
export function hashSource(parts: readonly KeyPart[], n: string): string {
  const mix = (half: string) => `  h = Math.imul(h ^ ${half}, ${HASH_ROUND | 0});\n  h ^= h >>> 13;`;
  const lines = parts.flatMap((part, i) => {
    const low = `I32[${plus('2 * k', 2 * i)}]`;
    const high = `I32[2 * k + ${2 * i + 1}]`;
    if (isHalf(part)) return [mix(low)];
    if (part !== 'f64') return [mix(low), mix(high)];
    // NaN has many forms in memory and is one key.
    return [
      `  const f${i} = F64[${plus('k', i)}] === F64[${plus('k', i)}];`,
      mix(`(f${i} ? ${low} : ${NAN_LOW})`),
      mix(`(f${i} ? ${high} : ${NAN_HIGH})`),
    ];
  });
  return `function hashOf${n}(k) {
  let h = ${HASH_SEED | 0};
${lines.join('\n')}
  h ^= h >>> 16;
  h = Math.imul(h, ${HASH_FINISH | 0});
  return h ^ (h >>> 15);
}`;
}
