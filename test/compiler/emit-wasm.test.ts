// The encoder: every instruction in a valid module, values as the specification has them, text that means the same.
import { describe, expect, test } from 'vitest';
import { encode } from '../../src/compiler/emit-wasm/encode.js';
import { OPCODES, PREFIXED } from '../../src/compiler/emit-wasm/opcodes.js';
import { moduleText } from '../../src/compiler/emit-wasm/text.js';
import {
  binary,
  call,
  type DefinedFunction,
  type Expression,
  f64,
  type Global,
  get,
  type ImportedFunction,
  i32,
  i64,
  type Label,
  local,
  type Module,
  type Statement,
  typeOf,
  type ValueType,
} from '../../src/compiler/lower/ir.js';

const memory = { shared: false, initialPages: 1, maximumPages: 1 };

function moduleOf(fn: DefinedFunction, exports: Record<string, Global> = {}): Module {
  return { name: 'm', memory, functions: [fn], exports: new Map(Object.entries({ f: fn, ...exports })) };
}

function run(
  fn: DefinedFunction,
  env: WebAssembly.ModuleImports = {},
  buffer = new WebAssembly.Memory({ initial: 1, maximum: 1 }),
) {
  const module = new WebAssembly.Module(encode(moduleOf(fn)));
  const { exports } = new WebAssembly.Instance(module, { env: { memory: buffer, ...env } });
  return exports.f as (...args: (number | bigint)[]) => number | bigint | undefined;
}

const zero = (type: ValueType): Expression => ({ op: 'const', type, value: type === 'i64' ? 0n : 0 });

describe('encode()', () => {
  test.each([...OPCODES.keys(), ...PREFIXED.keys()])('%s makes a valid module', (code) => {
    const type = code.slice(0, 3) as ValueType;
    const from = (/_(i32|i64|f32|f64)(_|$)/.exec(code)?.[1] ?? type) as ValueType;
    const body: Statement[] = [];
    const unary =
      /eqz|clz|ctz|popcnt|wrap|extend|trunc|reinterpret|demote|promote|convert|abs|neg|ceil|floor|nearest|sqrt/;
    if (code.includes('store')) {
      body.push({ op: 'store', code: code as 'i32.store', address: i32(8), offset: 8, value: zero(type) });
    } else {
      const value = (
        code.includes('load')
          ? { op: 'load', code, address: i32(0), offset: 8 }
          : unary.test(code)
            ? { op: 'unary', code, a: zero(from) }
            : { op: 'binary', code, a: zero(type), b: zero(type) }
      ) as Expression;
      body.push({
        op: 'set',
        to: local(code.endsWith('eqz') ? 'i32' : (typeOf(value) as ValueType), 'x'),
        value,
      });
    }
    const fn: DefinedFunction = { kind: 'defined', name: 'f', params: [], result: undefined, body };
    expect(WebAssembly.validate(encode(moduleOf(fn)))).toBe(true);
  });

  test.each([
    ['i32', [0, 1, -1, 63, 64, -64, -65, 127, 128, 8191, 8192, 2 ** 31 - 1, -(2 ** 31)]],
    ['i64', [0n, 1n, -1n, 63n, 64n, -64n, -65n, 2n ** 53n, 2n ** 63n - 1n, -(2n ** 63n)]],
    ['f64', [0, -0, 0.1, Number.NaN, Number.POSITIVE_INFINITY, Number.MIN_VALUE, Number.MAX_VALUE]],
  ] as const)('constants of %s keep their value', (type, values) => {
    for (const value of values) {
      const body: Statement[] = [{ op: 'return', value: { op: 'const', type, value } }];
      expect(run({ kind: 'defined', name: 'f', params: [], result: type, body })()).toBe(value);
    }
  });

  test('control: a loop with a break out of two blocks, an if in an if', () => {
    const n = local('i32', 'n');
    const sum = local('i32', 'n');
    const out: Label = { name: 'out' };
    const again: Label = { name: 'again' };
    const body: Statement[] = [
      {
        op: 'block',
        label: out,
        body: [
          {
            op: 'loop',
            label: again,
            body: [
              {
                op: 'if',
                condition: { op: 'unary', code: 'i32.eqz', a: get(n) },
                consequent: [{ op: 'break', label: out }],
                alternate: [{ op: 'set', to: sum, value: binary('i32.add', get(sum), get(n)) }],
              },
              { op: 'set', to: n, value: binary('i32.sub', get(n), i32(1)) },
              { op: 'break', label: again, condition: i32(1) },
            ],
          },
        ],
      },
      { op: 'comment', text: 'done ;) here' },
      { op: 'return', value: get(sum) },
    ];
    const fn: DefinedFunction = { kind: 'defined', name: 'f', params: [n], result: 'i32', body };
    expect(run(fn)(10)).toBe(55);
    expect(moduleText(moduleOf(fn))).toContain('(local.set $n.1 (i32.add (local.get $n.1) (local.get $n)))');
  });

  test('calls, globals, select and choose, memory.copy and fill', () => {
    const imported: ImportedFunction = { kind: 'imported', name: 'twice', params: ['f64'], result: 'f64' };
    const given: Global = { kind: 'global', name: 'given', type: 'i32', mutable: false };
    const count: Global = { kind: 'global', name: 'count', type: 'i64', mutable: true, initial: 5n };
    const x = local('f64', 'x');
    const helper: DefinedFunction = {
      kind: 'defined',
      name: 'helper',
      params: [x],
      result: 'f64',
      body: [
        {
          op: 'return',
          value: {
            op: 'choose',
            type: 'f64',
            condition: binary('f64.gt', get(x), f64(1)),
            a: call(imported, get(x)),
            b: f64(-1),
          },
        },
      ],
    };
    const y = local('f64', 'y');
    const fn: DefinedFunction = {
      kind: 'defined',
      name: 'f',
      params: [y],
      result: 'f64',
      body: [
        { op: 'set', to: count, value: binary('i64.add', get(count), i64(1n)) },
        { op: 'copy', to: i32(8), from: i32(0), bytes: i32(4) },
        { op: 'store', code: 'i64.store', address: get(given), offset: 0, value: get(count) },
        { op: 'run', call: call(helper, f64(0)) },
        {
          op: 'return',
          value: { op: 'select', type: 'f64', condition: get(given), a: call(helper, get(y)), b: f64(0) },
        },
      ],
    };
    const buffer = new WebAssembly.Memory({ initial: 1, maximum: 1 });
    const bytes = new Uint8Array(buffer.buffer);
    bytes.set([1, 2, 3, 4, 5, 6]);
    const f = run(
      fn,
      { twice: (v: number) => 2 * v, given: new WebAssembly.Global({ value: 'i32' }, 64) },
      buffer,
    );
    expect([f(3), f(0.5)]).toEqual([6, -1]);
    expect([...bytes.subarray(8, 14)]).toEqual([1, 2, 3, 4, 0, 0]);
    expect(bytes[64]).toBe(7);
  });

  test('a break to a label from outside of it is refused', () => {
    const body: Statement[] = [{ op: 'break', label: { name: 'nowhere' } }];
    const fn: DefinedFunction = { kind: 'defined', name: 'f', params: [], result: undefined, body };
    expect(() => encode(moduleOf(fn))).toThrow('break to nowhere from outside of it');
  });
});
