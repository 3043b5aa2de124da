// Builds of the compiler that are broken on purpose, one place each: the fuzzer has to find every one of them.
import type { Patch } from '../patched-bundle.mjs';

export interface BrokenBuild {
  /** What it does wrong. */
  readonly name: string;
  readonly patch: Patch;
}

const broken = (name: string, file: string, from: string, to: string): BrokenBuild => ({
  name,
  patch: { file: `src/compiler/${file}`, from, to },
});

export const BROKEN_BUILDS: readonly BrokenBuild[] = [
  broken('subtracts by adding', 'lower/numbers.ts', "'-': 'f64.sub',", "'-': 'f64.add',"),
  broken('shifts without the sign', 'lower/numbers.ts', "'>>': 'i32.shr_s',", "'>>': 'i32.shr_u',"),
  broken(
    'rounds halves up twice',
    'lower/math.ts',
    "binary('f64.gt', binary('f64.sub', up, f64(0.5)), exact)",
    "binary('f64.ge', binary('f64.sub', up, f64(0.5)), exact)",
  ),
  broken(
    'forgets the sign of i8 between operators',
    'lower/scalars.ts',
    "reload: (raw) => unary('i32.extend8_s', raw)",
    'reload: and(0xff)',
  ),
  broken(
    'wraps large numbers the wrong way',
    'lower/integers.ts',
    'choose(isNegative, i64(-1n), i64(1n))',
    'choose(isNegative, i64(1n), i64(-1n))',
  ),
  broken(
    'allows an index that is one too large',
    'lower/fields.ts',
    "binary('i32.ge_u', i, i32(length))",
    "binary('i32.gt_u', i, i32(length))",
  ),
  broken('multiplies by adding', 'lower/numbers.ts', "'*': 'f64.mul',", "'*': 'f64.add',"),
  broken('joins bits with or', 'lower/numbers.ts', "'^': 'i32.xor',", "'^': 'i32.or',"),
  broken(
    'hashes constant bigints as half of what they are',
    'lower/table-key.ts',
    "    case 'const':\n      return part.type === 'i64';",
    "    case 'const':\n      return false;",
  ),
  broken(
    'takes NaN for true',
    'lower/truth.ts',
    "binary('f64.gt', unary('f64.abs', value), f64(0))",
    "binary('f64.ne', value, f64(0))",
  ),
  broken(
    'reads i53 without the sign',
    'lower/scalars.ts',
    "i53: { ...word, operand: (raw) => number(unary('f64.convert_i64_s', raw)), raw: whole }",
    "i53: { ...word, operand: (raw) => number(unary('f64.convert_i64_u', raw)), raw: whole }",
  ),
  broken(
    'emits the address of a state that is not there',
    'emit-js/operator-source.ts',
    "? 'if (record !== undefined) ' : ''",
    "? '' : ''",
  ),
  broken(
    'copies fields of a spread that are given anew',
    'emit-js/edit-records.ts',
    '?.filter((name) => !later.has(name)) ?? []',
    ' ?? []',
  ),
];
