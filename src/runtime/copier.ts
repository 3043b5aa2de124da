// Copies records of one size from address to address, word by word, without looking into them.
import type { Memory } from '../memory/index.js';
import { generate } from '../schema/index.js';

/** Longest record that is copied by unrolled code. */
const UNROLLED_WORDS = 32;

/**
 * A function that copies records of `words` words.
 *
 * It moves 32-bit integers: a 64-bit integer that passed through a float could come out as another NaN.
 *
 * @throws {Error} CODEGEN_FORBIDDEN where the environment forbids code generation.
 */
export function copier(memory: Memory, words: number): (to: number, from: number) => void {
  const { i32 } = memory;
  if (words > UNROLLED_WORDS) {
    return (to, from) => {
      i32.copyWithin(to * 2, from * 2, (from + words) * 2);
    };
  }
  const moves = Array.from({ length: words * 2 }, (_, i) => `I32[2 * to + ${i}] = I32[2 * from + ${i}];`);
  const source = `return (to, from) => { ${moves.join(' ')} };`;
  type Make = (cells: Int32Array) => (to: number, from: number) => void;
  return generate<Make>('what copies records', ['I32'], source)(i32);
}
