// dropUnused(): what nothing uses is gone, what has effects stays.
import { describe, expect, test } from 'vitest';
import { encode } from '../../../src/compiler/emit-wasm/encode.js';
import { moduleText } from '../../../src/compiler/emit-wasm/text.js';
import { Builder } from '../../../src/compiler/lower/builder.js';
import {
  binary,
  call,
  type DefinedFunction,
  type Expression,
  type Global,
  get,
  type ImportedFunction,
  i32,
  local,
  type Module,
} from '../../../src/compiler/lower/ir.js';
import { dropUnused } from '../../../src/compiler/lower/unused.js';

const at = local('i32', 'at');
const load = (offset: number): Expression => ({ op: 'load', code: 'i32.load', address: get(at), offset });
const imported = (name: string): ImportedFunction => ({ kind: 'imported', name, params: [], result: 'f64' });

/** The statements that are left of a function, as text. */
function left(build: (builder: Builder) => void): string {
  const builder = new Builder();
  build(builder);
  const fn: DefinedFunction = {
    kind: 'defined',
    name: 'f',
    params: [at],
    result: undefined,
    body: builder.here,
  };
  dropUnused(fn);
  const module: Module = {
    name: 'm',
    memory: { shared: false, initialPages: 1, maximumPages: 1 },
    functions: [fn],
    exports: new Map([['f', fn]]),
  };
  expect(WebAssembly.validate(encode(module))).toBe(true);
  return moduleText(module);
}

const store = (builder: Builder, value: Expression) =>
  builder.add({ op: 'store', code: 'i32.store', address: get(at), offset: 100, value });

describe('dropUnused()', () => {
  test('drops loads of what is never read, and what only they need', () => {
    const text = left((builder) => {
      const a = builder.pin(load(4), 'a');
      const b = builder.pin(binary('i32.add', a, builder.pin(load(8), 'b')), 'sum');
      builder.pin(binary('i32.mul', b, b), 'unused');
      store(builder, builder.pin(load(12), 'used'));
    });
    expect(text).not.toMatch(/offset=4|offset=8|unused|sum/);
    expect(text).toMatch(/offset=12/);
  });

  test('keeps what a condition, a branch, a global or a result needs', () => {
    const global: Global = { kind: 'global', type: 'i32', name: 'last', mutable: true, initial: 0 };
    const text = left((builder) => {
      const condition = builder.pin(load(4), 'condition');
      builder.when(
        condition,
        builder.collect(() => store(builder, i32(1))),
      );
      builder.block('out', (out) => builder.break(out, builder.pin(load(8), 'leave')));
      builder.add({ op: 'set', to: global, value: builder.pin(load(12), 'kept') });
    });
    expect(text).toMatch(/offset=4[\s\S]*offset=8[\s\S]*offset=12/);
  });

  test('drops branches and variables of loops that decide nothing', () => {
    const text = left((builder) => {
      const sum = builder.variable('i32', 'sum');
      const i = builder.variable('i32', 'i');
      builder.loop('each', (each) => {
        builder.set(sum, binary('i32.add', get(sum), load(4)));
        builder.when(
          builder.pin(load(8), 'condition'),
          builder.collect(() => builder.set(sum, i32(0))),
        );
        builder.set(i, binary('i32.add', get(i), i32(1)));
        builder.break(each, binary('i32.lt_u', get(i), i32(10)));
      });
    });
    expect(text).not.toMatch(/sum|offset|\bif\b/);
    expect(text).toMatch(/loop[\s\S]*\$i/);
  });

  test('calls what has effects though nothing uses its result, and only that', () => {
    const helper: DefinedFunction = {
      kind: 'defined',
      name: 'pure',
      params: [],
      result: 'i32',
      body: [{ op: 'return', value: i32(1) }],
    };
    const counter: Global = { kind: 'global', type: 'i32', name: 'count', mutable: true, initial: 0 };
    const counting: DefinedFunction = {
      ...helper,
      name: 'counting',
      body: [
        { op: 'set', to: counter, value: i32(1) },
        { op: 'return', value: i32(1) },
      ],
    };
    const text = left((builder) => {
      for (const name of ['Math.sin/0', 'Math.random/0', 'Date.now/0', '%/0'])
        builder.pin(call(imported(name)), 't');
      for (const fn of [helper, counting]) builder.pin(call(fn), 't');
      const outer: DefinedFunction = {
        ...helper,
        name: 'outer',
        body: [{ op: 'return', value: call(counting) }],
      };
      builder.pin(call(outer), 't');
    });
    expect(text).not.toMatch(/Math\.sin|call \$%|call \$pure/);
    expect(text).toMatch(
      /call \$Math\.random\/0[\s\S]*call \$Date\.now\/0[\s\S]*call \$counting[\s\S]*call \$outer/,
    );
  });
});
